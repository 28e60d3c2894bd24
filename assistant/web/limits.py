"""Limits: how many questions a visitor, or a site with the widget, may ask, and how many conversations stay open.

In memory: several servers over one data directory count each their own.
"""

import hashlib
import ipaddress
import math
import time
from collections import Counter

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

_SITE, _VISITOR = "site", "visitor"


def find_visitor(scope: Scope) -> str:
    """What stands for whoever asks: the digest of an address, an IPv6 one with its 2**64 neighbours.

    "" on the machine itself: its own programs, or a proxy that does not tell for whom it asks. Counting these as one
    visitor would close the door to everybody at once.
    """
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    network = str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
    return hashlib.sha256(network.encode()).hexdigest()


class Limits:
    """Counts questions by moving windows, as "60/minute;600/hour" says, and open conversations by visitor."""

    def __init__(self, of_visitor: str, of_site: str, conversations: int, all_conversations: int) -> None:
        written = {_VISITOR: of_visitor, _SITE: of_site}
        self._windows = {kind: parse_many(text) if text else [] for kind, text in written.items()}
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._most, self._most_of_all = conversations, all_conversations
        self._open: dict[str, str] = {}  # conversation -> visitor

    def take_questions(self, visitor: str, site: str, count: int = 1) -> int:
        """Count questions asked; else the seconds to wait, and nothing is counted."""
        counted = [(kind, key) for kind, key in ((_VISITOR, visitor), (_SITE, site)) if key]
        keys = [(item, each) for each in counted for item in self._windows[each[0]]]
        full = [(item, key) for item, key in keys if not self._limiter.test(item, *key, cost=min(count, item.amount))]
        if full:
            return max(self._wait(item, key) for item, key in full)
        for item, key in keys:
            self._limiter.hit(item, *key, cost=min(count, item.amount))
        return 0

    def _wait(self, item: RateLimitItem, key: tuple[str, str]) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(item, *key).reset_time - time.time()))

    def may_open(self, visitor: str) -> bool:
        """Whether a visitor may open one more conversation."""
        mine = Counter(self._open.values())[visitor] if visitor else 0
        return mine < self._most and len(self._open) < self._most_of_all

    def open(self, conversation: str, visitor: str) -> bool:
        """Count a conversation as open; False when there are too many."""
        if not self.may_open(visitor):
            return False
        self._open[conversation] = visitor
        return True

    def close(self, conversation: str) -> None:
        """A conversation has ended."""
        self._open.pop(conversation, None)
