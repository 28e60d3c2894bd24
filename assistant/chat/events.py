"""Events: what a page may tell Chainlit by its websocket, and in which form: the rest is dropped before it is read.

python-socketio calls the handlers of "connect" and "disconnect" for whoever sends events of these names, with whatever
they send as the request: those are no events of a page.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from chainlit.chat_context import chat_contexts
from chainlit.session import WebsocketSession
from chainlit.socket import sio
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy.exc import SQLAlchemyError

from assistant.chat.reader import may_go_on
from assistant.chat.sent import Identifier, Text, Values
from assistant.chat.words import words
from assistant.store.faults import name_failure

Handler = Callable[..., Awaitable[object]]

_LONGEST_SETTINGS = 4_000  # characters
_LONGEST_ADDRESS = 4_000  # characters
_log = logging.getLogger(__name__)


class _Opening(BaseModel):
    """What a page sends to open a conversation, or to come back to it after a cut."""

    sessionId: Identifier  # noqa: N815 - Chainlit's own names
    threadId: Identifier | Literal[""] | None = None  # noqa: N815
    userEnv: Text | None = Field(None, max_length=_LONGEST_SETTINGS)  # noqa: N815
    clientType: Literal["webapp"]  # noqa: N815
    chatProfile: Literal["", "assistant"] | None = None  # noqa: N815

    def settings(self) -> str:
        """The settings of the page, or raise ValueError."""
        return json.dumps(_SETTINGS.validate_json(self.userEnv or "{}"))


class _Metadata(BaseModel):
    location: Text = ""


class _Message(BaseModel):
    """A question: only what is ours to read, the rest is what Chainlit needs to find."""

    id: Identifier
    output: Text
    metadata: _Metadata | None = None

    def as_sent(self) -> dict[str, Any]:
        """The message, as Chainlit takes one of a person."""
        location = (self.metadata or _Metadata()).location[:_LONGEST_ADDRESS]
        fixed = {"threadId": "", "name": "User", "type": "user_message", "createdAt": ""}
        return {"id": self.id, "output": self.output, "metadata": {"location": location}, **fixed}


class _Asked(BaseModel):
    """A question, new or edited; files are never taken."""

    message: _Message

    def as_sent(self) -> dict[str, Any]:
        """The question, as Chainlit takes it."""
        return {"message": self.message.as_sent(), "fileReferences": []}


_TOLD, _SETTINGS = TypeAdapter(Values), TypeAdapter(dict[Text, Text])


def _read_nothing(*_: object) -> tuple[Any, ...]:
    return ()


def _read_asked(asked: object = None, *_: object) -> tuple[Any, ...]:
    return (_Asked.model_validate(asked).as_sent(),)


def _read_told(told: object = None, *_: object) -> tuple[Any, ...]:
    return (_TOLD.validate_python(told, strict=True),)


# What a page may send, and how it is read: all that this chat uses of Chainlit.
EVENTS: dict[str, Callable[..., tuple[Any, ...]]] = {
    "connection_successful": _read_nothing,
    "client_message": _read_asked,
    "edit_message": _read_asked,
    "stop": _read_nothing,
    "clear_session": _read_nothing,
    "window_message": _read_told,
}
_OF_CONNECTIONS = frozenset({"connect", "disconnect"})


def guard_events() -> None:
    """Let through what pages may send, in its form. To be called once, after all handlers are there."""
    handlers: dict[str, Handler] = sio.handlers["/"]
    for unused in handlers.keys() - EVENTS.keys() - _OF_CONNECTIONS:
        del handlers[unused]
    handlers["edit_message"] = _editing(handlers["edit_message"])
    for event, read in EVENTS.items():
        handlers[event] = _reading(event, read, handlers[event])
    handlers["connect"] = _opening(handlers["connect"])
    _drop_other_events()
    _survive_packets()


def _reading(event: str, read: Callable[..., tuple[Any, ...]], stock: Handler) -> Handler:
    """Handle an event whose content has the form it must have, in a conversation that is open; drop any other."""

    async def handle(sid: str, *sent: object) -> None:
        try:
            content = read(*sent)
        except ValidationError:
            _log.info("A page sent a %s that cannot be read", event)
            return
        if WebsocketSession.get(sid) is not None:
            await stock(sid, *content)

    return handle


def _editing(stock: Handler) -> Handler:
    """Only a question of this conversation can be edited: of another message, Chainlit would ask nothing."""

    async def edit(sid: str, asked: dict[str, Any]) -> None:
        told = chat_contexts.get(WebsocketSession.require(sid).id, [])
        if any(each.id == asked["message"]["id"] and each.type == "user_message" for each in told):
            await stock(sid, asked)

    return edit


def _opening(stock: Handler) -> Handler:
    async def open_conversation(sid: str, environ: dict[str, Any], auth: object = None) -> object:
        try:
            opening = _Opening.model_validate(auth)
            told = opening.model_dump() | {"userEnv": opening.settings()}
        except ValueError:
            raise Refused(words("fr").not_opened) from None
        session = WebsocketSession.get_by_id(opening.sessionId)
        if session is not None and not await _may_come_back(session, str(environ.get("HTTP_COOKIE", ""))):
            raise Refused(words("fr").not_opened)
        return await stock(sid, environ, told)

    return open_conversation


async def _may_come_back(session: WebsocketSession, cookies: str) -> bool:
    """Whether who comes back may; nobody whom a database that fails cannot tell."""
    try:
        return await may_go_on(session, cookies)
    except SQLAlchemyError as error:
        _log.error("Whose conversation it is cannot be told: %s", name_failure(error))
        return False


def _drop_other_events() -> None:
    stock = sio._handle_event

    async def handle(eio_sid: str, namespace: str | None, number: int | None, data: object) -> None:
        if isinstance(data, list) and data and isinstance(data[0], str) and data[0] in EVENTS:
            await stock(eio_sid, namespace, number, data)

    sio._handle_event = handle


def _survive_packets() -> None:
    """A packet that is none ends the connection in a line of the log: its error would quote it."""
    stock = sio.eio.handlers["message"]

    async def handle(eio_sid: str, packet: object) -> None:
        try:
            await stock(eio_sid, packet)
        except Exception as error:  # noqa: BLE001 - whatever was sent
            _log.warning("A packet of a page could not be read: %s", type(error).__name__)
            sio.start_background_task(sio.eio.disconnect, eio_sid)

    sio.eio.handlers["message"] = handle
