"""A member's own page: who they are here, their password, their sessions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.credentials.passwords import PasswordWrong
from assistant.members.member import Member
from assistant.web.frame.addresses import ACCOUNT, SIGN_IN
from assistant.web.members import words
from assistant.web.members.sign_in import MemberSignIn
from assistant.web.pages.words import EXPIRED
from assistant.web.sign_in.tries import WaitFirst


def make_account(members: MemberSignIn) -> APIRouter:
    """The routes of this page."""
    router = APIRouter(include_in_schema=False)
    account = _AccountPage(members)

    @router.get(ACCOUNT)
    def page(request: Request, change: str = "") -> Response:
        member = members.site.member(request)
        if member is None:
            return RedirectResponse(f"{SIGN_IN}?suite={ACCOUNT}", 303)
        return account.show(request, member, told=words.CHANGED if change else "")

    @router.post(f"{ACCOUNT}/mot-de-passe")
    async def set_password(
        request: Request,
        password: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        member = members.site.member(request)
        if member is None or member.email is None:
            return RedirectResponse(f"{SIGN_IN}?suite={ACCOUNT}", 303)
        if not members.authentication.is_token(request, csrf):
            return account.show(request, member, 403, error=EXPIRED)
        return await account.set_password(request, member, password, new)

    @router.post(f"{ACCOUNT}/deconnexion")
    def leave_everywhere(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        member = members.site.member(request)
        if member is None:
            return RedirectResponse(SIGN_IN, 303)
        if not members.authentication.is_token(request, csrf):
            return account.show(request, member, 403, error=EXPIRED)
        members.membership.accounts.end_sessions(member.id)
        answer = RedirectResponse(f"{SIGN_IN}?sortie=2", 303)
        members.authentication.close_session(request, answer)
        return answer

    return router


class _AccountPage:
    """The page, and the change of the password."""

    def __init__(self, members: MemberSignIn) -> None:
        self._members = members

    def show(self, request: Request, member: Member, status: int = 200, *, error: str = "", told: str = "") -> Response:
        token = self._members.authentication.make_token(request)
        content = {"token": token, "error": error, "told": told, "account": member}
        return self._members.site.show(request, "account.html", content, status=status)

    async def set_password(self, request: Request, member: Member, password: str, new: str) -> Response:
        """Give the account its new password and open a new session, or say why not."""
        accounts, tries = self._members.membership.accounts, self._members.tries
        email = member.email or ""
        try:
            tries.begin(request, email)
            if member.has_password and not await tries.run(accounts.check, email, password):
                return self.show(request, member, 403, error=words.NOT_YOURS)
            await tries.run(accounts.set_password, member.id, new)
        except PasswordWrong as error:
            return self.show(request, member, 422, error=str(error))
        except WaitFirst as wait:
            return wait.tell_in(self.show(request, member, 429, error=str(wait)))
        tries.succeed(request, email)
        answer = RedirectResponse(f"{ACCOUNT}?change=1", 303)
        self._members.authentication.open_session(request, answer, member.id)
        return answer
