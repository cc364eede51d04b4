"""The law of fixes: what is mended is the file as it was, to the byte, and what could be scored is scored the same."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomli
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from perfscore import Rulebook, assess, dumps
from perfscore.analysis.checked import checked
from perfscore.analysis.fixing import mended
from perfscore.rulefile import Opened, open_path, open_text
from perfscore.testing import facts as facts_of
from perfscore.testing import rulebooks

COMMENTS = ["", "", " # 注：“引号” ＝ 全角", " # wieght = 10, Full_Marks", "\t# 😀 e\u0301"]


@st.composite
def commented(draw: Any) -> tuple[Rulebook, str]:
    """A rulebook and its file, with comments where they can stand, and the line endings of one system."""
    rulebook = draw(rulebooks(max_leaves=3))
    lines = strewn(dumps(rulebook).split("\n"), COMMENTS, draw(st.integers(0, len(COMMENTS) - 1)))
    return rulebook, draw(st.sampled_from(["\n", "\r\n"])).join(lines)


def strewn(lines: list[str], comments: list[str], first: int) -> list[str]:
    """The lines with comments in turn behind those that are whole."""
    turn = itertools.cycle(comments[first:] + comments[:first])
    return [line + next(turn) if is_whole(line) else line for line in lines]


def is_whole(line: str) -> bool:
    """Whether a line is a header, or a key with all of its value."""
    try:
        return bool(tomli.loads(line.removesuffix("\r")))
    except tomli.TOMLDecodeError:
        return False


def pairs(text: str) -> list[int]:
    """The lines that hold one key and all of its value."""
    lines = text.split("\n")
    return [at for at, line in enumerate(lines) if is_whole(line) and not line.startswith(("[", '"'))]


def equals(line: str) -> str:
    return line.replace("=", "＝", 1)


def colon(line: str) -> str:
    return line.replace(" = ", " : ", 1)


def twice(line: str) -> str:
    return f"{line}\n{line}"


def ignoring(line: str) -> str:
    body, ending = line.removesuffix("\r"), line[len(line.removesuffix("\r")) :]
    return f"{body} # perfscore: ignore PS101 没有这回事{ending}"


def ignoring_above(line: str) -> str:
    return f"# perfscore: ignore PS101 没有这回事{line[len(line.removesuffix(chr(13))) :]}\n{line}"


def in_capitals(line: str) -> str:
    key, equal, value = line.partition(" = ")
    return key.capitalize() + equal + value


def shouted(line: str) -> str:
    key, equal, value = line.partition(" = ")
    return key.upper().replace("_", "-") + equal + value


MISTAKES: list[Callable[[str], str]] = [equals, colon, twice, ignoring, ignoring_above]


def errors(opened: Opened) -> set[tuple[str, str]]:
    return {(one.code.number, one.message.en) for one in opened.diagnostics if one.severity == "error"}


@settings(max_examples=100)
@given(mistake=st.sampled_from(MISTAKES), data=st.data())
def test_a_mistake_that_can_be_read_in_one_way_is_undone_to_the_byte(mistake: Callable[[str], str], data: Any) -> None:
    rulebook, text = data.draw(commented())
    lines = text.split("\n")
    for at in data.draw(st.lists(st.sampled_from(pairs(text)), min_size=1, max_size=3, unique=True)):
        lines[at] = mistake(lines[at])
    done = mended(open_text("\n".join(lines)))

    assert done.text == text
    assert done.done
    assert done.opened.rulebook == rulebook


@settings(max_examples=100)
@given(mistake=st.sampled_from([in_capitals, shouted]), data=st.data())
def test_a_key_in_other_letters_is_undone_to_the_byte(mistake: Callable[[str], str], data: Any) -> None:
    """Keys that the language knows; a name that the author chose is nobody's to change."""
    _, text = data.draw(commented())
    known = ("name", "weight", "title", "label", "type", "full_marks", "version", "measure", "target", "clause")
    lines = text.split("\n")
    places = [at for at in pairs(text) if lines[at].partition(" = ")[0] in known]
    at = data.draw(st.sampled_from(places))
    lines[at] = mistake(lines[at])
    before = checked(open_text("\n".join(lines)))
    assume(any(one.code.number == "PS110" for one in before.diagnostics))  # not where any name may stand

    assert mended(before).text == text


@settings(max_examples=100)
@given(data=st.data())
def test_what_could_be_scored_is_scored_the_same_after_its_safe_fixes(data: Any) -> None:
    """A child that repeats lines of its parent, and ignores what is not there."""
    rulebook, text = data.draw(commented())
    header = 'format = 1\n[rulebook]\nid = "child"\ntitle = "c"\nversion = "1"\nextends = "parent.toml"\n'
    said_again = text.replace("\r\n", "\n").partition("\n[indicators")
    lines = (said_again[1] + said_again[2]).partition("\n[[")[0].split("\n")  # lists add to those of the parent
    more = ["", " # 同上级", " # perfscore: ignore PS101 没有"]
    repeated = header + "\n".join(strewn(lines, more, data.draw(st.integers(0, 2))))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "parent.toml").write_bytes(text.encode())
        (child := Path(folder, "child.toml")).write_bytes(repeated.encode())
        before = checked(open_path(child))
        assume(before.rulebook is not None)
        done = mended(before)
        child.write_bytes(done.text.encode())
        after = checked(open_path(child))
    facts = data.draw(facts_of(rulebook))

    assert after.rulebook is not None
    assert before.rulebook is not None
    assert assess(after.rulebook, facts).to_dict() == assess(before.rulebook, facts).to_dict()
    assert errors(after) <= errors(before)
    assert not any(one.fix is not None and one.fix.safe for one in after.diagnostics)
    assert done.text.count("# 同上级") == repeated.count("# 同上级")
    assert mended(after).text == done.text, "there is nothing left to do"
