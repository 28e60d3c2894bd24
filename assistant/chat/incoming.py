"""Incoming: a question is kept once it is known to be short enough, and beside few others of its conversation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import chainlit as cl
from chainlit.context import init_ws_context
from chainlit.server import sio
from chainlit.session import WebsocketSession

from assistant.chat.language import read_language
from assistant.chat.leaving import forget_early
from assistant.chat.words import words
from assistant.reading.message import LONGEST_QUESTION

_LONGEST_KEPT = 16_000  # characters: a question that is a little too long is shown as it was asked, and refused below
_AT_ONCE = 2  # questions of one conversation that are answered beside the new one


def guard_questions() -> None:
    """Look at each question, new or edited, before Chainlit keeps it. To be called once."""
    for event in ("client_message", "edit_message"):
        sio.handlers["/"][event] = _looking(sio.handlers["/"][event])


def _looking(stock: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[None]]:
    async def handle(sid: str, asked: dict[str, Any]) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return
        forget_early(session)
        if why := _why_not(session, asked["message"]["output"]):
            context = init_ws_context(session)
            await cl.Message(content=why).send()
            await context.emitter.task_end()
        else:
            await stock(sid, asked)

    return handle


def _why_not(session: WebsocketSession, question: str) -> str:
    """Why a question is not taken, "" when it is."""
    said = words(read_language(session.language))
    if len(question) > _LONGEST_KEPT:
        return said.too_long.format(length=len(question), longest=LONGEST_QUESTION)
    return "" if _count_answering(session) <= _AT_ONCE else said.busy


def _count_answering(session: WebsocketSession) -> int:
    """The questions of a conversation that are still being answered: Chainlit itself knows the last one."""
    known: set[asyncio.Task[None]] = session.__dict__.setdefault("answering", set())
    if session.current_task:
        known.add(session.current_task)
    known.difference_update([task for task in known if task.done()])
    return len(known)
