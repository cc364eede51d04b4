"""What commands share at the door: opening files, showing complaints, writing whole files or none.

In: paths as typed. Out: what they hold; or the complaints on standard error and an exit code.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfscore.cli.speech import asked_language, language_of_process, say
from perfscore.diagnostic import Diagnostic
from perfscore.rulebook import Rulebook
from perfscore.rulefile import Opened, open_path
from perfscore.source import Origins, Source
from perfscore.tablefile.landing import landing
from perfscore.words import LANGUAGES, Language, nearest, visible

if TYPE_CHECKING:
    from perfscore.facts import Facts
    from perfscore.report.layout import Layout

FINDINGS, USAGE = 1, 2

in_language = click.option(
    "--lang", metavar="zh|en", type=click.Choice(LANGUAGES), help=say("说明文字的语言", "the language of explanations")
)
into_file = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=say("写到这个文件", "write to this file")
)
rules_argument = click.argument("rules", metavar="RULES", type=click.Path(path_type=Path))
rule_paths = click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))


def spoken(lang: str | None, rulebook: Rulebook | Opened | None = None) -> Language:
    """`--lang`, else the rulebook's language, even of one that has errors, else that of the process."""
    asked = asked_language(["--lang", lang] if lang else sys.argv[1:])
    return asked or (rulebook.language if rulebook is not None else None) or language_of_process()


def rulebook_at(path: Path, lang: str | None) -> Rulebook:
    """The rulebook in a file; where it has errors they are shown and the command ends."""
    return sound(path, lang).required()


def sound(path: Path, lang: str | None) -> Opened:
    """A rule file without errors; where it has some they are shown and the command ends."""
    opened = open_path(path)
    if opened.rulebook is None:
        show(opened.diagnostics, opened.origins, spoken(lang, opened), severities=("error",))
        raise SystemExit(FINDINGS)
    return opened


def cohort_at(path: Path, rulebook: Rulebook, language: Language) -> tuple[Facts, ...]:
    """Everybody in a table or a folder; where somebody cannot be read that is shown and the command ends."""
    from perfscore.cohortfile import open_cohort

    opened = open_cohort(path, rulebook)
    for source, complaint in opened.complaints:
        show([complaint], source, language)
    if opened.broken:
        raise SystemExit(FINDINGS)
    return opened.subjects


def layout_at(named: str, language: Language) -> Layout:
    """The layout of a name, or in a file; where it has errors they are shown and the command ends."""
    from perfscore.report.layoutfile import layouts, open_layout, shipped

    if named in layouts():
        return shipped(named)
    if not Path(named).exists() and not named.endswith(".toml"):
        near = nearest(named, layouts())
        known = say(f"有 {'、'.join(layouts())}", f"there are {', '.join(layouts())}")
        meant = say(f"是不是 {near}？", f"did you mean {near}?") if near else known
        raise click.UsageError(say(f"没有表样 {visible(named)}：", f"there is no layout {visible(named)}: ") + meant)
    opened = open_layout(named)
    show(opened.diagnostics, opened.source, language)
    if opened.layout is None:
        raise SystemExit(FINDINGS)
    return opened.layout


def show(
    diagnostics: Iterable[Diagnostic],
    where: Source | Origins,
    language: Language,
    *,
    severities: tuple[str, ...] = ("error", "warning", "note"),
    err: bool = True,
) -> None:
    """Complaints as their author reads them, in the order of the file."""
    from perfscore.report.complaint import excerpt, in_order

    stream = sys.stderr if err else sys.stdout
    chosen = [one for one in diagnostics if one.severity in severities]
    for one in in_order(chosen, where):
        told = excerpt(one, where, language, colour=colourful(stream), width=width_of(stream))
        click.echo(told, err=err)
        click.echo("", err=err)


def colourful(stream: object) -> bool:
    """Whether a stream is a terminal whose user did not ask for plain text."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty()) and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width_of(stream: object) -> int | None:
    """The columns of a terminal; None for a pipe or a file, where a line may be as long as it likes."""
    isatty = getattr(stream, "isatty", None)
    return width() if isatty and isatty() else None


def width() -> int:
    """The columns of the terminal; 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def put(document: str | bytes, output: Path | None) -> None:
    """A document on standard output, or in a file that is written whole or not at all; bytes are not for a terminal."""
    if output is None and isinstance(document, str):
        click.echo(document, nl=not document.endswith("\n"), color=True)
        return
    if output is None:
        if sys.stdout.isatty():
            click.echo(say("这种格式要写到文件：加上 -o 文件", "this format is for a file: add -o FILE"), err=True)
            raise SystemExit(USAGE)
        click.echo(document, nl=False)
        return
    in_a_folder(output)
    with landing(output) as made:
        made.write_bytes(document if isinstance(document, bytes) else document.encode("utf-8", "backslashreplace"))


def apart(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """What is read stays as it is, and no result takes the place of another; else that is said and the command ends."""
    taken = [one for one in inputs if one is not None and one.exists()]
    for one in outputs:
        if one is None:
            continue
        if one.is_file() and any(one.samefile(other) for other in taken if other.exists()):
            raise click.UsageError(
                say(f"结果不能写在读入的 {one} 上", f"the result cannot take the place of {one}, which is read")
            )
        if any(one.resolve() == other.resolve() for other in taken):
            raise click.UsageError(say(f"两个结果都要写到 {one}", f"two results would be written to {one}"))
        taken.append(one)


def in_a_folder(output: Path) -> None:
    """A file can only be written where there is a folder; where there is none that is said and the command ends."""
    if not output.parent.is_dir():
        click.echo(say(f"没有文件夹 {output.parent}", f"there is no folder {output.parent}"), err=True)
        raise SystemExit(USAGE)
