"""Subjects among others: from Python, from the command line, from a table or a folder; what is told of them."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from perfscore import Cohort, Facts, Rulebook, assess, assess_partial, check, cohort, dumps, lacking, loads
from perfscore.cohortfile import open_cohort

COHORT_NEEDED, NOT_AMONG = lacking.COHORT_NEEDED.number, cohort.NOT_AMONG.number
OTHER_FIGURES = cohort.OTHER_FIGURES.number

RULES = """
format = 1
[rulebook]
id = "towns"
title = "乡镇考核"
version = "1"
full_marks = 30
reasons = "reported"
[inputs.rate]
label = "完成率"
type = "percent"
[inputs.region]
label = "片区"
type = "choice"
choices = ["东", "西"]
needed = false
[indicators.done]
name = "完成率"
weight = 20
measure = "rate"
criterion = { kind = "clauses", losses = [ { id = "below", clause = "低于平均扣5分", when = "value < peers.mean(value)", points = 5 } ] }
[indicators.place]
name = "名次"
weight = 10
measure = 'rank(points("done"), best = "high", ties = "shared")'
criterion = { kind = "ranked", places = [10, 8, 6], otherwise = 0, ties = "shared" }
"""
TABLE = "subject.name,rate,region\n甲镇,90%,东\n乙镇,70%,西\n丙镇,95%,东\n"


def towns() -> list[Facts]:
    return [Facts({"rate": rate}, subject=name) for name, rate in (("甲镇", "90%"), ("乙镇", "70%"), ("丙镇", "95%"))]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "towns.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "all.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "b.facts.toml").write_text(
        '[subject]\nname = "乙镇"\n[inputs]\nrate = "70%"\nregion = "西"\n', encoding="utf-8"
    )
    return tmp_path


def run(here: Path, *arguments: str) -> tuple[int, str, str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "perfscore", *arguments], cwd=here, capture_output=True, check=False, env=environment
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_subject_is_assessed_among_all() -> None:
    rules, everybody = loads(RULES), towns()

    scores = [assess(rules, one, everybody).score for one in everybody]

    assert scores == [Decimal("30.00"), Decimal("21.00"), Decimal("30.00")]


def test_a_cohort_made_once_serves_for_each() -> None:
    rules, everybody = loads(RULES), towns()
    cohort = Cohort(rules, everybody)

    assert [assess(rules, one, cohort).score for one in everybody] == [
        assess(rules, one, everybody).score for one in everybody
    ]


def test_a_cohort_of_another_rulebook_is_refused() -> None:
    other = loads(RULES.replace('"towns"', '"others"'))

    with pytest.raises(ValueError, match="others"):
        assess(loads(RULES), towns()[0], Cohort(other, towns()))


def test_alone_there_is_no_score_and_it_says_why() -> None:
    alone = assess(loads(RULES), towns()[0])

    assert alone.score is None
    assert [one.code.number for one in alone.findings if one.severity == "error"] == [COHORT_NEEDED, COHORT_NEEDED]
    assert assess_partial(loads(RULES), towns()[0]).blocked == ("done", "place")


def test_who_is_not_among_them_is_added_and_told() -> None:
    rules, [first, *others] = loads(RULES), towns()

    result = assess(rules, first, others)

    assert result.score == 30
    assert NOT_AMONG in {one.code.number for one in result.findings}


def test_another_period_under_the_same_name_is_no_other_figure() -> None:
    rules = loads(RULES)
    mine = Facts({"rate": "90%"}, subject={"name": "甲镇", "period": "2024"})

    assert OTHER_FIGURES not in {one.code.number for one in assess(rules, mine, towns()).findings}


@pytest.mark.parametrize(
    ("measure", "applies", "quiet"),
    [
        ("if given(rate) then peers.mean(rate) else 0%", "", True),
        ("if not given(rate) then 0% else peers.mean(rate)", "", True),
        ("peers.mean(rate)", 'applies = "given(rate)"\nnot_applicable = "full"', True),
        ("peers.mean(rate)", "", False),
        ("if given(region) then peers.mean(rate) else 0%", "", False),
        ("if given(rate) then 0% else peers.mean(rate)", "", False),
    ],
)
def test_who_has_no_figure_is_told_unless_the_rule_asks_whether_there_is_one(
    measure: str, applies: str, quiet: bool
) -> None:
    """A rule that says what holds without the figure expects that some have none."""
    head, _, tail = RULES.partition("[indicators.done]")
    rules = loads(
        head.replace('type = "percent"', 'type = "percent"\nneeded = false')
        + f'[indicators.done]\nname = "完成率"\nweight = 20\nmeasure = "{measure}"\n{applies}\n'
        'criterion = { kind = "clauses", losses = [ { id = "below", when = "value < 50%", points = 5 } ] }\n'
        + tail[tail.index("[indicators.place]") :]
    )
    everybody = [*towns(), Facts(subject="丁镇")]

    told = {one.code.number for one in assess(rules, everybody[0], everybody).findings}

    assert (cohort.LEFT_OUT.number not in told) == quiet


def test_other_figures_under_the_same_name_are_told() -> None:
    rules = loads(RULES)
    mine = Facts({"rate": "60%"}, subject="甲镇")

    result = assess(rules, mine, towns())

    assert result["done"].points == 15
    assert OTHER_FIGURES in {one.code.number for one in result.findings}
    assert result.cohort is not None
    assert mine in result.cohort.subjects
    assert len(result.cohort.subjects) == 3


def test_an_assessment_among_others_is_copied_and_compared_with_them() -> None:
    rules, everybody = loads(RULES), towns()
    result = assess(rules, everybody[1], everybody)

    assert pickle.loads(pickle.dumps(result)) == result
    assert result != assess(rules, everybody[1])


def test_its_json_says_among_how_many() -> None:
    rules, everybody = loads(RULES), towns()

    document = assess(rules, everybody[0], everybody).to_dict()

    assert document["cohort"]["subjects"] == 3
    assert document["cohort"] == assess(rules, everybody[0], everybody[::-1]).to_dict()["cohort"]
    assert "cohort" not in assess(rules, everybody[0]).to_dict()


def test_a_deduction_names_what_it_read_of_others() -> None:
    text = RULES.replace(
        'when = "value < peers.mean(value)", points = 5', 'of = "max(0, peers.mean(value) - value) / 1pp", each = 0.5'
    )
    rules, everybody = loads(text), towns()

    [below, _] = assess(rules, everybody[1], everybody).deductions

    assert ("peers.mean(rate)", "0.85") in [(one.name, one.value) for one in below.inputs]


def test_a_rank_of_a_rank_is_found_in_its_turn() -> None:
    text = (
        RULES
        + """
