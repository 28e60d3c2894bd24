"""Pace: how long and how frequent what a page sends by its websocket may be; it is left before anything reads it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.edge.allowance import Allowance

_BURST, _PER_SECOND = 60.0, 5.0  # packets of one connection
_TOO_MANY = -300.0  # packets beyond these: no page does that
_CHARACTERS, _WINDOW = 400_000.0, 20.0  # of one visitor, and the seconds in which: reading them takes 0.1 s
_OPENING, _SHORT, _TOLD = 10_000, 1_000, 20_000  # characters of a connection, of most events, of a message of a window
# What comes before the content of an event of a page.
_EVENT = re.compile(r'2\d{0,9}\["([a-z_]{1,30})"')
_QUESTIONS = ("client_message", "edit_message")
_RESUMED = tuple(f'["window_message",{{"assistant":"{told}",' for told in ("resume", "restore"))


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


def keep_pace(server: Any, longest: int, visitor_of: Callable[[str], str]) -> None:  # noqa: ANN401 - socket.io's
    """Let a socket.io server read nothing but packets of text up to this length, at a bearable pace.

    `visitor_of` tells whose a connection is: all those of one visitor share what may be read.
    """
    server.eio.max_http_buffer_size = longest
    stock_packet, stock_end = server.eio.handlers["message"], server.eio.handlers["disconnect"]
    paces, read = Paces(), Allowance(_CHARACTERS, _WINDOW)

    async def on_packet(connection: str, data: object) -> None:
        left = paces.take(connection)
        if left < _TOO_MANY:
            # Not awaited: it waits for what is written to whoever may read nothing.
            server.start_background_task(server.eio.disconnect, connection)
            return
        whose = visitor_of(connection) or connection
        if (
            left >= 0
            and isinstance(data, str)
            and len(data) <= _find_longest(data, longest)
            and not read.wait(whose, len(data))
        ):
            read.spend(whose, len(data))
            await stock_packet(connection, data)

    async def on_end(connection: str, reason: str) -> None:
        paces.forget(connection)
        await stock_end(connection, reason)

    server.eio.on("message", on_packet)
    server.eio.on("disconnect", on_end)


def _find_longest(packet: str, longest: int) -> int:
    """How long a packet that begins so may be, before anything reads it; 0 when no page sends such a one."""
    if packet.startswith(("0", "1")):
        return _OPENING
    event = _EVENT.match(packet)
    if event is None:
        return 0
    if event[1] == "window_message":
        return longest if packet.startswith(_RESUMED, event.start(1) - 2) else _TOLD
    return longest if event[1] in _QUESTIONS else _SHORT
