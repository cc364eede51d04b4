"""Telling what was found, to people and to machines.

In: an assessment and the name of a format. Out: a document, as text or, where the format is no text, as bytes.
What a document says is decided in `outline`, how it looks in the file of its format under `formats`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from inspect import Parameter, signature
from types import ModuleType

from perfscore.assessment import Assessment
from perfscore.report import formats as _formats
from perfscore.words import LANGUAGES, Language


def formats() -> tuple[str, ...]:
    """The name of every format."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(_formats.__path__)))


def suffixes() -> dict[str, str]:
    """The format that a file is in, by how its name ends."""
    return {_room(name).SUFFIX: name for name in formats()}


def render(assessment: Assessment, format: str, *, language: str | None = None, **how: object) -> str | bytes:
    """The assessment in a format; raises `ValueError` with the formats there are, and `MissingExtraError` where one of
    them needs what is not installed.
    """
    if format not in formats():
        raise ValueError(f"there is no format {format!r}; there are {', '.join(formats())}")
    for option in how:
        if not takes(format, option):
            raise ValueError(f"the format {format!r} takes no {option}")
    told: str | bytes = _room(format).render(assessment, _spoken(assessment, language), **how)
    return told


def _room(format: str) -> ModuleType:
    return import_module(f"{_formats.__name__}.{format}")


def takes(format: str, option: str) -> bool:
    """Whether a format can do something with an option of `render`."""
    known = signature(_room(format).render).parameters.values()
    return any(one.name == option or one.kind is Parameter.VAR_KEYWORD for one in known)


def _spoken(assessment: Assessment, language: str | None) -> Language:
    if language is None:
        return assessment.rulebook.language
    for known in LANGUAGES:
        if known == language:
            return known
    raise ValueError(f"there is no language {language!r}; there are {', '.join(LANGUAGES)}")
