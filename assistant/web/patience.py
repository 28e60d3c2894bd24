"""Patience: a connection that sends no whole request in time is closed; uvicorn would wait for it forever."""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

_PATIENCE = 10.0  # seconds between two looks: headers have that long, and twice as long at most


class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # it is chosen by what is installed
    """Looks now and then whether a connection between two requests is still where it was."""

    _look: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Someone connects."""
        super().connection_made(transport)
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """They left."""
        self._look.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, *request: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """The connection becomes a websocket, which has its own pace."""
        self._look.cancel()
        super().handle_websocket_upgrade(*request)

    def _look_later(self) -> None:
        self._look = self.loop.call_later(_PATIENCE, self._look_whether_stuck, self.cycle)

    def _look_whether_stuck(self, seen: object) -> None:
        is_between = self.cycle is None or self.cycle.response_complete
        if is_between and self.cycle is seen:
            self.transport.close()
        else:
            self._look_later()
