"""A rule file that extends another: every value keeps its file and line, and no file is read that was not meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner

from perfscore import Facts, RulebookError, assess, check, dumps, load, loads
from perfscore.cli import app
from perfscore.report.complaint import as_json, excerpt, in_order
from perfscore.report.provenance import ROOM, Provenance
from perfscore.report.reading import reading
from perfscore.report.wrapping import columns
from perfscore.rulefile import Opened, open_path
from perfscore.rulefile.digest import digest
from perfscore.rulefile.extend import MOST_FILES

PARENT = """\
format = 1
[rulebook]
id = "parent"
title = "上级"
version = "1"
full_marks = 10
range = [0, 10]
[inputs.late]
label = "迟报"
type = "count"
[indicators.a]
name = "A"
[indicators.a.b]
name = "B"
weight = 6
measure = { type = "percent", min = "0%" }
target = "≥ 80%"
criterion = { kind = "proportional", nothing_below = "50%" }
[indicators.a.c]
name = "C"
weight = 4
criterion = { kind = "per-occurrence", deductions = [ { id = "late", of = "late", each = 1 } ] }
[[adjustments]]
id = "often"
when = "late > 3"
deduct = 1
[[examples]]
title = "example of the parent"
facts = { late = 0, "a.b" = "80%" }
score = 10
"""
HEAD = 'format = 1\n[rulebook]\nid = "child"\ntitle = "下级"\nversion = "2"\n'


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (folder := tmp_path / "rules").mkdir()
    (folder / "parent.toml").write_text(PARENT, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def opened(text: str, extends: str = "parent", name: str = "child.toml", head: str = HEAD) -> Opened:
    """A file with that text in the folder that is worked in."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(f'{head}extends = "{extends}"\n{text}', encoding="utf-8")
    return open_path(name)


def told(one: Opened) -> list[str]:
    """Every complaint as `file:line code`."""
    found = []
    for each in in_order(one.diagnostics, one.origins):
        data = as_json(each, one.origins)
        found.append(f"{data['path']}:{data['line']} {data['code']}")
    return found


def the_hint(one: Opened) -> str:
    [each] = one.diagnostics
    assert each.hint is not None
    return f"{each.message.zh}\n{each.message.en}\n{each.hint.zh}\n{each.hint.en}"


# What is inherited


def test_a_child_that_says_nothing_is_its_parent_but_for_its_names(rules: Path) -> None:
    parent, child = load("parent.toml"), opened("").required()

    assert child == evolve(parent, id="child", title="下级", version="2", examples=())
    assert digest(child) != digest(parent)


def test_an_inheriting_file_is_the_same_rulebook_as_one_that_says_all(rules: Path) -> None:
    child = opened(
        'full_marks = 12\nrange = [0, 12]\n[indicators.a.b]\nweight = 8\n[inputs.late]\nunit = "次"\n'
    ).required()
    whole = PARENT.replace('"parent"', '"child"').replace('"上级"', '"下级"').replace('version = "1"', 'version = "2"')
    whole = whole.replace("= 10\nrange = [0, 10]", "= 12\nrange = [0, 12]").replace("weight = 6", "weight = 8")
    whole = whole.replace('"count"\n', '"count"\nunit = "次"\n').partition("[[examples]]")[0]

    assert child == loads(whole)
    assert digest(child) == digest(loads(whole))
    facts = Facts(inputs={"late": 4, "a.b": "60%"})
    assert assess(child, facts).to_dict() == assess(loads(whole), facts).to_dict()


def test_what_is_written_of_an_inheriting_rulebook_is_the_whole(rules: Path) -> None:
    child = opened("[indicators.a.b]\nweight = 6.0\n").required()

    assert "extends" not in dumps(child)
    assert loads(dumps(child)) == child


def test_new_indicators_come_after_and_overridden_ones_keep_their_place(rules: Path) -> None:
    new = '[indicators.a.a]\nname = "N"\nweight = 1\ncriterion = { kind = "judgement" }\n[indicators.a.b]\nweight = 5\n'

    assert [one.id for one in opened(new).required().indicators()] == ["a.b", "a.c", "a.a"]


def test_adjustments_are_appended_and_one_is_taken_out_by_its_id(rules: Path) -> None:
    more = '[[adjustments]]\nid = "more"\nwhen = "late > 5"\ndeduct = 2\n'

    assert [one.id for one in opened(more).required().adjustments] == ["often", "more"]
    less = 'remove = ["adjustments.often"]\n'
    assert [one.id for one in opened(less + more).required().adjustments] == ["more"]
    assert opened(less).required().adjustments == ()


