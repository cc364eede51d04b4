"""How far a long command has come.

In: how many rows were done, and how much of the file was read. Out: on a terminal a bar with rows per second, elsewhere a
line now and then, both on standard error; of what is done at once, nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click

from perfscore.cli.doors import colourful
from perfscore.cli.speech import say

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""

Told = Callable[[int, float], None]


@contextmanager
def progress() -> Iterator[Told]:
    """What takes the rows done and the share of the file that was read."""
    if colourful(sys.stderr):
        with _bar() as told:
            yield told
        return
    began = last = monotonic()

    def line(rows: int, share: float) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= EVERY:
            last = now
            click.echo(_said(rows, now - began) + f" ({share:.0%})", err=True)

    yield line


def _said(rows: int, seconds: float) -> str:
    speed = int(rows / seconds) if seconds else rows
    return say(f"{rows} 行，每秒 {speed} 行", f"{rows} rows, {speed} rows/s")


@contextmanager
def _bar() -> Iterator[Told]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, said="")
        began = monotonic()
        yield lambda rows, share: bar.update(task, completed=share, said=_said(rows, monotonic() - began))
