"""What an editor offers by the schema: asked of tombi's language server over stdio, as an editor asks."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_schema import TOMBI, beside_the_schema, needs_tombi

pytestmark = needs_tombi
HEAD = """\
format = 1
[rulebook]
id = "a"
title = "a"
version = "1"
full_marks = 10
"""


class Editor:
    """A client of one document; `|` in a text is the cursor."""

    def __init__(self, folder: Path) -> None:
        assert TOMBI is not None
        self.folder = folder
        self.number = 0
        self.server = subprocess.Popen(
            [TOMBI, "lsp", "--offline"],
            cwd=folder,
            env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        root = {"uri": folder.as_uri(), "name": "rules"}
        self.ask(
            "initialize", {"processId": None, "capabilities": {}, "rootUri": root["uri"], "workspaceFolders": [root]}
        )
        self.say({"method": "initialized", "params": {}})

    def say(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.server.stdin is not None
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.server.stdin.flush()

    def heard(self) -> Iterator[dict[str, Any]]:
        out = self.server.stdout
        assert out is not None
        while line := out.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
                while out.readline().strip():
                    pass
                yield json.loads(out.read(length))

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self.number += 1
        self.say({"id": self.number, "method": method, "params": params})
        for message in self.heard():
            if message.get("id") == self.number and "method" not in message:
                return message.get("result")
            if "id" in message and "method" in message:
                self.say({"id": message["id"], "result": None})
        raise AssertionError("the server left")

    def at(self, method: str, text: str) -> Any:
        """The answer for the cursor in a text, once the server has said what is wrong with it."""
        before, after = text.split("|")
        [file] = beside_the_schema(self.folder, [before + after])
        uri, whole = file.as_uri(), file.read_text("utf-8")
        self.say(
            {
                "method": "textDocument/didOpen",
                "params": {"textDocument": {"uri": uri, "languageId": "toml", "version": 1, "text": whole}},
            }
        )
        self.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        place = {"line": before.count("\n") + 1, "character": len(before.rpartition("\n")[2])}
        answer = self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": place})
        self.say({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})
        return answer

    def offered(self, text: str) -> set[str]:
        """What can be written at the cursor."""
        answer = self.at("completion", text) or []
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"].strip('"') for item in items} - {"$key"}

    def told(self, text: str) -> str:
        """What is shown of the key at the cursor."""
        return str(self.at("hover", text)["contents"]["value"])


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    made = Editor(tmp_path)
    yield made
    made.server.kill()
    made.server.communicate()


def test_an_editor_offers_the_tables_and_their_keys(editor: Editor) -> None:
    assert {"inputs", "indicators", "ratings", "checks"} <= editor.offered(f"{HEAD}[|")


def test_an_editor_offers_the_kinds_and_then_the_keys_of_the_kind(editor: Editor) -> None:
    leaf = f'{HEAD}[indicators.a]\nname = "x"\n'

    assert {"weight", "measure", "criterion"} <= editor.offered(f"{leaf}|\n")
    assert {"threshold", "per-occurrence", "stepped"} <= editor.offered(f"{leaf}criterion = {{ kind = | }}\n")
    assert editor.offered(f'{leaf}criterion = {{ kind = "bands", | }}\n') == {"bands", "otherwise", "hit"}


def test_an_editor_offers_the_words_that_can_be_chosen(editor: Editor) -> None:
    assert editor.offered(f'{HEAD}[inputs.a]\nlabel = "x"\ntype = |\n') >= {"count", "percent", "yes-no", "table"}


def test_an_editor_shows_what_a_key_is_for(editor: Editor) -> None:
    assert "评分标准的原文" in editor.told(f'{HEAD}[indicators.a]\nname = "x"\ncl|ause = "y"\n')
    shown = editor.told(f'{HEAD}[indicators.a]\nname = "x"\ncriterion = {{ kind = "bands", other|wise = 0 }}\n')
    assert "points where no band applies" in shown
