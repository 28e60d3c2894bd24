"""Signing in with the account of an identity provider."""

import asyncio
import logging
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import TypeAdapter, ValidationError

from assistant.credentials.signatures import Signatures
from assistant.edge.sealed_cookie import SealedCookie
from assistant.members.provider import Identity, Journey, Provider, ProviderFailed
from assistant.web.frame.addresses import PROVIDER, RETURN, SIGN_IN, our_page
from assistant.web.members import words
from assistant.web.members.sign_in import MemberSignIn

_log = logging.getLogger(__name__)
_LASTS = timedelta(minutes=10)
_journeys = TypeAdapter(tuple[Journey, str])


def make_provider(members: MemberSignIn, secret: str) -> APIRouter:
    """The way to the provider and back."""
    router = APIRouter(include_in_schema=False)
    signatures = Signatures(secret, "member-journey", _LASTS)
    journeys = SealedCookie("assistant_member_journey", signatures, _LASTS, path=SIGN_IN)

    @router.get(PROVIDER)
    async def leave(request: Request, suite: str = "") -> Response:
        provider = members.membership.provider
        if provider is None:
            return RedirectResponse(SIGN_IN, 303)
        try:
            address, journey = await provider.begin()
        except ProviderFailed as error:
            _log.error("The identity provider cannot be used: %s", error)
            return members.fail(request, our_page(suite), 502, words.PROVIDER_FAILED.format(name=provider.name))
        answer = RedirectResponse(address, 303)
        journeys.write(answer, _journeys.dump_json((journey, our_page(suite))).decode())
        return answer

    @router.get(RETURN)
    async def come_back(request: Request) -> Response:
        provider = members.membership.provider
        if provider is None:
            return RedirectResponse(SIGN_IN, 303)
        try:
            journey, suite = _journeys.validate_json(journeys.read(request))
        except ValidationError:
            return members.fail(request, our_page(""), 403, words.PROVIDER_FAILED.format(name=provider.name))
        answer = await _finish(members, provider, request, journey, our_page(suite))
        journeys.remove(answer)
        return answer

    return router


async def _finish(members: MemberSignIn, provider: Provider, request: Request, journey: Journey, page: str) -> Response:
    """Ask the provider who came back, and sign them in."""
    try:
        identity = await provider.finish(f"{provider.callback}?{request.url.query}", journey)
    except ProviderFailed as error:
        _log.warning("A sign-in with the identity provider failed: %s", error)
        return members.fail(request, page, 403, words.PROVIDER_FAILED.format(name=provider.name))
    return await _admit(members, request, identity, page)


async def _admit(members: MemberSignIn, request: Request, identity: Identity, page: str) -> Response:
    """Sign in whoever the provider knows, when it says that this is a member."""
    who = (identity.issuer, identity.subject, identity.name, identity.email)
    member = await asyncio.to_thread(members.membership.accounts.admit, *who) if identity.is_member else None
    if member:
        return members.enter(request, member, page)
    return members.fail(request, page, 403, words.NOT_MEMBER.format(contact=members.site.settings.contact))
