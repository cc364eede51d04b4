"""What is raised, and only to whoever called us wrongly.

In: diagnostics, or names that do not exist. Out: exceptions that inherit from the built-in that callers already catch.
Nothing about a subject's facts is ever raised: that is a finding in the assessment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from perfscore.diagnostic import Diagnostic
from perfscore.words import Words, counted, nearest


class FileError(ValueError):
    """A file that cannot be used. `diagnostics` says everything that is wrong with it; `path` names it."""

    def __init__(self, path: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.path, self.diagnostics = path, diagnostics
        lines = [f"{path}: {counted(len(diagnostics), 'error').en}; `perfscore check` shows where"]
        lines += [f"  {one.code.number} {'.'.join(map(str, one.at))}: {one.message.en}" for one in diagnostics]
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[FileError], tuple[str, tuple[Diagnostic, ...]]]:
        return type(self), (self.path, self.diagnostics)


class RulebookError(FileError):
    """A rule file with errors was loaded."""


class FactsError(FileError):
    """A facts file that cannot be read."""


class LayoutError(FileError):
    """A layout of a document that cannot be used."""


class UnknownIndicatorError(LookupError):
    """An assessment was asked about an indicator that its rulebook does not have."""

    def __init__(self, id: str, known: Collection[str]) -> None:
        self.id, self.known, self.near = id, tuple(known), nearest(str(id), known)
        meant = f"; did you mean {self.near!r}?" if self.near else ""
        super().__init__(f"this rulebook has no indicator {id!r}{meant}")

    def __reduce__(self) -> tuple[type[UnknownIndicatorError], tuple[str, tuple[str, ...]]]:
        return type(self), (self.id, self.known)


class UnknownKindError(LookupError):
    """A kind of criterion was asked for that is not installed."""

    def __init__(self, kind: str, known: Collection[str], near: str | None = None) -> None:
        self.kind, self.known, self.near = kind, tuple(known), near or nearest(kind, known)
        meant = f"; did you mean {self.near!r}?" if self.near else ""
        super().__init__(f"there is no kind of criterion {kind!r}{meant}")

    def __reduce__(self) -> tuple[type[UnknownKindError], tuple[str, tuple[str, ...], str | None]]:
        return type(self), (self.kind, self.known, self.near)


THIS_NEEDS = Words(zh="这", en="this needs")


class MissingExtraError(ImportError):
    """Something was asked for that needs a library which is not installed; `extra` names what brings it."""

    def __init__(self, extra: str, needs: Words = THIS_NEEDS) -> None:
        self.extra, self.needs = extra, needs
        self.message = Words(
            zh="{needs}要另外安装：pip install 'perfscore[{extra}]'", en="{needs} pip install 'perfscore[{extra}]'"
        ).fill(needs=needs, extra=extra)
        super().__init__(self.message.en)

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, Words]]:
        return type(self), (self.extra, self.needs)


@contextmanager
def brought_by(extra: str, *libraries: str, needs: Words = THIS_NEEDS) -> Iterator[None]:
    """Imports of libraries that an extra brings; where one of them is missing, it is said what `needs` to be installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in libraries:
            raise
        raise MissingExtraError(extra, needs) from None
