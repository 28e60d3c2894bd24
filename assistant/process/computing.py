"""Computing: one thread opens the model and does all that it computes for those who ask, in turn.

Each thread that computes gets a team of threads of its own from the model's library, and when there are several teams
they wait for each other asleep instead of awake: measured on two cores, a search takes 42 ms so, and 27 ms with one.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

from assistant.process.turns import Turns

P = ParamSpec("P")
R = TypeVar("R")

_NAME = "computing"
# What computes an answer comes in several pieces. The next one of whoever had least is waited for so long before the
# thread goes to someone who had more: otherwise each piece would wait for one of theirs.
_NEXT_PIECE = 0.02  # seconds


@dataclass(frozen=True)
class Asker:
    """Whom something is computed for: the key by which turns are taken, and who counts the seconds of processor."""

    key: str = ""
    charge: Callable[[float], None] = lambda _seconds: None


asker: ContextVar[Asker] = ContextVar("asker", default=Asker())  # noqa: B039 - it is frozen


def compute(work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """What this work gives, done in the thread that computes; its errors pass through."""
    if threading.current_thread().name.startswith(_NAME):
        return work(*arguments, **options)
    return _fair.submit(partial(work, *arguments, **options)).result()


async def computing(work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """The same, while others are served."""
    return await asyncio.wrap_future(_fair.submit(partial(work, *arguments, **options)))


class _FairThread:
    """The thread, which goes each time to whoever had least of it lately; what one asks is done in order."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=_NAME)
        self._turns: Turns[Callable[[], None]] = Turns()
        self._changed = threading.Condition()

    def submit(self, work: Callable[[], R]) -> "Future[R]":
        future: Future[R] = Future()
        who = asker.get()
        with self._changed:
            self._turns.add(who.key, partial(_do, work, future, who))
            self._changed.notify()
        self._thread.submit(self._do_next)
        return future

    def _do_next(self) -> None:
        """Do one piece of work: as many are waiting as there are calls of this."""
        with self._changed:
            if self._turns.may_come_back():
                self._changed.wait(_NEXT_PIECE)
            key, do = self._turns.take()
        start = time.perf_counter()
        do()
        with self._changed:
            self._turns.had(key, time.perf_counter() - start)


def _do(work: Callable[[], R], future: "Future[R]", who: Asker) -> None:
    if not future.set_running_or_notify_cancel():
        return
    start = time.thread_time()
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it is whoever asked who must know
        who.charge(time.thread_time() - start)
        future.set_exception(error)
    else:
        who.charge(time.thread_time() - start)
        future.set_result(result)


_fair = _FairThread()
