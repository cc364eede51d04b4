"""What others import: documented, typed, frozen, and light."""

from __future__ import annotations

import inspect
import os
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

import perfscore
from perfscore import Answer, Branch, Facts, Indicator, Rulebook, Words, assess, check, dumps, loads
from perfscore.criteria import kind_named
from perfscore.formula.syntax import parse, parse_condition
from perfscore.formula.vocabulary import Domain
from perfscore.indicator import Input

PUBLIC = [name for name in perfscore.__all__ if not name.startswith("__")]
HEAVY = (
    "tomli",
    "lark",
    "typer",
    "click",
    "rich",
    "jinja2",
    "numpy",
    "cattrs",
    "tomli_w",
    "pandas",
    "pyarrow",
    "hypothesis",
    "pytest",
)


def in_a_process(script: str) -> str:
    """What a script prints in a process of its own that sees the same perfscore."""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


# Names


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_a_docstring(name: str) -> None:
    own = getattr(perfscore, name).__doc__

    assert own
    assert own.strip()[0].isupper() or not own.strip()[0].isascii()
    assert "This function" not in own


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_method_or_property_has_a_docstring(name: str) -> None:
    public = getattr(perfscore, name)
    if not inspect.isclass(public):
        return
    for member, inner in vars(public).items():
        if member.startswith("_") or not (inspect.isfunction(inner) or isinstance(inner, property | classmethod)):
            continue
        target = inner.fget if isinstance(inner, property) else getattr(inner, "__func__", inner)
        assert target.__doc__, f"{name}.{member}"


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_function_is_fully_typed(name: str) -> None:
    public = getattr(perfscore, name)
    if inspect.isfunction(public):
        signature = inspect.signature(public)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


def test_the_names_of_the_design_are_all_there() -> None:
    promised = {
        "load", "loads", "check", "read_facts", "assess", "render", "dumps", "Facts", "Rulebook", "Branch", "Indicator",
        "Criterion", "Assessment", "IndicatorResult", "Deduction", "Credit", "Adjustment", "Finding", "Diagnostic",
    }  # fmt: skip

    assert promised <= set(perfscore.__all__)
    assert sorted(perfscore.__all__, key=str.lower) == sorted(set(perfscore.__all__), key=str.lower)
    assert set(perfscore.__all__) <= set(dir(perfscore))


