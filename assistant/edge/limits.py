"""Limits: how much a visitor, or a site with the widget, may ask, and how many conversations stay open.

In memory: several servers over one data directory count each their own.
"""

import threading
from collections import Counter

from limits import parse_many

from assistant.edge.allowance import Allowance

LONGEST_PACKET = 128_000  # bytes of a message of the chat: the turns that a page gives back to a restarted server
# What comes with each question that a visitor may ask.
_SECONDS = 0.25  # of computing: an ordinary question takes a third of them, so that only costly ones meet this limit
_REQUESTS = 20.0  # pages and lists, of which a search counts for several


class Limits:
    """Counts by moving windows, as "60/minute;600/hour" says: questions, what they really compute, other requests. And
    open conversations, by visitor.
    """

    def __init__(self, of_visitor: str, of_site: str, conversations: int, all_conversations: int) -> None:
        self._of_visitor, self._of_site = _open(of_visitor), _open(of_site)
        self._computed, self._requests = _open(of_visitor, _SECONDS), _open(of_visitor, _REQUESTS)
        self._lock = threading.Lock()  # what is computed is counted by the thread that computes
        self.most_open, self.most_open_of_all = conversations, all_conversations
        self._open: dict[str, str] = {}  # conversation -> visitor

    def take_questions(self, visitor: str, site: str, count: int = 1) -> int:
        """Count questions asked; else the seconds to wait, and nothing is counted."""
        wanted = [(each, visitor, float(count)) for each in self._of_visitor if visitor]
        wanted += [(each, site, float(count)) for each in self._of_site if site]
        return self._take(visitor, wanted)

    def take_request(self, visitor: str, weight: float) -> int:
        """Count another request than a question, by what it costs; else the seconds to wait, and nothing is counted."""
        return self._take(visitor, [(each, visitor, weight) for each in self._requests if visitor])

    def charge(self, visitor: str, seconds: float) -> None:
        """Count seconds that were computed for a visitor."""
        with self._lock:
            for each in self._computed if visitor else ():
                each.spend(visitor, seconds)

    def _take(self, visitor: str, wanted: list[tuple[Allowance, str, float]]) -> int:
        with self._lock:
            waits = [each.wait(key, cost) for each, key, cost in wanted]
            # What a question will compute is not known yet: there must be something left.
            waits += [each.wait(visitor, 0.0) for each in self._computed if visitor]
            if not any(waits):
                for each, key, cost in wanted:
                    each.spend(key, cost)
            return max(waits, default=0)

    def may_open(self, visitor: str) -> bool:
        """Whether a visitor may open one more conversation."""
        mine = Counter(self._open.values())[visitor] if visitor else 0
        return mine < self.most_open and len(self._open) < self.most_open_of_all

    def open(self, conversation: str, visitor: str) -> bool:
        """Count a conversation as open; False when there are too many."""
        if not self.may_open(visitor):
            return False
        self._open[conversation] = visitor
        return True

    def close(self, conversation: str) -> None:
        """A conversation has ended."""
        self._open.pop(conversation, None)


def _open(written: str, each: float = 1.0) -> list[Allowance]:
    """The allowances that a setting writes, of so much for each question."""
    items = parse_many(written) if written else []
    return [Allowance(item.amount * each, item.get_expiry()) for item in items]
