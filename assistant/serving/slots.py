"""Slots: so many at once, of which nobody has more than a share."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """Slots that are taken and left; those without a key, who are the machine itself, have no share of their own."""

    def __init__(self, most: int, share: int) -> None:
        self._most, self._share = most, max(1, share)
        self._taken: Counter[str] = Counter()

    @contextmanager
    def take(self, key: str) -> Iterator[bool]:
        """A slot for as long as this lasts; whether there was one."""
        free = self._taken.total() < self._most and (not key or self._taken[key] < self._share)
        if not free:
            yield False
            return
        self._taken[key] += 1
        try:
            yield True
        finally:
            self._taken[key] -= 1
            self._taken += Counter()  # keys that have none are forgotten
