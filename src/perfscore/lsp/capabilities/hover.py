"""What something means: a key, a kind, a clause, a name in a formula, a weight, the code of a complaint.

In: a place in a rule file. Out: a few lines about what stands there, in the language of the rulebook.
A clause is answered with what its indicator takes as it is computed, so that its author can hold one against the other.
"""

from __future__ import annotations

import re

from lsprotocol import types

from perfscore.analysis.codes import all_codes
from perfscore.criteria import kind_names
from perfscore.formula.prose import near_text
from perfscore.lsp.desk import Desk
from perfscore.lsp.figures import figure_named, function_told, node_of, own_word
from perfscore.lsp.keys import Key, choices_of, key_at, kind_at, value_at
from perfscore.lsp.page import Page
from perfscore.lsp.pointing import Named, named_at
from perfscore.lsp.shapes import location, markdown, span_range
from perfscore.lsp.walk import Spot
from perfscore.lsp.wording import hint_text
from perfscore.planning import compiled
from perfscore.report.gallery import gallery_page
from perfscore.report.pages import kind_page
from perfscore.report.reading import node_reading
from perfscore.source import Span
from perfscore.words import Language, Words, listed

FEATURE = types.TEXT_DOCUMENT_HOVER
OPTIONS = types.HoverOptions()

_CODE = re.compile(r"PS\d{3}")
_DECLARED = Words(zh="写在 {file} 第 {n} 行", en="declared in {file}, line {n}")
_REQUIRED = Words(zh="必写", en="required")
_DEFAULT = Words(zh="不写时：`{v}`", en="if left out: `{v}`")
_CHOICES = Words(zh="可取：{all}", en="one of: {all}")
_WORTH = Words(zh="值 {n} 分", en="worth {n} points")
_VARIES = Words(zh="分值随评价对象变", en="worth what the subject decides")
_OF_ALL = Words(zh="占总分的 {share}", en="{share} of the whole")
_OF_PARENT = Words(zh="占“{parent}”的 {share}", en="{share} of “{parent}”")
_COMPUTED = Words(zh="按规则文件这样计算：", en="computed from the rule file like this:")


def answer(desk: Desk, params: types.HoverParams) -> types.Hover | None:
    """A few lines about what the cursor is on."""
    page = desk.pages.get(params.text_document.uri)
    if page is None or not page.is_rules:
        return None
    spot = page.walk.spot(page.positions.offset(params.position.line, params.position.character))
    found = _told(page, spot, desk.spoken(page))
    if found is None:
        return None
    text, span = found
    return types.Hover(markdown(text), span_range(page.positions, span))


def _told(page: Page, spot: Spot, language: Language) -> tuple[str, Span] | None:
    if spot.role == "comment":
        return _code(spot, language)
    named = named_at(page, spot)
    if named is not None and (lines := _named(named, page, spot, language)):
        return "\n\n".join(lines), named.span
    if spot.role == "header":
        lines = _node(page, spot, language)
        return ("\n\n".join(lines), spot.span) if lines else None
    lines = _key(page, spot, language)
    return ("\n\n".join(lines), spot.span) if lines else None


def _code(spot: Spot, language: Language) -> tuple[str, Span] | None:
    for found in _CODE.finditer(spot.written):
        if found.start() <= spot.cursor - spot.span.start <= found.end():
            for code in all_codes():
                if code.number == found.group():
                    span = Span(spot.span.start + found.start(), spot.span.start + found.end())
                    return gallery_page(code, language), span
    return None


def _named(named: Named, page: Page, spot: Spot, language: Language) -> list[str]:
    match named.sort:
        case "kind":
            return [kind_page(named.name, language)] if named.name in kind_names() else []
        case "figure":
            figure = figure_named(named.name, page.values)
            if figure is None:
                return []
            return [f"**{figure.label}** `{figure.name}`", *figure.told(language), _declared(named, page, language)]
        case "own":
            node = node_of(spot.at)
            return [f"**{named.name}**", *own_word(named.name, node or (), page.values, language)]
        case "function":
            return [f"**{named.name}**", *function_told(named.name, language)]
        case "indicator":
            lines = [
                f"**{value_at((*named.at, 'name'), page.values)}** `{named.name}`",
                *_weight(named.name, page, language),
            ]
            clause = value_at((*named.at, "clause"), page.values)
            return [*lines, *([str(clause)] if clause else []), _declared(named, page, language)]
        case "basis":
            said = value_at(named.at, page.values)
            if not isinstance(said, dict):
                return []
            return [
                f"**{said.get('title')}**",
                *(str(said[key]) for key in ("number", "url") if key in said),
                _declared(named, page, language),
            ]
        case "file":
            return [f"`{named.name}`"]


