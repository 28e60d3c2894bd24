"""Signing in with a password: the same steps for staff and for members, whatever their accounts and pages are."""

import logging
from dataclasses import dataclass
from typing import Protocol, TypeVar

from fastapi import Request
from fastapi.responses import Response

from assistant.edge.sealed_cookie import SealedCookie
from assistant.web.sign_in.tries import Tries, WaitFirst

_log = logging.getLogger(__name__)
Account = TypeVar("Account")


class FormNotTheirs(Exception):
    """A form was not opened here by whoever sends it, or too long ago."""


@dataclass(frozen=True)
class Given:
    """What the form of a sign-in page sends: `page` is where to go then, `token` the form's own."""

    name: str
    password: str
    page: str
    token: str


class SignInPage(Protocol[Account]):
    """What differs from one kind of people to another. `whose` is for the log, `wrong` for whoever mistook."""

    whose: str
    wrong: str
    forms: SealedCookie
    tries: Tries

    def check(self, name: str, password: str) -> Account | None:
        """The account of a name, when the password is its own."""

    def show(self, request: Request, given: Given, status: int, error: str) -> Response:
        """The form again, with what was wrong."""

    def enter(self, request: Request, account: Account, page: str) -> Response:
        """Open a session under a key that nobody had before, and lead to a page."""


async def sign_in(page: SignInPage[Account], request: Request, given: Given) -> Response:
    """The answer to a form of signing in; or raise FormNotTheirs. Errors of accounts pass through."""
    if not page.forms.is_token(request, given.token):
        raise FormNotTheirs
    try:
        page.tries.begin(request, given.name)
        account = await page.tries.run(page.check, given.name, given.password)
    except WaitFirst as wait:
        return wait.tell_in(page.show(request, given, 429, str(wait)))
    if account is None:
        _log.warning("A sign-in of %s was refused", page.whose)
        return page.show(request, given, 403, page.wrong)
    page.tries.succeed(request, given.name)
    return page.enter(request, account, given.page)
