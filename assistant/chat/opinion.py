"""Opinion: each answer can be judged, by whoever got it; its question is kept for staff."""

import asyncio
from typing import cast

import chainlit as cl

from assistant.answer import Answer
from assistant.chat.shared import shared_log
from assistant.learning.log import LONGEST_COMMENT, Channel
from assistant.search import Knowledge

CHANNEL = "channel"  # in the session: "widget" when the chat stands in another site's page


def keep_question(question: str, answer: Answer, knowledge: Knowledge) -> list[cl.CustomElement]:
    """Keep a question for staff; the element by which its answer is judged, nothing where there is nothing to judge."""
    channel = cast("Channel", cl.user_session.get(CHANNEL) or "chat")
    key = shared_log().keep(question, answer, channel, knowledge.index.access)
    if not key or answer.kind == "small_talk":
        return []
    props = {"answer": key, "longest": LONGEST_COMMENT}
    return [cl.CustomElement(name="Opinion", props=props, display="inline")]


@cl.action_callback("judge")
async def judge(action: cl.Action) -> dict[str, bool]:
    """Keep an opinion. The payload comes from the browser: only who was given an answer knows its id."""
    key, value, comment = (action.payload.get(name) for name in ("answer", "value", "comment"))
    if value not in (1, -1) or not isinstance(key, str) or not isinstance(comment, str):
        return {"kept": False}
    kept = await asyncio.to_thread(shared_log().judge, key[:36], 1 if value == 1 else -1, comment[:LONGEST_COMMENT])
    return {"kept": kept}
