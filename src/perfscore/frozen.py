"""A mapping that cannot change, and so can be hashed.

In: any mapping. Out: the same keys and values, in the same order, for good.
Python's own read-only view can be neither hashed nor pickled; the model needs both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Held = TypeVar("Held")


class Frozen(Mapping[Key, Held], Generic[Key, Held]):
    """A read-only mapping that is hashable where its values are.

    >>> hash(Frozen({"cases": 3})) == hash(Frozen({"cases": 3}))
    True
    """

    __slots__ = ("_hash", "_held")

    def __init__(self, held: Mapping[Key, Held] | None = None) -> None:
        self._held = dict(held or {})
        self._hash: int | None = None

    def __getitem__(self, key: Key) -> Held:
        return self._held[key]

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def get(self, key: Key, default: Any = None) -> Any:  # the mapping's own goes the long way
        """What is held under a key, else `default`."""
        return self._held.get(key, default)

    def several(self, keys: Iterable[Key]) -> list[Held | None]:
        """What is held under each of several keys, None where nothing is."""
        get = self._held.get
        return [get(key) for key in keys]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._held.items()))
        return self._hash

    def __repr__(self) -> str:
        return repr(self._held)

    def __reduce__(self) -> tuple[type[Frozen[Key, Held]], tuple[dict[Key, Held]]]:
        return Frozen, (self._held,)
