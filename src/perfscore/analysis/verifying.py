"""复算 — does a published assessment say what its rulebook makes of its facts?

In: an assessment as JSON holds it, and the rulebook, the facts and the cohort that it is said to come from.
Out: diagnostics at key paths of the JSON: digests that differ first, then every figure that does.
Everything is recomputed, nothing is taken from the document. No file is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from perfscore.analysis.comparable import (
    AS_THEN,
    COHORT_CHANGED,
    DIGESTS,
    FACTS_CHANGED,
    RULES_CHANGED,
    at_path,
    changed,
    no_result,
    not_to_be_compared,
)
from perfscore.analysis.differences import NOTHING, Difference, differences
from perfscore.analysis.resultwords import Document, called, keys_called, path_text, spelled_out
from perfscore.assessing import assess
from perfscore.cohort import Cohort
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.facts import Facts
from perfscore.rulebook import Rulebook
from perfscore.words import Words, counted, nearest

FIGURE_DIFFERS = Code(
    "PS807",
    "figure-differs",
    Words(zh="结果写的同复算的不一样。", en="The result says something else than what is recomputed."),
)
NOT_RECOMPUTED = Code(
    "PS808",
    "not-recomputed",
    Words(zh="结果里多出复算没有的内容。", en="The result holds what no recomputation gives."),
)
LEFT_OUT = Code(
    "PS809", "left-out", Words(zh="结果里少了复算有的内容。", en="The result leaves out what is recomputed.")
)
OTHER_VERSION = Code(
    "PS810",
    "other-version",
    Words(zh="结果由另一个版本的 perfscore 写出。", en="The result was written by another version of perfscore."),
)
_THEN_AND_NOW = Words(
    zh="{what}的摘要是 {wanted}，结果写的是 {found}",
    en="the {what} given have the digest {wanted}, the result names {found}",
)
_WHAT = {
    RULES_CHANGED: Words(zh="给的规则", en="rules"),
    FACTS_CHANGED: Words(zh="给的数据", en="facts"),
    COHORT_CHANGED: Words(zh="给的全体对象", en="subjects"),
}


def verify(
    result: Document, rulebook: Rulebook, facts: Facts, cohort: Cohort | Iterable[Facts] | None = None
) -> list[Diagnostic]:
    """Everything in which a result differs from what its rulebook makes of its facts; what is wrong with it is never raised.

    Places are key paths of the result. Where nothing can be compared that alone is said: another kind of document, a
    newer format, another rulebook, or a cohort on one side only.
    """
    if not isinstance(result, Mapping):
        raise TypeError(f"verify takes a result as json.load gives it, a dict, not {type(result).__name__}")
    if refused := no_result(result):
        return [refused]
    wanted = assess(rulebook, facts, cohort).to_dict()
    if refused := not_to_be_compared(result, wanted, alone=cohort is None):
        return [refused]
    return list(_told(result, wanted))


def _told(result: Document, wanted: Document) -> Iterator[Diagnostic]:
    """The digests, then everything else."""
    moved = [code for code in DIGESTS if changed(code, result, wanted)]
    found = [one for one in differences(result, wanted) if one.at not in [DIGESTS[code] for code in moved]]
    named = {str(one["id"]): str(one["name"]) for one in _records(wanted, "indicators")}
    figures = [one for one in found if one.at != ("perfscore",)]
    lacking = [one.at for one in figures if one.found is NOTHING]
    told = [_differs(list(several), result, named, lacking) for _, several in groupby(figures, _together)]
    for code in moved:
        yield _digest(code, result, wanted, len(told))
    yield from map(_version, (one for one in found if one.at == ("perfscore",)))
    yield from told


def _digest(code: Code, result: Document, wanted: Document, figures: int) -> Diagnostic:
    at = DIGESTS[code]
    said = _THEN_AND_NOW.fill(what=_WHAT[code], found=_short(at_path(result, at)), wanted=_short(at_path(wanted, at)))
    if figures:
        said += Words(zh="；不一样的有 {n} 处，列在后面", en="; {n}, as told below").fill(
            n=counted(figures, "place differs", "places differ")
        )
    else:
        said += Words(zh="；别的都一样", en="; nothing else differs")
    return Diagnostic(code, at, said, AS_THEN[code])


def _version(one: Difference) -> Diagnostic:
    if one.found is NOTHING:
        return Diagnostic(
            LEFT_OUT, one.at, Words(zh="没有写由哪个版本写出", en="the version that wrote it is not named")
        )
    said = Words(
        zh="结果由 perfscore {found} 写出，复算的是 {wanted}",
        en="the result was written by perfscore {found}, and recomputed by {wanted}",
    )
    said = said.fill(found=spelled_out(one.found), wanted=spelled_out(one.wanted))
    return Diagnostic(OTHER_VERSION, one.at, said, severity="note" if isinstance(one.found, str) else "error")


def _together(one: Difference) -> tuple[object, ...]:
    """What is told in one: the values of one record that differ. Anything else alone."""
    if one.found is NOTHING or one.wanted is NOTHING:
        return (one.at, id(one))
    return one.at[:2] if len(one.at) > 2 and isinstance(one.at[1], int) else one.at


def _differs(
    several: Sequence[Difference], result: Document, named: Mapping[str, str], lacking: Sequence[KeyPath]
) -> Diagnostic:
    first, *more = several
    record = at_path(result, first.at[:2])
    if first.found is NOTHING:
        return _left_out(first, record, named)
    what = called(first.at, record, named)
    if first.wanted is NOTHING:
        said = Words(
            zh="{what}（{path}）：复算没有这一项", en="{what} ({path}): there is no such thing in what is recomputed"
        )
        beside = [str(at[-1]) for at in lacking if at[:-1] == first.at[:-1]]
        near = nearest(str(first.at[-1]), beside)
        hint = None if near is None else Words(zh="是不是 {near}？", en="did you mean {near}?").fill(near=near)
        return Diagnostic(NOT_RECOMPUTED, first.at, said.fill(what=what, path=path_text(first.at)), hint, part="key")
    said = Words(
        zh="{what}（{path}）：结果写的是 {found}，复算是 {wanted}",
        en="{what} ({path}): the result says {found}, recomputed it is {wanted}",
    )
    said = said.fill(what=what, path=path_text(first.at), **_both(first))
    for one in more:
        line = Words(
            zh="\n{what}（{path}）：{found}，复算是 {wanted}", en="\n{what} ({path}): {found}, recomputed {wanted}"
        )
        said += line.fill(what=keys_called(one.at[2:]), path=path_text(one.at), **_both(one))
    return Diagnostic(FIGURE_DIFFERS, first.at, said)


def _left_out(one: Difference, record: object, named: Mapping[str, str]) -> Diagnostic:
    what = called(one.at, one.wanted if len(one.at) == 1 else record, named)
    said = Words(
        zh="{what}（{path}）：复算有（{wanted}），结果里没有",
        en="{what} ({path}): recomputed ({wanted}), and not in the result",
    )
    said = said.fill(what=what, path=path_text(one.at), wanted=spelled_out(one.wanted))
    return Diagnostic(LEFT_OUT, one.at, said, part="key")


def _both(one: Difference) -> dict[str, str]:
    return {"found": spelled_out(one.found, one.wanted), "wanted": spelled_out(one.wanted, one.found)}


def _short(digest: object) -> str:
    return f"{digest[:19]}…" if isinstance(digest, str) and len(digest) > 19 else spelled_out(digest)


def _records(document: Document, key: str) -> list[Mapping[str, object]]:
    records = document[key]
    return [one for one in records if isinstance(one, Mapping)] if isinstance(records, list) else []