def test_several_parents_follow_one_another(rules: Path) -> None:
    opened("[indicators.a.b]\nweight = 5\n[indicators.a.c]\nweight = 5\n", name="city/middle.toml")
    third = opened("[indicators.a.b]\nweight = 7\n[indicators.a.c]\nweight = 3\n", "../middle.toml", "city/east/x.toml")

    assert [(one.id, one.weight) for one in third.required().indicators()] == [("a.b", 7), ("a.c", 3)]
    wrong = opened("[indicators.a.b]\nweight = 7\n", "../middle.toml", "city/east/x.toml")
    assert told(wrong) == ["parent.toml:6 PS202"]


def test_a_parent_need_not_be_sound_where_its_child_makes_it_so(rules: Path) -> None:
    """A province may leave the weights to its cities: what counts is the effective rulebook."""
    Path("frame.toml").write_text(PARENT.replace("weight = 6\n", ""), encoding="utf-8")

    assert open_path("frame.toml").rulebook is None
    assert opened("[indicators.a.b]\nweight = 6\n", "frame").diagnostics == ()


@pytest.mark.parametrize("name", ["parent", "parent.toml", "../rules/parent.toml", "./parent.toml"])
def test_a_parent_is_named_by_a_name_or_by_a_path(rules: Path, name: str) -> None:
    assert opened("", name).diagnostics == ()


def test_a_name_begins_at_the_folder_of_the_rules_and_a_path_at_the_file(rules: Path) -> None:
    assert opened("", "parent", "city/x.toml").diagnostics == ()
    assert opened("", "../parent.toml", "city/x.toml").diagnostics == ()
    assert told(opened("", "parent.toml", "city/x.toml")) == ["city/x.toml:6 PS130"]


