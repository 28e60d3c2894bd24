"""Remembered: what was read of the turns of conversations, kept for the question that comes next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
_MOST = 256  # conversations of which the last turns are kept, for each version of the index

# Freed with the version that it was read for: what a question says depends on its sheets.
_kept: WeakKeyDictionary[Any, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
_lock = Lock()


def recall(index: object, turns: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives for these turns, read once while they are among the last asked for."""
    with _lock:
        kept = _kept.setdefault(index, OrderedDict())
        if turns in kept:
            kept.move_to_end(turns)
            known: T = kept[turns]
            return known
    made = read()
    with _lock:
        kept[turns] = made
        while len(kept) > _MOST:
            kept.popitem(last=False)
    return made
