"""Budget: the processor time that reading one question may take, looked at between the steps and inside the loops."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import thread_time
from typing import ParamSpec, TypeVar

# Texts that the model reads for one question: 5 for a comparison of four places, one more when it follows another
# question; others are read alone too, for what they want. A count, not a time: a busy machine refuses nobody for it.
MOST_READ = 6
# And the tokens of all of them together. Of the 137 judged questions and turns (eval/dev, eval/dev2) the longest needs
# 103, and as many again alone; five places compared in one long question need 216.
MOST_TOKENS = 344

P = ParamSpec("P")
R = TypeVar("R")


class QuestionTooCostly(Exception):
    """Reading a question took all the time that one may take, or made the model read more than it may."""


class Budget:
    """Seconds of processor time that are left to a question, whatever thread works for it; without end by default.

    With an end, the model reads no more than `MOST_READ` texts and `MOST_TOKENS` tokens for it.
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self._seconds = self._left = seconds
        self._texts: float = MOST_READ if math.isfinite(seconds) else math.inf
        self._tokens: float = MOST_TOKENS if math.isfinite(seconds) else math.inf
        self._end = math.inf

    def another(self) -> Budget:
        """One as large, for another question of the same message."""
        return Budget(self._seconds)

    def run(self, work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """What this work gives, its time taken from the budget; QuestionTooCostly passes through."""
        self._end = thread_time() + self._left
        running = _running.set(self)
        try:
            spend()
            return work(*arguments, **options)
        finally:
            _running.reset(running)
            self._left = self._end - thread_time()

    def extend(self, seconds: float) -> None:
        """Take back from what was spent."""
        self._end += seconds

    def take_text(self, tokens: int) -> None:
        """Count a text that the model is to read; raise QuestionTooCostly when it read all that it may."""
        self._texts -= 1
        self._tokens -= tokens
        if min(self._texts, self._tokens) < 0:
            raise QuestionTooCostly

    def check(self) -> None:
        """Raise QuestionTooCostly when nothing is left."""
        if thread_time() > self._end:
            raise QuestionTooCostly


_running: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def aside() -> Iterator[None]:
    """Work whose cost is bounded by itself: the model reads few words, and waits for its threads on a busy machine."""
    start = thread_time()
    try:
        yield
    finally:
        if budget := _running.get():
            budget.extend(thread_time() - start)


def spend() -> None:
    """Raise QuestionTooCostly when the question at work has used its budget up; most work is for no question."""
    if budget := _running.get():
        budget.check()


def spend_text(tokens: int) -> None:
    """Count a text that the model is to read for the question at work, or raise QuestionTooCostly."""
    if budget := _running.get():
        budget.take_text(tokens)
