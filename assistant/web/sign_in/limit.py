"""Limit of sign-ins: who guesses passwords is slowed down, and nobody can shut someone else out.

In memory: several servers over one data directory count each their own.
"""

import hashlib
import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from assistant.edge.visitor import find_network
from assistant.staff.accounts import tidy_name

_FORGOTTEN = 900.0  # seconds after which failures count no more
_TRUSTED = 30 * 86_400.0  # seconds for which an address that signed in is known
_MOST_KNOWN = 20_000  # of each kind, remembered


@dataclass(frozen=True)
class _Pace:
    """Failures that cost nothing, then two seconds, four, eight..., and the longest wait."""

    free: int
    longest: int

    def wait(self, failures: int) -> int:
        return 0 if failures < self.free else min(self.longest, 2 ** min(failures - self.free + 1, 10))


_OF_PAIR = _Pace(free=3, longest=60)  # a name from an address
_OF_ADDRESS = _Pace(free=10, longest=60)  # whatever the names
_OF_NAME = _Pace(free=10, longest=30)  # wherever from: waited once by each address that has not signed in before


@dataclass(frozen=True)
class _Tries:
    failures: int = 0
    ready: float = 0.0  # when the next may be made
    last: float = 0.0


class _Memory:
    """The tries of the keys of one kind, as many as can be remembered."""

    def __init__(self, pace: _Pace) -> None:
        self._pace = pace
        self._tries: OrderedDict[bytes, _Tries] = OrderedDict()

    def find(self, key: bytes, now: float) -> _Tries | None:
        found = self._tries.get(key)
        return found if found and now - found.last < _FORGOTTEN else None

    def wait(self, key: bytes, now: float) -> float:
        found = self.find(key, now)
        return found.ready - now if found else 0.0

    def pressure(self, key: bytes, now: float) -> int:
        """The wait that failures would give, whenever they were."""
        found = self.find(key, now)
        return self._pace.wait(found.failures) if found else 0

    def count(self, key: bytes, now: float, more: int = 1, least: int = 0) -> None:
        """Note tries, the next after `least` seconds at the earliest."""
        failures = max(0, (self.find(key, now) or _Tries()).failures + more)
        self._tries[key] = _Tries(failures, now + max(least, self._pace.wait(failures)), now)
        self._tries.move_to_end(key)
        if len(self._tries) > _MOST_KNOWN:
            self._tries.popitem(last=False)

    def forgive(self, key: bytes, now: float) -> None:
        """Take one try back."""
        if found := self.find(key, now):
            self._tries[key] = _Tries(max(0, found.failures - 1), now, found.last)

    def forget(self, key: bytes) -> None:
        self._tries.pop(key, None)


class SignInLimit:
    """Makes those who fail wait longer and longer, by name and address together, and by address.

    A name that many addresses fail for makes each new address wait once, half a minute at most: no number of failures
    elsewhere keeps the right password out for longer, nor at all where it was given before.
    """

    def __init__(self) -> None:
        self._pairs, self._addresses, self._names = _Memory(_OF_PAIR), _Memory(_OF_ADDRESS), _Memory(_OF_NAME)
        self._trusted: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, address: str) -> int:
        """The seconds to wait before a try; 0 when it may be made, and it counts as a failure until `forget`.

        Counted before it is made, so that many at once count too; a name nobody has waits as one that someone has.
        """
        now = time.monotonic()
        who, where, pair = _keys(name, address)
        with self._lock:
            if (wait := max(self._pairs.wait(pair, now), self._addresses.wait(where, now))) > 0:
                return math.ceil(wait)
            pressure = 0 if self._is_trusted(pair, now) else self._names.pressure(who, now)
            if pressure and self._pairs.find(pair, now) is None:
                self._pairs.count(pair, now, more=0, least=pressure)
                return pressure
            self._pairs.count(pair, now, least=pressure)
            self._addresses.count(where, now)
            self._names.count(who, now)
            return 0

    def forget(self, name: str, address: str) -> None:
        """The password was right: this name will not wait at this address for what others do."""
        now = time.monotonic()
        who, where, pair = _keys(name, address)
        with self._lock:
            self._pairs.forget(pair)
            # One try alone: who has an account of their own must not wipe out by it what they guessed of others.
            self._addresses.forgive(where, now)
            self._names.forgive(who, now)
            self._trusted[pair] = now
            self._trusted.move_to_end(pair)
            if len(self._trusted) > _MOST_KNOWN:
                self._trusted.popitem(last=False)

    def _is_trusted(self, pair: bytes, now: float) -> bool:
        return now - self._trusted.get(pair, -math.inf) < _TRUSTED


def _keys(name: str, address: str) -> tuple[bytes, bytes, bytes]:
    """What stands for a name, an address, and both."""
    who, where = _digest(tidy_name(name)), _digest(find_network(address) or address)
    return who, where, who + where


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
