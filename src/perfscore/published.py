"""An assessment as it is published: plain data, exact numbers as text.

In: an `Assessment`. Out: the JSON of the design, in which the same facts and rules give the same bytes.
Nothing is computed, rounded or laid out here.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from perfscore.assessment import Assessment, Deduction, IndicatorResult, Observed, Reading
from perfscore.facts import Facts, digest_of
from perfscore.quantity import spelled
from perfscore.recovery import NO_WAY, Change, Recovery
from perfscore.version import VERSION
from perfscore.words import Words

JSON_FORMAT = 1


def document(assessment: Assessment) -> dict[str, object]:
    """The assessment as plain data."""
    compared = {} if assessment.cohort is None else {"cohort": _cohort(assessment.cohort.subjects)}
    return {
        "format": JSON_FORMAT,
        "perfscore": VERSION,
        "rulebook": {
            "id": assessment.rulebook.id,
            "version": assessment.rulebook.version,
            "digest": assessment.rulebook_digest,
        },
        "subject": {"name": assessment.subject.name, "period": assessment.subject.period},
        "facts_digest": assessment.facts.digest,
        **compared,
        "subtotal": _text(assessment.subtotal),
        "computed_score": _text(assessment.computed_score),
        "score": _text(assessment.score),
        "full_marks": spelled(assessment.full_marks),
        "coverage": spelled(assessment.coverage),
        "rating": assessment.rating,
        "indicators": [_result(result) for result in assessment.results],
        "measures": [
            {"name": one.name, "value": _observed(one.value), "formula": one.formula} for one in assessment.measures
        ],
        "deductions": [
            _deduction(one, back) for one, back in zip(assessment.deductions, assessment.recoveries, strict=True)
        ],
        "credits": [{**_record(one), "recover": None} for one in assessment.credits],
        "adjustments": [
            {"id": one.id, "points": _text(one.points), "because": _both(one.because), "clause": one.clause}
            for one in assessment.adjustments
        ],
        "findings": [
            {
                "code": one.code.number,
                "severity": one.severity,
                "message": one.message.into(assessment.rulebook.language),
                "at": list(one.at),
                **({"readings": [_reading(each) for each in one.readings]} if one.readings else {}),
            }
            for one in assessment.findings
        ],
    }


def _cohort(subjects: tuple[Facts, ...]) -> dict[str, object]:
    """Whom the subject was compared with: how many, and what names their facts, in whatever order they came."""
    return {"subjects": len(subjects), "digest": digest_of(sorted(one.digest for one in subjects))}


def _record(one: Deduction) -> dict[str, object]:
    return {
        "indicator": one.indicator,
        "points": _text(one.points),
        "code": one.code,
        "counted": one.counted,
        "because": _both(one.because),
        "clause": one.clause,
        "basis": list(one.basis),
        "formula": one.formula(),
        "inputs": [{"name": used.name, "value": used.value, "source": used.source} for used in one.inputs],
        **({} if one.record is None else {"record": one.record}),
    }


def _deduction(one: Deduction, back: Recovery) -> dict[str, object]:
    """A record of lost points, with what would win them back; where nothing would, why."""
    why = None if back.change is not None else back.why_not or "no-single-figure"
    return {
        **_record(one),
        "recover": None if back.change is None else _change(back.change),
        "capped": one.capped,
        "reckoned": None if back.reckoned is None else spelled(back.reckoned),
        "share": None if back.share is None else spelled(back.share),
        "no_recover": None if why is None else {"code": why, "says": _both(NO_WAY[why])},
        "missed": None if back.missed is None else _change(back.missed),
    }


def _change(one: Change) -> dict[str, object]:
    return {
        "input": one.input,
        "held": one.held,
        "to": one.to,
        "by": one.by,
        "unit": one.unit,
        "points": _text(one.points),
        "score": _text(one.score),
        "says": _both(one.says),
        **({} if one.record is None else {"record": one.record}),
    }


def _reading(one: Reading) -> dict[str, object]:
    return {"value": one.value, "source": one.source, "score": _text(one.score), "rating": one.rating}


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _result(one: IndicatorResult) -> dict[str, object]:
    worth = None if one.weight is None else spelled(Fraction(one.weight))
    return {
        "id": one.id,
        "name": one.name,
        "path": list(one.path),
        "weight": worth,
        "effective_weight": None if one.effective_weight is None else spelled(one.effective_weight),
        "points": _text(one.points),
        "computed_points": _text(one.computed_points),
        "state": one.state,
        "value": _observed(one.value),
        "kind": one.kind,
        "process": one.process,
    }


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:f}"


def _observed(value: Observed | None) -> str | bool | None:
    match value:
        case None | bool() | str():
            return value
        case Fraction():
            return spelled(value)
        case _:
            return value.isoformat()
