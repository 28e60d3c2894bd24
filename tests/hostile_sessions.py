"""Run in a process of its own: the guarded Chainlit as the server has it, with hostile names at every entrance.

python -P tests/hostile_sessions.py ROOT CANARY RUNS: says in JSON what Chainlit still answers, what was let in, and
what was about to be written or removed: Python tells before it is done, and it is stopped: no guard that fails harms.
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from hostile_ids import hostile_ids
from hypothesis import HealthCheck, Phase, given, settings
from socketio.exceptions import ConnectionRefusedError as Refused

from assistant.chat.mount import prepare_chat
from assistant.credentials.signatures import Signatures
from assistant.edge.limits import Limits

_WRITING = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.link", "os.symlink", "shutil.rmtree"}


class Guard:
    """Notes what is about to be written or removed while it watches, and stops it."""

    def __init__(self) -> None:
        self.is_watching = False
        self.stopped: list[str] = []
        sys.addaudithook(self._look)

    def _look(self, event: str, told: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(told[2], int) and told[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if self.is_watching and (writes or event in _WRITING):
            self.stopped.append(f"{event} {told[0]!r}"[:100])
            raise PermissionError(event)


def main(root: Path, canary: Path, runs: int) -> None:
    prepare_chat("Centre", root, Limits("", "", 20, 1000), Signatures("s" * 32, "widget-site", timedelta(days=1)))
    guard = Guard()
    opened = attack(canary, runs, guard)
    told = {"routes": list_routes(), "events": list_events(), "opened": opened, "touched": guard.stopped}
    print(json.dumps(told))


def attack(canary: Path, runs: int, guard: Guard) -> list[str]:
    """Open conversations under hostile names; past the guards, write files of sessions that bear them, and end them."""
    from chainlit.server import sio
    from chainlit.session import HTTPSession

    tried = 0
    opened: list[str] = []

    async def open_all(name: object) -> None:
        for where in ("sessionId", "threadId"):
            auth = {"sessionId": str(uuid4()), "threadId": "", "clientType": "webapp", "userEnv": "{}", where: name}
            if where == "sessionId" or name:  # a conversation may have no thread
                try:
                    await sio.handlers["/"]["connect"]("sid", {"asgi.scope": {}}, auth)
                except Refused:
                    continue
                except AttributeError:
                    pass  # let in: here nobody counts conversations
                opened.append(f"{where} {name!r}"[:100])
        session = HTTPSession(id=name, client_type="webapp")  # type: ignore[arg-type]
        for end in (session.persist_file("a", "text/plain", content="a"), session.delete()):
            with suppress(OSError, TypeError, ValueError):
                await end

    unhurried = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}

    @settings(max_examples=runs, phases=[Phase.generate], **unhurried)  # type: ignore[arg-type]
    @given(hostile_ids(canary))
    def end(name: object) -> None:
        nonlocal tried
        tried += 1
        guard.is_watching = True
        loop.run_until_complete(open_all(name))
        guard.is_watching = False

    loop = asyncio.new_event_loop()
    end()
    assert tried >= runs
    return opened


def list_routes() -> list[str]:
    from chainlit.server import app, router

    routes = [route for route in (*app.router.routes, *router.routes) if hasattr(route, "path")]
    return sorted(f"{','.join(sorted(getattr(route, 'methods', None) or ()))} {route.path}" for route in routes)


def list_events() -> list[str]:
    from chainlit.server import sio

    return sorted(sio.handlers["/"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
