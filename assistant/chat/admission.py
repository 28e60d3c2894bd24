"""Admission: which conversations open and which questions are taken, by the limits of visitors and of sites."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any

import chainlit as cl
import chainlit.socket
from chainlit.chat_context import chat_contexts
from chainlit.context import init_ws_context
from chainlit.session import WebsocketSession
from chainlit.socket import WebSocketSessionAuth
from socketio.exceptions import ConnectionRefusedError as Refused

from assistant.chat.arrivals import count_arrivals
from assistant.chat.events import LONGEST_MESSAGE, QUESTIONS, Event, listen
from assistant.chat.language import Language, read_language
from assistant.chat.leaving import Left, forget_early, free
from assistant.chat.words import words
from assistant.question import LONGEST_QUESTION
from assistant.web.bodies import LONGEST_PACKET
from assistant.web.limits import Limits
from assistant.web.signatures import Signatures
from assistant.web.visitor import find_visitor

_LONGEST_TOLD = 4_000  # characters of what a page tells when it connects: the seal of its site
_LONGEST_NAME = 100
_KNOWN = ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE")  # what tells who asks, and in which language
_AT_ONCE = 2  # questions of one conversation that are answered beside the new one


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
    listen(socket.sio, LONGEST_PACKET, _hear)
    count_arrivals(socket.sio, limits)

    @socket.sio.on("connect")
    async def connect(sid: str, environ: dict[str, Any], auth: WebSocketSessionAuth) -> bool:
        if not limits.open(sid, find_visitor(environ["asgi.scope"])):
            raise Refused(words("fr").too_many_conversations)
        try:
            taken = bool(await stock_connect(sid, _keep_known(environ), _tidy(auth)))
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


def _tidy(auth: WebSocketSessionAuth) -> WebSocketSessionAuth:
    """What a page that connects tells of itself, without what this chat does not read: Chainlit would keep it."""
    if not isinstance(auth, dict):
        raise Refused
    told = {}
    with contextlib.suppress(ValueError, RecursionError):
        told = json.loads(str(auth.get("userEnv"))[:_LONGEST_TOLD])
    site = str(told.get("site", "")) if isinstance(told, dict) else ""
    return {
        "sessionId": auth["sessionId"],
        "userEnv": json.dumps({"site": site}),
        "clientType": "webapp",
        "chatProfile": str(auth.get("chatProfile") or "")[:_LONGEST_NAME],
        "threadId": "",
    }


def _keep_known(environ: dict[str, Any]) -> dict[str, Any]:
    """The little of a request that a conversation reads: it stays as long as that."""
    scope = {"type": environ["asgi.scope"]["type"], "client": environ["asgi.scope"].get("client")}
    return {"asgi.scope": scope, **{name: environ[name] for name in _KNOWN if name in environ}}


async def _hear(sid: str, event: Event) -> Event | None:
    """What Chainlit shall hear of an event: nothing that comes for no conversation, too long or beside too many."""
    session = WebsocketSession.get(sid)
    if session is None:
        return None
    forget_early(session)
    name, told = event
    if name not in QUESTIONS:
        return event
    length, language = len(told["message"]["output"]), read_language(session.language)
    if length > LONGEST_MESSAGE:
        await _say(session, words(language).too_long.format(length=length, longest=LONGEST_QUESTION))
        return None
    if not _may_ask(session):
        await _say(session, words(language).busy)
        return None
    known = {message.id for message in chat_contexts.get(session.id, ())}
    return ("client_message" if told["message"]["id"] not in known else name), told


async def _say(session: WebsocketSession, text: str) -> None:
    context = init_ws_context(session)
    await cl.Message(content=text).send()
    await context.emitter.task_end()


def _may_ask(session: WebsocketSession) -> bool:
    """Whether few of the questions that a conversation asked are still being answered."""
    known: set[asyncio.Task[None]] = session.__dict__.setdefault("answering", set())
    if session.current_task:
        known.add(session.current_task)
    known.difference_update([task for task in known if task.done()])
    return len(known) <= _AT_ONCE


def current_site() -> str:
    """The site that shows this conversation, "" when the chat has a page to itself or nobody told."""
    assert _admission.seal is not None, "conversations are guarded before they start"
    return _admission.seal.unseal(str((cl.context.session.user_env or {}).get("site", "")))


def refuse_question(language: Language) -> str:
    """Why the question that a conversation has just asked must wait; "" when it is taken."""
    assert _admission.limits is not None, "conversations are guarded before they start"
    visitor = find_visitor(cl.context.session.environ["asgi.scope"])
    wait = _admission.limits.take_questions(visitor, current_site())
    return words(language).too_many_questions.format(wait=_say_wait(wait)) if wait else ""


def _say_wait(seconds: int) -> str:
    """As both languages write it."""
    return f"{seconds}\u00a0s" if seconds < 90 else f"{round(seconds / 60)}\u00a0min"
