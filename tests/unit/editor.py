"""An editor for the tests: pygls' own client, and a server that was started as editors start it.

In: files in a folder. Out: what the server says. `|` in a text is where the cursor stands.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

SRC = Path(__file__).parents[2] / "src"
PATIENCE = 60
SERVER = ("-m", "perfscore", "lsp")


class Editor:
    """One editor with a server of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = LanguageClient("editor", "1")
        self.told: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self.shown: list[str] = []
        self.watched: list[str] = []
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self._news = asyncio.Event()
        self.capabilities: types.ServerCapabilities | None = None

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.told.setdefault(params.uri, []).append(params)
            self._news.set()

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def shown(params: types.ShowMessageParams) -> None:
            self.shown.append(params.message)

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            self.watched += [one.method for one in params.registrations]
            self._news.set()

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def start(self, *server: str, locale: str = "zh-CN", encodings: list[str] | None = None) -> None:
        env = {**os.environ, "PYTHONPATH": str(SRC), "LC_ALL": "C.UTF-8"}
        await self.client.start_io(sys.executable, *(server or SERVER), env=env)
        document = types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True)
        )
        known = [types.PositionEncodingKind(one) for one in encodings or ["utf-16"]]
        general = types.GeneralClientCapabilities(position_encodings=known)
        watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        workspace = types.WorkspaceClientCapabilities(did_change_watched_files=watching)
        asked = types.ClientCapabilities(workspace, document, general=general)
        greeted = await self.client.initialize_async(
            types.InitializeParams(capabilities=asked, locale=locale, root_uri=self.folder.as_uri())
        )
        self.capabilities = greeted.capabilities
        self.client.initialized(types.InitializedParams())

    async def stop(self) -> tuple[int, str]:
        """Say good-bye; the exit code and what was written to standard error."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        return await self.end()

    async def end(self) -> tuple[int, str]:
        process = self.client._server
        assert process is not None
        assert process.stderr is not None
        said = (await asyncio.wait_for(process.stderr.read(), PATIENCE)).decode()
        code = await asyncio.wait_for(process.wait(), PATIENCE)
        await self.client.stop()
        return code, said

    def open(self, name: str, text: str) -> str:
        uri = self.uri(name)
        self.texts[uri], self.versions[uri] = text, 1
        item = types.TextDocumentItem(uri, "toml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> int:
        self.versions[uri] += 1
        self.texts[uri] = text
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )
        return self.versions[uri]

    async def write(self, name: str, text: str) -> None:
        """A file changes on the disk, and the editor, which was asked to, says so."""
        while not self.watched:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), PATIENCE)
        (self.folder / name).write_text(text, encoding="utf-8")
        event = types.FileEvent(self.uri(name), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def diagnostics(self, uri: str, at_least: int | None = None) -> list[types.Diagnostic]:
        """What is said of the text as it is now."""
        wanted = self.versions[uri] if at_least is None else at_least
        return list((await self.until(uri, lambda one: (one.version or 0) >= wanted)).diagnostics)

    async def until(
        self, uri: str, holds: Callable[[types.PublishDiagnosticsParams], bool]
    ) -> types.PublishDiagnosticsParams:
        while not (found := [one for one in self.told.get(uri, []) if holds(one)]):
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), PATIENCE)
        return found[-1]

    def position(self, uri: str, marked: str) -> types.Position:
        """Where `|` stands in a piece of the text, in UTF-16 code units."""
        before, _, after = marked.partition("|")
        text = self.texts[uri]
        assert text.count(before + after) >= 1, marked
        offset = text.index(before + after) + len(before)
        line = text[:offset].count("\n")
        column = text[text.rfind("\n", 0, offset) + 1 : offset]
        return types.Position(line, len(column.encode("utf-16-le")) // 2)

    async def hover(self, uri: str, marked: str) -> str:
        document = types.TextDocumentIdentifier(uri)
        found = await self.client.text_document_hover_async(types.HoverParams(document, self.position(uri, marked)))
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def completion(self, uri: str, marked: str) -> dict[str, types.CompletionItem]:
        document = types.TextDocumentIdentifier(uri)
        found = await self.client.text_document_completion_async(
            types.CompletionParams(document, self.position(uri, marked))
        )
        if found is None:
            return {}
        assert isinstance(found, types.CompletionList)
        return {one.label: one for one in found.items}

    async def definition(self, uri: str, marked: str) -> types.Location | None:
        document = types.TextDocumentIdentifier(uri)
        found = await self.client.text_document_definition_async(
            types.DefinitionParams(document, self.position(uri, marked))
        )
        assert found is None or isinstance(found, types.Location)
        return found

    def text_at(self, uri: str, found: types.Range) -> str:
        """The characters of a range, counted in UTF-16 code units; for ranges within one line."""
        line = self.texts[uri].split("\n")[found.start.line].encode("utf-16-le")
        return line[found.start.character * 2 : found.end.character * 2].decode("utf-16-le")


@asynccontextmanager
async def editor(folder: Path, *server: str, **how: Any) -> AsyncIterator[Editor]:
    """An editor that was greeted, and says good-bye; nothing may have been written to standard error."""
    one = Editor(folder)
    await one.start(*server, **how)
    yield one
    code, said = await one.stop()
    assert (said, one.shown, code) == ("", [], 0), (said, one.shown, code)


def run(work: Awaitable[None]) -> None:
    asyncio.run(asyncio.wait_for(work, PATIENCE * 3))  # type: ignore[arg-type]
