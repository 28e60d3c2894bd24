"""A thousand conversations of one visitor, opened, used a little and left; says what is left of them.

Chainlit keeps its state in its modules, so that this is a process of its own.
"""

import asyncio
import gc
import json
import os
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from assistant.chat.mount import prepare_chat
from assistant.credentials.signatures import Signatures
from assistant.edge.limits import Limits

_CONVERSATIONS = 1000
_VISITOR = {"type": "websocket", "client": ("192.0.2.7", 4000)}


def memory() -> float:
    """Resident memory, in MB."""
    gc.collect()
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1000


async def converse(server: Any, number: int) -> None:
    """Open one, send what is long, leave."""
    sid, environ = f"socket{number}", {"asgi.scope": _VISITOR, "HTTP_ACCEPT_LANGUAGE": "fr", "HTTP_X": "x" * 5000}
    session = str(uuid.uuid4())
    auth = {"sessionId": session, "userEnv": json.dumps({"k": "e" * 3000}), "clientType": "webapp", "threadId": ""}
    handlers = server.handlers["/"]
    await handlers["connect"](sid, environ, auth)
    server.manager.sid_from_eio_sid = lambda *_: sid
    said = {"output": "Bonjour " * 100, "createdAt": "", "name": "n", "metadata": {"more": "m" * 50_000}}
    for _ in range(150 if number == 0 else 3):
        message = {"message": {**said, "id": str(uuid.uuid4())}, "fileReferences": None}
        await server._handle_event(sid, "/", None, ["client_message", message])
        if number == 0:
            await asyncio.sleep(0.005)
    await asyncio.sleep(0)
    await handlers["disconnect"](sid)


async def measure() -> dict[str, float]:
    """What is kept of them."""
    from chainlit.chat_context import chat_contexts
    from chainlit.config import FILES_DIRECTORY, config
    from chainlit.server import sio
    from chainlit.session import ws_sessions_id, ws_sessions_sid
    from chainlit.user_session import user_sessions

    config.project.session_timeout = 1

    async def dispatch(sid: str, _namespace: str, _number: object, told: list[Any]) -> None:
        await sio.handlers["/"][told[0]](sid, *told[1:])

    sio._trigger_event = lambda event, namespace, sid, *told, **_: dispatch(sid, namespace, None, [event, *told])
    sio.manager.is_connected = lambda *_: True
    most, longest, start = 0, 0, 0.0
    for number in range(_CONVERSATIONS):
        await converse(sio, number)
        most = max(most, len(ws_sessions_id))
        longest = max([longest, *map(len, chat_contexts.values())])
        start = start or (memory() if number == 100 else 0.0)
    await asyncio.sleep(1.5)
    left = {"sessions": ws_sessions_id, "sockets": ws_sessions_sid, "messages": chat_contexts, "values": user_sessions}
    kept = {name: float(len(each)) for name, each in left.items()}
    folders = len(os.listdir(FILES_DIRECTORY))
    counts = {"most_kept": most, "longest_log": longest, "open": len(LIMITS._open), "folders": folders}
    return {**kept, **counts, "grown_mb": memory() - start}


LIMITS = Limits("", "", 20, 1000)

if __name__ == "__main__":
    prepare_chat("Centre", Path(sys.argv[1]), LIMITS, Signatures("s" * 32, "widget-site", timedelta(days=1)))
    print(json.dumps(asyncio.run(measure())))
