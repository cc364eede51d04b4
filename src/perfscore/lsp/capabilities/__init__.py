"""What an editor can ask for at a place in a file: one capability, one file, and nothing lists them.

In: the desk, and a question of the protocol. Out: its answer, or None where there is nothing to say.
A file here has `FEATURE`, the name that the protocol has for the question, `OPTIONS`, and one function `answer`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType


def capabilities() -> Iterator[ModuleType]:
    """Every capability, in the order of the file names."""
    for found in pkgutil.iter_modules(__path__):
        yield import_module(f"{__name__}.{found.name}")