[indicators.again]
name = "再排"
weight = 10
measure = 'rank(points("place"), best = "low", ties = "average")'
criterion = { kind = "clauses", losses = [ { id = "last", when = "value > 2", points = 1 } ] }
"""
    )
    rules, everybody = loads(text.replace("full_marks = 30", "full_marks = 40")), towns()

    values = [assess(rules, one, everybody)["again"].value for one in everybody]

    assert values == [Fraction("2.5"), 1, Fraction("2.5")]


def test_a_rulebook_built_in_python_whose_ranks_go_in_a_circle_is_refused() -> None:
    text = RULES.replace('rank(points("done")', 'rank(points("place")')

    assert "PS504" in {one.code.number for one in check_text(text)}
    with pytest.raises(ValueError, match="circle"):
        assess(circular(), Facts({"rate": "90%"}), towns())


def circular() -> Rulebook:
    from attrs import evolve

    from perfscore.formula.syntax import parse

    rules = loads(RULES)
    done, place = rules.members
    turned = evolve(place, measure=parse('rank(points("place"), best = "high", ties = "shared")').formula)
    return evolve(rules, members=(done, turned))


def check_text(text: str) -> list[object]:
    from perfscore.rulefile import open_text

    return list(open_text(text).diagnostics)


def test_an_adjustment_cannot_compare_the_scores_that_it_changes() -> None:
    text = RULES + '[[adjustments]]\nid = "top"\nwhen = \'rank(score, best = "high", ties = "shared") = 1\'\nadd = 1\n'

    told = [one for one in check_text(text + "") if one.code.number == "PS504"]

    assert len(told) == 1
    assert 'points("a")' in told[0].hint.zh


def test_it_survives_writing() -> None:
    rules = loads(RULES)

    assert loads(dumps(rules)) == rules
    assert check(rules) == check(loads(dumps(rules)))


def test_an_example_holds_its_cohort() -> None:
    from perfscore.examples import run_examples

    example = '[[examples]]\ntitle = "第二"\nfacts = { rate = "70%" }\ncohort = [ { rate = "90%" }, { rate = "95%" } ]\nscore = 21\n'
    rules = loads(RULES + example)

    [ran] = run_examples(rules)

    assert ran.diagnostics == ()
    assert loads(dumps(rules)) == rules
    [other] = run_examples(loads(RULES + example.replace('"90%"', '"9x%"')))
    assert other.diagnostics != ()


def test_where_fewer_have_a_figure_than_are_left_out_there_is_no_mean() -> None:
    """Of three of whom four were to be left out, two were averaged."""
    trimmed = RULES.replace("peers.mean(value)", "peers.trimmed_mean(value, low = 0, high = {n})")

    states = [assess(loads(trimmed.replace("{n}", str(n))), towns()[0], towns())["done"].state for n in (2, 3, 4)]

    assert states == ["scored", "undefined", "undefined"]


# the command line


def test_score_takes_a_table(here: Path) -> None:
    code, out, _ = run(here, "score", "towns.toml", "b.facts.toml", "--cohort", "all.csv", "--format", "json")

    assert code == 0
    assert json.loads(out)["score"] == "21.00"
    assert json.loads(out)["cohort"]["subjects"] == 3


def test_score_takes_a_folder(here: Path) -> None:
    folder = here / "all"
    folder.mkdir()
    for name, rate in (("甲镇", "90%"), ("乙镇", "70%"), ("丙镇", "95%")):
        region = 'region = "西"\n' if name == "乙镇" else ""
        (folder / f"{name}.facts.toml").write_text(
            f'[subject]\nname = "{name}"\n[inputs]\nrate = "{rate}"\n{region}', encoding="utf-8"
        )

    code, out, _ = run(here, "score", "towns.toml", "b.facts.toml", "--cohort", "all", "--format", "json")

    assert code == 0
    assert json.loads(out)["score"] == "21.00"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "表是空的"),
        ("subject.name,rates\n甲镇,90%\n", "rate"),
        ("subject.name,rate\n甲镇,90%,东\n", "3 格"),
        ("subject.name,rate,rate\n甲镇,90%,80%\n", "两次"),
        ('subject.name,rate\n"甲镇,90%\n', "CSV"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(here: Path, table: str, told: str) -> None:
    (here / "all.csv").write_text(table, encoding="utf-8")

    code, _, err = run(here, "score", "towns.toml", "b.facts.toml", "--cohort", "all.csv", "--lang", "zh")

    assert code == 1
    assert told in err
    assert "Traceback" not in err


def test_a_table_in_another_encoding_is_named(here: Path) -> None:
    (here / "all.csv").write_bytes(TABLE.encode("gb18030"))

    code, _, err = run(here, "score", "towns.toml", "b.facts.toml", "--cohort", "all.csv", "--lang", "zh")

    assert code == 1
    assert "PS104" in err


def test_a_table_that_is_not_there_is_a_matter_of_usage(here: Path) -> None:
    code, _, err = run(here, "score", "towns.toml", "b.facts.toml", "--cohort", "nowhere.csv")

    assert code == 2
    assert "nowhere.csv" in err


def test_cells_are_the_figures_they_are(here: Path) -> None:
    text = RULES.replace(
        "[indicators.done]",
        '[inputs.big]\nlabel = "投资"\ntype = "money"\nunit = "万元"\nneeded = false\n'
        '[inputs.ok]\nlabel = "合格"\ntype = "yes-no"\nneeded = false\n[indicators.done]',
    )
    (here / "all.csv").write_text(
        '\ufeffsubject.name,rate,big,ok,done.process\n甲镇,90%,"1,234.50",是,据报表\n乙镇,70%,,否,\n\n',
        encoding="utf-8",
    )

    opened = open_cohort(here / "all.csv", loads(text))

    assert opened.complaints == ()
    first, second = opened.subjects
    assert (first.inputs["big"].value, first.inputs["ok"].value) == (Decimal("1234.5"), True)
    assert first.answers["done"].process == "据报表"
    assert "big" not in second.inputs
    assert second.inputs["ok"].value is False


def test_who_has_no_figure_is_named_and_left_out(here: Path) -> None:
    (here / "all.csv").write_text(TABLE.replace("甲镇,90%,东", "甲镇,,东"), encoding="utf-8")

    code, out, _ = run(here, "score", "towns.toml", "b.facts.toml", "--cohort", "all.csv", "--lang", "zh")

    assert code == 0
    assert "甲镇" in out


def test_partial_scores_are_not_compared(here: Path) -> None:
    code, _, err = run(here, "score", "towns.toml", "b.facts.toml", "--partial", "--cohort", "all.csv", "--lang", "zh")

    assert code == 2
    assert "--partial" in err
    assert "--cohort" in err


def test_who_has_no_name_is_nobody_else() -> None:
    """Two rows of equal figures became one, and the mean was another."""
    rules = loads(RULES)
    alike = [Facts({"rate": "60%"}), Facts({"rate": "60%"}), Facts({"rate": "90%"})]

    result = assess(rules, Facts({"rate": "75%"}, subject="甲镇"), alike)

    assert result["done"].points == 20  # the mean of 75, 60, 60 and 90 is 71.25, without one of the 60s 75
    assert len(Cohort(rules, alike).subjects) == 3
    assert len(Cohort(rules, [*towns(), towns()[0]]).subjects) == 3


def test_an_adjustment_alone_says_that_it_needs_the_others() -> None:
    rank = 'when = \'rank(rate, best = "high", ties = "shared") = 1\''
    text = RULES + f'[[adjustments]]\nid = "first"\nclause = "第一名加1分"\n{rank}\nadd = 1\n'
    text = text.replace("full_marks = 30", "full_marks = 30\nrange = [0, 31]")
    only = loads(
        text.replace("peers.mean(value)", "50%").replace('rank(points("done"), best = "high", ties = "shared")', "1")
    )

    told = {one.code.number for one in assess(only, towns()[0]).findings if one.severity == "error"}

    assert told == {COHORT_NEEDED}
