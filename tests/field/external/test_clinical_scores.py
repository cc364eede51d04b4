"""Six clinical scores, by the fixtures of the guidelines they come from: most count what is wrong, so less is better.

In: `clinical-scores/cases.json` (source in the README there). Out: every item, total and risk class, exactly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from perfscore import Assessment, Facts, Rulebook, assess, check, load

HERE = Path(__file__).parent / "clinical-scores"
CASES: list[dict[str, Any]] = json.loads((HERE / "cases.json").read_text(encoding="utf-8"), parse_float=Decimal)
Told: TypeAlias = Mapping[str, Any]
YES = {"Yes": True, "Present": True, "No": False, "Absent": False}

# Conditions of the Elixhauser list that carry no points: the rulebook does not ask for them.
WITHOUT_POINTS = {
    "aids_hiv",
    "alcohol_abuse",
    "diabetes",
    "hypertension",
    "hypothyroidism",
    "peptic_ulcer_disease_no_bleeding",
    "psychosis",
    "rheumatoid_arthritis_collagen_vascular_diseases",
}


@cache
def rulebook(name: str) -> Rulebook:
    return load(HERE / f"{name}.toml")


def scored(name: str, inputs: Mapping[str, Any]) -> Assessment:
    result = assess(rulebook(name), Facts(inputs=inputs))
    assert not [one for one in result.findings if one.severity == "error"]
    return result


def news2(told: Told) -> dict[str, Any]:
    result = scored(
        "news2",
        {
            "respiration": told["respiration_rate"],
            "spo2": told["spo2"],
            "spo2_scale": "scale-2" if told["hypercapnic_respiratory_failure"] == "Yes" else "scale-1",
            "on_oxygen": told["supplemental_oxygen"] != "Room air",
            "systolic": told["systolic_bp"],
            "pulse": told["heart_rate"],
            "consciousness": told["consciousness"] == "Alert",
            "temperature": told["temperature"],
        },
    )
    return {
        "respiratory_rate": result["respiration"].points,
        "spo2": result["spo2"].points,
        "systolic_blood_pressure": result["systolic"].points,
        "pulse": result["pulse"].points,
        "temperature": result["temperature"].points,
        "total_score": result.score,
        "clinical_risk": result.rating,
    }


def rems(told: Told) -> dict[str, Any]:
    result = scored(
        "rems",
        {
            "age": told["age"],
            "pressure": told["mean_arterial_pressure"],
            "pulse": told["heart_rate"],
            "respiration": told["respiration_rate"],
            "saturation": told["sao2"],
            "coma": told["gcs_total_score"],
        },
    )
    return {
        "age": result["age"].points,
        "mean_arterial_pressure": result["pressure"].points,
        "heart_rate": result["pulse"].points,
        "respiratory_rate": result["respiration"].points,
        "oxygen_saturation": result["saturation"].points,
        "glasgow_coma_scale": result["coma"].points,
        "total_score": result.score,
        "in_hospital_mortality": result.rating,
    }


def rts(told: Told) -> dict[str, Any]:
    inputs = {"coma": told["gcs"], "pressure": told["sbp"], "respiration": told["rr"]}
    codes = scored("t-rts", inputs)
    return {
        "cgcs": codes["coma"].points,
        "csbp": codes["pressure"].points,
        "crr": codes["respiration"].points,
        "triage_revised_trauma_score_t_rts": codes.score,
        "revised_trauma_score_rts": scored("rts", inputs).score,
    }


def curb65(told: Told) -> dict[str, Any]:
    result = scored(
        "curb65",
        {
            "confusion": YES[told["confusion"]],
            "urea": YES[told["blood_urea_nitrogen_level_19_mg_dl_7_mmol_l"]],
            "respiration": YES[told["respiratory_rate_ge_30_min"]],
            "pressure": YES[told["systolic_bp_lt_90mmhg_or_diastolic_bp_60mmhg"]],
            "age": YES[told["age_ge_65_years"]],
        },
    )
    return {
        "total_score": result.score,
        "risk_assessment": result.rating,
        "recommendation": scored("curb65-recommendation", {"total": result.score}).rating,
        "30_day_mortality": scored("curb65-mortality", {"total": result.score}).rating,
    }


def cha2ds2vasc(told: Told) -> dict[str, Any]:
    result = scored("cha2ds2vasc", {name: YES.get(value, value) for name, value in told.items()})
    stroke = scored("stroke-risk", {"total": result.score}).score
    thromboembolism = scored("thromboembolism-risk", {"total": result.score}).score
    given = {
        "annual_stroke_risk": None if stroke is None else f"{stroke}%",
        "annual_risk_of_stroke_tia_thromboembolism": None if thromboembolism is None else f"{thromboembolism}%",
    }
    return {
        "age": result["age"].points,
        "gender": result["gender"].points,
        "total_score": result.score,
        "risk_assessment": result.rating,
    } | {name: value for name, value in given.items() if value is not None}


def elixhauser(told: Told) -> dict[str, Any]:
    asked = {name: YES[value] for name, value in told.items() if name not in WITHOUT_POINTS}
    return {"eci_score": scored("elixhauser", asked).score}


SCORES: dict[str, Callable[[Told], dict[str, Any]]] = {
    "NEWS2": news2,
    "REMS": rems,
    "RTS": rts,
    "CURB65": curb65,
    "CHA2DS2VASC": cha2ds2vasc,
    "ELIXHAUSER": elixhauser,
}


@pytest.mark.parametrize("path", sorted(HERE.glob("*.toml")), ids=lambda path: path.stem)
def test_the_rulebook_of_a_score_has_nothing_to_complain_about(path: Path) -> None:
    assert [one for one in check(path) if one.severity == "error"] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_case_gives_what_its_guideline_expects(case: dict[str, Any]) -> None:
    """No case at hand is marked as inconsistent in its source, so every expected figure counts."""
    assert "inconsistent_in_source" not in case
    told = SCORES[case["score"]](case["inputs"])
    expected = case["expected"]

    assert {name: told.get(name) for name in expected} == expected
    if case["score"] == "CHA2DS2VASC":  # for a total of 0 no risk is stated, and none is given
        assert set(told) - set(expected) <= {"age", "gender"}


def test_every_point_incurred_is_named() -> None:
    """A demerit of 0 is best: the score is what the named deductions add up to."""
    told = {"confusion": True, "urea": False, "respiration": True, "pressure": False, "age": True}
    result = scored("curb65", told)

    assert [one.code for one in result.deductions] == ["confusion", "respiration", "age"]
    assert result.score == sum(one.points for one in result.deductions) == 3