def _declared(named: Named, page: Page, language: Language) -> str:
    source, _ = page.origins.written(named.at)
    line = location(page.origins, named.at, page).range.start.line
    return _DECLARED.fill(file=f"`{source.path.rpartition('/')[2]}`", n=str(line + 1)).into(language)


def _key(page: Page, spot: Spot, language: Language) -> list[str]:
    """A key, at itself or at its value."""
    at = spot.at
    while at and isinstance(at[-1], int):
        at = at[:-1]
    key = key_at(at, page.values)
    node = node_of(at)
    lines = [] if key is None else _about(key, language)
    if key is not None and node is not None and len(at) == len(node) + 1:
        if key.name == "weight":
            lines += _weight(".".join(map(str, node[1:])), page, language)
        elif key.name in ("clause", "criterion", "target", "measure"):
            lines += _computed(".".join(map(str, node[1:])), page, language)
    if key is not None and key.name == "kind" and (kind := kind_at(at[:-1], page.values)) is not None:
        lines.append(kind_page(kind.kind, language))
    return lines


def _about(key: Key, language: Language) -> list[str]:
    lines = [f"**`{key.name}`** {hint_text(key.hint, language)}".rstrip()]
    if key.says is not None:
        lines.append(key.says.into(language))
    if choices := choices_of(key.hint):
        lines.append(_CHOICES.fill(all=listed(f'`"{one}"`' for one in choices)).into(language))
    if key.required:
        lines.append(_REQUIRED.into(language))
    elif isinstance(key.default, str | int | bool):
        lines.append(_DEFAULT.fill(v=str(key.default)).into(language))
    return lines


def _node(page: Page, spot: Spot, language: Language) -> list[str]:
    """An indicator, at the header of its table."""
    node = node_of(spot.at)
    if node is None or node != spot.at:
        return _key(page, spot, language)
    id = ".".join(map(str, node[1:]))
    return [
        f"**{value_at((*node, 'name'), page.values)}** `{id}`",
        *_weight(id, page, language),
        *_computed(id, page, language),
    ]


def _weight(id: str, page: Page, language: Language) -> list[str]:
    """What a node is worth, in its parent and in the whole."""
    rulebook = page.rulebook
    node = None if rulebook is None else next((one for one in rulebook.nodes() if one.id == id), None)
    if rulebook is None or node is None:
        return []
    weights = rulebook.weights
    if weights is None:
        return [_VARIES.into(language)]
    told = [_WORTH.fill(n=near_text(weights[id]))]
    parent = next((one for one in rulebook.nodes() if node in one.members), rulebook.root)
    among = sum(weights[one.id] for one in parent.members)
    if parent is not rulebook.root and parent.aggregate != "pool" and among:
        told.append(_OF_PARENT.fill(parent=parent.name, share=near_text(weights[id] / among, percent=True)))
    plan = compiled(rulebook)
    if plan.effective and rulebook.full_marks:
        share = plan.effective[plan.index[id]] / rulebook.full_marks
        told.append(_OF_ALL.fill(share=near_text(share, percent=True)))
    return ["；".join(one.zh for one in told) if language == "zh" else "; ".join(one.en for one in told)]


def _computed(id: str, page: Page, language: Language) -> list[str]:
    rulebook = page.rulebook
    node = None if rulebook is None else next((one for one in rulebook.nodes() if one.id == id), None)
    if rulebook is None or node is None:
        return []
    return [_COMPUTED.into(language), "\n".join(f"- {line.strip()}" for line in node_reading(rulebook, node, language))]
