"""Allowance: so much over a time that moves with the clock, for each of many keys."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

_SLICES = 60  # what is spent within a sixtieth of the time is kept as one
_MOST_KEYS = 20_000  # the one who spent least lately is forgotten first
_EXACT = 1e-9  # sums of tenths are not exact


@dataclass
class _Spent:
    since: float
    amount: float


class Allowance:
    """Counts what each key spends; more may be spent than there is, and is then waited for."""

    def __init__(self, most: float, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._spent: OrderedDict[str, deque[_Spent]] = OrderedDict()

    def wait(self, key: str, cost: float) -> int:
        """The seconds until a key may spend so much, 0 when it may now. What costs more than all there is needs all."""
        spent, now = self._alive(key), self._clock()
        over = sum(each.amount for each in spent) + min(cost, self._most) - self._most
        for each in spent:
            if over <= _EXACT:
                break
            over -= each.amount
            if over <= _EXACT:
                return max(1, math.ceil(each.since + self._seconds - now))
        return 0

    def spend(self, key: str, cost: float) -> None:
        """Count what a key spends."""
        now, spent = self._clock(), self._alive(key)
        if spent and now - spent[-1].since < self._seconds / _SLICES:
            spent[-1].amount += cost
        else:
            spent.append(_Spent(now, cost))
        self._spent[key] = spent
        self._spent.move_to_end(key)
        if len(self._spent) > _MOST_KEYS:
            self._spent.popitem(last=False)

    def _alive(self, key: str) -> deque[_Spent]:
        """What a key spent that still counts."""
        spent, gone = self._spent.get(key, deque()), self._clock() - self._seconds
        while spent and spent[0].since <= gone:
            spent.popleft()
        return spent
