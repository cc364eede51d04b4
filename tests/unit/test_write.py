"""A rulebook written is the rulebook read, and its digest is of what it says, not of how."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfscore import Rulebook, assess, check, dumps, load, loads, read_facts
from perfscore.analysis.checked import checked
from perfscore.criteria import examples_of, kind_named, kind_names
from perfscore.examples import rulebook_of
from perfscore.report.blank import blank_rules
from perfscore.rulefile import open_path
from perfscore.rulefile.digest import digest

ROOT = Path(__file__).parents[2]
RULES = sorted(one for one in (ROOT / "rules").rglob("*.toml") if not one.name.endswith(".facts.toml"))
EXAMPLES = [
    pytest.param(rulebook_of(example), id=f"{kind}-{number}")
    for kind in kind_names()
    for number, example in enumerate(examples_of(kind_named(kind)), start=1)
]
STARTERS = [pytest.param(loads(blank_rules("x", language)), id=f"starter-{language}") for language in ("zh", "en")]
SHIPPED = [pytest.param(load(one), id=one.parent.name) for one in RULES]

HEADER = 'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nfull_marks = 10\n'
LEAF = '[indicators.a]\nname = "A"\nweight = 10\n'


def test_there_are_rulebooks_to_write() -> None:
    assert len(RULES) == len(SHIPPED) == 3


@pytest.mark.parametrize("rulebook", SHIPPED + STARTERS + EXAMPLES)
def test_a_rulebook_survives_writing_and_reading(rulebook: Rulebook) -> None:
    again = loads(dumps(rulebook))

    assert again == rulebook
    assert hash(again) == hash(rulebook)
    assert dumps(again) == dumps(rulebook)
    assert digest(again) == digest(rulebook)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.name)
def test_a_rulebook_that_was_read_again_scores_the_same(path: Path) -> None:
    facts = read_facts(path.with_name(path.name.replace(".toml", ".facts.toml")))

    assert assess(loads(dumps(load(path))), facts).to_dict() == assess(load(path), facts).to_dict()


@pytest.mark.parametrize("rulebook", SHIPPED)
def test_what_is_complained_about_is_the_same_after_writing(rulebook: Rulebook) -> None:
    """What a comment takes back is complained about again: comments are not written."""
    [opened] = [checked(open_path(path)) for path in RULES if load(path) == rulebook]

    assert {(one.code.number, one.at) for one in check(rulebook)} == {
        (one.code.number, one.at) for one in (*opened.diagnostics, *(each.diagnostic for each in opened.ignored))
    }


WHOLE = """\
measure = { type = "percent", min = 0, max = "100%", bare = "ratio", unit = "%", from = "财政局", note = "x" }
target = "≥ 95% or value in (80%, 90%] and not (value < 1/3)"
target_text = '他说“好” "x" \\ {y}'
clause = "第一行\\n第二行"
note = "\u3000"
missing = "zero"
undefined = "not-scored"
criterion = { kind = "threshold", otherwise = "1/3" }
[inputs.名称]
label = "名称"
type = "choice"
choices = ["甲", "乙\\"丙"]
needed = false
[inputs.day]
label = "日"
type = "date"
[inputs.n]
label = "N"
type = "count"
above = 1
below = 1000
[measures.m]
formula = "if given(n) and day ≤ 2023-06-30 then min(n, 3) else round(max(n / 7, abs(-n)), 2)"
unit = "件"
[measures.k]
formula = "clamp(floor(m) + ceil(m), 0, 10) - -3 * (n - (n - 1)) / (n / (n / 2))"
[checks.c]
that = "名称 in ['甲'] or (k > 1 and m < 2 or n = 3) and not given(n)"
says = "x"
severity = "error"
[goals.g]
text = "g"
dimension = "quality"
measure = "m"
target = "[1, 2]"
owner = "甲"
indicators = ["a"]
[scope.s]
text = "s"
indicators = ["a"]
[ratings]
scale = [ { name = "优", from = 9.5 }, { name = "差", from = 0 } ]
[[examples]]
title = "x"
facts = { n = { value = 3, source = "甲", also = [ { value = 4 } ] }, day = 2023-01-01, a = "50%", 名称 = "甲" }
answers = { a = { process = "x" } }
state = { a = "scored" }
points = { a = 1.5 }
score = 1.5
rating = "差"
""".replace("名称 =", '"名称" =').replace("[inputs.名称]", '[inputs."名称"]')


def test_everything_a_rule_file_can_say_survives() -> None:
    rulebook = loads(HEADER + LEAF + WHOLE)

    assert loads(dumps(rulebook)) == rulebook


@pytest.mark.parametrize(
    "criterion",
    [
        'kind = "clauses", losses = [ { id = "a", when = "value in [\\"a\\", \'b\']", points = 1 } ]',
        'kind = "clauses", losses = [ { id = "a", when = "value = \'say \\"x\\"\'", points = 1 } ]',
        'kind = "clauses", losses = [ { id = "a", when = "value = “他说”", points = 1 } ]',
        'kind = "clauses", losses = [ { id = "a", points = "[0, 50%]" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "[1/3, 2/3]" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "1/3 * weight" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "33.3% * weight" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "100% / 3" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "if value = \'x\' then 1 else 2" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "(if value = \'x\' then 1 else 2) + 3" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "1 - (2 - (3 - 2.5))" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "8 / (4 / 2)" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "8 / 4 * 2" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "-(1 - 2)" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "2 * -(1 - 2)" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "0.000000000000000000000000000001" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "3分 + 2" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "(1 + 1)%" } ]',
        'kind = "clauses", losses = [ { id = "a", points = "(12 - 2)" } ]',  # without brackets it could be a range
    ],
)  # fmt: skip
def test_formulas_in_any_spelling_survive(criterion: str) -> None:
    from perfscore.rulefile import open_text

    opened = open_text(HEADER + LEAF + 'measure = { type = "text" }\ncriterion = { ' + criterion + " }\n")
    if opened.rulebook is None:  # a spelling that is refused need not survive, but it is refused politely
        assert all(one.code.number.startswith(("PS5", "PS3")) for one in opened.diagnostics)
        return
    assert loads(dumps(opened.rulebook)) == opened.rulebook


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "'",
        "\\",
        "a\nb",
        "\r\n",
        "\t",
        "\x1b[31m",
        "\u202e",
        "]]>",
        "'''",
        '"""',
        "",
        " ",
        "#",
        "= 1\n[x]",
        "😀",
        "\x7f",
        "a\r",
    ],
    ids=repr,
)
def test_any_text_survives_in_every_field(text: str) -> None:
    from attrs import evolve

    rulebook = loads(HEADER + LEAF + 'criterion = { kind = "judgement", consider = ["x"] }\nclause = "x"\nnote = "x"\n')
    leaf = evolve(rulebook.members[0], name=text or "x", clause=text, note=text, target_text=text)
    changed = evolve(rulebook, title=text, version=text, members=(leaf,))

    assert loads(dumps(changed)) == changed


