"""Pictures say the same as the figures, in shapes and in words, and are never drawn with boxes for characters."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

import perfscore
from perfscore.examples import run_examples
from perfscore.report.blocks import Picture
from perfscore.report.pictures import pictures
from perfscore.report.pictures.drawing import ticks
from perfscore.report.pictures.moves import MOST, adds_up, moves
from perfscore.report.pictures.points_tree import points_tree
from perfscore.report.pictures.raster import NoPictureError, png, system_folders
from perfscore.report.pictures.waterfall import waterfall
from perfscore.words import LANGUAGES, Language

ROOT = Path(__file__).parents[2]
TABLES = [
    *(ROOT / one for one in ("rules/nanjing-legal-aid/2023", "rules/tianchang-water/2022")),
    *(ROOT / "tests/golden" / one for one in ("everything", "demerit")),
]
FIELD = sorted((ROOT / "tests/field").glob("*.toml"))
SVG = "{http://www.w3.org/2000/svg}"


def assessed(path: Path) -> perfscore.Assessment:
    return perfscore.assess(perfscore.load(f"{path}.toml"), perfscore.read_facts(f"{path}.facts.toml"))


def many(count: int) -> perfscore.Assessment:
    """So many indicators of two points each, of which all but the first lost one or more hundredths."""
    leaf = '[indicators.a{n}]\nname = "第{n}项"\nweight = 2\ncriterion = {{ kind = "judgement" }}\n'
    head = 'format = 1\n[rulebook]\nid = "many"\ntitle = "很多"\nversion = "1"\nreasons = "reported"\n'
    rules = head + f"full_marks = {2 * count}\n" + "".join(leaf.format(n=n) for n in range(count))
    answers = {f"a{n}": perfscore.Answer(points=Decimal(2) - Decimal(n) / 100) for n in range(count)}
    return perfscore.assess(perfscore.loads(rules), perfscore.Facts(answers=answers))


def texts(picture: Picture) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name + path.name)
def test_a_picture_says_the_score_in_shapes_and_in_words(path: Path, language: Language) -> None:
    told = assessed(path)
    for one in pictures(told, language):
        assert f"{told.score:f}" in one.says
        assert f"{told.score:f}" in " ".join(texts(one))
        root = ElementTree.fromstring(one.svg)
        assert root.find(f"{SVG}title") is not None
        assert root.findtext(f"{SVG}desc") == one.says
        assert not list(root.iter(f"{SVG}script")) + list(root.iter(f"{SVG}image")) + list(root.iter(f"{SVG}style"))


@pytest.mark.parametrize("path", FIELD, ids=lambda path: path.stem)
def test_the_steps_lead_from_the_full_marks_to_the_score(path: Path) -> None:
    """Law 2 as it is drawn; and every picture can be drawn, whatever kinds and aggregates there are."""
    for ran in run_examples(perfscore.load(path)):
        steps = moves(ran.assessment, "zh")
        assert ran.assessment.score is None or adds_up(ran.assessment, steps)
        drawn = pictures(ran.assessment, "zh")
        assert drawn[-1] == points_tree(ran.assessment, "zh")
        for one in drawn:
            ElementTree.fromstring(one.svg)


def test_steps_that_do_not_lead_to_the_score_are_not_drawn() -> None:
    told = assessed(TABLES[0])
    steps = moves(told, "zh")

    assert adds_up(told, steps)
    assert not adds_up(told, steps[1:])


def test_where_nothing_was_lost_there_is_no_waterfall() -> None:
    told = assessed(TABLES[1])

    assert told.score == told.full_marks
    assert waterfall(told, "zh") is None
    assert len(pictures(told, "zh")) == 1


def test_where_there_is_no_score_only_the_tree_is_drawn() -> None:
    rulebook = perfscore.load(f"{TABLES[0]}.toml")
    told = perfscore.assess(rulebook, perfscore.Facts())

    assert told.score is None
    [tree] = pictures(told, "zh")
    assert "缺数据" in tree.says
    assert "合计 —/100" in tree.says


def test_a_step_that_moves_up_is_not_drawn_as_one_that_moves_down() -> None:
    picture = waterfall(assessed(TABLES[2]), "zh")
    assert picture is not None
    bars = [one.get("fill") for one in ElementTree.fromstring(picture.svg).findall(f"{SVG}rect")][3:]
    signs = [one[0] for one in texts(picture) if re.fullmatch(r"[+−]\d+\.\d\d", one)]

    assert bars[1:-1] == [{"−": "url(#waterfall-hatch)", "+": "#1c6b84"}[one] for one in signs]


def test_many_small_losses_are_one_step() -> None:
    told = many(40)
    steps = moves(told, "zh")

    assert len(steps) == MOST
    assert adds_up(told, steps)
    assert steps[0].points == Decimal("-0.39")
    assert steps[-1].name == "其余 28 项"
    assert all(abs(one.points) >= abs(other.points) for one, other in pairwise(steps[:-1]))


def test_in_a_large_tree_what_lost_nothing_shares_a_row() -> None:
    rules = many(60)
    answers = {id: perfscore.Answer(points=2 if n else 1) for n, id in enumerate(f"a{n}" for n in range(60))}
    told = perfscore.assess(rules.rulebook, perfscore.Facts(answers=answers))

    assert (
        points_tree(told, "zh").says
        == "各指标得分与失分：第0项 1.00/2；其余 59 项没有失分 118.00/118；合计 119.00/120。"
    )


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [
        ("0", "7", "0", "8"),
        ("95", "100", "95", "100"),
        ("0.2", "0.3", "0.2", "0.3"),
        ("-3", "4", "-4", "4"),
        ("5", "5", "5", "5.001"),
    ],
)
def test_an_axis_has_round_marks_around_what_it_shows(low: str, high: str, first: str, last: str) -> None:
    marks = ticks(Fraction(low), Fraction(high))

    assert (marks[0], marks[-1]) == (Fraction(first), Fraction(last))
    assert len({after - before for before, after in pairwise(marks)}) == 1


# PNG


@pytest.fixture
def latin(tmp_path: Path) -> Iterator[Path]:
    """A folder with one font, which has the letters a and b only."""
    builder = pytest.importorskip("fontTools.fontBuilder").FontBuilder(1000, isTTF=True)
    pen = pytest.importorskip("fontTools.pens.ttGlyphPen").TTGlyphPen(None)
    for move, at in ((pen.moveTo, (0, 0)), (pen.lineTo, (0, 700)), (pen.lineTo, (400, 700)), (pen.lineTo, (400, 0))):
        move(at)
    pen.closePath()
    glyph = pen.glyph()
    builder.setupGlyphOrder([".notdef", "a", "b"])
    builder.setupCharacterMap({97: "a", 98: "b"})
    builder.setupGlyf({".notdef": glyph, "a": glyph, "b": glyph})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "a", "b"), (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Two Letters", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    (tmp_path / "fonts").mkdir()
    builder.save(tmp_path / "fonts" / "two.ttf")
    return tmp_path / "fonts"


def svg(text: str) -> str:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 40" font-family="sans-serif"><title>题</title>'
    return f'{head}<text x="10" y="30" font-size="20">{text}</text></svg>'


def chinese() -> None:
    """Skip where no font has Chinese: Debian's fonts-noto-cjk is one that has."""
    try:
        png(svg("绩效"), width=100)
    except NoPictureError as error:
        pytest.skip(error.says.en)


