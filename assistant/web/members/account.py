"""A member's own page: who they are here, their password, their sessions."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.credentials.passwords import PasswordWrong
from assistant.french.numbers import say_count
from assistant.members.member import Member
from assistant.web.frame.addresses import ACCOUNT, SIGN_IN
from assistant.web.members import words
from assistant.web.members.sign_in import Porch
from assistant.web.pages.words import EXPIRED
from assistant.web.sign_in.password_checks import WAIT, TooManyChecks


def make_account(porch: Porch) -> APIRouter:
    """The routes of this page."""
    router = APIRouter(include_in_schema=False)

    def show(request: Request, member: Member, status: int = 200, *, error: str = "", told: str = "") -> Response:
        content = {"token": porch.door.make_token(request), "error": error, "told": told, "account": member}
        return porch.site.show(request, "account.html", content, status=status)

    def make_wait(request: Request, member: Member, seconds: int) -> Response:
        answer = show(request, member, 429, error=words.WAIT.format(wait=say_count(seconds, "seconde")))
        answer.headers["Retry-After"] = str(seconds)
        return answer

    async def change(request: Request, member: Member, password: str, new: str) -> Response | None:
        """Give the account its new password, or the answer that says why not."""
        accounts = porch.membership.accounts
        try:
            if member.has_password and not await porch.checks.run(accounts.check, member.email or "", password):
                return show(request, member, 403, error=words.NOT_YOURS)
            await porch.checks.run(accounts.set_password, member.id, new)
        except PasswordWrong as error:
            return show(request, member, 422, error=str(error))
        except TooManyChecks:
            return make_wait(request, member, WAIT)
        return None

    @router.get(ACCOUNT)
    def page(request: Request, change: str = "") -> Response:
        member = porch.site.member(request)
        if member is None:
            return RedirectResponse(f"{SIGN_IN}?suite={ACCOUNT}", 303)
        return show(request, member, told=words.CHANGED if change else "")

    @router.post(f"{ACCOUNT}/mot-de-passe")
    async def set_password(
        request: Request,
        password: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        member = porch.site.member(request)
        if member is None or member.email is None:
            return RedirectResponse(f"{SIGN_IN}?suite={ACCOUNT}", 303)
        if not porch.door.is_token(request, csrf):
            return show(request, member, 403, error=EXPIRED)
        address = request.client.host if request.client else ""
        if wait := porch.passwords.take(member.email, address):
            return make_wait(request, member, wait)
        if refused := await change(request, member, password, new):
            return refused
        porch.passwords.forget(member.email, address)
        answer = RedirectResponse(f"{ACCOUNT}?change=1", 303)
        porch.door.let_in(request, answer, member.id)
        return answer

    @router.post(f"{ACCOUNT}/deconnexion")
    def leave_everywhere(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        member = porch.site.member(request)
        if member is None:
            return RedirectResponse(SIGN_IN, 303)
        if not porch.door.is_token(request, csrf):
            return show(request, member, 403, error=EXPIRED)
        porch.membership.accounts.end_sessions(member.id)
        answer = RedirectResponse(f"{SIGN_IN}?sortie=2", 303)
        porch.door.let_out(request, answer)
        return answer

    return router
