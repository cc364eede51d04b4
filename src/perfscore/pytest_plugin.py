"""Rule files as tests: what pytest collects where a project asks for it.

In: `--perfscore`, or `perfscore_rules = rules/*.toml` in pytest's own settings. Out: for every rule file one test that it
has no error, and one for each worked example, in it and in the table beside it; a failure shows the explanation.
Nobody's TOML files are collected unasked, and perfscore is not imported until a rule file is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from perfscore.examples import Ran
    from perfscore.rulefile import Opened
    from perfscore.source import Origins, Source
    from perfscore.words import Language

OPTION, SETTING = "--perfscore", "perfscore_rules"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option and the setting; without either, nothing is collected."""
    group = parser.getgroup("perfscore", "rule files of perfscore")
    group.addoption(OPTION, action="store_true", help="collect perfscore rule files (*.toml) as tests")
    parser.addini(SETTING, "patterns of the perfscore rule files to collect, from the root of the project", "linelist")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> RuleFile | None:
    """A rule file, where it was asked for."""
    if file_path.suffix != ".toml" or file_path.name.endswith(".facts.toml"):
        return None
    patterns = parent.config.getini(SETTING)
    root = parent.config.rootpath
    named = file_path.is_relative_to(root) and any(file_path.relative_to(root).match(one) for one in patterns)
    if not named and not (parent.config.getoption(OPTION) and _looks_like_rules(file_path)):
        return None
    return RuleFile.from_parent(parent, path=file_path)


def _looks_like_rules(path: Path) -> bool:
    """Whether a file has the head of a rulebook, read or not: `pyproject.toml` is left alone."""
    text = path.read_bytes()
    return b"[rulebook]" in text or b"\nrulebook" in text or text.startswith(b"rulebook")


class RuleFile(pytest.File):
    """A rule file: one test for the file, and one for each of its worked examples."""

    def collect(self) -> Iterator[pytest.Item]:
        from perfscore.analysis.checked import checked
        from perfscore.examples import run_examples
        from perfscore.examplesheet import run_sheet, sheet_path
        from perfscore.rulefile import open_path

        opened = checked(open_path(self.path))
        yield CheckItem.from_parent(self, name="check", opened=opened)
        if opened.rulebook is None:
            return
        language = opened.rulebook.language
        for ran in run_examples(opened.rulebook):
            yield ExampleItem.from_parent(
                self, name=ran.example.title, ran=ran, where=opened.origins, language=language
            )
        beside = sheet_path(self.path)
        if beside.is_file():
            sheet = run_sheet(beside, opened.rulebook)
            yield SheetItem.from_parent(
                self, name=beside.name, told=sheet.diagnostics, where=sheet.source, language=language
            )
            for ran in sheet.ran:
                name = f"{beside.name}: {ran.example.title}"
                yield ExampleItem.from_parent(self, name=name, ran=ran, where=sheet.source, language=language)


class RuleFileFailure(Exception):  # noqa: N818 - what pytest shows is its text
    """What is wrong, as `perfscore check` and `perfscore test` show it."""


class _Item(pytest.Item):
    """A test of a rule file."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **more: Any) -> Any:
        if isinstance(excinfo.value, RuleFileFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **more)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.name}: {self.name}"


class CheckItem(_Item):
    """The file has no error."""

    def __init__(self, *, opened: Opened, **more: Any) -> None:
        super().__init__(**more)
        self.opened = opened

    def runtest(self) -> None:
        errors = [one for one in self.opened.diagnostics if one.severity == "error"]
        _raise(errors, self.opened.origins, self.opened.language or "zh")


class SheetItem(_Item):
    """The table beside the file can be read, every row of it."""

    def __init__(self, *, told: Any, where: Source, language: Language, **more: Any) -> None:
        super().__init__(**more)
        self.told, self.where, self.language = told, where, language

    def runtest(self) -> None:
        _raise(self.told, self.where, self.language)


class ExampleItem(_Item):
    """A worked example holds."""

    def __init__(self, *, ran: Ran, where: Source | Origins, language: Language, **more: Any) -> None:
        super().__init__(**more)
        self.ran, self.where, self.language = ran, where, language

    def runtest(self) -> None:
        from perfscore.report.worked import why_not

        _raise(self.ran.diagnostics, self.where, self.language, why_not(self.ran, self.language))


def _raise(told: Any, where: Source | Origins, language: Language, more: list[str] | None = None) -> None:
    from perfscore.report.complaint import excerpt

    if told:
        shown = [excerpt(one, where, language) for one in told]
        raise RuleFileFailure("\n\n".join([*shown, *(["\n".join(more)] if more else [])]))
