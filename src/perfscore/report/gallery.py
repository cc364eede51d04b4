"""The gallery: for every diagnostic code why it matters, a file that earns it, what is said, and the file mended.

In: a code, and the page `gallery/CODE.md` that a person wrote for it, in both languages.
Out: the page as values for who runs it; in one language, Markdown for the site and plain text for a terminal.
Nothing is run here. What a code is called and means is said by the `Code`; a code of a third party has no page.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from importlib import resources

from attrs import frozen

from perfscore.diagnostic import Code
from perfscore.report.wrapping import wrapped
from perfscore.version import VERSION
from perfscore.words import LANGUAGES, Language, Words

WHY = Words(zh="为什么要紧", en="Why it matters")
BROKEN = Words(zh="有错的文件", en="The file with the mistake")
SAID = Words(zh="perfscore 怎么说", en="What perfscore says")
MENDED = Words(zh="改好以后", en="The file mended")
_SAVED_AS = Words(zh="这个文件用 {encoding} 编码保存。", en="This file is saved as {encoding}.")
_REPEATED = Words(zh="第 {line} 行在文件里重复 {n} 遍。", en="Line {line} stands {n} times in the file.")
_THIS_VERSION = '"perfscore": "{version}"'

_PAGE = re.compile(
    rf"## {WHY.zh}\n\n(?P<zh>.+?)\n\n## {WHY.en}\n\n(?P<en>.+?)\n\n"
    rf"## {BROKEN.zh} · {BROKEN.en}\n\n(?P<broken>.+?)\n\n## {MENDED.zh} · {MENDED.en}\n\n(?P<mended>.+)",
    re.DOTALL,
)
_BLOCK = re.compile(r"^(`{3,})(\w+)([^\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@frozen
class ShownFile:
    """A file of a page. The few that cannot be shown as they are say how they are stored, or what is repeated."""

    name: str
    text: str
    language: str
    encoding: str = "utf-8"
    repeat: tuple[int, int] | None = None  # the number of a line, and how often it stands there

    def stored(self) -> bytes:
        """What the file holds."""
        lines = self.text.splitlines(keepends=True)
        if self.repeat is not None:
            line, times = self.repeat
            lines[line - 1] *= times
        return "".join(lines).encode(self.encoding)


@frozen
class Page:
    """What a person wrote about a code; `printed` is what the command gives in each language, and `mended_command` is
    another only where the mistake was in the call.
    """

    why: Words
    broken: tuple[ShownFile, ...]
    command: str
    printed: Words
    mended: tuple[ShownFile, ...]
    mended_command: str


def written_pages() -> tuple[str, ...]:
    """The codes that have a page, by number."""
    return tuple(sorted(one.name.removesuffix(".md") for one in _folder().iterdir() if one.name.endswith(".md")))


def page_of(number: str) -> Page | None:
    """The page of a code, if it has one. A result on it says that this version wrote it, whichever that is."""
    file = _folder().joinpath(f"{number}.md")
    if not file.is_file():
        return None
    return read_page(file.read_text(encoding="utf-8").replace(_THIS_VERSION, f'"perfscore": "{VERSION}"'))


def read_page(text: str) -> Page:
    """A page from its text; one that leaves out a part is refused."""
    found = _PAGE.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f"a page has the parts {WHY.zh}, {WHY.en}, {BROKEN.zh} · {BROKEN.en}, {MENDED.zh} · {MENDED.en}"
        )
    told = {language: _said(found["broken"], language) for language in LANGUAGES}
    [command] = {command for command, _ in told.values()}
    return Page(
        why=Words(zh=found["zh"], en=found["en"]),
        broken=_files(found["broken"]),
        command=command,
        printed=Words(zh=told["zh"][1], en=told["en"][1]),
        mended=_files(found["mended"]),
        mended_command=next((line[2:] for line in found["mended"].splitlines() if line.startswith("$ ")), command),
    )


def gallery_page(code: Code, language: Language) -> str:
    """A code in one language: what it says, why, the file, what comes out, and the file mended."""
    head = f"# {code.number} {code.name}\n\n{code.about.into(language)}\n"
    page = page_of(code.number)
    if page is None:
        return head
    before = {one.name: one for one in page.broken}
    parts = [head, f"## {WHY.into(language)}\n", page.why.into(language) + "\n", f"## {BROKEN.into(language)}\n"]
    parts += [_shown(one, None, language) for one in page.broken]
    said = f"$ {page.command} --lang {language}\n{page.printed.into(language)}"
    parts += [f"## {SAID.into(language)}\n", f"```console\n{said}\n```\n", f"## {MENDED.into(language)}\n"]
    parts += [_shown(one, before.get(one.name), language) for one in page.mended]
    if page.mended_command != page.command:
        parts.append(f"```console\n$ {page.mended_command}\n```\n")
    return "\n".join(parts)


def gallery_text(code: Code, language: Language, width: int) -> str:
    """The same for a terminal: the lines that mend a file have a + before them, those that go a −."""
    lines = [f"{code.number} {code.name}", *wrapped(code.about.into(language), width)]
    page = page_of(code.number)
    if page is None:
        return "\n".join([*lines, ""])
    before = {one.name: one for one in page.broken}
    lines += ["", WHY.into(language), *(f"  {line}" for line in wrapped(page.why.into(language), width - 2))]
    for one in page.broken:
        lines += ["", f"{BROKEN.into(language)} {one.name}", *(f"  {line}" for line in one.text.splitlines())]
        lines += [text for note in _notes(one) for text in ("", f"  {note.into(language)}")]
    lines += ["", SAID.into(language), f"  $ {page.command} --lang {language}"]
    lines += [f"  {line}" for line in page.printed.into(language).splitlines()]
    for one in page.mended:
        old = before[one.name].text.splitlines() if one.name in before else []
        lines += ["", f"{MENDED.into(language)} {one.name}", *_compared(old, one.text.splitlines())]
    if page.mended_command != page.command:
        lines += ["", MENDED.into(language), f"  $ {page.mended_command}"]
    return "\n".join([*(line.rstrip() for line in lines), ""])


def _folder() -> resources.abc.Traversable:
    return resources.files("perfscore").joinpath("gallery")


def _files(text: str) -> tuple[ShownFile, ...]:
    found = []
    for _, language, info, body in _BLOCK.findall(text):
        keys = dict(re.findall(r'(\w+)="([^"]*)"', info))
        if language != "console":
            line, _, times = keys.get("repeat", "").partition("x")
            repeat = (int(line), int(times)) if times else None
            found.append(ShownFile(keys["title"], body, language, keys.get("encoding", "utf-8"), repeat))
    return tuple(found)


def _said(text: str, language: Language) -> tuple[str, str]:
    """The command of a page without its language, and what it printed in this one."""
    for _, kind, _, body in _BLOCK.findall(text):
        command, _, printed = body.removeprefix("$ ").partition("\n")
        if kind == "console" and command.endswith(f" --lang {language}"):
            return command.removesuffix(f" --lang {language}"), printed.removesuffix("\n")
    raise ValueError(f"a page has a command that ends in --lang {language}")


def _shown(file: ShownFile, before: ShownFile | None, language: Language) -> str:
    """A file as a block; where it is mended, the lines that changed are marked."""
    marks = "" if before is None else _changed(before.text.splitlines(), file.text.splitlines())
    lines = [f'```{file.language} title="{file.name}"{marks}', f"{file.text}```", ""]
    for note in _notes(file):
        lines += [note.into(language), ""]
    return "\n".join(lines)


def _notes(file: ShownFile) -> list[Words]:
    """What cannot be seen of a file."""
    notes = []
    if file.encoding != "utf-8":
        notes.append(_SAVED_AS.fill(encoding=file.encoding.upper()))
    if file.repeat is not None:
        line, times = file.repeat
        notes.append(_REPEATED.fill(line=str(line), n=str(times)))
    return notes


def _changed(old: list[str], new: list[str]) -> str:
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    lines = [str(n + 1) for how, _, _, low, high in steps if how != "equal" for n in range(low, high)]
    return f' hl_lines="{" ".join(lines)}"' if lines else ""


def _compared(old: list[str], new: list[str]) -> list[str]:
    """The new lines, with the old ones that they take the place of."""
    lines: list[str] = []
    for how, first, last, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal" or not old:
            lines += [f"  {line}" for line in new[low:high]]
        else:
            lines += [f"− {line}" for line in old[first:last]] + [f"+ {line}" for line in new[low:high]]
    return lines
