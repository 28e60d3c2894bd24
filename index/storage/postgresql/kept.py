"""Kept: what was read from the database and may be asked for again, the least recently asked forgotten first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, at most `room` bytes, read when they are missing. A version never changes: none is stale."""

    def __init__(self, room: int, read: Callable[[Sequence[K]], Mapping[K, V]], size: Callable[[V], int]) -> None:
        self._room, self._read, self._size = room, read, size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    def get(self, keys: Sequence[K]) -> list[V]:
        """The values of these keys, in their order; the missing ones are read in one go."""
        with self._lock:
            held = {key: self._values[key] for key in keys if key in self._values}
            for key in held:
                self._values.move_to_end(key)
        missing = [key for key in dict.fromkeys(keys) if key not in held]
        read = self._read(missing) if missing else {}
        with self._lock:
            for key, value in read.items():
                self._keep(key, value)
        return [held[key] if key in held else read[key] for key in keys]

    def _keep(self, key: K, value: V) -> None:
        if key in self._values:
            return
        self._values[key] = value
        self._used += self._size(value)
        while self._used > self._room:
            _, forgotten = self._values.popitem(last=False)
            self._used -= self._size(forgotten)
