"""Sealed cookies: each holds an id under our signature, and the forms that were shown to this id can be told."""

import secrets
from datetime import timedelta
from typing import Literal

from fastapi.responses import Response
from starlette.requests import HTTPConnection, cookie_parser

from assistant.credentials.signatures import Signatures


class SealedCookie:
    """A cookie of this host alone, which scripts cannot read and other sites' forms do not send.

    `strict`: nor is it sent when someone follows a link from another site.
    """

    def __init__(
        self, name: str, signatures: Signatures, lasts: timedelta, *, path: str = "/", strict: bool = False
    ) -> None:
        self.name, self._signatures, self._lasts, self._path = name, signatures, lasts, path
        self._same_site: Literal["strict", "lax"] = "strict" if strict else "lax"

    def read(self, request: HTTPConnection) -> str:
        """The id that the cookie of a request seals, "" without one of ours."""
        return self._signatures.unseal(request.cookies.get(self.name, ""))

    def read_in(self, cookies: str) -> str:
        """The same, from a header of cookies as it was sent."""
        return self._signatures.unseal(cookie_parser(cookies).get(self.name, ""))

    def write(self, answer: Response, key: str) -> None:
        """Give the cookie of an id."""
        seconds = int(self._lasts.total_seconds())
        sealed = self._signatures.seal(key)
        answer.set_cookie(self.name, sealed, seconds, path=self._path, httponly=True, samesite=self._same_site)

    def remove(self, answer: Response) -> None:
        """Take the cookie back."""
        answer.delete_cookie(self.name, path=self._path, httponly=True, samesite=self._same_site)

    def token(self, request: HTTPConnection) -> str:
        """The token of the forms shown to whoever makes a request."""
        return self._signatures.make_token(self.read(request))

    def is_token(self, request: HTTPConnection, token: str) -> bool:
        """Whether a form was shown to whoever makes a request."""
        return self._signatures.is_token(token, self.read(request))

    def find_or_make(self, request: HTTPConnection) -> tuple[str, str]:
        """The id of a request, or a new one to `write` with the answer, and the token of its forms."""
        key = self.read(request) or secrets.token_urlsafe(32)
        return key, self._signatures.make_token(key)
