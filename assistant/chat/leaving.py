"""Leaving: what a conversation holds is freed when its page is gone, and what it holds meanwhile is bounded.

Chainlit keeps a conversation for a while after its page went away, in case it comes back, and writes again in what was
freed when an answer ends after it. The page has the turns, and gives them back to a conversation that was freed.
"""

import asyncio
from collections import Counter, OrderedDict

from chainlit.chat_context import chat_contexts
from chainlit.config import config
from chainlit.session import WebsocketSession, ws_sessions_id
from chainlit.user_session import user_sessions

_MESSAGES = 100  # of a conversation, which an edited message is looked for in


class Left:
    """The conversations whose page went away: so many of a visitor and in all, the oldest freed first."""

    def __init__(self, of_visitor: int, of_all: int) -> None:
        self._of_visitor, self._of_all = of_visitor, of_all
        self._left: OrderedDict[str, str] = OrderedDict()  # session -> visitor
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._freeing: set[asyncio.Task[None]] = set()

    def keep(self, session: WebsocketSession, visitor: str) -> None:
        """A page went away."""
        self.come_back(session.id)
        self._left[session.id] = visitor
        loop = asyncio.get_running_loop()
        self._timers[session.id] = loop.call_later(config.project.session_timeout, self._free_soon, session.id)
        if visitor and Counter(self._left.values())[visitor] > self._of_visitor:
            self._free_soon(next(each for each, whose in self._left.items() if whose == visitor))
        if len(self._left) > self._of_all:
            self._free_soon(next(iter(self._left)))

    def come_back(self, session_id: str) -> None:
        """A page is there again, or will never be."""
        self._left.pop(session_id, None)
        if timer := self._timers.pop(session_id, None):
            timer.cancel()

    def _free_soon(self, session_id: str) -> None:
        self.come_back(session_id)
        if session := ws_sessions_id.get(session_id):
            task = asyncio.get_running_loop().create_task(free(session))
            self._freeing.add(task)
            task.add_done_callback(self._freeing.discard)


async def free(session: WebsocketSession) -> None:
    """End what a conversation is doing, and leave nothing of it."""
    # incoming.py knows the questions before the last one.
    answering = [task for task in (session.current_task, *session.__dict__.get("answering", ())) if task]
    for task in answering:
        task.cancel()
    await asyncio.gather(*answering, return_exceptions=True)
    session.thread_queues.clear()
    await session.delete()
    forget_ended()


def forget_ended() -> None:
    """What was written for conversations that had ended."""
    for kept in (user_sessions, chat_contexts):
        for session_id in kept.keys() - ws_sessions_id.keys():
            del kept[session_id]


def forget_early(session: WebsocketSession) -> None:
    """What came first in a long conversation does not pile up."""
    del chat_contexts.get(session.id, [])[:-_MESSAGES]
