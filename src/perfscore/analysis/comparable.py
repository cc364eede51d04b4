"""Can a published assessment be compared with what is recomputed at all?

In: an assessment as JSON holds it, and the one that was recomputed. Out: the digests that differ, or the one diagnostic
that says why there is nothing to compare.
Single figures are compared in `verifying`.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfscore.analysis.differences import NOTHING
from perfscore.analysis.resultwords import Document, spelled_out
from perfscore.assessment import JSON_FORMAT
from perfscore.diagnostic import Code, Diagnostic, KeyPath
from perfscore.words import Words

NOT_A_RESULT = Code("PS801", "not-a-result", Words(zh="文件不是评分结果。", en="The file is no result of scoring."))
NEWER_FORMAT = Code(
    "PS802",
    "newer-format",
    Words(zh="结果的格式比这个版本的 perfscore 新。", en="The result has a newer format than this perfscore knows."),
)
OTHER_RULEBOOK = Code(
    "PS803", "other-rulebook", Words(zh="结果出自另一份规则。", en="The result comes from another rulebook.")
)
RULES_CHANGED = Code(
    "PS804",
    "rules-changed",
    Words(zh="规则同评分时的不一样。", en="The rules are not those that the result was scored by."),
)
FACTS_CHANGED = Code(
    "PS805",
    "facts-changed",
    Words(zh="数据同评分时的不一样。", en="The facts are not those that the result was scored from."),
)
COHORT_CHANGED = Code(
    "PS806",
    "cohort-changed",
    Words(zh="一起评价的对象同评分时的不一样。", en="The subjects compared with are not those of the result."),
)
DIGESTS: Mapping[Code, KeyPath] = {
    RULES_CHANGED: ("rulebook", "digest"),
    FACTS_CHANGED: ("facts_digest",),
    COHORT_CHANGED: ("cohort", "digest"),
}
AS_THEN = {
    RULES_CHANGED: Words(
        zh="给评分时的规则文件；规则是有意改的，就重新评分",
        en="give the rule file as it was then; where the rules were changed on purpose, score again",
    ),
    FACTS_CHANGED: Words(
        zh="给评分时的数据文件；数据是有意改的，就重新评分",
        en="give the facts file as it was then; where the facts were changed on purpose, score again",
    ),
    COHORT_CHANGED: Words(
        zh="给评分时的那张表（--cohort）；有意改的，就重新评分",
        en="give the table as it was then (--cohort); where it was changed on purpose, score again",
    ),
}


def no_result(result: Document) -> Diagnostic | None:
    """Why a document is no result that this version can read, where it is none."""
    version = result.get("format")
    if isinstance(version, int) and version > JSON_FORMAT:
        said = Words(
            zh="结果的格式是 {n}，这个版本只认识 {known}", en="the result has format {n}, this version knows {known}"
        )
        hint = Words(zh="升级：pip install -U perfscore", en="upgrade: pip install -U perfscore")
        return Diagnostic(NEWER_FORMAT, ("format",), said.fill(n=str(version), known=str(JSON_FORMAT)), hint)
    if isinstance(result.get("rulebook"), Mapping) and isinstance(result.get("indicators"), list):
        return None
    said = Words(zh="这不是评分结果的 JSON", en="this is not the JSON of a result")
    if "asks" in result or "blocked" in result:
        said = Words(
            zh="这是 --partial 的结果，没有得分可以复算",
            en="this was written by --partial: there is no score to recompute",
        )
    elif "inputs" in result or "answers" in result:
        said = Words(zh="这是数据文件，不是评分结果", en="this is a facts file, not a result")
    hint = Words(
        zh="写出结果：perfscore score RULES FACTS --format json -o RESULT.json",
        en="a result is written by: perfscore score RULES FACTS --format json -o RESULT.json",
    )
    return Diagnostic(NOT_A_RESULT, (), said, hint, within=(0, 1))


def not_to_be_compared(result: Document, wanted: Document, *, alone: bool) -> Diagnostic | None:
    """Why there is nothing to compare, where there is not."""
    id = at_path(result, ("rulebook", "id"))
    if id != at_path(wanted, ("rulebook", "id")) and changed(RULES_CHANGED, result, wanted):
        said = Words(
            zh="结果出自规则 {found}，给的是 {wanted}",
            en="the result comes from rulebook {found}, that given is {wanted}",
        )
        said = said.fill(found=spelled_out(id), wanted=spelled_out(at_path(wanted, ("rulebook", "id"))))
        hint = Words(zh="给 --rules 写出结果所按的规则", en="give --rules the rulebook that the result names")
        return Diagnostic(OTHER_RULEBOOK, ("rulebook", "id"), said, hint)
    if "cohort" in result and alone:
        said = Words(
            zh="结果是同别的对象比出来的，要一起给出才能复算",
            en="the result rests on a comparison with others, who are needed to recompute it",
        )
        return Diagnostic(COHORT_CHANGED, ("cohort",), said, AS_THEN[COHORT_CHANGED], part="key")
    if "cohort" not in result and "cohort" in wanted:
        said = Words(
            zh="结果是单独评的，没有同别的对象比", en="the result was scored alone, without a comparison with others"
        )
        hint = Words(zh="去掉 --cohort", en="leave out --cohort")
        return Diagnostic(COHORT_CHANGED, (), said, hint)
    return None


def changed(code: Code, result: Document, wanted: Document) -> bool:
    """Whether both documents name what they rest on, and name it differently."""
    found, should = at_path(result, DIGESTS[code]), at_path(wanted, DIGESTS[code])
    return found is not NOTHING and should is not NOTHING and found != should


def at_path(document: object, at: KeyPath) -> object:
    """What stands at a key path, NOTHING where nothing does."""
    for key in at:
        match document:
            case Mapping() if key in document:
                document = document[key]
            case list() if isinstance(key, int) and key < len(document):
                document = document[key]
            case _:
                return NOTHING
    return document
