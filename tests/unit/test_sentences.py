"""The page of forty sentences is whole: both languages tell the same forty, and the language of rules is in them.

What its rules give is run with the pages of tests/spec.
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from attrs import frozen

from perfscore import check
from perfscore.criteria import kind_names
from perfscore.indicator import Aggregate

ROOT = Path(__file__).parents[2]
CHINESE = (ROOT / "docs/zh/from-sentence-to-rule.md").read_text(encoding="utf-8")
ENGLISH = (ROOT / "docs/from-sentence-to-rule.md").read_text(encoding="utf-8")
FORTY = [str(number) for number in range(1, 41)]
WORDS = (
    *("applies", "undefined", "missing", '"not-scored"', '"rescale"', '"peer-mean"', '"unscored"', "points = 2 }"),
    *("zero", "set_score", "cap_rating", "set_rating", "lower_rating", "cap", "multiply"),
    *("[parameters.", "extends", "once", "for_each", "[ratings]", "unit", "range", "rounding", "nothing_below"),
    *('inverse = "excess"', 'inverse = "ratio"', '"1pp"', "% * target", "credits", "trim", "days(", "months("),
    *('part_step = "ignored"', 'part_step = "proportional"', "at_most", "rank(", "peers.mean(", "peers.trimmed_mean("),
    *("peers.max(", 'points("', 'hit = "first"', "otherwise", "if violations.confirmed then 2"),
)


def hooks() -> ModuleType:
    """docs/hooks.py, which puts the rules into the English page."""
    spec = importlib.util.spec_from_file_location("docs_hooks", ROOT / "docs/hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@frozen
class File:
    src_uri: str


@frozen
class Page:
    file: File


@pytest.mark.parametrize("page", [CHINESE, ENGLISH])
def test_forty_sentences_stand_there_and_the_index_has_them_all(page: str) -> None:
    index = page.partition("\n### ")[0]

    assert re.findall(r"^### (\d+)\. ", page, re.M) == FORTY
    assert re.findall(r"\[(\d+)\]\(#\1-", index) == FORTY


def test_every_sentence_names_where_it_is_from() -> None:
    """By its number in the list of criteria that were collected, the same in both languages."""
    listed = {*hooks().field_ids(ROOT), *(one.id for one in hooks().field_criteria(ROOT))}
    quotes = [
        ["".join(re.findall(r"^> .*$", one, re.M)) for one in page.split("\n### ")[1:]] for page in (CHINESE, ENGLISH)
    ]
    in_chinese, in_english = (
        [set(map(int, re.findall(r"(?:第 |no\. )(\d+)", one))) for one in page] for page in quotes
    )
    [elsewhere] = re.findall(r"第 ([\d、]+) 条取自更大的一次收集", CHINESE)

    assert all(in_chinese)
    assert in_chinese == in_english
    assert set().union(*in_chinese) - listed == set(map(int, elsewhere.split("、")))


def test_the_english_page_has_every_rule_in_its_place() -> None:
    """As it is built, with the rules of the Chinese page and headings in English."""
    rules = hooks().sentence_rules(ROOT)
    page = Page(File("from-sentence-to-rule.md"))
    built = hooks().on_page_markdown(ENGLISH, page=page, config=None, files=None)
    headings = re.findall(r"\n\n(\| .*)\n\| [-:]", built)

    assert re.findall(r"^<!-- rule (\w+) -->$", ENGLISH, re.M) == list(rules)
    assert built.count("```toml") == CHINESE.partition("\n### ")[2].count("```toml")
    assert len(headings) == len(rules) + 1
    assert [one for one in headings if re.search("[\u4e00-\u9fff]", one)] == []


def test_all_rules_without_a_rulebook_of_their_own_go_into_one_file(tmp_path: Path) -> None:
    """Pasted one below the other, as the page says they can be: ids and names are told apart."""
    first = [re.search(r"^```toml\n(.*?)^```$", one, re.M | re.S) for one in CHINESE.split("\n### ")[1:]]
    pasted = "\n".join(one[1] for one in first if one and "[rulebook]" not in one[1])
    marks = sum(node["weight"] for node in tomllib.loads(pasted)["indicators"].values())
    file = tmp_path / "pasted.toml"
    file.write_text(
        f'format = 1\n[rulebook]\nid = "a"\ntitle = "a"\nversion = "1"\nfull_marks = {marks}\n{pasted}',
        encoding="utf-8",
    )

    assert pasted.count("\n[indicators.") > 30
    assert check(file) == []


def test_every_kind_every_aggregate_and_every_policy_is_shown() -> None:
    rules = "".join(re.findall(r"^```toml.*?^```$", CHINESE, re.M | re.S))
    wanted = {
        *(f'kind = "{one}"' for one in kind_names()),
        *(f'"{one}"' for one in get_args(Aggregate) if one != "sum"),
        *WORDS,
    }

    assert {one for one in wanted if one not in rules} == set()