def test_it_does_not_matter_where_one_stands(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = opened("", name="city/x.toml").required()
    monkeypatch.chdir(rules / "city")
    assert load("x.toml") == child
    monkeypatch.chdir("/")
    assert load(rules / "city/x.toml") == child


# Where things stand


def test_a_complaint_about_an_inherited_value_names_the_parents_file(rules: Path) -> None:
    one = opened(
        "[inputs.late]\nlabel = 3\n[indicators.a.b.criterion]\nnothing_below = 50\n[indicators.x]\nname = 'X'\n"
    )

    assert told(one) == ["child.toml:8 PS112", "child.toml:11 PS203", "child.toml:11 PS206"]
    assert told(opened("[indicators.a]\nweight = 9\n")) == ["child.toml:8 PS201"]
    assert told(opened("[indicators.a.b]\nweight = 5\n")) == ["parent.toml:6 PS202"]


def test_what_is_removed_and_still_read_is_told_in_the_parents_file(rules: Path) -> None:
    one = opened('remove = ["inputs.late"]\n')

    assert {place.partition(" ")[0] for place in told(one)} == {"parent.toml:22", "parent.toml:25"}
    first = in_order(one.diagnostics, one.origins)[0]
    shown = excerpt(first, one.origins, "en")
    assert shown.startswith("parent.toml:22:")
    assert "| criterion = " in shown
    assert "= child.toml extends this file" in shown
    assert "= child.toml 继承了这个文件" in excerpt(first, one.origins, "zh")


def test_lines_of_adjustments_lead_to_the_file_that_wrote_each(rules: Path) -> None:
    one = opened('remove = ["inputs.late"]\n[[adjustments]]\nid = "x"\nwhen = "lat > 1"\ndeduct = 1\n')

    assert "child.toml:10 PS502" in told(one)
    assert "parent.toml:25 PS502" in told(one)


def test_complaints_of_the_file_itself_come_first(rules: Path) -> None:
    places = told(opened('remove = ["inputs.late"]\n[inputs.x]\nlabel = "x"\ntype = "count"\n'))

    assert [place[0] for place in places] == sorted(place[0] for place in places)
    assert places[0].startswith("child")


def test_the_key_path_in_json_is_that_of_the_file(rules: Path) -> None:
    opened('remove = ["adjustments.often"]\n[[adjustments]]\nid = "x"\nwhen = "lat > 1"\ndeduct = 1\n', name="m.toml")
    one = opened("", "m")
    [data] = [as_json(each, one.origins) for each in one.diagnostics]

    assert (data["path"], data["at"], data["line"]) == ("m.toml", ["adjustments", 0, "when"], 10)


# What is refused


def test_a_parent_that_is_not_there_is_told_with_near_names_and_where_was_looked(rules: Path) -> None:
    Path("cn").mkdir()
    Path("cn/self-evaluation-2020.toml").write_text(PARENT, encoding="utf-8")

    for said, near in (
        ("cn/self-evaluation-2021", "cn/self-evaluation-2020"),
        ("self-evaluation-2020", "cn/self-evaluation-2020"),
        ("parnt.toml", "parent.toml"),
        ("Parent", "parent"),
    ):
        hint = the_hint(opened("", said))
        assert f'extends = "{near}"' in hint, said
        assert f"{said.removesuffix('.toml')}.toml" in hint
    assert '"base.toml"' in the_hint(opened("", "zzzzzzzz"))


@pytest.mark.parametrize("said", ["", ".", "..", "..toml", "x\\u0000", "x" * 5000, "parent.facts.toml", "parent.facts"])
def test_what_names_no_rule_file_is_not_found(rules: Path, said: str) -> None:
    Path("parent.facts.toml").write_text("[inputs]\nlate = 3\n", encoding="utf-8")

    assert told(opened("", said)) == ["child.toml:6 PS130"]


@pytest.mark.parametrize(
    "said", ["../x.toml", "../../x.toml", "/etc/passwd", "/etc/x.toml", "../rulesx/x", "city/../../x"]
)
def test_a_path_outside_the_rules_is_refused_whether_it_is_there_or_not(rules: Path, said: str) -> None:
    (rules.parent / "x.toml").write_text(PARENT, encoding="utf-8")

    assert told(opened("", said)) == ["child.toml:6 PS132"]


def test_without_a_folder_of_rules_only_the_folder_of_the_file_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parent.toml").write_text(PARENT, encoding="utf-8")

    assert opened("", "parent.toml").diagnostics == ()
    assert told(opened("", "../parent.toml", "city/x.toml")) == ["city/x.toml:6 PS132"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_out_of_the_rules_is_refused(rules: Path) -> None:
    (rules.parent / "secret.toml").write_text(PARENT, encoding="utf-8")
    (rules.parent / "elsewhere").mkdir()
    (rules.parent / "elsewhere/p.toml").write_text(PARENT, encoding="utf-8")
    Path("link.toml").symlink_to(rules.parent / "secret.toml")
    Path("folder").symlink_to(rules.parent / "elsewhere", target_is_directory=True)
    Path("inside.toml").symlink_to(rules / "parent.toml")

    assert told(opened("", "link.toml")) == ["child.toml:6 PS132"]
    assert told(opened("", "folder/p")) == ["child.toml:6 PS132"]
    assert opened("", "inside").diagnostics == ()


def test_the_folder_of_the_rules_may_itself_be_a_link(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened("", name="x.toml")
    (rules.parent / "other").mkdir()
    (rules.parent / "other/rules").symlink_to(rules, target_is_directory=True)

    assert open_path(rules.parent / "other/rules/x.toml").diagnostics == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_no_rule_file(rules: Path) -> None:
    os.mkfifo("pipe.toml")

    assert told(opened("", "pipe")) == ["child.toml:6 PS130"]


def test_a_parent_over_five_megabytes_is_refused_unread(rules: Path) -> None:
    Path("big.toml").write_bytes(b" " * 5_000_001)

    assert told(opened("", "big")) == ["child.toml:6 PS133"]


def test_a_circle_is_shown(rules: Path) -> None:
    opened("", "b", "a.toml")
    opened("", "c.toml", "b.toml")
    opened("", "a.toml", "c.toml")

    assert "a.toml → b.toml → c.toml → a.toml" in the_hint(open_path("a.toml"))
    assert "child.toml → a.toml → b.toml → c.toml → a.toml" in the_hint(opened("", "a"))
    assert "child.toml → child.toml" in the_hint(opened("", "child"))


def test_a_chain_ends(rules: Path) -> None:
    for number in range(MOST_FILES):
        opened("", f"n{number - 1}" if number else "parent", f"n{number}.toml")

    assert open_path(f"n{MOST_FILES - 2}.toml").diagnostics == ()
    assert [one.code.number for one in open_path(f"n{MOST_FILES - 1}.toml").diagnostics] == ["PS131"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("a = ＂x＂", 1, "＂", id="no TOML"),
        pytest.param(PARENT.replace("format = 1", "format = 2"), 1, "format", id="another format"),
        pytest.param("[answers.a]\npoints = 3\n", 1, "facts file", id="facts"),
        pytest.param(HEAD + 'extends = "nowhere"\n', 6, "nowhere", id="its own parent is not there"),
        pytest.param(
            HEAD + 'extends = "parent"\nremove = ["inputs.x"]\n', 7, "inputs.x", id="it removes what is not there"
        ),
        pytest.param(HEAD + "extends = 3\n", 6, "3", id="it extends a number"),
    ],
)
def test_a_parent_with_an_error_of_its_own_says_which_and_where(rules: Path, text: str, line: int, says: str) -> None:
    Path("torn.toml").write_text(text, encoding="utf-8")
    one = opened("", "torn")

    assert told(one) == ["child.toml:6 PS133"]
    hint = the_hint(one)
    assert f"torn.toml has an error of its own, on line {line}" in hint
    assert says in hint
    assert "perfscore check torn.toml" in hint


def test_a_text_has_no_folder_and_extends_nothing() -> None:
    with pytest.raises(RulebookError) as raised:
        loads(HEAD + 'extends = "parent"\n')

    assert [one.code.number for one in raised.value.diagnostics] == ["PS130"]


@pytest.mark.parametrize("written", ["3", '["parent"]', "{ file = 'parent' }"])
def test_extends_is_one_text(rules: Path, written: str) -> None:
    Path("child.toml").write_text(f"{HEAD}extends = {written}\n", encoding="utf-8")

    assert [one.code.number for one in check("child.toml")] == ["PS112"]


# What changes nothing, and what there is nothing of


def test_the_near_name_is_offered_and_what_something_new_needs(rules: Path) -> None:
    assert "[inputs.late]" in the_hint(opened('[inputs.lte]\nunit = "次"\n'))
    hint = the_hint(opened("[indicators.a.bb]\nweight = 3\n"))
    assert "[indicators.a.b]" in hint
    assert "name = …" in hint
    assert "name = …" in the_hint(opened("[indicators.zzzz]\nweight = 3\n"))


def test_a_misspelt_attribute_is_told_as_such(rules: Path) -> None:
    one = opened('[indicators.a.b.critrion]\nnothing_below = "60%"\n')

    assert told(one) == ["child.toml:7 PS110"]
    assert "criterion" in the_hint(one)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a.b", "indicators.a.b"),
        ("late", "inputs.late"),
        ("indicators.a.bb", "indicators.a.b"),
        ("indicator.a.b", "indicators.a.b"),
        ("adjustments.oftn", "adjustments.often"),
        ("often", "adjustments.often"),
        ("indicators.a.b.criterion.nothing_bellow", "indicators.a.b.criterion.nothing_below"),
    ],
)
def test_what_was_meant_to_be_removed_is_offered(rules: Path, said: str, meant: str) -> None:
    assert f'"{meant}"' in the_hint(opened(f'remove = ["{said}"]\n'))


