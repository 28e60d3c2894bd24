"""Turns: of all who wait for one thing, who has it next: whoever had least of it lately."""

import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

W = TypeVar("W")

_FORGOTTEN = 10.0  # seconds after which what someone had counts for half
_FAR = 0.05  # seconds more that someone must have had for the other to be waited for
_NOTHING = 0.001
_MOST_KNOWN = 1000


class Turns(Generic[W]):
    """What waits, by key; that of one key in order."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, deque[W]] = {}
        self._had: dict[str, tuple[float, float]] = {}  # key -> seconds, and when that was
        self._last = ""

    def add(self, key: str, what: W) -> None:
        """Something waits."""
        self._waiting.setdefault(key, deque()).append(what)

    def take(self) -> tuple[str, W]:
        """What comes next and whose it is. Among those who had as much, who waits longest."""
        key = min(self._waiting, key=self._lately)
        queue = self._waiting[key]
        what = queue.popleft()
        if not queue:
            del self._waiting[key]
        self._last = key
        return key, what

    def had(self, key: str, seconds: float) -> None:
        """Someone had so much."""
        self._had[key] = (self._lately(key) + seconds, self._clock())
        if len(self._had) > _MOST_KNOWN:
            self._had = {each: had for each, had in self._had.items() if self._lately(each)}

    def may_come_back(self) -> bool:
        """Whether the one who was last served waits for nothing now, and had much less than all who wait."""
        if self._last in self._waiting or not self._waiting:
            return False
        return self._lately(self._last) + _FAR < min(map(self._lately, self._waiting))

    def _lately(self, key: str) -> float:
        had, when = self._had.get(key, (0.0, 0.0))
        left = had * 0.5 ** ((self._clock() - when) / _FORGOTTEN)
        return left if left > _NOTHING else 0.0