# The digest

NANJING = ROOT / "rules" / "nanjing-legal-aid" / "2023.toml"
TEXT = NANJING.read_text(encoding="utf-8")
SAME = {
    "no comments": lambda text: re.sub(r"[ ]+# [^\"\n]*$", "", text, flags=re.MULTILINE),
    "comments": lambda text: text.replace("\n\n", "\n# 说明\n\n"),
    "blank lines": lambda text: re.sub(r"\n{2,}", "\n", text),
    "indented": lambda text: re.sub(r"^(?=\w)", "    ", text, flags=re.MULTILINE),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "mark": lambda text: "\ufeff" + text,
    "sign": lambda text: text.replace('"≥ 10000"', '">= 10000"').replace('"≥ 10"', '">=10"'),
    "decimals": lambda text: text.replace("weight      = 40", "weight      = 40.00").replace("full_marks = 100", "full_marks = 1e2"),
    "quotes": lambda text: text.replace('"reported"', "'reported'"),
    "defaults": lambda text: text.replace("weight      = 40", 'weight = 40\nmissing = "error"'),
    "keys": lambda text: text.replace('id         = "nanjing-legal-aid"\n', "").replace(
        'version    = "2023"\n', 'version    = "2023"\nid = "nanjing-legal-aid"\n'
    ),
    "order of inputs": lambda text: swapped(text, "[inputs.cases]", "[inputs.cases_per_10k]", "[inputs.population]"),
    "order of basis": lambda text: swapped(text, "[basis.legal-aid-law]", "[basis.jiangsu-legal-aid]", "[basis.nanjing-legal-aid]"),
    "order of goals": lambda text: swapped(text, "[goals.annual-volume]", "[goals.annual-rate]", "# ── 评价范围"),
}  # fmt: skip


def swapped(text: str, first: str, second: str, after: str) -> str:
    """The text with two neighbouring tables changed about."""
    a, b, c = text.index(f"\n{first}"), text.index(f"\n{second}"), text.index(f"\n{after}")
    assert a < b < c
    return text[:a] + text[b:c] + text[a:b] + text[c:]


@pytest.mark.parametrize("change", SAME)
def test_the_digest_does_not_see_how_a_file_is_written(change: str) -> None:
    text = SAME[change](TEXT)
    assert text != TEXT

    assert digest(loads(text)) == digest(load(NANJING))


OTHER = {
    "weight": [("weight    = 20", "weight    = 19"), ("weight      = 40", "weight      = 41")],
    "target": [('target      = "≥ 10"', 'target      = "> 10"')],
    "clause": [("机构健全、分工明确", "机构健全、分工很明确")],
    "name": [("组织构架", "组织架构")],
    "reasons": [('reasons    = "reported"', 'reasons    = "required"')],
    "rounding": [('reasons    = "reported"', 'reasons    = "reported"\nrounding = { places = 1 }')],
    "rating": [('"优", from = 90', '"优", from = 91')],
    "otherwise": [('{ kind = "threshold" }', '{ kind = "threshold", otherwise = 1 }')],
    "unit": [('unit  = "件/万人"', 'unit  = "件/10000人"')],
    "check": [("<= 0.05", "<= 0.06")],
}


@pytest.mark.parametrize("change", OTHER)
def test_the_digest_sees_what_a_file_says(change: str) -> None:
    text = TEXT
    for old, new in OTHER[change]:
        assert old in text
        text = text.replace(old, new)

    assert digest(loads(text)) != digest(load(NANJING))


def test_the_digest_sees_the_order_of_indicators() -> None:
    """The order of indicators is the order in which they are printed; it is part of what the file says."""
    two = HEADER + "".join(
        f'[indicators.{one}]\nname = "{one}"\nweight = 5\ncriterion = {{ kind = "judgement" }}\n' for one in "ab"
    )
    other = HEADER + "".join(
        f'[indicators.{one}]\nname = "{one}"\nweight = 5\ncriterion = {{ kind = "judgement" }}\n' for one in "ba"
    )

    assert loads(two) != loads(other)
    assert digest(loads(two)) != digest(loads(other))