def test_a_name_that_there_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        _ = perfscore.asess


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(perfscore.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize("name", [name for name in PUBLIC if attrs.has(getattr(perfscore, name))])
def test_a_public_class_is_frozen(name: str) -> None:
    public = getattr(perfscore, name)

    assert public.__setattr__ is not object.__setattr__
    assert public.__hash__ is not None


# Weight


def test_importing_perfscore_imports_nothing_heavy() -> None:
    told = in_a_process(f"import sys, perfscore; print([one for one in {HEAVY!r} if one in sys.modules])")

    assert told.strip() == "[]"


BUILT = """\
import sys
from perfscore import Answer, Facts, Indicator, Rulebook, assess
from perfscore.criteria import kind_named
leaf = Indicator("a", "A", 10, kind_named("judgement")())
rulebook = Rulebook("r", "R", "1", (leaf,), 10)
result = assess(rulebook, Facts(answers={"a": Answer(points=9, because="x")}))
assert str(result.score) == "9.00", result.score
assert result.deductions[0].because.en
assert result.to_dict()["score"] == "9.00"
"""


def test_scoring_a_rulebook_built_in_python_imports_no_extra_and_no_parser() -> None:
    """No file is read, so nothing that reads files, prints pages or parses formulas is needed."""
    told = in_a_process(f"{BUILT}\nprint([one for one in {HEAVY!r} if one in sys.modules and one != 'tomli'])")

    assert told.strip() == "[]"


def test_scoring_a_file_imports_no_extra() -> None:
    rules = Path(__file__).parents[2] / "rules" / "nanjing-legal-aid" / "2023.toml"
    extras = (
        "numpy",
        "pyarrow",
        "pandas",
        "pyspark",
        "docx",
        "xlsxwriter",
        "pygls",
        "hypothesis",
        "pytest",
        "tomlkit",
        "mkdocs",
    )
    script = f"""\
import sys, perfscore
rules = {str(rules)!r}
result = perfscore.assess(perfscore.load(rules), perfscore.read_facts(rules.replace(".toml", ".facts.toml")))
for form in ("text", "markdown", "json"): perfscore.render(result, form)
perfscore.loads(perfscore.dumps(result.rulebook))
print([one for one in {extras!r} if one in sys.modules])
"""

    assert in_a_process(script).strip() == "[]"


# A rulebook built in Python


def built() -> Rulebook:
    rate = Indicator(
        "output.rate",
        "执行率",
        Decimal("6.5"),
        kind_named("proportional")(),
        measure=Input("output.rate", "执行率", "percent"),
        target=parse_condition("≥ 80%").formula,
    )
    ratio = Indicator(
        "output.ratio",
        "占比",
        Fraction(7, 2),
        kind_named("threshold")(),
        measure=parse("part / whole").formula,
        target=parse_condition("≥ 1/3").formula,
    )
    branch = Branch("output", "产出", (rate, ratio))
    inputs = (
        Input("part", "部分", "number"),
        Input("whole", "总数", "number", domain=Domain(Fraction(0), low_closed=False)),
    )
    return Rulebook("built", "Built", "1", (branch,), 10, inputs=inputs)


def test_a_rulebook_built_in_python_scores_and_survives_writing() -> None:
    rulebook = built()
    result = assess(rulebook, Facts(inputs={"output.rate": "40%", "part": 1, "whole": 3}))

    assert (result.score, result["output.rate"].points) == (Decimal("6.75"), Decimal("3.25"))
    assert result["output"].weight == 10
    assert loads(dumps(rulebook)) == rulebook
    assert check(rulebook) == []
    assert pickle.loads(pickle.dumps(rulebook)) == rulebook


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (
            lambda leaf: Rulebook("r", "R", "1", (leaf,), 11),
            ValueError,
            "full_marks is 11, but the weights add up to 10",
        ),
        (lambda leaf: Rulebook("r", "R", "1", (leaf, leaf), 20), ValueError, "two nodes have the id 'a'"),
        (lambda leaf: Rulebook("r", "R", "1", (leaf,), 10.0), TypeError, "Decimal('10.0')"),
        (lambda leaf: Indicator("a", "A", 0.1, leaf.criterion), TypeError, "Decimal('0.1')"),
        (lambda leaf: Indicator("a", "A", "10", leaf.criterion), TypeError, "not an exact number"),
        (lambda leaf: Indicator("a", "A", True, leaf.criterion), TypeError, "not an exact number"),
    ],
)
def test_a_rulebook_that_cannot_be_is_refused_at_once(make, error: type[Exception], words: str) -> None:
    leaf = Indicator("a", "A", 10, kind_named("judgement")())
    with pytest.raises(error) as raised:
        make(leaf)
    assert words in str(raised.value)


def test_check_of_a_rulebook_built_in_python_tells_what_is_wrong_with_it() -> None:
    """Its key paths are those of the file that `dumps` would write."""
    leaf = Indicator("a", "A", 10, kind_named("threshold")(), basis=("law",))
    told = {(one.code.number, one.at) for one in check(Rulebook("r", "R", "1", (leaf,), 10))}

    assert told == {("PS301", ("indicators", "a", "criterion", "kind")), ("PS209", ("indicators", "a", "basis", 0))}


def test_render_names_its_formats_and_languages() -> None:
    result = assess(built(), Facts())
    for arguments in (("pptx",), ("text", "fr")):
        with pytest.raises(ValueError, match="there are"):
            perfscore.render(result, arguments[0], language=arguments[1] if len(arguments) > 1 else None)


def test_paths_of_any_kind_are_opened(tmp_path: Path) -> None:
    (file := tmp_path / "规则.toml").write_text(dumps(built()), encoding="utf-8")

    assert perfscore.load(file) == perfscore.load(str(file)) == built()
    with pytest.raises(FileNotFoundError):
        perfscore.load(tmp_path / "none.toml")
    with pytest.raises(FileNotFoundError):
        perfscore.read_facts(tmp_path / "none.toml")
    with pytest.raises(FileNotFoundError):
        perfscore.check(tmp_path / "none.toml")


def test_facts_are_handed_over_in_plain_python() -> None:
    facts = Facts(
        inputs={"output.rate": "80%", "part": Fraction(1, 3), "whole": Decimal(1)},
        answers={"x": Answer(points=1)},
        subject={"name": "甲", "period": "2023"},
    )

    assert assess(built(), facts)["output.ratio"].points == Decimal("3.50")
    assert Words(zh="a", en="b") == Words("a", "b")
