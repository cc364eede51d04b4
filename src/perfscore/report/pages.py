"""Documentation that is made from the code: kinds, codes, the public API.

In: a kind, a code, or nothing. Out: Markdown, for the site and for the terminal.
A page says what the code says: fields, defaults, worked examples and messages are read, never written again here.
"""

from __future__ import annotations

import inspect
import textwrap
from datetime import date
from fractions import Fraction
from typing import Any, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields, has

import perfscore
from perfscore.analysis.codes import all_codes
from perfscore.criteria import chinese_page_of, examples_of, kind_named, page_of
from perfscore.criterion import Amount, Cell, Condition, Criterion, Named, Points, Rows, written_name
from perfscore.examples import assessment_of
from perfscore.rulefile.schema import notes
from perfscore.words import Language, Words

_FIELD_TYPES: dict[Any, Words] = {
    str: Words(zh="文字", en="text"),
    int: Words(zh="整数", en="whole number"),
    Named: Words(zh="数据的名字", en="name of a figure"),
    Rows: Words(zh="表的名字", en="name of a table"),
    Cell: Words(zh='选项、true、false、它们的列表，或 "*"', en='choice, true, false, a list of these, or "*"'),
    Amount: Words(zh="数或公式", en="number or formula"),
    Condition: Words(zh="条件", en="condition"),
    Points: Words(zh="分值、百分比、公式或区间", en="points, share, formula or interval"),
    Fraction: Words(zh="数", en="number"),
    bool: Words(zh="true 或 false", en="true or false"),
    date: Words(zh="日期，如 2024-01-31", en="a date, as in 2024-01-31"),
    Criterion: Words(zh='{ kind = "…", … }', en='{ kind = "…", … }'),
}
LIST = Words(zh="列表：{inner}", en="list of {inner}")
_HEADINGS = {
    "fields": Words(zh="键", en="Keys"),
    "examples": Words(zh="算例", en="Worked examples"),
    "table": Words(zh="| 键 | 说明 | 写什么 | 默认 |", en="| key | what it is | what to write | default |"),
    "cases": Words(zh="| 数据 | 得分 | 扣分原因 |", en="| facts | points | reasons |"),
    "required": Words(zh="必写", en="required"),
    "in": Words(zh="（在 {outer} 里）", en=" (in {outer})"),
}

_FAMILIES = {
    "PS1": Words(zh="读文件", en="reading"),
    "PS2": Words(zh="整份规则", en="the rulebook as a whole"),
    "PS3": Words(zh="计分方式", en="criteria"),
    "PS4": Words(zh="数据和评分", en="facts and answers"),
    "PS5": Words(zh="公式和单位", en="formulas and units"),
    "PS6": Words(zh="绩效目标", en="goals"),
    "PS7": Words(zh="算例", en="worked examples"),
    "PS8": Words(zh="复算", en="recomputing a result"),
}


def kind_title(kind: type[Criterion]) -> str:
    """The first line of a kind's docstring."""
    return page_of(kind).partition("\n")[0].rstrip(".")


def kind_page(name: str, language: Language) -> str:
    """A kind's page: what it says, its keys, its worked examples with what they give."""
    kind = kind_named(name)
    body = chinese_page_of(kind) if language == "zh" else ""
    lines = [f"# {kind_title(kind)}", "", body or _fenced(page_of(kind).partition("\n")[2].strip("\n")), ""]
    lines += [f"## {_HEADINGS['fields'].into(language)}", "", _HEADINGS["table"].into(language)]
    lines += ["| --- | --- | --- | --- |"]
    lines += [*_fields(kind, language, ""), "", f"## {_HEADINGS['examples'].into(language)}", ""]
    for example in examples_of(kind):
        lines += [f"### {example.title.into(language)}", "", "```toml", example.rule.rstrip(), "```", ""]
        lines += [_HEADINGS["cases"].into(language), "| --- | --: | --- |"]
        for case in example.cases:
            facts = "<br>".join(f"`{line}`" for line in case.facts.splitlines())
            reasons = [one.because.into(language) for one in assessment_of(example, case).deductions]
            lines.append(f"| {facts} | {case.points} | {'<br>'.join(reasons).replace('|', chr(92) + '|')} |")
        lines.append("")
    return "\n".join(lines)


def _fenced(text: str) -> str:
    """Indented TOML as a fenced block, which the site colours."""
    out: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("    ") and not inside:
            out, inside = [*out, "```toml"], True
        elif line and not line.startswith("    ") and inside:
            while out and not out[-1]:
                out.pop()
            out, inside = [*out, "```", ""], False
        out.append(line.removeprefix("    ") if inside else line)
    return "\n".join([*out, *(["```"] if inside else [])])


