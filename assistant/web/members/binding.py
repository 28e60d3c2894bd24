"""Binding: a member gives their access to a conversation framed by another site, where our cookie is not sent.

The frame makes a key and keeps it; the link that it opens in a tab of ours bears only the hash of it. Once the member
has confirmed, the key opens a session: there is nothing to send back.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.edge.problems import NOTHING_HERE
from assistant.members.vouching import LASTS
from assistant.web.frame.addresses import BINDING, SIGN_IN
from assistant.web.members import words
from assistant.web.pages.site import PageMissing, Site
from assistant.web.pages.words import EXPIRED

_HASH = 64  # characters of a hash, in hexadecimal
_CODE = 4  # characters of the hash that both pages show, so that nobody confirms the request of someone else


def make_binding(site: Site) -> APIRouter:
    """The page that asks for confirmation."""
    router = APIRouter(include_in_schema=False)

    def show(request: Request, demande: str, status: int = 200, *, error: str = "", done: bool = False) -> Response:
        content = {"request_hash": demande, "code": demande[:_CODE].upper(), "error": error, "done": done}
        return site.show(
            request, "binding.html", {**content, "token": site.authentication.make_token(request)}, status=status
        )

    @router.get(BINDING)
    def ask(request: Request, demande: str = "") -> Response:
        if not _is_hash(demande):
            raise PageMissing(NOTHING_HERE)
        if site.member(request) is None:
            return RedirectResponse(f"{SIGN_IN}?suite={BINDING}?demande={demande}", 303)
        return show(request, demande)

    @router.post(BINDING)
    def bind(request: Request, demande: Annotated[str, Form()] = "", csrf: Annotated[str, Form()] = "") -> Response:
        member = site.member(request)
        if not _is_hash(demande) or member is None:
            raise PageMissing(NOTHING_HERE)
        if not site.authentication.is_token(request, csrf):
            return show(request, demande, 403, error=EXPIRED)
        if not site.authentication.membership.sessions.open_under(member.id, demande, LASTS):
            return show(request, demande, 409, error=words.ALREADY_BOUND)
        return show(request, demande, done=True)

    return router


def _is_hash(demande: str) -> bool:
    return len(demande) == _HASH and set(demande) <= set("0123456789abcdef")
