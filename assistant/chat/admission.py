"""Admission: which conversations open and which questions are taken, by the limits of visitors and of sites."""

from dataclasses import dataclass
from typing import Any

import chainlit as cl
import chainlit.socket
from chainlit.session import WebsocketSession
from chainlit.socket import WebSocketSessionAuth
from socketio.exceptions import ConnectionRefusedError as Refused

from assistant.chat.arrivals import count_arrivals
from assistant.chat.incoming import guard_questions
from assistant.chat.leaving import Left, free
from assistant.chat.pace import keep_pace
from assistant.chat.words import words
from assistant.credentials.signatures import Signatures
from assistant.edge.limits import LONGEST_PACKET, Limits
from assistant.edge.visitor import find_visitor
from ingest.layout import Language

# What tells who asks, in which language, and where the site is.
_KNOWN = ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN", "HTTP_HOST")


@dataclass
class _Admission:
    limits: Limits | None = None
    seal: Signatures | None = None


_admission = _Admission()


def guard_conversations(limits: Limits, seal: Signatures) -> None:
    """Count conversations and questions from now on. To be called once, when Chainlit is loaded."""
    _admission.limits, _admission.seal = limits, seal
    socket = chainlit.socket
    stock_connect = socket.connect
    left = Left(limits.most_open, limits.most_open_of_all)
    there = count_arrivals(socket.sio, limits)
    keep_pace(socket.sio, LONGEST_PACKET, lambda connection: there.get(connection, ""))
    guard_questions()

    @socket.sio.on("connect")
    async def connect(sid: str, environ: dict[str, Any], auth: WebSocketSessionAuth) -> bool:
        if not limits.open(sid, find_visitor(environ["asgi.scope"])):
            raise Refused(words("fr").too_many_conversations)
        try:
            taken = bool(await stock_connect(sid, _keep_known(environ), auth))
            left.come_back(WebsocketSession.require(sid).id)
            return taken
        except BaseException:
            limits.close(sid)
            raise

    @socket.sio.on("disconnect")
    async def disconnect(sid: str) -> None:
        limits.close(sid)
        if session := WebsocketSession.get(sid):
            if session.to_clear:
                await free(session)
            else:
                left.keep(session, find_visitor(session.environ["asgi.scope"]))


def _keep_known(environ: dict[str, Any]) -> dict[str, Any]:
    """The little of a request that a conversation reads: it stays as long as that."""
    whole = environ["asgi.scope"]
    scope = {"type": whole["type"], "client": whole.get("client"), "scheme": whole.get("scheme", "")}
    return {"asgi.scope": scope, **{name: environ[name] for name in _KNOWN if name in environ}}


def current_site() -> str:
    """The site that shows this conversation, "" when the chat has a page to itself or nobody told."""
    assert _admission.seal is not None, "conversations are guarded before they start"
    return _admission.seal.unseal(str((cl.context.session.user_env or {}).get("site", "")))


def refuse_question(language: Language, count: int = 1) -> str:
    """Why what a conversation has just asked, which counts for so many questions, must wait; "" when it is taken."""
    assert _admission.limits is not None, "conversations are guarded before they start"
    visitor = find_visitor(cl.context.session.environ["asgi.scope"])
    wait = _admission.limits.take_questions(visitor, current_site(), count)
    return words(language).too_many_questions.format(wait=_say_wait(wait)) if wait else ""


def _say_wait(seconds: int) -> str:
    """As both languages write it."""
    return f"{seconds}\u00a0s" if seconds < 90 else f"{round(seconds / 60)}\u00a0min"
