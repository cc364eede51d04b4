"""Write to memory past the processor's caches, from functions that numba compiles.

In: an array, a place and a number, inside a compiled function. Out: nothing; the number stands there. What is written like this is not read
again before a whole table is judged, and need not be fetched into the cache first to be overwritten: of all passes over
decimals this takes two thirds off. Nothing here is called from Python itself.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic
from numba.np import arrayobj

_make_array: Any = arrayobj.make_array


def _put(typing: Any, into: Any, at: Any, number: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = _make_array(signature.args[0])(context, builder, arguments[0])
        store = builder.store(arguments[2], builder.gep(array.data, [arguments[1]]), align=8)
        store.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
        return context.get_dummy_value()

    return types.void(into, types.intp, types.int64), made


def _settled(typing: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), made


put: Any = intrinsic(_put)
"""Write a whole number of 64 bits into a one-dimensional array of such."""
settled: Any = intrinsic(_settled)
"""Wait until all that was written can be seen by every thread."""