@pytest.mark.parametrize(
    "said", ["", ".", "rulebook.id", "rulebook.version", "format", "examples", "a.b.c.d", "indicators.a.b.weight.x"]
)
def test_what_is_not_inherited_cannot_be_removed(rules: Path, said: str) -> None:
    assert "child.toml:7 PS136" in told(opened(f'remove = ["{said}"]\n'))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("[indicators.a.b]\nweight = 6\n", True),
        ("[indicators.a.b]\nweight = 6.00\n", True),
        ('[indicators.a.b]\nmeasure = { type = "percent", min = "0%" }\n', True),
        ("[indicators.a.b.criterion]\nnothing_below = '50%'\n", True),
        ("[indicators.a.b.criterion]\nnothing_below = '0.5'\n", False),
        ("[indicators.a.b]\n", True),
        ("[rulebook.rounding]\nplaces = 2\n", False),
    ],
)
def test_what_changes_nothing_is_a_warning(rules: Path, text: str, same: bool) -> None:
    one = opened(text)

    assert [each.code.number for each in one.diagnostics] == ["PS134"] * same
    assert one.rulebook is not None


def test_true_is_not_the_same_as_1(rules: Path) -> None:
    Path("p.toml").write_text(PARENT.replace('"count"\n', '"count"\nneeded = true\n'), encoding="utf-8")

    assert told(opened("[inputs.late]\nneeded = 1\n", "p")) == ["child.toml:8 PS112"]
    assert told(opened("[inputs.late]\nneeded = true\n", "p")) == ["child.toml:8 PS134"]


