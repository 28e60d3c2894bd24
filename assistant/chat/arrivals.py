"""Arrivals: connections that are not conversations yet are counted too, and closed when they never become one."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from assistant.edge.limits import Limits
from assistant.edge.visitor import find_visitor

_MORE = 10  # connections than conversations, for those that are told that there are too many
_PATIENCE = 10.0  # seconds to become a conversation
_OPENING = 2.0  # pages that opening one counts for


def count_arrivals(server: Any, limits: Limits) -> Mapping[str, str]:  # noqa: ANN401 - socket.io's
    """Refuse connections of a visitor beyond a few more than conversations, and those that come too often.

    Gives the visitor of each connection that is there, as they come and go.
    """
    there: dict[str, str] = {}
    stock_start, stock_end = server.eio.handlers["connect"], server.eio.handlers["disconnect"]

    async def on_start(connection: str, environ: dict[str, Any]) -> object:
        visitor = find_visitor(environ["asgi.scope"])
        mine = Counter(there.values())[visitor] if visitor else 0
        if (
            mine >= limits.most_open + _MORE
            or len(there) >= limits.most_open_of_all + _MORE
            or limits.take_request(visitor, _OPENING)
        ):
            return False
        there[connection] = visitor
        asyncio.get_running_loop().call_later(_PATIENCE, _close_idle, server, connection)
        return await stock_start(connection, environ)

    async def on_end(connection: str, reason: str) -> None:
        there.pop(connection, None)
        await stock_end(connection, reason)

    server.eio.on("connect", on_start)
    server.eio.on("disconnect", on_end)
    return there


def _close_idle(server: Any, connection: str) -> None:  # noqa: ANN401
    is_open = connection in server.eio.sockets
    if is_open and not server.manager.sid_from_eio_sid(connection, "/"):
        server.start_background_task(server.eio.disconnect, connection)
