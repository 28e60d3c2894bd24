"""Limit of sign-ins: who guesses passwords has to wait, whoever they guess for and wherever they guess from."""

import hashlib
import ipaddress
import threading
import time
from collections import OrderedDict
from datetime import timedelta

from assistant.staff.accounts import tidy_name

_MOST_FAILURES = 5
_WAIT = timedelta(minutes=5)
_MOST_KNOWN = 20_000  # names, and as many addresses, whose failures are remembered


class SignInLimit:
    """Refuses to check passwords for a name or an address that failed five times, for five minutes; in memory."""

    def __init__(self) -> None:
        self._names: OrderedDict[bytes, tuple[int, float]] = OrderedDict()
        self._addresses: OrderedDict[bytes, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, address: str) -> bool:
        """Count an attempt as a failure before it is made, so that many at once count too; False when to wait."""
        now = time.monotonic()
        with self._lock:
            keys = ((self._names, _digest(tidy_name(name))), (self._addresses, _digest(_network(address))))
            if any(_count(known, key, now) >= _MOST_FAILURES for known, key in keys):
                return False
            for known, key in keys:
                known[key] = (_count(known, key, now) + 1, now)
                known.move_to_end(key)
                if len(known) > _MOST_KNOWN:
                    known.popitem(last=False)
            return True

    def forget(self, name: str, address: str) -> None:
        """The password was right."""
        with self._lock:
            self._names.pop(_digest(tidy_name(name)), None)
            self._addresses.pop(_digest(_network(address)), None)


def _count(known: OrderedDict[bytes, tuple[int, float]], key: bytes, now: float) -> int:
    """The failures that still count."""
    failures, last = known.get(key, (0, 0.0))
    return failures if now - last < _WAIT.total_seconds() else 0


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _network(address: str) -> str:
    """An IPv6 address has billions of neighbours in the same hands: they count as one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{known}/64", strict=False)) if known.version == 6 else address
