"""What is asked of a rulebook that can be read: one question, one file, and nothing lists them.

In: a rulebook, and its effective tables. Out: diagnostics, in the order of the file names.
Here stand the questions that need bounds or judging; each file has one function `ask`. The answers are warnings and
notes: what makes a file unusable is an error, and is told in `rulefile.checks` before there is a rulebook.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module

from perfscore.diagnostic import Diagnostic
from perfscore.rulebook import Rulebook


def ask(rulebook: Rulebook, values: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Every answer to every question."""
    for found in pkgutil.iter_modules(__path__):
        yield from import_module(f"{__name__}.{found.name}").ask(rulebook, values)
