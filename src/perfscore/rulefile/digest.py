"""The digest of a rulebook.

In: a `Rulebook`. Out: SHA-256 of the canonical JSON of its document, which two rulebooks share only if they judge alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from perfscore.facts import digest_of
from perfscore.quantity import spelled
from perfscore.rulebook import Rulebook
from perfscore.rulefile.document import document


def digest(rulebook: Rulebook) -> str:
    """SHA-256 of the canonical (sorted, compact) JSON of the effective rulebook, in which exact numbers are texts.

    Sorting forgets the order of indicators, which decides the order of rows, so it is said beside them.
    """
    whole = {**document(rulebook), "order": [node.id for node in rulebook.nodes()]}
    return digest_of(_json(whole))


def _json(value: object) -> object:
    match value:
        case Mapping():
            return {key: _json(inner) for key, inner in value.items()}
        case list():
            return [_json(inner) for inner in value]
        case bool() | str():
            return value
        case date():
            return value.isoformat()
        case int() | Decimal():
            return spelled(Fraction(value))
        case _:
            raise TypeError(f"{value!r} has no JSON form")
