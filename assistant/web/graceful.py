"""Graceful: a server that finishes the answers being written before it stops, within a time."""

import asyncio
import socket
import time
from collections.abc import Callable

import uvicorn


class GracefulServer(uvicorn.Server):
    """Uvicorn closes websockets at once when it stops; this lets the chat finish its answers first.

    Newcomers are refused meanwhile, so that a proxy sends them to another server. `busy` counts the answers that the
    chat is writing; `grace` is in seconds, for them and for requests over HTTP together.
    """

    def __init__(self, config: uvicorn.Config, busy: Callable[[], int], grace: float) -> None:
        super().__init__(config)
        self._busy, self._grace = busy, grace

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse newcomers, wait for the answers being written, then stop."""
        for server in self.servers:
            server.close()
        deadline = time.monotonic() + self._grace
        while self._busy() and time.monotonic() < deadline and not self.force_exit:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)
        self.config.timeout_graceful_shutdown = max(1, round(deadline - time.monotonic()))
        await super().shutdown(sockets)
