"""What the places of a published assessment are called, and how what stands there is shown.

In: a key path of the JSON, and the documents it leads into. Out: words, and short texts of values.
Whether anything there is right is asked in `verifying`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from perfscore.analysis.differences import NOTHING
from perfscore.diagnostic import KeyPath
from perfscore.words import Words

Document: TypeAlias = Mapping[str, object]

ROOM, BEFORE = 60, 20
"""How many characters of a text are shown, and how many of these stand before the first that differs."""
_RECORDS = {
    "indicators": Words(zh="指标“{n}”", en="indicator “{n}”"),
    "measures": Words(zh="派生数据“{n}”", en="measure “{n}”"),
    "deductions": Words(zh="“{n}”的扣分", en="deduction of “{n}”"),
    "credits": Words(zh="“{n}”的加分", en="credit of “{n}”"),
    "adjustments": Words(zh="总分调整“{n}”", en="adjustment “{n}”"),
    "findings": Words(zh="提示 {n}", en="finding {n}"),
}
_WHOLE = Words(zh="总分", en="the total")
_KEYS = {
    "format": Words(zh="格式", en="format"),
    "rulebook": Words(zh="规则", en="rulebook"),
    "version": Words(zh="版本", en="version"),
    "digest": Words(zh="摘要", en="digest"),
    "subject": Words(zh="评价对象", en="subject"),
    "name": Words(zh="名称", en="name"),
    "period": Words(zh="年度", en="period"),
    "cohort": Words(zh="一起评价的对象", en="cohort"),
    "subjects": Words(zh="个数", en="number of subjects"),
    "subtotal": Words(zh="小计", en="subtotal"),
    "computed_score": Words(zh="复核前的总分", en="score before reviews"),
    "score": Words(zh="总分", en="score"),
    "full_marks": Words(zh="满分", en="full marks"),
    "coverage": Words(zh="评分覆盖", en="coverage"),
    "rating": Words(zh="等级", en="rating"),
    "indicators": Words(zh="指标", en="indicators"),
    "measures": Words(zh="派生数据", en="measures"),
    "deductions": Words(zh="扣分", en="deductions"),
    "credits": Words(zh="加分", en="credits"),
    "adjustments": Words(zh="总分调整", en="adjustments"),
    "findings": Words(zh="提示", en="findings"),
    "id": Words(zh="代号", en="id"),
    "path": Words(zh="上级", en="path"),
    "weight": Words(zh="分值", en="weight"),
    "effective_weight": Words(zh="折合分值", en="effective weight"),
    "points": Words(zh="分数", en="points"),
    "computed_points": Words(zh="复核前的分数", en="points before reviews"),
    "state": Words(zh="状态", en="state"),
    "value": Words(zh="完成值", en="value"),
    "kind": Words(zh="计分方式", en="kind"),
    "process": Words(zh="评分过程", en="process"),
    "code": Words(zh="代码", en="code"),
    "counted": Words(zh="是否计入", en="whether it counts"),
    "because": Words(zh="原因", en="reason"),
    "zh": Words(zh="中文", en="in Chinese"),
    "en": Words(zh="英文", en="in English"),
    "clause": Words(zh="评分标准", en="clause"),
    "basis": Words(zh="依据", en="basis"),
    "formula": Words(zh="算式", en="formula"),
    "inputs": Words(zh="所用数据", en="figures used"),
    "source": Words(zh="出处", en="source"),
    "indicator": Words(zh="指标", en="indicator"),
    "record": Words(zh="记录", en="record"),
    "capped": Words(zh="是否扣完", en="whether the points ran out"),
    "reckoned": Words(zh="舍入前的分数", en="points before rounding"),
    "share": Words(zh="占全部扣分", en="share of all that was lost"),
    "recover": Words(zh="怎样挽回", en="what wins it back"),
    "no_recover": Words(zh="为什么得不回", en="why nothing wins it back"),
    "missed": Words(zh="差哪一档", en="what was missed"),
    "input": Words(zh="数据", en="figure"),
    "held": Words(zh="现在", en="now"),
    "to": Words(zh="变为", en="becomes"),
    "by": Words(zh="变多少", en="by"),
    "unit": Words(zh="单位", en="unit"),
    "says": Words(zh="说法", en="in words"),
    "at": Words(zh="所在", en="place"),
    "readings": Words(zh="各个数的结果", en="result under each figure"),
    "perfscore": Words.same("perfscore"),
    "facts_digest": Words(zh="数据的摘要", en="digest of the facts"),
    "severity": Words(zh="轻重", en="severity"),
    "message": Words(zh="文字", en="message"),
}


def called(at: KeyPath, record: object, names: Mapping[str, str]) -> Words:
    """What a place is called: of a record that stands there, or around it, by whom it is about. `names` are those of the
    indicators by id.
    """
    if at[0] not in _RECORDS or not isinstance(record, Mapping):
        return keys_called(at)
    one = _record_called(str(at[0]), record, names)
    return one + Words(zh="的", en=", ") + keys_called(at[2:]) if len(at) > 2 else one


def _record_called(among: str, record: Document, names: Mapping[str, str]) -> Words:
    found = next((one for key in ("name", "indicator", "id", "code") if isinstance(one := record.get(key), str)), "?")
    name = names.get(found, found)
    return _RECORDS[among].fill(n=name if name else _WHOLE)


def keys_called(at: KeyPath) -> Words:
    """What some keys are called, one in the other; one that has no name is told as it is."""
    keys = [_KEYS.get(one, Words(zh=f"“{one}”", en=f"“{one}”")) for one in at if isinstance(one, str)]
    return Words(zh=" › ".join(one.zh for one in keys), en=" › ".join(one.en for one in keys))


def path_text(at: KeyPath) -> str:
    """A key path as programs write it.

    >>> path_text(("indicators", 3, "points"))
    'indicators[3].points'
    """
    parts = (f"[{one}]" if isinstance(one, int) else f".{one}" if one.isidentifier() else f'["{one}"]' for one in at)
    return "".join(parts).removeprefix(".")


def spelled_out(value: object, other: object = NOTHING) -> str:
    """A value as JSON writes it; of a long text only what stands around the first sign that differs from another."""
    match value:
        case str():
            first = next((n for n, (a, b) in enumerate(zip(value, _text(other), strict=False)) if a != b), None)
            first = min(len(value), len(_text(other))) if first is None else first
            start = max(0, min(first - BEFORE, len(value) - ROOM)) if isinstance(other, str) else 0
            short = value[start : start + ROOM]
            short = f"{'…' if start else ''}{short}{'…' if start + ROOM < len(value) else ''}"
            return json.dumps(short, ensure_ascii=False)
        case Mapping():
            points = value.get("points")
            return f"points: {spelled_out(points)}" if isinstance(points, str) else "{ … }" if value else "{}"
        case Sequence():
            return "[ … ]" if value else "[]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
