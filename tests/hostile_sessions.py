"""Run in a process of its own: the guarded Chainlit as the server has it, and sessions made in it past every guard.

python -P tests/hostile_sessions.py ROOT CANARY RUNS: says in JSON what Chainlit still answers and what was touched.
"""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

from hostile_ids import hostile_ids, snapshot
from hypothesis import HealthCheck, Phase, given, settings

from assistant.chat.mount import prepare_chat


def main(root: Path, canary: Path, runs: int) -> None:
    prepare_chat("Centre", root, None, None)  # type: ignore[arg-type] - nobody connects
    before = snapshot(canary)
    print(json.dumps({"routes": list_routes(), "events": list_events(), "changed": attack(canary, runs) != before}))


def attack(canary: Path, runs: int) -> object:
    """Remove the files of sessions that bear hostile names, and write some."""
    from chainlit.session import HTTPSession

    tried = 0

    @settings(max_examples=runs, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(hostile_ids(canary))
    def end(name: object) -> None:
        nonlocal tried
        tried += 1
        session = HTTPSession(id=name, client_type="webapp")  # type: ignore[arg-type]
        for work in (session.persist_file("a", "text/plain", content="a"), session.delete()):
            with suppress(OSError, TypeError, ValueError):
                asyncio.run(work)

    end()
    assert tried >= runs
    return snapshot(canary)


def list_routes() -> list[str]:
    from chainlit.server import app, router

    routes = [*app.router.routes, *router.routes]
    return sorted(
        f"{','.join(sorted(getattr(route, 'methods', None) or ()))} {route.path}"
        for route in routes
        if hasattr(route, "path")
    )


def list_events() -> list[str]:
    from chainlit.server import sio

    return sorted(sio.handlers["/"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
