"""Signing in, by password, by a link or with a provider's account, and signing out."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from smtplib import SMTPException
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask

from assistant.credentials.signatures import Signatures
from assistant.edge.door import Door
from assistant.french.numbers import say_count
from assistant.members.accounts import is_email, tidy_email
from assistant.members.links import BY_MAIL
from assistant.members.membership import Membership
from assistant.members.provider import Journey, ProviderFailed
from assistant.store.faults import name_failure
from assistant.web.frame.addresses import LINK, MAIL, PROVIDER, RETURN, SIGN_IN, SIGN_OUT, our_page
from assistant.web.members import words
from assistant.web.pages.site import Site
from assistant.web.pages.words import EXPIRED
from assistant.web.sign_in.limit import SignInLimit
from assistant.web.sign_in.password_checks import WAIT, PasswordChecks, TooManyChecks

_log = logging.getLogger(__name__)
_FORM, _JOURNEY = "assistant_member_form", "assistant_member_journey"
_FORM_LASTS, _JOURNEY_LASTS = timedelta(hours=1), timedelta(minutes=10)
_journeys = TypeAdapter(tuple[Journey, str])


@dataclass(frozen=True)
class Porch:
    """What the pages of signing in work with."""

    site: Site
    forms: Signatures
    journeys: Signatures
    passwords: SignInLimit = field(default_factory=SignInLimit)
    mails: SignInLimit = field(default_factory=SignInLimit)
    checks: PasswordChecks = field(default_factory=PasswordChecks)

    @property
    def door(self) -> Door:
        """Who is asking."""
        return self.site.door

    @property
    def membership(self) -> Membership:
        """Accounts and ways of signing in."""
        return self.site.door.membership

    def show(self, request: Request, page: str, status: int = 200, **content: object) -> Response:
        """A page with a form, which whoever opened it alone may send."""
        key = self.forms.unseal(request.cookies.get(_FORM, "")) or secrets.token_urlsafe(32)
        provider = self.membership.provider
        shown = {
            **{"error": "", "told": "", "email": "", "next_page": "", "token": self.forms.make_token(key)},
            "has_mail": self.membership.mailer is not None,
            "provider": provider.name if provider else "",
        }
        answer = self.site.show(request, page, {**shown, **content}, status=status)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        self.door.set_cookie(answer, _FORM, self.forms.seal(key), _FORM_LASTS, SIGN_IN)
        return answer

    def is_own_form(self, request: Request, token: str) -> bool:
        """Whether a form was opened here by whoever sends it."""
        return self.forms.is_token(token, self.forms.unseal(request.cookies.get(_FORM, "")))


def make_porch(site: Site, secret: str) -> Porch:
    """What the pages of signing in work with, over a site."""
    forms = Signatures(secret, "member-form", _FORM_LASTS)
    return Porch(site, forms, Signatures(secret, "member-journey", _JOURNEY_LASTS))


def make_sign_in(porch: Porch) -> APIRouter:
    """The pages of signing in and out."""
    router = APIRouter(include_in_schema=False)
    for part in (_make_password(porch), _make_links(porch), _make_provider(porch), _make_sign_out(porch)):
        router.include_router(part)
    return router


def _make_password(porch: Porch) -> APIRouter:
    router = APIRouter()

    @router.get(SIGN_IN)
    def page(request: Request, suite: str = "", sortie: str = "") -> Response:
        if porch.site.member(request):
            return RedirectResponse(our_page(suite), 303)
        told = {"1": words.LEFT, "2": words.LEFT_EVERYWHERE}.get(sortie, "")
        return porch.show(request, "sign_in_members.html", next_page=our_page(suite), told=told)

    @router.post(SIGN_IN)
    async def sign_in(
        request: Request,
        email: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        content = {"email": email[:254], "next_page": our_page(suite)}
        if refused := _refuse(porch, porch.passwords, request, email, csrf, content):
            return refused
        try:
            member = await porch.checks.run(porch.membership.accounts.check, email, password)
        except TooManyChecks:
            return _make_wait(porch, request, WAIT, content)
        if member is None:
            _log.warning("A sign-in of a member was refused")
            return porch.show(request, "sign_in_members.html", 403, error=words.WRONG, **content)
        porch.passwords.forget(email, _address(request))
        return _let_in(porch, request, member.id, suite)

    return router


def _make_links(porch: Porch) -> APIRouter:
    router = APIRouter()

    @router.post(MAIL)
    def ask(
        request: Request,
        email: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        content = {"email": email[:254], "next_page": our_page(suite)}
        if refused := _refuse(porch, porch.mails, request, email, csrf, content):
            return refused
        if not is_email(tidy_email(email)):
            return porch.show(request, "sign_in_members.html", 422, error=words.NO_EMAIL, **content)
        porch.membership.accounts.find("")  # raises when the database does not answer: no link would come
        minutes = int(BY_MAIL.total_seconds() // 60)
        told = words.SENT.format(minutes=minutes, contact=porch.site.settings.contact)
        answer = porch.show(request, "sign_in_members.html", told=told, next_page=our_page(suite))
        # After the answer, which is thus as quick whether the address is known or not.
        answer.background = BackgroundTask(_send_link, porch, email, our_page(suite))
        return answer

    @router.get(LINK + "/{key}")
    def confirm(request: Request, key: str, suite: str = "") -> Response:
        # Opening the page spends nothing: programs that read mail open every link.
        return porch.show(request, "link.html", key=key, next_page=our_page(suite))

    @router.post(LINK + "/{key}")
    def enter(
        request: Request, key: str, suite: Annotated[str, Form()] = "", csrf: Annotated[str, Form()] = ""
    ) -> Response:
        if not porch.is_own_form(request, csrf):
            return porch.show(request, "link.html", 403, key=key, next_page=our_page(suite), error=EXPIRED)
        member = porch.membership.links.spend(key)
        if member is None:
            return porch.show(request, "sign_in_members.html", 403, error=words.LINK_OVER, next_page=our_page(suite))
        return _let_in(porch, request, member.id, suite)

    return router


def _make_provider(porch: Porch) -> APIRouter:
    router = APIRouter()

    def failed(request: Request, suite: str, text: str, status: int = 502) -> Response:
        return porch.show(request, "sign_in_members.html", status, error=text, next_page=our_page(suite))

    @router.get(PROVIDER)
    async def leave(request: Request, suite: str = "") -> Response:
        provider = porch.membership.provider
        if provider is None:
            return RedirectResponse(SIGN_IN, 303)
        try:
            address, journey = await provider.begin()
        except ProviderFailed as error:
            _log.error("The identity provider cannot be used: %s", error)
            return failed(request, suite, words.PROVIDER_FAILED.format(name=provider.name))
        answer = RedirectResponse(address, 303)
        kept = porch.journeys.seal(_journeys.dump_json((journey, our_page(suite))).decode())
        porch.door.set_cookie(answer, _JOURNEY, kept, _JOURNEY_LASTS, SIGN_IN)
        return answer

    @router.get(RETURN)
    async def come_back(request: Request) -> Response:
        provider = porch.membership.provider
        if provider is None:
            return RedirectResponse(SIGN_IN, 303)
        broken = words.PROVIDER_FAILED.format(name=provider.name)
        try:
            sealed = porch.journeys.unseal(request.cookies.get(_JOURNEY, ""))
            journey, suite = _journeys.validate_json(sealed)
        except ValidationError:
            return failed(request, "", broken, 403)
        try:
            identity = await provider.finish(f"{provider.callback}?{request.url.query}", journey)
        except ProviderFailed as error:
            _log.warning("A sign-in with the identity provider failed: %s", error)
            answer = failed(request, suite, broken, 403)
        else:
            admit = porch.membership.accounts.admit
            who = (identity.issuer, identity.subject, identity.name, identity.email)
            member = await asyncio.to_thread(admit, *who) if identity.is_member else None
            if member:
                answer = _let_in(porch, request, member.id, suite)
            else:
                answer = failed(request, suite, words.NOT_MEMBER.format(contact=porch.site.settings.contact), 403)
        answer.delete_cookie(_JOURNEY, path=SIGN_IN, httponly=True, samesite="lax")
        return answer

    return router


def _make_sign_out(porch: Porch) -> APIRouter:
    router = APIRouter()

    @router.get(SIGN_OUT)
    def page(request: Request) -> Response:
        if not porch.site.member(request):
            return RedirectResponse(f"{SIGN_IN}?sortie=1", 303)
        return porch.site.show(request, "sign_out.html", {"token": porch.door.make_token(request)})

    @router.post(SIGN_OUT)
    def sign_out(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        if porch.site.member(request) and not porch.door.is_token(request, csrf):
            return porch.site.show(request, "sign_out.html", {"token": porch.door.make_token(request)}, status=403)
        answer = RedirectResponse(f"{SIGN_IN}?sortie=1", 303)
        porch.door.let_out(request, answer)
        return answer

    return router


def _refuse(
    porch: Porch, limit: SignInLimit, request: Request, email: str, csrf: str, content: dict[str, str]
) -> Response | None:
    """The answer to a form of elsewhere, or to someone who tries too often."""
    if not porch.is_own_form(request, csrf):
        return porch.show(request, "sign_in_members.html", 403, **{**content, "error": EXPIRED})
    wait = limit.take(email, _address(request))
    return _make_wait(porch, request, wait, content) if wait else None


def _make_wait(porch: Porch, request: Request, seconds: int, content: dict[str, str]) -> Response:
    error = words.WAIT.format(wait=say_count(seconds, "seconde"))
    answer = porch.show(request, "sign_in_members.html", 429, **{**content, "error": error})
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _send_link(porch: Porch, email: str, page: str) -> None:
    """Send a link to whoever has an account at this address; nobody is told when it fails, but the log."""
    try:
        _make_and_send(porch, email, page)
    except (OSError, SMTPException) as error:  # its text holds the address
        _log.error("A sign-in link could not be sent: %s", type(error).__name__)
    except SQLAlchemyError as error:
        _log.error("A sign-in link could not be made: %s", name_failure(error))


def _make_and_send(porch: Porch, email: str, page: str) -> None:
    membership = porch.membership
    member = membership.accounts.find_by_email(email)
    if membership.mailer is None or member is None or member.email is None or member.revoked:
        return
    key = membership.links.make(member.id, BY_MAIL)
    if key is None:
        return
    link = f"{porch.site.settings.public_url}{LINK}/{key}?suite={quote(page)}"
    membership.mailer.send_link(member.email, link, int(BY_MAIL.total_seconds() // 60))


def _let_in(porch: Porch, request: Request, member_id: str, suite: str) -> Response:
    answer = RedirectResponse(our_page(suite), 303)
    porch.door.let_in(request, answer, member_id)
    _log.info("A member signed in")
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
