"""What perfscore offers to those who write Python: rule files as tests, and the laws for kinds of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import perfscore

SRC = Path(perfscore.__file__).parents[1]
PLUGIN = ("-p", "perfscore.pytest_plugin")
RULES = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
[inputs.n]
label = "件数"
type = "count"
[indicators.a]
name = "甲"
weight = 10
measure = "n"
target = "≥ 10"
criterion = { kind = "threshold" }
[[examples]]
title = "刚好"
facts = { n = 10 }
points = { a = 10 }
"""
WRONG = '[[examples]]\ntitle = "差一件"\nfacts = { n = 9 }\npoints = { a = 10 }\n'


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of somebody else's, in which no plugin is loaded by itself and perfscore is the one that is tested."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(pytester.path), str(SRC)]))
    monkeypatch.delenv("CI", raising=False)
    (pytester.path / "rules").mkdir()
    return pytester


def put(project: pytest.Pytester, name: str, text: str) -> None:
    (project.path / "rules" / name).write_text(text, "utf-8")


def test_nobodys_files_are_collected_unasked(project: pytest.Pytester) -> None:
    put(project, "a.toml", RULES)

    assert project.runpytest(*PLUGIN).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_rule_files_are_collected_by_the_option_and_other_toml_is_left_alone(project: pytest.Pytester) -> None:
    put(project, "a.toml", RULES)
    put(project, "a.facts.toml", "[inputs]\nn = 1\n")
    (project.path / "pyproject.toml").write_text('[project]\nname = "x"\n', "utf-8")
    done = project.runpytest(*PLUGIN, "--perfscore", "--collect-only", "-q")

    assert [line for line in done.outlines if "::" in line] == ["rules/a.toml::check", "rules/a.toml::刚好"]


def test_rule_files_are_collected_by_the_setting(project: pytest.Pytester) -> None:
    put(project, "a.toml", RULES)
    put(project, "b.toml", RULES)
    project.makeini("[pytest]\nperfscore_rules = rules/a*.toml\n")

    project.runpytest(*PLUGIN).assert_outcomes(passed=2)


def test_an_example_that_fails_shows_its_place_and_its_explanation(project: pytest.Pytester) -> None:
    put(project, "a.toml", RULES + WRONG)
    done = project.runpytest(*PLUGIN, "--perfscore")

    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        [
            "*rules/a.toml:23:16: 错误[[]PS701[]] example-failed",
            "*甲：写的是 10，算出 0",
            "*−10.00 件数9，未达到目标 ≥ 10",
            "FAILED rules/a.toml::差一件*",
        ]
    )
    assert "Traceback" not in done.stdout.str()
    assert "pytest_plugin.py" not in done.stdout.str()


def test_a_file_with_errors_is_a_test_that_fails(project: pytest.Pytester) -> None:
    put(project, "a.toml", RULES.replace("weight = 10", "weigth = 10"))
    done = project.runpytest(*PLUGIN, "--perfscore")

    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*rules/a.toml:12:1: 错误*", "FAILED rules/a.toml::check*"])


def test_rows_of_the_table_beside_it_are_tests_too(project: pytest.Pytester) -> None:
    put(project, "a.toml", RULES)
    put(project, "a.examples.csv", "title,n,points.a\n一,10,10\n二,9,10\n三,x y,\n")
    done = project.runpytest(*PLUGIN, "--perfscore")

    done.assert_outcomes(passed=4, failed=2)
    done.stdout.fnmatch_lines(["*a.examples.csv:3:5: 错误[[]PS701[]]*", "*points.a 列：甲：写的是 10，算出 0"])


KINDS = '''\
"""{title} · {kind} — a toy.

In: points for each. Out: one loss.
"""

from attrs import frozen
from perfscore.criterion import Amount, Case, Criterion, Example, Loss, Points
from perfscore.formula.shapes import VALUE, ZERO, Choice, Comparison, Product, not_below_zero, number
from perfscore.words import Words

EXAMPLES = (
    Example(
        rule="""\\
[indicators.a]
name = "迟报"
weight = 5
measure = {{ type = "count" }}
criterion = {{ kind = "{kind}", each = 2 }}
""",
        cases=(Case("5", "a = 0"), Case("3", "a = 1", ("迟报1次，每次扣2分",)), Case("0", "a = 3", ("迟报3次，每次扣2分，扣完为止",))),
    ),
)
CALLS = []


@frozen
class {name}(Criterion):
    """Every unit of the value takes the same points."""

    each: Points

    def losses(self, place):
        count = not_below_zero(VALUE)
        each = self.each.asked("points")
        because = Words(zh="迟报{{count}}次，每次扣{{each}}分", en="{{count}} late, {{each}} points each")
        {losses}
'''
SOUND = 'return (Loss("late", Product((count, each)), because, (("count", count), ("each", each))),)'
BUGS = {
    "toy-mute": (
        SOUND.replace("because,", 'Words(zh=because.zh, en=""),'),
        "test_every_lost_point_is_named_and_explained",
    ),
    "toy-wrong": (SOUND.replace("(count, each)", "(count, each, number(2))"), "test_its_worked_examples_hold"),
    "toy-fickle": (
        "CALLS.append(1)\n        " + SOUND.replace("(count, each)", "(count, each, number(len(CALLS)))"),
        "test_the_same_rules_and_facts_give_the_same_bytes",
    ),
    "toy-idle": (
        SOUND.replace("Product((count, each))", 'Choice(Comparison(count, "<", ZERO), Product((count, each)), ZERO)'),
        "test_its_worked_examples_hold",
    ),
}


def install(project: pytest.Pytester, kinds: dict[str, str]) -> None:
    """Kinds of a package of their own, found by entry point as an installed one is."""
    package = project.path / "toys"
    package.mkdir()
    (package / "__init__.py").touch()
    entries = []
    for kind, losses in kinds.items():
        module = kind.replace("-", "_")
        name = "".join(part.title() for part in kind.split("-"))
        text = KINDS.format(title="玩具", kind=kind, name=name, losses=losses)
        (package / f"{module}.py").write_text(text, "utf-8")
        entries.append(f"{kind} = toys.{module}")
    info = project.path / "toys-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[perfscore.criteria]\n" + "\n".join(entries) + "\n")
    tests = [f'Test{kind.title().replace("-", "")} = laws_of_kind("{kind}", max_examples=25)' for kind in kinds]
    # what is found need not be made small here
    head = [
        "from hypothesis import Phase, settings",
        "from perfscore.testing import laws_of_kind",
        'settings.register_profile("quick", phases=[Phase.generate], derandomize=True)',
        'settings.load_profile("quick")',
    ]
    text = "\n".join([*head, *tests, ""])
    (project.path / "test_toys.py").write_text(text, "utf-8")


def test_the_laws_hold_for_a_sound_kind_of_another_package(project: pytest.Pytester) -> None:
    install(project, {"toy-sound": SOUND})

    project.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=10)


@pytest.mark.parametrize("kind", BUGS)
def test_the_laws_find_what_is_wrong_with_a_kind_of_another_package(kind: str, project: pytest.Pytester) -> None:
    losses, law = BUGS[kind]
    install(project, {kind: losses})
    done = project.runpytest_subprocess("-p", "no:cacheprovider", "-k", law)

    done.assert_outcomes(failed=1, deselected=9)
