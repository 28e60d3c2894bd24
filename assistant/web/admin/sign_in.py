"""Signing in and out of the staff's pages."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.edge.sealed_cookie import SealedCookie
from assistant.staff.accounts import StaffWrong
from assistant.web.admin.session import COOKIE, LASTS, PAGES, SIGN_IN, SIGN_IN_COOKIE
from assistant.web.admin.site import EXPIRED, AdminSite, PageRefused, form_check
from assistant.web.frame.addresses import is_path
from assistant.web.sign_in.password import FormNotTheirs, Given, sign_in
from assistant.web.sign_in.tries import Tries

_log = logging.getLogger(__name__)


class StaffSignIn:
    """The page where staff sign in: see `SignInPage`."""

    whose = "staff"
    wrong = "Ce nom ou ce mot de passe n'est pas le bon."

    def __init__(self, admin: AdminSite) -> None:
        self._admin = admin
        self.tries = Tries()
        self.forms = SealedCookie(SIGN_IN_COOKIE, admin.sessions, LASTS, path=SIGN_IN, strict=True)
        self._cookie = SealedCookie(COOKIE, admin.sessions, LASTS, strict=True)

    def check(self, name: str, password: str) -> str | None:
        """The name of an account when the password is its own; or raise StaffWrong."""
        return self._admin.accounts.check(name, password)

    def show(
        self, request: Request, given: Given, status: int = 200, error: str = "", *, left: bool = False
    ) -> Response:
        """The form, with what was wrong; `left` after signing out."""
        key, token = self.forms.find_or_make(request)
        try:
            names = self._admin.accounts.list_names()
        except StaffWrong as wrong:
            names, error = [], str(wrong)
        content = {"error": error, "name": given.name[:64], "next_page": given.page, "left": left}
        answer = self._admin.show(request, "sign_in.html", status, **content, has_staff=bool(names), token=token)
        self.forms.write(answer, key)
        return answer

    def enter(self, request: Request, account: str, page: str) -> Response:
        """Open a session and lead to the page that was wanted; the session that was open ends."""
        if request.state.session:
            self._admin.sessions.close(request.state.session)
        session = self._admin.sessions.open(account)
        _log.info("Someone of the staff signed in")
        answer = RedirectResponse(page, 303)
        self._cookie.write(answer, session.id)
        return answer

    def leave(self, request: Request) -> Response:
        """Close the session and lead back to the form."""
        self._admin.sessions.close(request.state.session)
        answer = RedirectResponse(f"{SIGN_IN}?sortie=1", 303)
        self._cookie.remove(answer)
        return answer


def make_sign_in(admin: AdminSite) -> APIRouter:
    """The pages of signing in and out."""
    router = APIRouter(include_in_schema=False)
    staff = StaffSignIn(admin)

    @router.get(SIGN_IN)
    def sign_in_page(request: Request, suite: str = "", sortie: str = "") -> Response:
        if request.state.session:
            return RedirectResponse(_our_page(suite), 303)
        return staff.show(request, Given("", "", _our_page(suite), ""), left=bool(sortie))

    @router.post(SIGN_IN)
    async def enter(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        given = Given(name, password, _our_page(suite), csrf)
        try:
            return await sign_in(staff, request, given)
        except FormNotTheirs as error:
            raise PageRefused(403, EXPIRED) from error
        except StaffWrong as error:
            return staff.show(request, given, 503, str(error))

    @router.post(f"{PAGES}/deconnexion", dependencies=[Depends(form_check(admin))])
    def sign_out(request: Request) -> Response:
        return staff.leave(request)

    return router


def _our_page(path: str) -> str:
    """The page to go to after signing in: one of ours, whatever the address says."""
    is_ours = is_path(path) and f"{path}/".startswith(f"{PAGES}/")
    return path if is_ours and not path.startswith(SIGN_IN) else PAGES
