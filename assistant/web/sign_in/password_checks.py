"""Password checks: argon2 takes 64 MiB and a tenth of a second of a core, which nobody may ask for without end."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

WAIT = 5  # seconds, for whoever finds the line full
_MOST_WAITING = 16


class TooManyChecks(Exception):
    """So many people wait for their password to be checked that one more would wait too long."""


class PasswordChecks:
    """Does one work at a time on a thread; some wait their turn, the others are asked to come back."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    def is_full(self) -> bool:
        """Whether the next one would be refused."""
        return self._waiting >= _MOST_WAITING

    async def run(self, work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """What the work gives; or raise TooManyChecks."""
        if self.is_full():
            raise TooManyChecks
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work, *arguments, **options)
        finally:
            self._waiting -= 1
