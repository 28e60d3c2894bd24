"""The same by HTTP: who is signed in, and the exchange of a host site's token for a session."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.edge.authentication import Authentication
from assistant.members.vouching import LASTS, TokenRefused
from assistant.web.frame.addresses import SIGN_IN


class VouchRequest(BaseModel):
    """A token that the page of a host site gave, and the origin of that page."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=4_000)]
    origin: Annotated[str, Field(min_length=1, max_length=300)]


def make_member_interface(authentication: Authentication) -> APIRouter:
    """The routes of members for programs and scripts."""
    router = APIRouter(prefix="/api/members", tags=["adhérents"])

    @router.get("/me", summary="Qui est connecté")
    def me(request: Request, response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "private, no-store"
        member = authentication.member(request)
        return {"member": {"name": member.name} if member else None, "sign_in": SIGN_IN}

    @router.post("/vouch", summary="Échange le jeton d'un site hôte contre une clé de session")
    async def vouch(request: Request, response: Response, body: VouchRequest) -> dict[str, Any]:
        response.headers["Cache-Control"] = "no-store"
        sent_from = request.headers.get("origin", "")
        is_ours = sent_from.split("://", 1)[-1] == request.headers.get("host")
        if sent_from and not is_ours and sent_from != body.origin:
            raise HTTPException(403, "Ce jeton vient d'un autre site que cette page.")
        try:
            key, name = await asyncio.to_thread(authentication.membership.admit_vouched, body.token, body.origin)
        except TokenRefused as error:
            raise HTTPException(403, str(error)) from error
        return {"key": key, "name": name, "ends": (datetime.now(UTC) + LASTS).isoformat(timespec="seconds")}

    return router