def test_a_character_that_no_font_has_is_named_and_not_drawn(latin: Path) -> None:
    assert png(svg("ab"), width=100, folders=[latin]).startswith(b"\x89PNG")
    with pytest.raises(NoPictureError) as caught:
        png(svg("ab分"), width=100, folders=[latin])

    assert "“分”" in caught.value.says.zh
    assert "fonts-noto-cjk" in caught.value.says.zh
    assert "“a”" not in caught.value.says.en
    assert pickle.loads(pickle.dumps(caught.value)).says == caught.value.says


def test_where_there_is_no_font_at_all_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NoPictureError, match=r"and others, 9 in all.*apt install fonts-noto-cjk"):
        png(svg("一二三四五六七八九"), width=100, folders=[tmp_path])


def test_a_damaged_font_is_passed_over(latin: Path) -> None:
    (latin / "NotoSansCJK-Regular.ttc").write_bytes(b"ttcf not a font")
    (latin / "NotoSansSC.otf").write_bytes(b"")

    assert png(svg("ab"), width=100, folders=[latin]).startswith(b"\x89PNG")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(NoPictureError, match=re.escape("pip install 'perfscore[charts]'")):
        png(svg("ab"), width=100)


def test_chinese_is_drawn_with_a_font_that_has_it() -> None:
    chinese()
    drawn = {text: png(svg(text), width=200) for text in ("绩", "效", "龘", " ")}

    assert len(set(drawn.values())) == len(drawn)  # two boxes would be alike
    assert any(one.is_dir() for one in system_folders())


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name + path.name)
def test_every_picture_becomes_a_png_of_the_width_that_was_asked_for(path: Path) -> None:
    chinese()
    for one in pictures(assessed(path), "zh"):
        drawn = png(one.svg, width=900)
        assert int.from_bytes(drawn[16:20], "big") == 900
        assert drawn == png(one.svg, width=900)
