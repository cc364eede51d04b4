"""What is read out of a clause, and what is left alone because it could mean something else."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfscore.rulefile.wording import direction, figures, said


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("每超1个百分点扣0.5分，扣完为止", [("deduct each", "0.5")]),
        ("每低１％扣０．５分", [("deduct each", "0.5")]),
        ("≤100% 得5；每高出1个百分点减0.5，减到0为止", [("better from", "1"), ("deduct each", "0.5"), ("points", "5")]),
        ("户次不足，每下降2%减0.5分，最多减10分", [("deduct at most", "10"), ("deduct each", "0.5")]),
        ("每减1名减0.1", [("deduct each", "0.1")]),
        ("每迟一天扣半分", [("deduct each", "1/2")]),
        ("每多一项加2分，最高加6分", [("credit at most", "6"), ("credit each", "2")]),
        ("达到95%得满分，满分10分", [("better from", "19/20"), ("full", "10")]),
        ("无年度计划目标减2；操作性差减1", [("deduct", "1"), ("deduct", "2")]),
        # 0 points is to lose all, however much that is; a measure word, a rate or a word after the number is no points
        ("无检查记录→0", []),
        ("每开工一个1分，最多10", []),
        ("从20分钟起计时", []),
        ("扣除5个项目后计算", []),
        ("减少5%以上", []),
        ("第一名得20，第二名得19", [("points", "19"), ("points", "20")]),
    ],
)
def test_figures_have_the_role_that_a_clause_gives_them(clause: str, expected: list[tuple[str, str]]) -> None:
    found = sorted((one.role, one.value) for one in said(clause))

    assert found == sorted((role, Fraction(value)) for role, value in expected)
    assert {value for _, value in found} - figures(clause) == set()


@pytest.mark.parametrize("clause", ["每超1个百分点扣0.5分，扣完为止", "满分：１０分", "每迟一天扣半分"])
def test_a_figure_knows_its_characters(clause: str) -> None:
    [one] = said(clause)

    assert clause[slice(*one.within)] in {"0.5", "１０", "半"}


@pytest.mark.parametrize(
    ("clause", "way"),
    [
        ("越高越好", "higher"),
        ("逆向指标", "lower"),
        ("每低于目标1个百分点扣1分", "higher"),
        ("每超过1天扣1分", "lower"),
        ("低于80%不得分", "higher"),
        ("不超过5%得满分", "lower"),
        ("每高、低10个百分点加、减1分", None),
        ("每低1个百分点扣1分，每超过1个百分点扣1分", None),
        ("每超过1个百分点加1分", None),
        ("制度健全、执行有效", None),
    ],
)
def test_a_clause_takes_a_direction_or_none(clause: str, way: str | None) -> None:
    found = direction(clause)

    assert (found[0] if found else None) == way
