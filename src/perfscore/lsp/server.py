"""The server that an editor starts: it listens on standard input and answers on standard output.

In: the language of the process, for what no rulebook says. Out: an exit code: 0 where the editor said good-bye, else 1.
Texts are taken whole with every change: what counts as a line is then no matter between the two. They are checked when
the author pauses, for as long as checking itself takes, and other questions are answered meanwhile. Nothing but the
protocol is ever written to standard output, and no mistake of a text ends in a traceback.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from perfscore.lsp.capabilities import capabilities
from perfscore.lsp.desk import Desk
from perfscore.lsp.page import Page
from perfscore.lsp.shapes import diagnostic
from perfscore.version import VERSION
from perfscore.words import Language

PAUSE = 0.15
"""Seconds without a change after which a text is checked."""
LONGEST = 1.0
_WATCHED = "perfscore-toml-files"


def serve(language: Language) -> int:
    """Answer an editor until it says good-bye."""
    _quietly()
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # what a kind of somebody's prints is no message of the protocol
    session = Session(language)
    session.server.start_io(stdout=out)
    return 0 if session.said_goodbye else 1


class Session:
    """One editor, from its greeting to its good-bye."""

    def __init__(self, language: Language) -> None:
        self.desk = Desk(language)
        self.said_goodbye = False
        self.server = LanguageServer("perfscore", VERSION, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._took = 0.0
        self._running: set[asyncio.Future[None]] = set()
        self._one_at_a_time = asyncio.Lock()
        listen: dict[str, Callable[[Any], None]] = {
            types.INITIALIZE: self._greeted,
            types.INITIALIZED: self._ready,
            types.SHUTDOWN: self._goodbye,
            types.TEXT_DOCUMENT_DID_OPEN: self._opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self._changed,
            types.TEXT_DOCUMENT_DID_CLOSE: self._closed,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._others_changed,
        }
        for name, handler in listen.items():
            self.server.feature(name)(_hung(handler))
        for one in capabilities():
            self.server.feature(one.FEATURE, one.OPTIONS)(_hung(partial(one.answer, self.desk)))

    def _greeted(self, params: types.InitializeParams) -> None:
        self.desk.encoding = types.PositionEncodingKind(self.server.workspace.position_encoding).value
        if params.locale:
            self.desk.language = "zh" if params.locale.lower().startswith("zh") else "en"
        shown = params.capabilities.text_document and params.capabilities.text_document.publish_diagnostics
        self.desk.related = bool(shown and shown.related_information)

    def _ready(self, params: types.InitializedParams) -> None:
        """Ask to be told of files that change outside the editor, where it can do that."""
        workspace = self.server.client_capabilities.workspace
        watching = workspace and workspace.did_change_watched_files
        if not (watching and watching.dynamic_registration):
            return
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*.toml")])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        self.server.client_register_capability(
            types.RegistrationParams([types.Registration(_WATCHED, method, options)])
        )

    def _goodbye(self, params: object) -> None:
        self.said_goodbye = True

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        self.desk.put(one.uri, to_fs_path(one.uri) if one.uri.startswith("file:") else None, one.text, one.version)
        self._soon(one.uri, 0)
        self._others(one.uri)

    def _changed(self, params: types.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangeWholeDocument):
                self.desk.change(uri, change.text, version)
        pause = min(LONGEST, max(PAUSE, self._took))
        self._soon(uri, pause)
        self._others(uri, pause)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        self.desk.close(uri)
        self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        self._others(uri)

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        self._others(params.text_document.uri)

    def _others_changed(self, params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            self._others(change.uri)

    def _others(self, uri: str, pause: float = PAUSE) -> None:
        """Read anew what may lean on a file that has changed."""
        for other in list(self.desk.leaning_on(uri)):
            self.desk.again(other)
            self._soon(other, pause)

    def _soon(self, uri: str, pause: float) -> None:
        """Check a page after a pause; a change before that begins the pause anew."""
        if waiting := self._waiting.pop(uri, None):
            waiting.cancel()
        self._waiting[uri] = asyncio.get_running_loop().call_later(pause, self._check, uri)

    def _check(self, uri: str) -> None:
        self._waiting.pop(uri, None)
        task = asyncio.ensure_future(self._checked(uri))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _checked(self, uri: str) -> None:
        """Check a page beside everything else, one at a time; where its text has changed by then, nothing is said."""
        async with self._one_at_a_time:
            page = self.desk.pages.get(uri)
            if page is None or uri in self._waiting:
                return
            began = perf_counter()
            try:
                work = asyncio.get_running_loop().run_in_executor(None, self._diagnostics, page)
            except RuntimeError:  # the editor has left, and nobody waits for an answer
                return
            try:
                found = await work
            except Exception as error:  # a mistake of ours; the author is told, and the next change is checked again
                logging.getLogger(__name__).error("%s: %r", page.name, error)
                return
            self._took = perf_counter() - began
        if self.desk.pages.get(uri) is page:
            self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, page.version))

    def _diagnostics(self, page: Page) -> list[types.Diagnostic]:
        told, language = page.told, self.desk.spoken(page)
        return [diagnostic(one, told.origins, page, language, related=self.desk.related) for one in told.diagnostics]


def _hung(handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The handler as a function of its own, on which pygls can hang its marks."""

    def handle(params: Any) -> Any:
        return handler(params)

    return handle


class _OneLine(logging.Formatter):
    """What goes wrong in a line: standard error is a pane of an editor, and its reader no programmer."""

    def format(self, record: logging.LogRecord) -> str:
        return f"perfscore lsp: {record.getMessage().partition(chr(10))[0]}"


def _quietly() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