def test_strangers_without_end_end_in_time(rules: Path) -> None:
    """Twenty thousand figures that the parent lacks, beside as many that it has."""
    names = [f"figure_{number}" for number in range(20_000)]
    inputs = "".join(f'[inputs.{name}]\nlabel = "x"\ntype = "count"\n' for name in names)
    Path("many.toml").write_text(PARENT + inputs, encoding="utf-8")
    strangers = "".join(f'[inputs.x{name}]\nunit = "x"\n' for name in names)

    assert len([one for one in opened(strangers, "many").diagnostics if one.code.number == "PS135"]) == 20_000


# Shown


def shown(one: Opened, language: str = "zh") -> str:
    spoken = "zh" if language == "zh" else "en"
    return reading(one.required(), spoken, Provenance(one.values, one.origins, spoken))


def test_show_says_where_every_value_was_written(rules: Path) -> None:
    opened("[indicators.a.c]\nweight = 3\n", name="middle.toml")
    one = opened(
        '[indicators.a.b]\nweight = 5\ncriterion = { nothing_below = "60%" }\n'
        '[indicators.new]\nname = "N"\nweight = 2\ncriterion = { kind = "judgement" }\n'
        '[inputs.late]\nunit = "次"\n',
        "middle",
    )
    lines = [line.strip() for line in shown(one).splitlines()]

    b = lines.index("B  5 分  [a.b]")
    assert lines[b + 1] == "出处：name parent.toml:14，weight child.toml:8，measure parent.toml:16，"
    assert lines[b + 2] == "target parent.toml:17，criterion.kind parent.toml:18，"
    assert lines[b + 3] == "criterion.nothing_below child.toml:9"
    c = lines.index("C  3 分  [a.c]")
    assert lines[c + 1] == "出处：name parent.toml:20，weight middle.toml:8，criterion parent.toml:22"
    assert lines[lines.index("N  2 分  [new]") + 1] == "出处：child.toml:10"
    assert "inputs.late：label parent.toml:9，type parent.toml:10，unit child.toml:15" in lines
    assert "adjustments.often：parent.toml:23" in lines


def test_one_changed_key_deep_in_a_table_is_seen(rules: Path) -> None:
    lines = [line.strip() for line in shown(opened('[indicators.a.b.criterion]\nnothing_below = "60%"\n')).splitlines()]

    b = lines.index("B  6 分  [a.b]")
    assert lines[b + 1 : b + 4] == [
        "出处：name parent.toml:14，weight parent.toml:15，measure parent.toml:16，",
        "target parent.toml:17，criterion.kind parent.toml:18，",
        "criterion.nothing_below child.toml:8",
    ]
    assert lines[lines.index("C  4 分  [a.c]") + 1] == "出处：parent.toml:19"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_about_places_is_wider_than_the_page(rules: Path, language: str) -> None:
    one = opened(
        "[indicators.a.b]\nweight = 6.5\n[indicators.a.c]\nweight = 3.5\n",
        "../../parent.toml",
        "一个名字相当长的地级市/名字也不短的县级市/2024.toml",
    )
    text = shown(one, language)

    assert max(columns(line) for line in text.splitlines() if ".toml:" in line) <= ROOM
    assert not [line for line in text.splitlines() if line.endswith(".toml:")]


def test_show_of_a_file_that_extends_nothing_says_nothing_of_places(rules: Path) -> None:
    assert not open_path("parent.toml").extends
    assert opened("").extends


# The commands


def printed(*arguments: str) -> str:
    """What a command prints that ends well, in the folder that is worked in."""
    ran = CliRunner().invoke(app, [*arguments, "--lang", "en"])
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_every_command_reads_a_file_that_extends_another(rules: Path) -> None:
    example = '[[examples]]\ntitle = "x"\nfacts = { late = 1, "a.b" = "80%" }\nscore = 9\n'
    opened("[indicators.a.b]\nweight = 5\n[indicators.a.c]\nweight = 5\n" + example, name="city/x.toml")
    Path("x.facts.toml").write_text('[inputs]\nlate = 2\n"a.b" = "80%"\n', encoding="utf-8")

    assert "child 2  full marks 10" in printed("show", "city/x.toml")
    assert "8.00" in printed("score", "city/x.toml", "x.facts.toml")
    assert '"a.b"' in printed("facts", "city/x.toml")
    printed("check", ".")
    printed("test", ".")


def test_a_score_by_an_inheriting_file_says_the_digest_of_the_whole(rules: Path) -> None:
    child = opened("").required()

    assert assess(child, Facts()).to_dict()["rulebook"] == {"id": "child", "version": "2", "digest": digest(child)}
