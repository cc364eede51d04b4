"""`perfscore verify`: exit codes, what is told where, and what is refused before anything is compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner, Result

import perfscore
from perfscore import Assessment, Diagnostic, Facts, assess, verify
from perfscore.analysis.differences import differences
from perfscore.cli import app, main
from perfscore.diagnostic import KeyPath
from perfscore.jsonplaces import json_places
from perfscore.source import Source

ROOT = Path(__file__).parents[2]
NANJING = ROOT / "rules/nanjing-legal-aid/2023"
EVERYTHING = ROOT / "tests/golden/everything"
COMPARING = """\
format = 1
rulebook = { id = "roads", title = "Roads", version = "1", language = "en", full_marks = 10 }
[indicators.rate]
name = "executed"
weight = 10
measure = 'rank(rate, best = "high", ties = "shared")'
criterion = { kind = "ranked", places = [10, 8], otherwise = 4, ties = "shared" }
[inputs.rate]
label = "rate"
type = "percent"
"""


def assessed(table: Path) -> Assessment:
    return assess(perfscore.load(f"{table}.toml"), perfscore.read_facts(f"{table}.facts.toml"))


@pytest.fixture
def result() -> dict[str, Any]:
    """The result of the legal aid centre, as it is read back."""
    read: dict[str, Any] = json.loads(json.dumps(assessed(NANJING).to_dict()))
    return read


def called(result: object, tmp_path: Path, *more: str, lang: str = "en") -> Result:
    """`perfscore verify` of a result, or of a text that is none."""
    text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, indent=2)
    (file := tmp_path / "result.json").write_text(text, encoding="utf-8")
    arguments = [str(file), "--rules", f"{NANJING}.toml", "--facts", f"{NANJING}.facts.toml", "--lang", lang, *more]
    ran = CliRunner().invoke(app, ["verify", *arguments])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran


def told_of(result: dict[str, Any]) -> list[Diagnostic]:
    assessment = assessed(NANJING)
    return verify(result, assessment.rulebook, assessment.facts)


def codes(result: dict[str, Any]) -> list[tuple[str, KeyPath]]:
    return [(one.code.number, one.at) for one in told_of(result)]


def test_what_was_scored_is_verified(result: dict[str, Any], tmp_path: Path) -> None:
    ran = called(result, tmp_path)

    assert ran.exit_code == 0
    assert ran.output == "verified: score 96.00, and every figure is as recomputed\n"


def test_a_tampered_figure_is_named_with_its_line_and_both_values(result: dict[str, Any], tmp_path: Path) -> None:
    result["indicators"][2]["points"] = "10.00"
    zh, en = called(result, tmp_path, lang="zh"), called(result, tmp_path)

    assert (zh.exit_code, en.exit_code) == (1, 1)
    assert '指标“目标内容”的分数（indicators[2].points）：结果写的是 "10.00"，复算是 "9.00"' in zh.output
    assert 'indicator “目标内容”, points (indicators[2].points): the result says "10.00", recomputed it is "9.00"' in (
        en.output
    )
    assert "result.json:62:17: error[PS807]" in en.output
    assert "not verified: 1 finding" in en.output


def test_the_values_of_one_record_are_told_together(result: dict[str, Any]) -> None:
    result["indicators"][2] |= {"points": "10.00", "state": "missing"}
    [one] = told_of(result)

    assert one.at == ("indicators", 2, "points")
    assert one.message.en.splitlines()[1] == 'state (indicators[2].state): "missing", recomputed "scored"'
    assert one.message.zh.splitlines()[1] == '状态（indicators[2].state）："missing"，复算是 "scored"'


def test_of_a_long_sentence_the_part_that_differs_is_shown(result: dict[str, Any]) -> None:
    result["deductions"][0]["because"]["zh"] = "扣分" * 200 + "多" + "扣分" * 200
    [one] = told_of(result)

    assert one.at == ("deductions", 0, "because", "zh")
    assert len(one.message.zh) < 200
    assert "…" in one.message.zh


def test_programs_read_the_same_as_json(result: dict[str, Any], tmp_path: Path) -> None:
    result["score"] = "97.00"
    ran = called(result, tmp_path, "--format", "json")
    [one] = json.loads(ran.output)

    assert ran.exit_code == 1
    assert (one["code"], one["at"], one["line"]) == ("PS807", ["score"], 16)
    assert one["message"]["zh"] == '总分（score）：结果写的是 "97.00"，复算是 "96.00"'
    assert json.loads(called(json.dumps(assessed(NANJING).to_dict()), tmp_path, "--format", "json").output) == []


def test_changed_facts_are_told_first_and_then_what_differs_for_them(result: dict[str, Any]) -> None:
    """A figure that no indicator reads changes the digest and nothing else; one that is read changes points."""
    assessment = assessed(NANJING)
    renamed = evolve(assessment.facts, subject=evolve(assessment.facts.subject, date=None, period="2022"))
    other = verify(result, assessment.rulebook, renamed)
    assert [(one.code.number, one.at) for one in other] == [
        ("PS805", ("facts_digest",)),
        ("PS807", ("subject", "period")),
    ]

    fewer = evolve(assessment.facts, inputs={**assessment.facts.inputs, "cases_per_10k": 9})
    told = verify(result, assessment.rulebook, fewer)
    assert told[0].code.number == "PS805"
    assert f"; {len(told) - 1} places differ, as told below" in told[0].message.en
    assert "score" in [one.at[0] for one in told[1:]]
    [lost] = [one for one in told if one.code.number == "PS809" and one.at == ("deductions",)]
    assert lost.message.zh == '“法律援助案件量”的扣分（deductions）：复算有（points: "40.00"），结果里没有'


def test_changed_rules_are_told_first_even_where_they_change_no_figure(result: dict[str, Any]) -> None:
    assessment = assessed(NANJING)
    text = perfscore.dumps(assessment.rulebook).replace("from = 60", "from = 61")
    [one] = verify(result, perfscore.loads(text), assessment.facts)

    assert (one.code.number, one.at) == ("PS804", ("rulebook", "digest"))
    assert one.message.en.endswith("; nothing else differs")


def test_a_result_of_another_rulebook_is_not_compared(result: dict[str, Any]) -> None:
    result["rulebook"] |= {"id": "roads", "digest": "sha256:0"}
    assert codes(result) == [("PS803", ("rulebook", "id"))]

    result["rulebook"]["digest"] = assessed(NANJING).rulebook_digest
    assert codes(result) == [("PS807", ("rulebook", "id"))], "with the digest of this rulebook its name was changed"


def test_a_newer_format_is_told_alone(result: dict[str, Any], tmp_path: Path) -> None:
    ran = called(result | {"format": 2, "score": "1"}, tmp_path)

    assert ran.exit_code == 1
    assert "error[PS802]" in ran.output
    assert "PS807" not in ran.output
    assert "pip install -U perfscore" in ran.output


@pytest.mark.parametrize("text", ["", "{", '{"format": 1,}', "[1]", '{"score": "1", "score": "2"}', "[" * 100_000])
def test_broken_json_is_told_and_exits_with_1(text: str, tmp_path: Path) -> None:
    ran = called(text, tmp_path)

    assert ran.exit_code == 1
    assert "error[PS109]" in ran.output


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "this is not the JSON of a result"),
        ({"inputs": {"a": 1}}, "this is a facts file, not a result"),
        ({"format": 1, "low": "1", "blocked": []}, "this was written by --partial"),
        ({"rulebook": {"id": "a"}, "indicators": {}}, "this is not the JSON of a result"),
    ],
)
def test_another_kind_of_document_is_told_by_what_it_is(document: dict[str, object], said: str, tmp_path: Path) -> None:
    ran = called(document, tmp_path)

    assert ran.exit_code == 1
    assert "error[PS801]" in ran.output
    assert said in ran.output


def test_a_misspelled_key_is_told_with_the_one_that_lacks(result: dict[str, Any]) -> None:
    result["scroe"] = result.pop("score")
    told = told_of(result)

    assert [(one.code.number, one.at) for one in told] == [("PS808", ("scroe",)), ("PS809", ("score",))]
    assert told[0].hint is not None
    assert told[0].hint.en == "did you mean score?"


@pytest.mark.parametrize("key", ["format", "perfscore", "rulebook", "facts_digest", "score", "indicators", "findings"])
@pytest.mark.parametrize("found", ["nothing", None, True, [], {}, "1e999999999", "NaN"])
def test_whatever_stands_in_the_place_of_a_value_is_told(
    result: dict[str, Any], tmp_path: Path, key: str, found: object
) -> None:
    if found == "nothing":
        del result[key]
    else:
        result[key] = found
    text = json.dumps(result).replace('"1e999999999"', "1e999999999").replace('"NaN"', "NaN")
    ran = called(text, tmp_path)

    assert ran.exit_code == 1
    assert "error[" in ran.output


def test_the_last_line_speaks_the_language_of_the_rest(
    result: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    (file := tmp_path / "result.json").write_text(json.dumps(result), encoding="utf-8")
    ran = CliRunner().invoke(
        app, ["verify", str(file), "--rules", f"{NANJING}.toml", "--facts", f"{NANJING}.facts.toml"]
    )

    assert ran.output == "复算无误：得分 96.00，每一个数都一样\n"


def holders(value: Any, at: KeyPath = ()) -> Iterator[KeyPath]:
    """Where everything stands that holds something else."""
    if isinstance(value, dict | list):
        yield at
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from holders(inner, (*at, key))


@pytest.mark.parametrize("table", [NANJING, EVERYTHING], ids=["nanjing", "everything"])
def test_whatever_is_taken_out_or_put_in_is_found_at_its_place(table: Path) -> None:
    """Every key, every element of a list; and a key that nobody knows in every table. Of two that are alike either may go."""
    wanted = json.loads(json.dumps(assessed(table).to_dict()))
    for at in holders(wanted):
        changed = json.loads(json.dumps(wanted))
        place = changed
        for key in at:
            place = place[key]
        for key in list(place) if isinstance(place, dict) else range(len(place)):
            kept = place[key]
            del place[key]
            told = list(differences(changed, wanted))
            assert {one.at for one in told} <= {(*at, key), at}, (at, key)
            assert [one.wanted for one in told] == [kept]
            if isinstance(place, dict):
                place[key] = kept
            else:
                place.insert(key, kept)
        if isinstance(place, dict):
            place["remark"] = None
            assert [one.at for one in differences(changed, wanted)] == [(*at, "remark")]


def test_a_result_among_others_needs_them(tmp_path: Path) -> None:
    rules = perfscore.loads(COMPARING)
    everybody = [Facts(inputs={"rate": rate}, subject=perfscore.Subject(rate)) for rate in ("50%", "60%", "70%")]
    among = assess(rules, everybody[0], everybody).to_dict()
    alone = assess(rules, everybody[0]).to_dict()

    def told(result: dict[str, object], cohort: list[Facts] | None) -> list[tuple[str, KeyPath]]:
        return [(one.code.number, one.at) for one in verify(result, rules, everybody[0], cohort)]

    assert told(among, everybody) == []
    assert told(among, None) == [("PS806", ("cohort",))]
    assert told(alone, everybody) == [("PS806", ())]
    assert told(alone, None) == []
    fewer = told(among, everybody[:2])
    assert fewer[0] == ("PS806", ("cohort", "digest"))
    assert ("PS807", ("cohort", "subjects")) in fewer


def test_a_call_without_rules_or_with_a_file_that_is_not_there_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    facts = ["--facts", f"{NANJING}.facts.toml"]
    for arguments, said in (
        (["r.json", *facts], "--rules is missing"),
        (["r.json", *facts, "--rules", f"{NANJING}.toml"], "r.json: there is no such file"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["verify", *arguments])
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


def test_hostile_text_in_a_result_reaches_no_terminal(result: dict[str, Any], tmp_path: Path) -> None:
    result["rating"] = "\x1b[31m优\u202e"
    result["\x1b[2J"] = {"deep": 10**400}
    ran = called(result, tmp_path)

    assert ran.exit_code == 1
    assert "\x1b" not in ran.output
    assert "\u202e" not in ran.output


def test_verify_is_told_what_it_takes() -> None:
    assessment = assessed(NANJING)
    with pytest.raises(TypeError, match=r"json\.load"):
        verify("result.json", assessment.rulebook, assessment.facts)  # type: ignore[arg-type]


def test_places_in_json_are_those_of_the_values() -> None:
    text = '{ "a": [1, {"b\\u0041": null}, []],\n  "é\\n": "x\\"}" }'
    source = Source("x.json", text)
    places = {path: (text[slice(*key)], text[slice(*value)]) for path, key, value in json_places(text)}

    assert places["a", 1, "bA"] == ('"b\\u0041"', "null")
    assert places["a", 2] == ("[]", "[]")
    assert places["é\n",] == ('"é\\n"', '"x\\"}"')
    assert source.position(source.span(("é\n",)).start) == (2, 10)
    assert source.span(("a", 7)) == source.span(("a",), "key"), "what is not there is shown at what is around it"


@pytest.mark.parametrize("text", ['{"a": 1, "b": tru', '{"a": 1, b: 2}', '{"a": 1 "b": 2}', '{"a": 1, "\\q": 2}'])
def test_before_the_first_oddity_places_are_known(text: str) -> None:
    assert (("a",), (1, 4), (6, 7)) in json_places(text)
