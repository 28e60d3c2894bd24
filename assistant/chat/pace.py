"""Pace: how long and how frequent what a page sends by its websocket may be; it is left before anything reads it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_BURST, _PER_SECOND = 60.0, 5.0  # packets of one connection
_TOO_MANY = -300.0  # packets beyond these: no page does that
_PACKETS = tuple("0123")  # connect, disconnect, event, answer: nothing here is binary


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


def keep_pace(server: Any, longest: int) -> None:  # noqa: ANN401 - socket.io's
    """Let a socket.io server read nothing but packets of text up to this length, at a bearable pace."""
    server.eio.max_http_buffer_size = longest
    paces, stock_packet, stock_end = Paces(), server.eio.handlers["message"], server.eio.handlers["disconnect"]

    async def on_packet(connection: str, data: object) -> None:
        left = paces.take(connection)
        if left < _TOO_MANY or not (isinstance(data, str) and data.startswith(_PACKETS)):
            await server.eio.disconnect(connection)
        elif left >= 0:
            await stock_packet(connection, data)

    async def on_end(connection: str, reason: str) -> None:
        paces.forget(connection)
        await stock_end(connection, reason)

    server.eio.on("message", on_packet)
    server.eio.on("disconnect", on_end)
