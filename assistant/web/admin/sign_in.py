"""Signing in and out of the staff's pages."""

import logging
import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.french.numbers import say_count
from assistant.staff.accounts import StaffWrong
from assistant.web.admin.desk import EXPIRED, Desk, PageRefused, form_check
from assistant.web.admin.session import COOKIE, LASTS, PAGES, SIGN_IN, SIGN_IN_COOKIE
from assistant.web.sign_in.password_checks import WAIT, TooManyChecks

_log = logging.getLogger(__name__)
_OUR_PAGE = re.compile(r"/admin(?:/[\w-]+)*(?:\.csv)?")


def make_sign_in(desk: Desk) -> APIRouter:
    """The pages of signing in and out."""
    router = APIRouter(include_in_schema=False)

    def show_form(request: Request, status: int = 200, **content: object) -> Response:
        key = desk.sessions.unseal(request.cookies.get(SIGN_IN_COOKIE, "")) or secrets.token_urlsafe(32)
        try:
            names = desk.accounts.list_names()
        except StaffWrong as error:
            names, content["error"] = [], str(error)
        shown: dict[str, object] = {"error": "", "name": "", "next_page": "", "left": False, "has_staff": bool(names)}
        token = desk.sessions.make_token(key)
        answer = desk.show(request, "sign_in.html", status, **{**shown, **content, "token": token})
        _set_cookie(answer, SIGN_IN_COOKIE, desk.sessions.seal(key), SIGN_IN)
        return answer

    def make_wait(request: Request, seconds: int, **content: object) -> Response:
        error = f"Trop d'essais : attendez {say_count(seconds, 'seconde')}, puis recommencez."
        answer = show_form(request, 429, error=error, **content)
        answer.headers["Retry-After"] = str(seconds)
        return answer

    @router.get(SIGN_IN)
    def sign_in_page(request: Request, suite: str = "", sortie: str = "") -> Response:
        if request.state.session:
            return RedirectResponse(_our_page(suite), 303)
        return show_form(request, next_page=_our_page(suite), left=bool(sortie))

    @router.post(SIGN_IN)
    async def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        if not desk.sessions.is_token(csrf, desk.sessions.unseal(request.cookies.get(SIGN_IN_COOKIE, ""))):
            raise PageRefused(403, EXPIRED)
        content = {"name": name[:64], "next_page": _our_page(suite)}
        address = request.client.host if request.client else ""
        if wait := desk.limit.take(name, address):
            return make_wait(request, wait, **content)
        try:
            known = await desk.checks.run(desk.accounts.check, name, password)
        except TooManyChecks:
            return make_wait(request, WAIT, **content)
        except StaffWrong as error:
            return show_form(request, 503, error=str(error), **content)
        if known is None:
            _log.warning("A sign-in of staff was refused")
            return show_form(request, 403, error="Ce nom ou ce mot de passe n'est pas le bon.", **content)
        desk.limit.forget(name, address)
        return _let_in(desk, request, known, _our_page(suite))

    @router.post(f"{PAGES}/deconnexion", dependencies=[Depends(form_check(desk))])
    def sign_out(request: Request) -> Response:
        desk.sessions.close(request.state.session)
        answer = RedirectResponse(f"{SIGN_IN}?sortie=1", 303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    return router


def _let_in(desk: Desk, request: Request, name: str, page: str) -> Response:
    """Open a session and lead to the page that was wanted."""
    if request.state.session:
        desk.sessions.close(request.state.session)
    session = desk.sessions.open(name)
    _log.info("Someone of the staff signed in")
    answer = RedirectResponse(page, 303)
    _set_cookie(answer, COOKIE, desk.sessions.seal(session.id), "/")
    return answer


def _our_page(path: str) -> str:
    """The page to go to after signing in: one of ours, whatever the address says."""
    return path if _OUR_PAGE.fullmatch(path) and not path.startswith(SIGN_IN) else PAGES


def _set_cookie(answer: Response, name: str, value: str, path: str) -> None:
    answer.set_cookie(name, value, int(LASTS.total_seconds()), path=path, httponly=True, samesite="strict")
