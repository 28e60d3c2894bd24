"""Signing in with a password, and signing out; what all ways of signing in work with."""

import logging
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.credentials.signatures import Signatures
from assistant.edge.authentication import Authentication
from assistant.edge.sealed_cookie import SealedCookie
from assistant.members.member import Member
from assistant.members.membership import Membership
from assistant.web.frame.addresses import SIGN_IN, SIGN_OUT, our_page
from assistant.web.members import words
from assistant.web.pages.site import Site
from assistant.web.pages.words import EXPIRED
from assistant.web.sign_in.password import FormNotTheirs, Given, sign_in
from assistant.web.sign_in.tries import Tries

_log = logging.getLogger(__name__)
_PAGE = "sign_in_members.html"
_FORM_LASTS = timedelta(hours=1)


class MemberSignIn:
    """The page where members sign in: see `SignInPage`."""

    whose = "a member"
    wrong = words.WRONG

    def __init__(self, site: Site, secret: str) -> None:
        self.site = site
        self.tries = Tries()
        signatures = Signatures(secret, "member-form", _FORM_LASTS)
        self.forms = SealedCookie("assistant_member_form", signatures, _FORM_LASTS, path=SIGN_IN)

    @property
    def authentication(self) -> Authentication:
        """Who is asking."""
        return self.site.authentication

    @property
    def membership(self) -> Membership:
        """Accounts and ways of signing in."""
        return self.site.authentication.membership

    def check(self, name: str, password: str) -> Member | None:
        """The member of an address, when the password is theirs."""
        return self.membership.accounts.check(name, password)

    def show(self, request: Request, given: Given, status: int = 200, error: str = "", told: str = "") -> Response:
        """The page with all ways of signing in; `told` is what went well."""
        content = {"email": given.name[:254], "next_page": given.page, "error": error, "told": told}
        return self.show_form(request, _PAGE, status, **content)

    def show_form(self, request: Request, page: str, status: int = 200, **content: object) -> Response:
        """A page with a form, which whoever opened it alone may send."""
        key, token = self.forms.find_or_make(request)
        provider = self.membership.provider
        shown = {
            **{"error": "", "token": token},
            "has_mail": self.membership.mailer is not None,
            "provider": provider.name if provider else "",
        }
        answer = self.site.show(request, page, {**shown, **content}, status=status)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        self.forms.write(answer, key)
        return answer

    def fail(self, request: Request, page: str, status: int, error: str) -> Response:
        """The page again, after another way of signing in failed."""
        return self.show(request, Given("", "", page, ""), status, error)

    def refuse_form(self, request: Request, given: Given) -> Response:
        """The page again, as a new form."""
        return self.show(request, given, 403, EXPIRED)

    def enter(self, request: Request, account: Member, page: str) -> Response:
        """Open a session and lead to the page that was wanted."""
        answer = RedirectResponse(page, 303)
        self.authentication.open_session(request, answer, account.id)
        _log.info("A member signed in")
        return answer


def make_sign_in(members: MemberSignIn) -> APIRouter:
    """The page of signing in, and the form with a password."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN)
    def page(request: Request, suite: str = "", sortie: str = "") -> Response:
        if members.site.member(request):
            return RedirectResponse(our_page(suite), 303)
        told = {"1": words.LEFT, "2": words.LEFT_EVERYWHERE}.get(sortie, "")
        return members.show(request, Given("", "", our_page(suite), ""), told=told)

    @router.post(SIGN_IN)
    async def enter(
        request: Request,
        email: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        given = Given(email, password, our_page(suite), csrf)
        try:
            return await sign_in(members, request, given)
        except FormNotTheirs:
            return members.refuse_form(request, given)

    return router


def make_sign_out(members: MemberSignIn) -> APIRouter:
    """The page of signing out, which asks before it does."""
    router = APIRouter(include_in_schema=False)

    def show(request: Request, status: int = 200) -> Response:
        return members.site.show(
            request, "sign_out.html", {"token": members.authentication.make_token(request)}, status=status
        )

    @router.get(SIGN_OUT)
    def page(request: Request) -> Response:
        if not members.site.member(request):
            return RedirectResponse(f"{SIGN_IN}?sortie=1", 303)
        return show(request)

    @router.post(SIGN_OUT)
    def sign_out(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        if members.site.member(request) and not members.authentication.is_token(request, csrf):
            return show(request, 403)
        answer = RedirectResponse(f"{SIGN_IN}?sortie=1", 303)
        members.authentication.close_session(request, answer)
        return answer

    return router
