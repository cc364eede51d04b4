"""What an assessment publishes: the shape of its JSON, the same bytes everywhere, a value that cannot change."""

from __future__ import annotations

import decimal
import json
import os
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import perfscore
from perfscore import Answer, Assessment, Fact, Facts, UnknownIndicatorError, assess, load, loads, read_facts
from perfscore.criteria import kind_named

RULES = Path(__file__).parents[2] / "rules"
NANJING = RULES / "nanjing-legal-aid" / "2023.toml"
NANJING_FACTS = RULES / "nanjing-legal-aid" / "2023.facts.toml"

MANY = """\
format = 1
[rulebook]
id = "many"
title = "many"
version = "1"
full_marks = 30

[basis.law]
title = "法"

[inputs.done]
label = "办结数"
type = "count"

[inputs.all]
label = "受理数"
type = "count"

[measures.rate]
formula = "done / all"
label = "办结率"
unit = "%"

[indicators.closing]
name = "办结"
weight = 10
measure = "rate"
target = "≥ 90%"
clause = "按比例"
basis = ["law"]
criterion = { kind = "proportional" }

[indicators.plan]
name = "计划"
weight = 10
measure = { type = "yes-no" }
target = "value"
criterion = { kind = "threshold" }

[indicators.day]
name = "完成日期"
weight = 10
measure = { type = "date" }
target = "≤ 2023-06-30"
criterion = { kind = "threshold" }
"""

TOP = (
    "format", "perfscore", "rulebook", "subject", "facts_digest", "subtotal", "computed_score", "score", "full_marks",
    "coverage", "rating", "indicators", "measures", "deductions", "credits", "adjustments", "findings",
)  # fmt: skip
INDICATOR = (
    "id", "name", "path", "weight", "effective_weight", "points", "computed_points", "state", "value", "kind", "process",
)  # fmt: skip
DEDUCTION = (
    "indicator", "points", "code", "counted", "because", "clause", "basis", "formula", "inputs", "recover",
    "capped", "reckoned", "share", "no_recover", "missed",
)  # fmt: skip


@pytest.fixture(scope="module")
def nanjing() -> Assessment:
    return assess(load(NANJING), read_facts(NANJING_FACTS))


@pytest.fixture(scope="module")
def many() -> Assessment:
    inputs = {"done": Fact(2, "台账"), "all": 3, "plan": False, "day": "2023-07-01"}
    return assess(loads(MANY), Facts(inputs=inputs, subject={"name": "甲", "period": "2023"}))


def text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def the_shape_is_the_published_one(document: dict) -> None:
    """Design, section 9: the names, their order, and the type of each."""
    assert tuple(document) == TOP
    assert document["format"] == 1
    assert document["perfscore"] == perfscore.__version__
    assert tuple(document["rulebook"]) == ("id", "version", "digest")
    assert document["rulebook"]["digest"].startswith("sha256:")
    assert len(document["rulebook"]["digest"]) == 7 + 64
    assert tuple(document["subject"]) == ("name", "period")
    for key in ("subtotal", "computed_score", "score", "rating"):
        assert text_or_none(document[key]), key
    for key in ("full_marks", "coverage", "facts_digest"):
        assert isinstance(document[key], str), key
    for one in document["indicators"]:
        assert tuple(one) == INDICATOR
        assert all(isinstance(one[key], str) for key in ("id", "name", "weight", "effective_weight", "state"))
        assert all(text_or_none(one[key]) for key in ("points", "computed_points", "kind", "process"))
        assert one["path"]
        assert all(isinstance(name, str) for name in one["path"])
        assert one["value"] is None or isinstance(one["value"], str | bool)
        assert one["state"] in ("scored", "missing", "undefined", "not-applicable", "not-scored")
    for one in document["measures"]:
        assert tuple(one) == ("name", "value", "formula")
    for one in document["deductions"]:
        assert tuple(one) == DEDUCTION
        assert isinstance(one["counted"], bool)
        assert tuple(one["because"]) == ("zh", "en")
        assert text_or_none(one["clause"])
        assert isinstance(one["basis"], list)
        assert isinstance(one["formula"], str)
        assert all(tuple(used) == ("name", "value", "source") for used in one["inputs"])
        assert all(isinstance(used["name"], str) and text_or_none(used["source"]) for used in one["inputs"])
        assert (one["recover"] is None) != (one["no_recover"] is None)
        if one["recover"] is not None:
            assert tuple(one["recover"]) == ("input", "held", "to", "by", "unit", "points", "score", "says")
    for one in document["findings"]:
        assert tuple(one)[:4] == ("code", "severity", "message", "at")
        assert tuple(one)[4:] == (("readings",) if one["code"] == "PS409" else ())
        assert one["severity"] in ("error", "warning", "note")
        assert isinstance(one["at"], list)
    assert document["credits"] == document["adjustments"] == []


