"""Admission: which conversations open and which questions are taken, by the limits of visitors and of sites."""

from dataclasses import dataclass
from typing import Any

import chainlit as cl
import chainlit.socket
from socketio.exceptions import ConnectionRefusedError as Refused

from assistant.chat.wording import TOO_MANY_CONVERSATIONS, TOO_MANY_QUESTIONS
from assistant.web.limits import Limits, find_visitor
from assistant.widget.seal import SiteSeal
from assistant.wording import count


@dataclass
class _Admission:
    limits: Limits | None = None
    seal: SiteSeal | None = None


_admission = _Admission()


def guard_conversations(limits: Limits, seal: SiteSeal) -> None:
    """Count conversations and questions from now on. To be called once, when Chainlit is loaded."""
    _admission.limits, _admission.seal = limits, seal
    socket = chainlit.socket
    stock_connect, stock_disconnect = socket.connect, socket.disconnect

    @socket.sio.on("connect")
    async def connect(sid: str, environ: dict[str, Any], auth: socket.WebSocketSessionAuth) -> bool:
        if not limits.open(sid, find_visitor(environ["asgi.scope"])):
            raise Refused(TOO_MANY_CONVERSATIONS)
        try:
            return bool(await stock_connect(sid, environ, auth))
        except BaseException:
            limits.close(sid)
            raise

    @socket.sio.on("disconnect")
    async def disconnect(sid: str) -> None:
        limits.close(sid)
        await stock_disconnect(sid)


def refuse_question() -> str:
    """Why the question that a conversation has just asked must wait, in French; "" when it is taken."""
    session = cl.context.session
    assert _admission.limits is not None
    assert _admission.seal is not None
    site = _admission.seal.unseal(str((session.user_env or {}).get("site", "")))
    wait = _admission.limits.take_questions(find_visitor(session.environ["asgi.scope"]), site)
    return TOO_MANY_QUESTIONS.format(wait=_say_wait(wait)) if wait else ""


def _say_wait(seconds: int) -> str:
    return count(seconds, "seconde") if seconds < 90 else count(round(seconds / 60), "minute")