def _fields(kind: type[Any], language: Language, outer: str) -> list[str]:
    lines: list[str] = []
    hints = get_type_hints(kind)
    said = notes(kind)
    for one in fields(kind):
        name = written_name(one)
        note = said[name].into(language).replace("|", "\\|") if name in said else ""
        inner = _inner(hints[one.name])
        shown = f"{outer}.{name}" if outer else name
        default = _HEADINGS["required"].into(language) if one.default is NOTHING else _default(one.default)
        lines.append(f"| `{shown}` | {note} | {type_text(hints[one.name], language)} | {default} |")
        if inner is not None:
            lines += _fields(inner, language, shown)
    return lines


def _inner(hint: Any) -> Any:
    for one in (hint, *get_args(hint)):
        if isinstance(one, type) and has(one) and one not in _FIELD_TYPES:
            return one
    return None


def type_text(hint: Any, language: Language) -> str:
    """What to write where a class reads a type."""
    if hint in _FIELD_TYPES:
        return _FIELD_TYPES[hint].into(language)
    arguments = [one for one in get_args(hint) if one is not type(None) and one is not Ellipsis]
    if get_origin(hint) is tuple:
        return LIST.fill(inner=type_text(arguments[0], language)).into(language)
    if arguments and all(isinstance(one, str) for one in arguments):
        return " ".join(f'`"{one}"`' for one in arguments)
    return type_text(arguments[0], language) if arguments else "{ … }"


def _default(value: Any) -> str:
    from perfscore.formula.prose import SYNTAX, tell

    match value:
        case None | ():
            return "—"
        case Amount(formula=low) | Points(low=low, high=None):
            return f"`{tell(low, SYNTAX)}`"
        case Points(low=low, high=high):
            return f"`[{tell(low, SYNTAX)}, {tell(high, SYNTAX)}]`" if high is not None else ""
        case _:
            return f"`{value}`"


def codes_page(language: Language) -> str:
    """Every code with what it means, by family; each leads to its page in the gallery."""
    title = Words(zh="诊断代码", en="Diagnostic codes").into(language)
    intro = Words(
        zh="代码一经使用不再改变。每个代码有一页：为什么要紧、一份有错的文件、perfscore 怎么说、怎么改好。"
        "`perfscore explain PS201` 在终端显示同样的内容。",
        en="A code, once used, never changes. Each has a page: why it matters, a file with the mistake, what perfscore says, "
        "and the file mended. `perfscore explain PS201` says the same on a terminal.",
    ).into(language)
    header = Words(zh="| 代码 | 名称 | 含义 |", en="| code | name | what it says |").into(language)
    lines = [f"# {title}", "", intro, ""]
    for family, name in _FAMILIES.items():
        lines += [f"## {family}xx {name.into(language)}", "", header, "| --- | --- | --- |"]
        for code in (one for one in all_codes() if one.number.startswith(family)):
            link = f'<span id="{code.number.lower()}">[{code.number}]({code.number}.md)</span>'
            lines.append(f"| {link} | {code.name} | {code.about.into(language)} |")
        lines.append("")
    return "\n".join(lines)


def reference_page() -> str:
    """Every public name with its signature and docstring."""
    lines = ["# Python API", "", "Everything here is imported as `perfscore.NAME`; all of it is typed and frozen.", ""]
    for name in perfscore.__all__:
        public = getattr(perfscore, name)
        if name.startswith("__"):
            continue
        lines += [f"## `{name}{_signature(public)}`", "", _docstring(public), ""]
        if inspect.isclass(public):
            for method, inner in vars(public).items():
                if (
                    not method.startswith("_")
                    and (callable(inner) or isinstance(inner, property))
                    and inspect.getdoc(inner)
                ):
                    call = "" if isinstance(inner, property) else _signature(inner)
                    lines += [f"### `{name}.{method}{call}`", "", _docstring(inner), ""]
    return "\n".join(lines)


def _signature(public: Any) -> str:
    if inspect.isclass(public) and has(public):
        keys = [f"{one.alias}" if one.default is NOTHING else f"{one.alias}=…" for one in fields(public) if one.init]
        return f"({', '.join(keys)})"
    try:
        return str(inspect.signature(public)).replace("'", "") if inspect.isfunction(public) else ""
    except ValueError:
        return ""


def _docstring(public: Any) -> str:
    """A docstring as Markdown: its examples as code."""
    out: list[str] = []
    inside = False
    for line in textwrap.dedent(inspect.getdoc(public) or "").splitlines():
        starts = line.startswith(">>>")
        if starts and not inside:
            out, inside = [*out, "```pycon"], True
        elif inside and not line.strip():
            out, inside = [*out, "```"], False
        out.append(line)
    return "\n".join([*out, *(["```"] if inside else [])])