@pytest.mark.parametrize("which", ["nanjing", "many"])
def test_the_json_has_the_published_shape(which: str, request: pytest.FixtureRequest) -> None:
    result = request.getfixturevalue(which)

    the_shape_is_the_published_one(result.to_dict())
    assert json.loads(perfscore.render(result, "json")) == result.to_dict()


def test_the_shape_holds_where_there_is_no_score() -> None:
    document = assess(loads(MANY), Facts(inputs={"done": 0, "all": 0, "plan": "x"})).to_dict()

    the_shape_is_the_published_one(document)
    assert document["score"] is document["subtotal"] is document["rating"] is None
    assert [one["state"] for one in document["indicators"]] == ["undefined", "missing", "missing"]
    assert [one["points"] for one in document["indicators"]] == [None] * 3
    assert document["coverage"] == "0"


def test_the_planted_shapes_are_caught(nanjing: Assessment) -> None:
    """The check above can fail: a key that moves, is renamed, or changes its type."""
    good = nanjing.to_dict()
    moved = {key: good[key] for key in sorted(good)}
    renamed = {("total" if key == "score" else key): value for key, value in good.items()}
    retyped = {**good, "full_marks": 100}
    for bad in (moved, renamed, retyped):
        with pytest.raises((AssertionError, KeyError)):
            the_shape_is_the_published_one(bad)


def test_numbers_are_texts_and_exact(many: Assessment) -> None:
    document = many.to_dict()
    closing, plan, day = document["indicators"]

    assert (closing["value"], closing["points"], closing["weight"]) == ("2/3", "7.41", "10")
    assert (plan["value"], day["value"]) == (False, "2023-07-01")
    assert document["measures"] == [{"name": "rate", "value": "2/3", "formula": "done / all"}]
    assert (document["score"], document["full_marks"], document["coverage"]) == ("7.41", "30", "1")
    assert document["deductions"][0]["points"] == "2.59"
    assert {one["name"]: (one["value"], one["source"]) for one in document["deductions"][0]["inputs"]} == {
        "rate": ("2/3", None),
        "done": ("2", "台账"),
        "all": ("3", None),
    }
    assert document["deductions"][0]["clause"] == "按比例"
    assert document["deductions"][0]["basis"] == ["law"]


def test_the_public_numbers_are_decimals_and_values_fractions(many: Assessment) -> None:
    assert many.score == Decimal("7.41")
    assert isinstance(many.score, Decimal)
    assert isinstance(many["closing"].points, Decimal)
    assert isinstance(many["closing"].weight, Decimal)
    assert many["closing"].value == Fraction(2, 3)
    assert isinstance(many["closing"].value, Fraction)
    assert all(isinstance(one.points, Decimal) for one in many.deductions)


def test_every_lost_point_is_named_once(nanjing: Assessment, many: Assessment) -> None:
    for result in (nanjing, many):
        assert Fraction(result.full_marks) - Fraction(result.score) == sum(
            Fraction(one.points) for one in result.deductions
        )


SCRIPT = """\
import sys, perfscore
result = perfscore.assess(perfscore.load(sys.argv[1]), perfscore.read_facts(sys.argv[2]))
sys.stdout.buffer.write(perfscore.render(result, "json").encode())
"""


@pytest.mark.parametrize("table", ["nanjing-legal-aid/2023", "tianchang-water/2022", "huanggang-soil-monitoring/2020"])
def test_the_json_is_the_same_bytes_in_every_process(table: str, tmp_path: Path) -> None:
    """Whatever the seed of hashes, the language, the time zone and the working folder."""
    files = [f"{RULES / table}.toml", f"{RULES / table}.facts.toml"]
    settings = (
        ("0", "zh_CN.UTF-8", "Asia/Shanghai", Path.cwd()),
        ("1", "C", "UTC", tmp_path),
        ("4242", "en_US.UTF-8", "America/New_York", tmp_path),
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, *files],
            capture_output=True,
            check=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "PYTHONHASHSEED": seed}
            | {"LC_ALL": language, "TZ": zone},
        ).stdout
        for seed, language, zone, folder in settings
    }

    assert len(told) == 1
    assert json.loads(told.pop())["format"] == 1


