"""Comments that take a complaint back: `# perfscore: ignore PS312 reason`.

In: a rule file with all that is to be said of it. Out: the same without what its comments take back, and with what is
wrong with the comments themselves.
A comment speaks of its own line, and one that stands alone of the next line that is no comment. It needs a reason, and
takes back warnings and notes only: a file with an error gives no score, whatever a comment says.
What a parent's comments take back stays quiet in the files that extend it; what is wrong with them is told there alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from attrs import evolve, frozen

from perfscore.diagnostic import Code, Diagnostic, Edit, Fix, Ignored
from perfscore.rulefile import Opened
from perfscore.source import Source, Span
from perfscore.words import Words, listed, visible

WITHOUT_REASON = Code(
    "PS137",
    "ignored-without-reason",
    Words(
        zh="perfscore: ignore 后面没有写理由，所以没有忽略任何提示。",
        en="An ignore comment gives no reason, so it takes nothing back.",
    ),
)
NOTHING_IGNORED = Code(
    "PS138",
    "nothing-ignored",
    Words(
        zh="perfscore: ignore 写的代码，这一行没有可忽略的。",
        en="An ignore comment names a code that its line does not earn.",
    ),
)
NO_SUCH_CODE = Code(
    "PS139",
    "no-such-code",
    Words(zh="perfscore: ignore 写了没有的代码。", en="An ignore comment names a code that does not exist."),
)
ERROR_STAYS = Code(
    "PS140",
    "error-stays",
    Words(
        zh="错误不能忽略：有错误的规则不能评分。",
        en="An error cannot be ignored: rules with an error give no score.",
    ),
)
IGNORES_UNCLEAR = Code(
    "PS141",
    "ignores-unclear",
    Words(
        zh="# perfscore: 后面读不懂，没有忽略任何提示。",
        en="What stands after `# perfscore:` cannot be read, so nothing is taken back.",
    ),
)
_FORM = Words(zh="写成 # perfscore: ignore {code} 理由", en="write # perfscore: ignore {code} and the reason")
_MENTION = re.compile(r"#[ \t]*perfscore[ \t]*[:：]", re.IGNORECASE)
_CODE = r"[A-Za-z]+[0-9]+(?![\w.])"
_MORE = rf"[ \t]*[,，、][ \t]*{_CODE}|[ \t]+PS[0-9]{{3}}(?![\w.])"  # a reason may begin with a word like GB2312
_CODES = re.compile(rf"[ \t]*ignore[ \t]+(?P<codes>{_CODE}(?:{_MORE})*)", re.IGNORECASE)
_BETWEEN = " \t:：,，、;；—–-"


@frozen
class _Comment:
    """One comment; `alone` where there is nothing else on its line."""

    start: int
    end: int
    alone: bool
    codes: tuple[str, ...] = ()
    codes_at: tuple[int, int] = (0, 0)
    reason: str = ""


def quieted(opened: Opened) -> Opened:
    """The file without what its comments take back, and with what is wrong with them."""
    sources = dict.fromkeys(source for source, _ in opened.origins.places.values())
    comments = {source.path: _comments(source) for source in sources if "perfscore" in source.text}
    if not any(comments.values()):
        return opened
    own = comments.get(opened.source.path, {})
    kept: list[Diagnostic] = []
    ignored: list[Ignored] = []
    errors: dict[int, set[str]] = {}
    warnings: dict[int, set[str]] = {}
    used: dict[int, set[str]] = {}
    for one in opened.diagnostics:
        source, at = opened.origins.written(one.at)
        line, _ = source.position(source.span(at, one.part, one.within).start)
        beside = comments.get(source.path, {}).get(line, ())
        said = next((each for each in beside if _takes_back(each, one)), None)
        if said is None:
            kept.append(one)
            if source is opened.source:
                (errors if one.severity == "error" else warnings).setdefault(line, set()).add(one.code.number)
            continue
        if source is opened.source:
            used.setdefault(said.start, set()).add(one.code.number)
        ignored.append(Ignored(one, said.reason))
    for line, found in own.items():
        for each in found:
            of_line = errors.get(line, set()), warnings.get(line, set())
            kept.extend(_complaints(opened, each, used.get(each.start, set()), *of_line))
    return evolve(opened, diagnostics=tuple(kept), ignored=tuple(ignored))


def _takes_back(comment: _Comment, one: Diagnostic) -> bool:
    return one.severity != "error" and bool(comment.reason) and one.code.number in comment.codes


def _comments(source: Source) -> dict[int, list[_Comment]]:
    """The comments that speak to perfscore, by the line that they speak of."""
    standing = [(span, *source.position(span.start)) for span in source.comments()]
    alone = {line for _, line, column in standing if not source.line(line)[: column - 1].strip()}
    speaks_of: dict[int, int] = {}
    for line in sorted(alone, reverse=True):
        speaks_of[line] = speaks_of.get(line + 1, line + 1)
    found: dict[int, list[_Comment]] = {}
    for span, line, _ in standing:
        if (mention := _MENTION.search(source.text, span.start, span.end)) is not None:
            one = _read(source, Span(mention.start(), span.end), mention.end(), line in alone)
            found.setdefault(speaks_of.get(line, line), []).append(one)
    return found


def _read(source: Source, span: Span, after: int, alone: bool) -> _Comment:
    """What one comment says, from the character after `perfscore:` on."""
    alone = alone and source.position(span.start)[1] - 1 == _indent(source, span.start)
    found = _CODES.match(source.text, after, span.end)
    if found is None:
        return _Comment(span.start, span.end, alone)
    codes = tuple(dict.fromkeys(code.upper() for code in re.findall(_CODE, found["codes"])))
    reason = source.text[found.end() : span.end].strip(_BETWEEN)
    return _Comment(span.start, span.end, alone, codes, found.span("codes"), reason)


def _indent(source: Source, offset: int) -> int:
    line = source.line(source.position(offset)[0])
    return len(line) - len(line.lstrip(" \t"))


def _complaints(
    opened: Opened, comment: _Comment, used: set[str], errors: set[str], warnings: set[str]
) -> Iterator[Diagnostic]:
    """What is wrong with a comment itself, by the codes of its line: taken back, errors, and those that still stand."""
    whole = (comment.start, comment.end)
    if not comment.codes:
        said = Words(zh="没有写忽略哪个代码", en="which code is to be ignored is not said")
        yield Diagnostic(IGNORES_UNCLEAR, (), said, _FORM.fill(code="PS215"), "warning", within=whole)
        return
    if not comment.reason:
        said = Words(zh="没有写理由，{codes} 没有忽略", en="no reason is given, so {codes} is not ignored")
        hint = _FORM.fill(code=" ".join(comment.codes))
        yield Diagnostic(WITHOUT_REASON, (), said.fill(codes=listed(comment.codes)), hint, "warning", within=whole)
    for code in comment.codes:
        if code in errors:
            said = Words(zh="{code} 在这里是错误，不能忽略", en="{code} is an error here, and cannot be ignored")
            hint = Words(zh="改正这一行，再去掉这条注释", en="mend the line, and take the comment out")
            yield Diagnostic(ERROR_STAYS, (), said.fill(code=code), hint, "warning", within=comment.codes_at)
    unused = [one for one in comment.codes if one not in used | errors] if comment.reason else []
    if not unused:
        return
    for code in [one for one in unused if one.startswith("PS") and one not in _known()]:
        unused.remove(code)
        yield _no_such_code(comment, code, warnings)
    if unused and opened.rulebook is not None:  # of a file with errors not everything was asked yet
        said = Words(zh="这一行没有 {codes} 可忽略", en="there is no {codes} here to ignore").fill(codes=listed(unused))
        gone = Words(zh="去掉 {codes}", en="take {codes} out").fill(codes=listed(unused))
        fix = Fix(gone, (_without(opened.source, comment, unused),), safe=True)
        yield Diagnostic(NOTHING_IGNORED, (), said, gone, "warning", within=comment.codes_at, fix=fix)


@cache
def _known() -> frozenset[str]:
    """Every code; looked up only where a comment ignores nothing, since that reads every room that complains."""
    from perfscore.analysis.codes import all_codes

    return frozenset(one.number for one in all_codes())


def _no_such_code(comment: _Comment, code: str, warnings: set[str]) -> Diagnostic:
    said = Words(zh="没有代码 {code}", en="there is no code {code}").fill(code=visible(code))
    near = get_close_matches(code, sorted(warnings), n=1)
    if not near:
        hint = Words(
            zh="写这一行警告的代码，或去掉注释",
            en="write the code of a warning about this line, or take it out",
        )
        return Diagnostic(NO_SUCH_CODE, (), said, hint, "warning", within=comment.codes_at)
    hint = Words(zh="是不是 {near}？", en="did you mean {near}?").fill(near=near[0])
    others = [near[0] if one == code else one for one in comment.codes]
    fix = Fix(Words(zh="写 {near}", en="write {near}").fill(near=near[0]), (_codes(comment, others),))
    return Diagnostic(NO_SUCH_CODE, (), said, hint, "warning", within=comment.codes_at, fix=fix)


def _codes(comment: _Comment, codes: list[str]) -> Edit:
    return Edit((), ", ".join(codes), within=comment.codes_at)


def _without(source: Source, comment: _Comment, unused: list[str]) -> Edit:
    """The comment without some of its codes, or no comment where none is left."""
    left = [one for one in comment.codes if one not in unused]
    if left:
        return _codes(comment, left)
    text, start, end = source.text, comment.start, comment.end
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if comment.alone:
        end += 2 if text.startswith("\r\n", end) else 1 if text.startswith("\n", end) else 0
    return Edit((), "", within=(start, end))
