"""Opinion: each answer can be judged, by whoever got it."""

import asyncio

import chainlit as cl

from assistant.answers.kinds.registry import is_judged
from assistant.chat.admission import current_site
from assistant.chat.shared import shared_log
from assistant.learning.log import LONGEST_COMMENT
from assistant.observing.channel import Channel
from assistant.serving.reception import Told


def current_channel() -> Channel:
    """Where this conversation is held."""
    return "widget" if current_site() else "chat"


def opinion_props(told: Told) -> dict[str, object]:
    """What Opinion.jsx needs, nothing where there is nothing to judge."""
    judged = told.key and is_judged(told.answer.kind)
    return {"answer": told.key, "longest": LONGEST_COMMENT} if judged else {}


@cl.action_callback("judge")
async def judge(action: cl.Action) -> dict[str, bool]:
    """Keep an opinion. The payload comes from the browser: only who was given an answer knows its id."""
    key, value, comment = (action.payload.get(name) for name in ("answer", "value", "comment"))
    if value not in (1, -1) or not isinstance(key, str) or not isinstance(comment, str):
        return {"kept": False}
    kept = await asyncio.to_thread(shared_log().judge, key[:36], 1 if value == 1 else -1, comment[:LONGEST_COMMENT])
    return {"kept": kept}