@pytest.mark.parametrize("precision", [3, 6, 100])
def test_the_callers_decimal_context_changes_nothing(precision: int, nanjing: Assessment) -> None:
    """A portal that computes with few digits of its own gets the same score."""
    with decimal.localcontext(decimal.Context(prec=precision)):
        result = assess(load(NANJING), read_facts(NANJING_FACTS))
        assert perfscore.render(result, "json") == perfscore.render(nanjing, "json")
        assert result["performance"].weight == 60


def test_points_of_thirty_digits_are_exact() -> None:
    """Numbers may have 60 digits; a published figure is not cut to the 28 of Python's decimal context."""
    weight = "1" + "0" * 30
    rules = loads(
        f'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nfull_marks = {weight}\n'
        f'[indicators.a]\nname = "A"\nweight = {weight}\ncriterion = {{ kind = "judgement" }}\n'
    )
    result = assess(rules, Facts(answers={"a": Answer(points=Decimal("9" * 30 + ".99"), because="…")}))

    assert f"{result.score:f}" == "9" * 30 + ".99"
    assert f"{result.deductions[0].points:f}" == "0.01"
    assert f"{result['a'].weight:f}" == weight


def test_an_assessment_can_be_pickled_hashed_and_compared(nanjing: Assessment) -> None:
    again = pickle.loads(pickle.dumps(nanjing))

    assert again == nanjing
    assert hash(again) == hash(nanjing)
    assert again.to_dict() == nanjing.to_dict()
    assert again["performance.output.cases"] == nanjing["performance.output.cases"]


def test_a_rulebook_and_facts_can_be_pickled_and_used_again(nanjing: Assessment) -> None:
    rulebook = pickle.loads(pickle.dumps(load(NANJING)))
    facts = pickle.loads(pickle.dumps(read_facts(NANJING_FACTS)))

    assert (rulebook, hash(rulebook)) == (load(NANJING), hash(load(NANJING)))
    assert facts == read_facts(NANJING_FACTS)
    assert assess(rulebook, facts) == nanjing


def test_a_hash_survives_a_pickle_into_another_process(tmp_path: Path) -> None:
    """A cached hash of texts would be another one there; a set made of unpickled rulebooks must still find them."""
    (file := tmp_path / "r.pickle").write_bytes(pickle.dumps((lambda one: (hash(one), one))(load(NANJING))))
    script = (
        "import pickle, sys, perfscore\n"
        "_, one = pickle.load(open(sys.argv[1], 'rb'))\n"
        "fresh = perfscore.load(sys.argv[2])\n"
        "assert one == fresh and hash(one) == hash(fresh) and one in {fresh}\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(file), str(NANJING)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), "PYTHONHASHSEED": "7"},
        check=False,
    )

    assert ran.stderr.decode() == ""


@pytest.mark.parametrize("key", ["score", "rating", "results", "findings", "subtotal"])
def test_an_assessment_cannot_be_changed(nanjing: Assessment, key: str) -> None:
    with pytest.raises(AttributeError):
        setattr(nanjing, key, None)
    with pytest.raises(AttributeError):
        setattr(nanjing["decision"], "points", None)  # noqa: B010


def test_other_facts_give_another_assessment(nanjing: Assessment) -> None:
    facts = read_facts(NANJING_FACTS)
    other = assess(
        load(NANJING), Facts(facts.inputs, {**facts.answers, "performance.output.stability": Answer(points=20)})
    )

    assert other != nanjing
    assert other.to_dict()["facts_digest"] != nanjing.to_dict()["facts_digest"]
    assert other.score == Decimal("97.00")


def test_a_stranger_is_answered_with_the_nearest_indicator(nanjing: Assessment) -> None:
    with pytest.raises(UnknownIndicatorError) as raised:
        nanjing["performance.output.case"]

    assert isinstance(raised.value, LookupError)
    assert raised.value.near == "performance.output.cases"
    assert raised.value.id == "performance.output.case"
    assert str(raised.value).endswith("did you mean 'performance.output.cases'?")


