"""Worked examples, as their author reads them: why one does not hold, which cases none takes, and new ones as TOML.

In: an example that was run, a `Coverage`, or examples to write. Out: lines for a terminal, plain data for a program, or TOML.
Nothing is computed here, and text from a file is one line that can do nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from perfscore.analysis.coverage import Coverage, Untaken
from perfscore.analysis.trials import example_of
from perfscore.assessment import STATES, Assessment, Deduction, IndicatorResult
from perfscore.examples import Ran
from perfscore.planning import compiled
from perfscore.quantity import decimal, spelled
from perfscore.report.complaint import as_json
from perfscore.rulebook import Rulebook, WorkedExample
from perfscore.source import Origins, Source
from perfscore.words import Language, Words, visible

EXAMPLE = Words(zh="算例“{t}”算出来是：", en="the example “{t}” comes to:")
KEPT = Words(zh="{name}：{p}分", en="{name}: {p} points")
IN_STATE = Words(zh="{name}：{s}", en="{name}: {s}")
OF = Words(zh="（满分 {w}）", en=" of {w}")
NOTHING_LOST = Words(zh="没有扣分", en="nothing is lost")
TOTAL = Words(zh="总分：{s}，等级：{r}", en="score: {s}, rating: {r}")
COVERED = Words(zh="覆盖：{n} 种情形走到 {k} 种（{p}%）", en="coverage: {k} of {n} cases are taken ({p}%)")
NOT_TAKEN = Words(zh="没有走到的，和能走到的数据：", en="not taken, and what would take it:")
NONE_FOUND = Words(zh="没有找到能走到的数据", en="nothing was found that takes it")
WHOLE = Words(zh="总分", en="the whole")
HEAD = Words(
    zh="# 以下算例是程序按现在的规则算出来的，只说明规则现在给多少分，不说明应该给多少分。\n"
    "# 逐个对照评分标准的原文核对，分数对的才留下；不对的，是规则写错了。留下的去掉“待核对”。",
    en="# The rules give these results today; whether they should is for a person to say. Hold each against the words of\n"
    "# the regulation, and keep only those that are right; where one is wrong, mend the rule. Then take the mark away.",
)
TO_CONFIRM = Words(zh="# 待核对", en="# to be confirmed")
NOTHING_NEW = Words(zh="# 没有要补的算例。", en="# There is no example to add.")


def why_not(ran: Ran, language: Language) -> list[str]:
    """The explanation of an example that does not hold: of each node that differs, what it lost and from which figures."""
    lines = [EXAMPLE.fill(t=visible(ran.example.title)).into(language)]
    whole = False
    told = dict[str, None]()
    for one in ran.diagnostics:
        match one.at[2:]:
            case ("points" | "state", str() as id):
                told[id] = None
            case _:
                whole = whole or ran.example.score is not None or ran.example.rating is not None
    if any(one.at == () for one in ran.diagnostics):  # a row of a table says it by its cell
        told |= dict.fromkeys((*ran.example.points, *ran.example.state))
        whole = whole or ran.example.score is not None or ran.example.rating is not None
    for id in told:
        lines += _node(ran.assessment, id, language)
    if whole:
        lines += _whole(ran.assessment, language)
    return lines if len(lines) > 1 else []


def _node(assessment: Assessment, id: str, language: Language) -> Iterator[str]:
    for result in assessment:
        if result.id == id or result.id.startswith(f"{id}."):
            yield "  " + _kept(result, language)
            yield from _moves((*result.deductions, *result.credits), language)
            if result.points is not None and not (result.deductions or result.credits or result.node.members):
                yield f"    {NOTHING_LOST.into(language)}"
            for finding in assessment.findings:
                if result.points is None and result.id in finding.at and not result.node.members:
                    yield f"    {visible(finding.message.into(language))}"


def _kept(result: IndicatorResult, language: Language) -> str:
    name = visible(result.name)
    if result.points is None:
        return IN_STATE.fill(name=name, s=STATES[result.state]).into(language)
    said = KEPT.fill(name=name, p=f"{result.points:f}").into(language)
    return said if result.weight is None else said + OF.fill(w=f"{result.weight:f}").into(language)


def _moves(moves: Iterable[Deduction], language: Language) -> Iterator[str]:
    from perfscore.assessment import Credit

    for one in moves:
        sign = "+" if isinstance(one, Credit) else "−"
        yield f"    {sign}{one.points:f} {visible(one.because.into(language))}"
        if formula := one.formula(language):
            yield f"          {visible(formula)}"


def _whole(assessment: Assessment, language: Language) -> Iterator[str]:
    for result in assessment:
        if not result.node.members:
            yield "  " + _kept(result, language)
            yield from _moves((*result.deductions, *result.credits), language)
    for line in assessment.adjustments:
        yield f"    {line.points:+f} {visible(line.because.into(language))}"
    score = "—" if assessment.score is None else f"{assessment.score:f}"
    yield "  " + TOTAL.fill(s=score, r=assessment.rating or "—").into(language)
    for finding in assessment.findings:
        if finding.severity == "error":
            yield f"    {visible(finding.message.into(language))}"


def covered(found: Coverage, language: Language) -> list[str]:
    """How much is covered, and each case that is not, with what would take it."""
    percent = spelled(Fraction(int(found.share * 1000), 10))
    lines = [COVERED.fill(n=str(len(found.turns)), k=str(found.taken), p=percent).into(language)]
    if found.untaken:
        lines.append("  " + NOT_TAKEN.into(language))
    named = {node.id: node.name for node in found.rulebook.nodes()}
    for one in found.untaken:
        node = visible(named.get(one.turn.node, one.turn.node)) if one.turn.node else WHOLE.into(language)
        lines.append(f"    {node} · {visible(one.turn.says.into(language))}")
        lines.append(f"      {_witness_text(found.rulebook, one, language)}")
    return lines


def _witness_text(rulebook: Rulebook, one: Untaken, language: Language) -> str:
    known = witness_of(rulebook, one)
    if known is None:
        return NONE_FOUND.into(language)
    return visible(", ".join(f"{name} = {value}" for name, value in known.items()))


def witness_of(rulebook: Rulebook, one: Untaken) -> dict[str, str] | None:
    """What would take a case, name by name, as a facts file writes it; None where nothing was found."""
    if one.trial is None:
        return None
    example = example_of(compiled(rulebook), one.trial, "")
    found = {_key(name): _value(value) for name, value in (*example.facts.items(), *example.subject.items())}
    for id, answer in example.answers.items():
        found[f"answers.{_key(id)}"] = _value(answer)
    for number, other in enumerate(example.cohort, start=1):
        found[f"cohort[{number}]"] = _value(other)
    return found


def coverage_data(found: Coverage, where: Source | Origins) -> dict[str, object]:
    """The same as plain data; lines count from 1."""
    return {
        "cases": len(found.turns),
        "taken": found.taken,
        "share": spelled(Fraction(int(found.share * 1000), 1000)),
        "untaken": [_untaken_data(found.rulebook, one, where) for one in found.untaken],
    }


def _untaken_data(rulebook: Rulebook, one: Untaken, where: Source | Origins) -> dict[str, object]:
    source, at = where.written(one.turn.at)
    line, column = source.position(source.span(at, "key").start)
    return {
        "node": one.turn.node,
        "name": one.turn.name,
        "says": {"zh": one.turn.says.zh, "en": one.turn.says.en},
        "path": source.path,
        "line": line,
        "column": column,
        "at": list(one.turn.at),
        "witness": witness_of(rulebook, one),
    }


def ran_data(ran: Ran, where: Source | Origins) -> dict[str, object]:
    """An example that was run, as plain data; where it does not hold, with its explanation in both languages."""
    held = not ran.diagnostics
    return {
        "title": ran.example.title,
        "holds": held,
        "diagnostics": [as_json(one, where) for one in ran.diagnostics],
        "why": None if held else {"zh": why_not(ran, "zh"), "en": why_not(ran, "en")},
    }


def examples_toml(examples: Iterable[WorkedExample], language: Language) -> str:
    """Examples to be put at the end of a rule file, once a person has confirmed them."""
    blocks = ["\n".join([TO_CONFIRM.into(language), *_example(one)]) for one in examples]
    return "\n\n".join([HEAD.into(language), *(blocks or [NOTHING_NEW.into(language)])]) + "\n"


def _example(one: WorkedExample) -> Iterator[str]:
    yield "[[examples]]"
    yield f"title  = {_text(one.title)}"
    yield f"facts  = {_value(one.facts)}"
    for key, table in (("subject", one.subject), ("points", one.points), ("state", one.state)):
        if table:
            yield f"{key.ljust(6)} = {_value(table)}"
    if one.cohort:
        yield f"cohort = {_value(one.cohort)}"
    if one.score is not None:
        yield f"score  = {_value(one.score)}"
    if one.rating is not None:
        yield f"rating = {_text(one.rating)}"
    if one.answers:
        yield "[examples.answers]"
        yield from (f"{_key(id)} = {_value(answer)}" for id, answer in one.answers.items())


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _text(name)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case date():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(str(key))} = {_value(one)}" for key, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case tuple() | list():
            return f"[{', '.join(map(_value, value))}]"
        case Fraction():
            known = decimal(value)
            return _text(spelled(value)) if known is None else f"{known:f}"
        case _:
            return str(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
