"""Telling what was found, to people and to machines.

In: an assessment and the name of a format. Out: a document.
What a document says is decided in `outline`, how it looks in the file of its format under `formats`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from inspect import Parameter, signature

from perfscore.assessment import Assessment
from perfscore.report import formats as _formats
from perfscore.words import LANGUAGES, Language


def formats() -> tuple[str, ...]:
    """The name of every format."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(_formats.__path__)))


def render(assessment: Assessment, format: str, *, language: str | None = None, **how: object) -> str:
    """The assessment in a format; raises `ValueError` with the formats there are."""
    if format not in formats():
        raise ValueError(f"there is no format {format!r}; there are {', '.join(formats())}")
    text: str = import_module(f"{_formats.__name__}.{format}").render(assessment, _spoken(assessment, language), **how)
    return text


def takes(format: str, option: str) -> bool:
    """Whether a format can do something with an option of `render`."""
    known = signature(import_module(f"{_formats.__name__}.{format}").render).parameters.values()
    return any(one.name == option or one.kind is Parameter.VAR_KEYWORD for one in known)


def _spoken(assessment: Assessment, language: str | None) -> Language:
    if language is None:
        return assessment.rulebook.language
    for known in LANGUAGES:
        if known == language:
            return known
    raise ValueError(f"there is no language {language!r}; there are {', '.join(LANGUAGES)}")
