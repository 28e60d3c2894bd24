"""Signing in by a link: one that a member asks for and gets by mail, or that staff made."""

import logging
from smtplib import SMTPException
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.background import BackgroundTask

from assistant.members.accounts import is_email, tidy_email
from assistant.members.links import BY_MAIL
from assistant.store.faults import name_failure
from assistant.web.frame.addresses import LINK, MAIL, our_page
from assistant.web.members import words
from assistant.web.members.sign_in import MemberSignIn
from assistant.web.pages.words import EXPIRED
from assistant.web.sign_in.limit import SignInLimit
from assistant.web.sign_in.password import Given
from assistant.web.sign_in.tries import WaitFirst, begin_try

_log = logging.getLogger(__name__)


def make_links(members: MemberSignIn) -> APIRouter:
    """The form that asks for a link, and the page that a link opens."""
    router = APIRouter(include_in_schema=False)
    for part in (_make_asking(members), _make_opening(members)):
        router.include_router(part)
    return router


def _make_asking(members: MemberSignIn) -> APIRouter:
    router = APIRouter()
    mails = SignInLimit()

    @router.post(MAIL)
    def ask(
        request: Request,
        email: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        given = Given(email, "", our_page(suite), csrf)
        if not members.forms.is_token(request, csrf):
            return members.refuse_form(request, given)
        try:
            begin_try(mails, request, email)
        except WaitFirst as wait:
            return wait.tell_in(members.show(request, given, 429, str(wait)))
        if not is_email(tidy_email(email)):
            return members.show(request, given, 422, words.NO_EMAIL)
        members.membership.accounts.find("")  # raises when the database does not answer: no link would come
        minutes = int(BY_MAIL.total_seconds() // 60)
        told = words.SENT.format(minutes=minutes, contact=members.site.settings.contact)
        answer = members.show(request, Given("", "", given.page, ""), told=told)
        # After the answer, which is thus as quick whether the address is known or not.
        answer.background = BackgroundTask(_send_link, members, email, given.page)
        return answer

    return router


def _make_opening(members: MemberSignIn) -> APIRouter:
    router = APIRouter()

    @router.get(LINK + "/{key}")
    def confirm(request: Request, key: str, suite: str = "") -> Response:
        # Opening the page spends nothing: programs that read mail open every link.
        return members.show_form(request, "link.html", key=key, next_page=our_page(suite))

    @router.post(LINK + "/{key}")
    def enter(
        request: Request, key: str, suite: Annotated[str, Form()] = "", csrf: Annotated[str, Form()] = ""
    ) -> Response:
        if not members.forms.is_token(request, csrf):
            return members.show_form(request, "link.html", 403, key=key, next_page=our_page(suite), error=EXPIRED)
        member = members.membership.links.spend(key)
        if member is None:
            return members.fail(request, our_page(suite), 403, words.LINK_OVER)
        return members.enter(request, member, our_page(suite))

    return router


def _send_link(members: MemberSignIn, email: str, page: str) -> None:
    """Send a link to whoever has an account at this address; nobody is told when it fails, but the log."""
    try:
        _make_and_send(members, email, page)
    except (OSError, SMTPException) as error:  # its text holds the address
        _log.error("A sign-in link could not be sent: %s", type(error).__name__)
    except SQLAlchemyError as error:
        _log.error("A sign-in link could not be made: %s", name_failure(error))


def _make_and_send(members: MemberSignIn, email: str, page: str) -> None:
    membership = members.membership
    member = membership.accounts.find_by_email(email)
    if membership.mailer is None or member is None or member.email is None or member.revoked:
        return
    key = membership.links.make(member.id, BY_MAIL)
    if key is None:
        return
    link = f"{members.site.settings.public_url}{LINK}/{key}?suite={quote(page)}"
    membership.mailer.send_link(member.email, link, int(BY_MAIL.total_seconds() // 60))
