"""`perfscore lsp`, asked by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

pytest.importorskip("pygls", reason="editors need perfscore[lsp]")

from lsprotocol import types

from tests.unit.editor import SRC, Editor, editor, run

RULES = """\
format = 1
[rulebook]
id = "roads"
title = "道路养护😀考核"
version = "2024"
full_marks = 20

[basis.law]
title = "公路法"

[inputs.done]
label = "完成里程"
type = "number"
unit = "公里"
min = 0

[inputs."计划里程"]
label = "计划里程数"
type = "number"
unit = "公里"
above = 0

[inputs.region]
label = "地区"
type = "choice"
choices = ["东部", "西部"]

[measures.rate]
label = "完成率"
formula = "done / 计划里程"

[indicators.output]
name = "产出"
[indicators.output.length]
name = "里程"
weight = 12
measure = "rate"
target = "≥ 95%"
clause = "😀完成率达95%得满分"
basis = ["law"]
criterion = { kind = "threshold" }

[indicators.output.quality]
name = "质量"
weight = 8
clause = "专家评分"
criterion = { kind = "judgement" }

[goals.volume]
text = "完成养护里程"
dimension = "quantity"
measure = "done"
target = "≥ 100公里"
owner = "养护处"
indicators = ["output.length"]

[checks.region]
that = 'region = "东部" or done > 0'
says = "西部要有里程"

[ratings]
scale = [{ name = "优", from = 18 }, { name = "差", from = 0 }]

[[examples]]
title = "没有达标，质量扣分"
facts = { done = 94, "计划里程" = 100 }
answers = { "output.quality" = { points = 6 } }
points = { "output.length" = 0, "output.quality" = 6 }

