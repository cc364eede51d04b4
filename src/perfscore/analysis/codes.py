"""Every diagnostic code there is.

In: nothing. Out: the codes, by number.
They are found where they are defined, in the rooms that complain and in the files of the kinds; no list names them.
"""

from __future__ import annotations

import inspect
import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from perfscore.criteria import kind_named, kind_names
from perfscore.diagnostic import Code

DOORS = (
    *("perfscore.__main__", "perfscore.cli", "perfscore.lsp"),
    *("perfscore.pytest_plugin", "perfscore.testing", "perfscore.batch", "perfscore.report.office"),
    *("perfscore.formula.choosing", "perfscore.formula.columns", "perfscore.formula.wholes"),
)
"""Rooms that complain of nothing by themselves, and that need what may not be installed."""


@cache
def all_codes() -> tuple[Code, ...]:
    """Every diagnostic code that is defined anywhere, by number."""
    found: dict[str, Code] = {}
    for module in pkgutil.walk_packages([str(Path(__file__).parents[1])], "perfscore."):
        if not module.name.startswith(DOORS):
            for one in vars(import_module(module.name)).values():
                if isinstance(one, Code):
                    found[one.number] = one
    for name in kind_names():
        for one in vars(inspect.getmodule(kind_named(name))).values():
            if isinstance(one, Code):
                found[one.number] = one
    return tuple(found[number] for number in sorted(found))
