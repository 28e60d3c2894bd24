"""Actions: the buttons under answers. Their requests reach the chat in their form, and from its own reader only."""

from typing import Any, Literal

from chainlit.config import config
from chainlit.server import call_action
from chainlit.session import WebsocketSession
from chainlit.types import CallActionRequest
from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, StrictBool, StrictInt, ValidationError

from assistant.chat.reader import may_go_on
from assistant.chat.sent import Identifier, Text, Values

_CLOSED = "Cette conversation n'est plus ouverte : rechargez la page."
_UNKNOWN = "Cette action n'existe pas."
_OF_ANOTHER = "Cette conversation est celle d'un adhérent : continuez-la depuis la page où elle est ouverte."


class _Filter(BaseModel):
    turn: StrictInt
    key: Text
    value: StrictInt | Text


class _Again(BaseModel):
    turn: StrictInt
    address: Text


class _TakenAway(BaseModel):
    answer: StrictInt


class _Shared(BaseModel):
    answer: StrictInt
    members: StrictBool


class _Link(BaseModel):
    link: Text
    key: Text


class _Citation(BaseModel):
    passage: Text
    quote: Text


class _Opinion(BaseModel):
    answer: Text
    value: Literal[1, -1]
    comment: Text


# Every action of the chat's components, and what each sends.
ACTIONS: dict[str, type[BaseModel]] = {
    "remove_filter": _Filter,
    "narrow": _Filter,
    "ask_again": _Again,
    "take_away": _TakenAway,
    "share": _Shared,
    "unshare": _Link,
    "open_citation": _Citation,
    "judge": _Opinion,
}


class _Named(BaseModel):
    name: Text
    payload: Values


class _Called(BaseModel):
    sessionId: Identifier  # noqa: N815 - Chainlit's own name
    action: _Named


def make_actions(path: str) -> APIRouter:
    """The route that the components of the chat at this path call."""
    router = APIRouter(include_in_schema=False)

    @router.post(f"{path}/project/action")
    async def call(called: _Called, request: Request) -> Response:
        payload = _read_payload(called.action)
        session = WebsocketSession.get_by_id(called.sessionId)
        if session is None:
            raise HTTPException(404, _CLOSED)
        if not await may_go_on(session, request.headers.get("cookie", "")):
            raise HTTPException(403, _OF_ANOTHER)
        action = {"name": called.action.name, "payload": payload}
        answer: Response = await call_action(CallActionRequest(action=action, sessionId=called.sessionId), None)
        return answer

    return router


def _read_payload(action: _Named) -> dict[str, Any]:
    """What an action was given, in its form; or raise what says in French why it is refused."""
    shape = ACTIONS.get(action.name)
    if shape is None or action.name not in config.code.action_callbacks:
        raise HTTPException(404, _UNKNOWN)
    try:
        return shape.model_validate(action.payload).model_dump()
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