[[examples]]
title = "达标"
facts = { done = 95, "计划里程" = 100 }
points = { "output.length" = 12 }
"""


HEAD = 'rulebook = { id = "😀", titel = "道路", title = "x", version = "1", full_marks = 20 }'


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(one.code) for one in found]


def test_a_sound_rule_file_has_no_complaint_and_a_mistake_is_told_while_it_is_typed(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("评分 表.toml", RULES)
            assert await one.diagnostics(uri) == []

            one.change(uri, RULES.replace('kind = "threshold"', 'kind = "treshold"'))
            [told] = await one.diagnostics(uri)
            assert told.code == "PS118"
            assert told.source == "perfscore"
            assert told.severity == types.DiagnosticSeverity.Error
            assert one.text_at(uri, told.range) == '"treshold"'
            assert "threshold" in told.message
            assert "建议：" in told.message

    run(work())


def test_columns_count_utf_16_code_units_behind_an_emoji_and_crlf(tmp_path: Path) -> None:
    text = f"format = 1\n{HEAD}\n{RULES[RULES.index('[basis') :]}".replace("\n", "\r\n")

    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", text)
            [told] = [each for each in await one.diagnostics(uri) if each.code == "PS110"]
            assert one.text_at(uri, told.range) == "titel"
            assert told.range.start == types.Position(1, 24)

    run(work())


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 26), ("utf-32", 23)])
def test_columns_count_what_was_agreed_on(encoding: str, column: int, tmp_path: Path) -> None:
    text = f"format = 1\n{HEAD}\n" + RULES[RULES.index("[basis") :]

    async def work() -> None:
        async with editor(tmp_path, encodings=[encoding]) as one:
            assert one.capabilities is not None
            assert one.capabilities.position_encoding == encoding
            uri = one.open("roads.toml", text)
            [told] = [each for each in await one.diagnostics(uri) if each.code == "PS110"]
            assert told.range.start == types.Position(1, column)

    run(work())


def test_a_text_that_is_no_toml_keeps_what_was_told_of_the_rest(tmp_path: Path) -> None:
    wrong = RULES.replace('dimension = "quantity"', 'dimension = "quantitty"')

    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", wrong)
            assert codes(await one.diagnostics(uri)) == ["PS113"]

            one.change(uri, wrong.replace('target = "≥ 95%"', 'target = "≥ 9'))
            told = codes(await one.diagnostics(uri))
            assert "PS113" in told
            assert len(told) == 2  # and the line that is being typed; nothing follows from what it does not say yet

    run(work())


def test_a_file_that_is_opened_broken_tells_what_its_lines_say_of_themselves(tmp_path: Path) -> None:
    broken = RULES.replace('dimension = "quantity"', 'dimension = "quantitty"').replace("weight = 12", "weight = ")

    async def work() -> None:
        async with editor(tmp_path) as one:
            told = codes(await one.diagnostics(one.open("roads.toml", broken)))
            assert "PS113" in told
            assert len(told) == 2  # the weights do not add up without that line, and nobody says so

    run(work())


def test_many_quick_changes_are_answered_for_the_last(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", RULES)
            await one.diagnostics(uri)
            for end in range(len(RULES) - 60, len(RULES)):
                one.change(uri, RULES[:end])
            one.change(uri, RULES.replace("weight = 8", "weight = 9"))
            told = await one.diagnostics(uri)
            assert told
            assert len(one.told[uri]) < 20  # 61 changes, and few answers

    run(work())


OTHERS = {
    "pyproject.toml": '[project]\nname = "x"\nversion = "1"\n',
    "Cargo.toml": '[package]\nname = "x"\n[indicators]\nx = 1\n',
    "empty.toml": "",
    "broken.toml": "[project\nx =",
}


def test_other_toml_is_left_alone(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            for name, text in OTHERS.items():
                uri = one.open(name, text)
                assert await one.diagnostics(uri) == []
                if text:
                    assert await one.hover(uri, text[:3] + "|" + text[3:6]) == ""
                    assert await one.completion(uri, text[:3] + "|" + text[3:6]) == {}

    run(work())


CHILD = """\
format = 1
[rulebook]
id = "child"
title = "子"
version = "1"
extends = "base.toml"
[indicators.output.length]
clause = "完成率达95%得满分，否则不得分"
"""


def test_a_parent_that_is_edited_and_not_saved_is_read_by_the_files_that_extend_it(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(RULES, encoding="utf-8")

    async def work() -> None:
        async with editor(tmp_path) as one:
            child = one.open("child.toml", CHILD)
            assert await one.diagnostics(child) == []
            base = one.open("base.toml", RULES)
            one.change(base, RULES.replace('kind = "judgement"', 'kind = "judgment"'))
            told = await one.until(child, lambda each: bool(each.diagnostics))
            [each] = told.diagnostics
            assert each.code == "PS118"
            assert one.text_at(child, each.range) == '"base.toml"'
            assert each.related_information is not None
            assert each.related_information[0].location.uri == base
            assert one.text_at(base, each.related_information[0].location.range) == '"judgment"'

            before = len(one.told[child])
            one.change(base, RULES)
            await one.until(child, lambda each: not each.diagnostics and len(one.told[child]) > before)

    run(work())


def test_a_parent_that_changes_outside_the_editor_is_read_by_the_files_that_extend_it(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(RULES, encoding="utf-8")

    async def work() -> None:
        async with editor(tmp_path) as one:
            child = one.open("child.toml", CHILD)
            assert await one.diagnostics(child) == []
            await one.write("base.toml", RULES.replace('kind = "judgement"', 'kind = "judgment"'))
            told = await one.until(child, lambda each: bool(each.diagnostics))
            assert [each.code for each in told.diagnostics] == ["PS118"]
            assert one.watched == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]

            before = len(one.told[child])
            await one.write("base.toml", RULES)
            await one.until(child, lambda each: not each.diagnostics and len(one.told[child]) > before)

    run(work())


def test_hovering_explains(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", RULES + "# perfscore: ignore PS110 试用\n")
            assert "达标得分" in await one.hover(uri, 'kind = "thr|eshold"')
            rate = await one.hover(uri, 'measure = "ra|te"')
            assert "完成率" in rate
            assert "`rate = done / 计划里程`" in rate
            planned = await one.hover(uri, 'formula = "done / 计划|里程"')
            assert "计划里程数" in planned
            assert "单位：公里" in planned
            assert "> 0" in planned
            assert "第 17 行" in planned
            weight = await one.hover(uri, "we|ight = 12")
            assert "值 12 分" in weight
            assert "占总分的 60%" in weight
            assert "占“产出”的 60%" in weight
            clause = await one.hover(uri, 'clause = "😀完|成率')
            assert "按规则文件这样计算" in clause
            assert "扣分" in clause
            assert "PS110" in await one.hover(uri, "ignore PS|110")
            assert "里程" in await one.hover(uri, 'indicators = ["output.len|gth"]')
            assert "公路法" in await one.hover(uri, 'basis = ["la|w"]')
            full = await one.hover(uri, "full_ma|rks = 20")
            assert "一级指标分值之和" in full
            assert "必写" in full
            assert "完成里程" in await one.hover(uri, "facts = { do|ne = 95")

    run(work())


def test_an_english_rulebook_is_explained_in_english(tmp_path: Path) -> None:
    text = RULES.replace('version = "2024"', 'version = "2024"\nlanguage = "en"')

    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", text)
            assert "60% of the whole" in await one.hover(uri, "we|ight = 12")
            one.change(uri, text.replace("[goals.volume]", "[goal.volume]"))
            [told] = [each for each in await one.diagnostics(uri) if each.code == "PS110"]
            assert "hint: did you mean goals?" in told.message

    run(work())


TYPED = (
    ('criterion = { kind = "thr|" }', ["threshold", "judgement"], ["done"]),
    ('criterion = { kind = "threshold", | }', ["otherwise"], ["kind", "bands"]),
    ('measure = "ra|"', ["rate", "done", "计划里程", "abs"], ["law"]),
    ('measure = "|', ["rate", "done"], []),
    ('missing = "|"', ["error", "zero", "not-applicable"], ["rate"]),
    ("missing = |", ["zero"], []),
    ('basis = ["|"]', ["law"], ["rate"]),
    ('aggregate = "|"', ["min", "pool"], []),
    ("|", ["weight", "clause", "aggregate", "rounding"], ["name", "inputs"]),
    ("wei|", ["weight"], []),
    ('criterion = { kind = "bands", bands = [ { | } ] }', ["in", "when", "points"], ["bands"]),
    ('criterion = { kind = "lookup", by = ["region"], rows = [ { when = ["|"] } ] }', ["东部", "西部"], ["done"]),
    ('applies = "region = \\"|\\""', ["东部", "西部"], []),
    ('applies = "points(\\"out|\\") > 3"', ["output.length"], []),
    ('measure = "计|"', ["计划里程"], []),
)


def test_completion_knows_what_fits_where_the_file_is_broken(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", RULES)
            for typed, wanted, unwanted in TYPED:
                new = '[indicators.output.new]\nname = "新"\n' + typed.replace("|", "") + "\n\n"
                one.change(uri, RULES.replace("[goals.volume]", new + "[goals.volume]"))
                found = await one.completion(uri, 'name = "新"\n' + typed)
                assert set(wanted) <= set(found), typed
                assert not set(unwanted) & set(found), typed

    run(work())


def test_completion_elsewhere_in_the_file(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            text = RULES.replace('points = { "output.length" = 12 }', 'points = {  }\nstate = { "output.length" = "" }')
            uri = one.open("roads.toml", text)
            assert {"output", "output.length", "output.quality"} == set(await one.completion(uri, "points = { | }"))
            assert "not-applicable" in await one.completion(uri, 'state = { "output.length" = "|" }')
            assert set(await one.completion(uri, 'indicators = ["|output.length"]')) >= {"output.quality"}
            assert "defaults" in await one.completion(uri, "full_marks = 20\n|")
            typed = await one.completion(uri, 'type = "|choice"')
            assert {"count", "percent", "yes-no"} <= set(typed)
            edit = typed["percent"].text_edit
            assert isinstance(edit, types.TextEdit)
            assert one.text_at(uri, edit.range) == "choice"
            one.change(uri, text + "\n[")
            assert "adjustments" in await one.completion(uri, ' = "" }\n\n[|')
            one.change(uri, text + "\n[indicators.output.]")
            assert set(await one.completion(uri, "[indicators.output.|]")) == {"length", "quality"}
            one.change(uri, text.replace('id = "roads"', 'id = "roads"\nextends = ""'))
            (tmp_path / "parent.toml").write_text(RULES, encoding="utf-8")
            assert "parent.toml" in await one.completion(uri, 'extends = "|"')

    run(work())


def test_definition_goes_to_the_table_also_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(RULES, encoding="utf-8")

    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("base.toml", RULES)
            child_text = CHILD + dedent(
                """
                [[examples]]
                title = "t"
                facts = { done = 1, "计划里程" = 100 }
                points = { "output.quality" = 3, "output.length" = 0 }
                [checks.c]
                that = "points(\\"output.length\\") >= 0 and 计划里程 > 0"
                says = "x"
                """
            )
            child = one.open("child.toml", child_text)

            async def goes(where: str, marked: str) -> tuple[str, str]:
                found = await one.definition(where, marked)
                assert found is not None, marked
                return found.uri, one.texts[found.uri].split("\n")[found.range.start.line]

            assert await goes(uri, 'measure = "ra|te"') == (uri, "[measures.rate]")
            assert await goes(uri, 'formula = "done / 计划|里程"') == (uri, '[inputs."计划里程"]')
            assert await goes(uri, 'indicators = ["output.len|gth"]') == (uri, "[indicators.output.length]")
            assert await goes(uri, 'basis = ["l|aw"]') == (uri, "[basis.law]")
            assert await goes(child, 'extends = "ba|se.toml"') == (uri, "format = 1")
            assert await goes(child, 'points = { "output.qu|ality"') == (uri, "[indicators.output.quality]")
            assert await goes(child, "and 计划|里程 > 0") == (uri, '[inputs."计划里程"]')
            assert await goes(child, 'points(\\"output.len|gth\\")') == (child, "[indicators.output.length]")
            assert await one.definition(child, "full|" if "full" in child_text else 'title = "|子"') is None

    run(work())


def test_the_tree_of_indicators_with_weights_and_folding(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", RULES)
            document = types.TextDocumentIdentifier(uri)
            tree = await one.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
            assert tree
            [output] = [each for each in tree if each.name == "产出"]
            assert isinstance(output, types.DocumentSymbol)
            assert output.detail == "20 分"
            assert [(each.name, each.detail) for each in output.children or []] == [("里程", "12 分"), ("质量", "8 分")]
            folds = await one.client.text_document_folding_range_async(types.FoldingRangeParams(document))
            assert folds
            lines = RULES.split("\n")
            assert [lines[each.end_line] for each in folds if lines[each.start_line] == "[basis.law]"] == [
                'title = "公路法"'
            ]

    run(work())


QUESTION = '''
from perfscore.diagnostic import Code, Diagnostic, Edit, Fix
from perfscore.words import Words

PLANTED = Code("PS999", "planted", Words.same("planted"))

def ask(rulebook, values):
    """A question that offers to write the title anew."""
    at = ("rulebook", "title")
    edits = (Edit(at, '"新😀名"'),)
    yield Diagnostic(PLANTED, at, Words.same("x"), severity="note", fix=Fix(Words(zh="改名", en="rename"), edits, safe=True))
'''
PLANTED_SERVER = """
import sys
import perfscore.analysis.questions as questions
questions.__path__.append(sys.argv[1])
from perfscore.lsp.server import serve
raise SystemExit(serve("zh"))
"""


def test_a_fix_is_offered_as_an_edit(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "planted_for_the_editor.py").write_text(QUESTION, encoding="utf-8")

    async def work() -> None:
        async with editor(tmp_path, "-c", PLANTED_SERVER, str(tmp_path / "questions")) as one:
            uri = one.open("roads.toml", RULES)
            [told] = [each for each in await one.diagnostics(uri) if each.code == "PS999"]
            assert told.severity == types.DiagnosticSeverity.Information
            context = types.CodeActionContext(diagnostics=[told])
            document = types.TextDocumentIdentifier(uri)
            asked = types.CodeActionParams(document, told.range, context)
            found = await one.client.text_document_code_action_async(asked)
            assert found is not None
            [action] = found
            assert isinstance(action, types.CodeAction)
            assert (action.title, action.is_preferred, list(action.diagnostics or [])) == ("改名", True, [told])
            assert action.edit is not None
            assert action.edit.changes is not None
            [edit] = action.edit.changes[uri]
            assert isinstance(edit, types.TextEdit)
            assert (one.text_at(uri, edit.range), edit.new_text) == ('"道路养护😀考核"', '"新😀名"')
            elsewhere = types.Range(types.Position(0, 0), types.Position(0, 1))
            asked = types.CodeActionParams(document, elsewhere, context)
            assert not await one.client.text_document_code_action_async(asked)

    run(work())


def test_a_facts_file_is_held_against_the_rule_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "roads.toml").write_text(RULES, encoding="utf-8")
    facts = '[subject]\nname = "甲"\n[inputs]\ndone = 95\n"计划里程" = "≥95"\ndonne = 3\n'

    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.facts.toml", facts)
            told = await one.diagnostics(uri)
            assert {one.text_at(uri, each.range) for each in told} == {'"≥95"', "donne"}
            other = one.open("jia.facts.toml", facts)  # the only rule file beside it
            assert codes(await one.diagnostics(other)) == codes(told)
            one.change(uri, '[subject]\nname = "甲"\n')  # nothing given yet, and nothing wrong
            assert await one.diagnostics(uri) == []

    run(work())


def test_a_facts_file_alone_is_only_read(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            assert await one.diagnostics(one.open("a.facts.toml", "[inputs]\nx = 1\n")) == []
            assert codes(await one.diagnostics(one.open("b.facts.toml", "[imputs]\nx = 1\n"))) == ["PS110"]

    run(work())


def test_closing_a_file_takes_its_complaints_back(tmp_path: Path) -> None:
    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", RULES.replace("weight = 8", "weight = 9"))
            assert await one.diagnostics(uri)
            document = types.TextDocumentIdentifier(uri)
            one.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
            assert not (await one.until(uri, lambda each: each.version is None)).diagnostics

    run(work())


def test_an_editor_that_leaves_without_a_good_bye_gets_exit_code_1(tmp_path: Path) -> None:
    async def work() -> None:
        one = Editor(tmp_path)
        await one.start()
        one.client.exit(None)
        assert await one.end() == (1, "")

    run(work())


def test_without_pygls_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('no pygls', name='pygls')\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{SRC}", "LC_ALL": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "perfscore", "lsp"], env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "pip install 'perfscore[lsp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_any_text_cut_anywhere_is_answered(tmp_path: Path) -> None:
    """Hover, completion and definition at the end of a text that stops in the middle of anything."""

    async def work() -> None:
        async with editor(tmp_path) as one:
            uri = one.open("roads.toml", RULES)
            document = types.TextDocumentIdentifier(uri)
            for end in range(60, len(RULES), 61):
                text = RULES[:end]
                one.change(uri, text)
                line = text.count("\n")
                place = types.Position(line, len(text[text.rfind("\n") + 1 :].encode("utf-16-le")) // 2)
                asked = [
                    one.client.text_document_hover_async(types.HoverParams(document, place)),
                    one.client.text_document_completion_async(types.CompletionParams(document, place)),
                    one.client.text_document_definition_async(types.DefinitionParams(document, place)),
                    one.client.text_document_document_symbol_async(types.DocumentSymbolParams(document)),
                ]
                await asyncio.gather(*asked)

    run(work())