def test_the_errors_can_be_pickled_for_other_processes(nanjing: Assessment) -> None:
    with pytest.raises(UnknownIndicatorError) as unknown:
        nanjing["performance.output.case"]
    with pytest.raises(perfscore.RulebookError) as broken:
        loads("format = 2")
    with pytest.raises(perfscore.UnknownKindError) as stranger:
        kind_named("treshold")
    for error in (unknown.value, broken.value, stranger.value):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))
        assert getattr(again, "near", None) == getattr(error, "near", None)


def test_branches_come_before_what_is_in_them(nanjing: Assessment) -> None:
    ids = [one.id for one in nanjing]

    assert ids[:3] == ["decision", "decision.goals", "decision.goals.content"]
    assert [one["id"] for one in nanjing.to_dict()["indicators"]] == ids
    assert [one.kind for one in nanjing][:3] == [None, None, "judgement"]
    assert nanjing["decision"].points == Decimal("37.00")
    assert nanjing["decision"].path == ("项目决策",)


ONE_OF = """
format = 1
[rulebook]
id = "one"
version = "1"
title = "一"
full_marks = 10
[inputs.which]
label = "选哪一项"
type = "choice"
choices = ["p", "q"]
[indicators.b]
name = "支"
weight = 10
aggregate = "one-of"
by = "which"
[indicators.b.p]
name = "甲"
weight = 10
measure = { type = "number", min = 0 }
target = "≥ 1"
criterion = { kind = "threshold", otherwise = 0 }
[indicators.b.q]
name = "乙"
weight = 10
measure = { type = "number", min = 0 }
target = "≥ 1"
criterion = { kind = "threshold", otherwise = 0 }
"""


@pytest.mark.parametrize("which", ["q", None])
def test_a_review_of_what_was_not_chosen_is_told_and_gives_nothing(which: str | None) -> None:
    """Found by the second telling of the tree: it gave a member points that nobody knew to count."""
    given = {"b.p": 0, "b.q": 0} | ({} if which is None else {"which": which})
    facts = Facts(given, review=[{"indicator": "b.p", "points": 8, "because": "查实"}])

    result = assess(loads(ONE_OF), facts)

    assert result["b.p"].points is None
    assert result.score == (None if which is None else 0)
    assert "PS415" in {one.code.number for one in result.findings}


def test_a_branch_of_which_another_was_chosen_is_left_out_whatever_its_aggregate() -> None:
    """Found by the second telling: the greatest of nothing left the whole without a score."""
    text = ONE_OF.replace(
        'name = "甲"\n', 'name = "甲"\nweight = 10\naggregate = "max"\n[indicators.b.p.x]\nname = "丙"\n'
    )

    result = assess(loads(text), Facts({"b.q": 1, "which": "q"}))

    assert result.score == 10


def test_where_weights_cannot_be_told_every_indicator_is_named() -> None:
    """Found by law 6: they were missing, and no finding named them."""
    text = ONE_OF.replace('aggregate = "one-of"\nby = "which"\n', "").replace(
        "weight = 10\nmeasure", "weight = \"if which = 'p' then 4 else 6\"\nmeasure", 1
    )
    text = text.replace("weight = 10\nmeasure", "weight = \"if which = 'p' then 6 else 4\"\nmeasure", 1)

    result = assess(loads(text.replace('name = "支"\nweight = 10\n', 'name = "支"\n')), Facts({"b.p": 1, "b.q": 1}))

    [told] = [one for one in result.findings if one.code.number == "PS421"]
    assert told.at == ("b.p", "b.q")


def test_the_weight_of_a_branch_with_nothing_left_is_not_lost_in_silence() -> None:
    """Found by law 2: the least of nothing was left out of the sum, and its points were lost without a name."""
    text = ONE_OF.replace('aggregate = "one-of"\nby = "which"\n', 'aggregate = "min"\n')
    beside = '[indicators.c]\nname = "丁"\nweight = 10\nmeasure = "which = \'p\'"\ntarget = "value"\n'
    text = text.replace("full_marks = 10", "full_marks = 20") + beside + 'criterion = { kind = "threshold" }\n'
    facts = Facts({"which": "p"}, {"b": {"not_applicable": "当年没有发生"}})

    result = assess(loads(text), facts)

    assert result["c"].points == 10
    assert result.score is None
    assert result.deductions == ()
