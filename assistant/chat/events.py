"""Events: what a page may send on its websocket, how long and how often; the rest is left before Chainlit hears it.

Chainlit keeps what it is sent, whatever that is: an event is made anew here of what this chat reads in it.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

LONGEST_MESSAGE = 16_000  # characters of a question, which is told how much too long it is; longer ones are cut
_LONGEST_ADDRESS = 4_000
_BURST, _PER_SECOND = 60.0, 5.0  # events of one conversation
_TOO_MANY = -300.0  # events beyond these: no page does that
_PACKETS = tuple("0123")  # connect, disconnect, event, answer: nothing here is binary
_ALONE = frozenset({"connection_successful", "clear_session", "stop"})  # events that bring nothing
QUESTIONS = frozenset({"client_message", "edit_message"})

Event = tuple[str, Any]  # its name and what it brings, None for nothing


class _Metadata(BaseModel):
    location: Annotated[str, Field(max_length=_LONGEST_ADDRESS)] = ""


class _Message(BaseModel):
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    output: str
    createdAt: Annotated[str, Field(max_length=40)] = ""  # noqa: N815 - Chainlit's own
    metadata: _Metadata | None = None


class _Payload(BaseModel):
    message: _Message


def read_event(data: object) -> Event | None:
    """What a page tells, made anew; None when this chat has no use for it."""
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        return None
    name, told = data[0], data[1] if len(data) > 1 else None
    if name in _ALONE:
        return name, None
    if name == "window_message":
        return (name, told) if isinstance(told, dict) else None
    if name not in QUESTIONS:
        return None
    try:
        said = _Payload.model_validate(told).message
    except ValidationError:
        return None
    return name, _as_chainlit_reads(said)


def _as_chainlit_reads(said: _Message) -> dict[str, Any]:
    message = {"threadId": "", "id": said.id, "name": "user", "type": "user_message", "output": said.output}
    location = said.metadata.location if said.metadata else ""
    return {
        "message": {**message, "createdAt": said.createdAt, "metadata": {"location": location}},
        "fileReferences": None,
    }


@dataclass
class _Pace:
    left: float
    since: float


class Paces:
    """How often each connection sends something: a burst, then so many a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paces: dict[str, _Pace] = {}

    def take(self, connection: str) -> float:
        """Count a packet; how many more there may be at once, less than 0 when it must be left."""
        now = self._clock()
        pace = self._paces.setdefault(connection, _Pace(_BURST, now))
        pace.left = min(_BURST, pace.left + (now - pace.since) * _PER_SECOND) - 1
        pace.since = now
        return pace.left

    def forget(self, connection: str) -> None:
        """A connection has ended."""
        self._paces.pop(connection, None)


def listen(server: Any, longest: int, on_event: Callable[[str, Event], Awaitable[Event | None]]) -> None:  # noqa: ANN401
    """Let nothing reach a socket.io server but short packets at a bearable pace and events that this chat reads.

    `on_event` is given each event with its socket, and gives back what Chainlit shall hear, or None.
    """
    server.eio.max_http_buffer_size = longest
    paces, stock_packet, stock_event = Paces(), server._handle_eio_message, server._handle_event
    stock_end = server._handle_eio_disconnect

    async def on_packet(connection: str, data: object) -> None:
        left = paces.take(connection)
        is_ours = isinstance(data, str) and data.startswith(_PACKETS)
        if left < _TOO_MANY or not is_ours:
            await server.eio.disconnect(connection)
        elif left >= 0:
            try:
                await stock_packet(connection, data)
            except (ValueError, RecursionError, KeyError, TypeError):  # not as a page writes it
                await server.eio.disconnect(connection)

    async def on_read_event(connection: str, namespace: str, number: int | None, data: object) -> None:
        event, sid = read_event(data), server.manager.sid_from_eio_sid(connection, namespace or "/")
        event = await on_event(sid, event) if event and sid else None
        if event:
            told = [event[0]] if event[1] is None else [event[0], event[1]]
            await stock_event(connection, namespace, number, told)

    async def on_end(connection: str, reason: str) -> None:
        paces.forget(connection)
        await stock_end(connection, reason)

    server._handle_event = on_read_event
    server.eio.on("message", on_packet)
    server.eio.on("disconnect", on_end)
