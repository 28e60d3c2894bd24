"""Tries of passwords: within limits, and few at once; whoever goes beyond is asked to wait."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from fastapi import Request
from fastapi.responses import Response

from assistant.french.numbers import say_count
from assistant.web.sign_in.limit import SignInLimit
from assistant.web.sign_in.password_checks import WAIT, PasswordChecks, TooManyChecks

P = ParamSpec("P")
R = TypeVar("R")


class WaitFirst(Exception):
    """Someone must wait before the next try; the message says how long, in French."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Trop d'essais : attendez {say_count(seconds, 'seconde')}, puis recommencez.")
        self._seconds = seconds

    def tell_in(self, answer: Response) -> Response:
        """The answer that shows it, which says so to programs too."""
        answer.headers["Retry-After"] = str(self._seconds)
        return answer


class Tries:
    """The tries of one kind of people."""

    def __init__(self) -> None:
        self._limit, self._checks = SignInLimit(), PasswordChecks()

    def begin(self, request: Request, name: str) -> None:
        """A try is about to be made, and counts as a failure until it succeeds; or raise WaitFirst."""
        begin_try(self._limit, request, name)

    async def run(self, work: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
        """What costly work on passwords gives; or raise WaitFirst."""
        try:
            return await self._checks.run(work, *arguments, **options)
        except TooManyChecks as error:
            raise WaitFirst(WAIT) from error

    def succeed(self, request: Request, name: str) -> None:
        """The password was right."""
        self._limit.forget(name, _address(request))


def begin_try(limit: SignInLimit, request: Request, name: str) -> None:
    """Count a try; or raise WaitFirst."""
    if wait := limit.take(name, _address(request)):
        raise WaitFirst(wait)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
