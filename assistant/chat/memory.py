"""Memory: the conversation of a member is kept as it goes, and taken up again later."""

import asyncio
import logging

import chainlit as cl
from sqlalchemy.exc import SQLAlchemyError

from assistant.answers.answer import Answer
from assistant.chat.shared import shared_history
from assistant.chat.talk import Talk
from assistant.history.conversations import Conversation
from assistant.members.readers import Reader
from assistant.store.faults import name_failure

_CONVERSATION = "conversation"  # in the session: the id under which it is kept
_REQUESTED = "conversation_requested"
_log = logging.getLogger(__name__)


async def remember(question: str, answer: Answer, talk: Talk, reader: Reader) -> str:
    """Keep what a member asked and was answered after these turns; a failure is logged, and the answer stays.

    The id of the conversation; "" where it is not kept.
    """
    if reader.member is None:
        return ""
    known = cl.user_session.get(_CONVERSATION) or ""
    keep = shared_history().keep
    try:
        kept = await asyncio.to_thread(keep, reader.member.id, known, len(talk.turns), question, answer, talk.ignored)
    except SQLAlchemyError as error:
        _log.error("A conversation could not be kept: %s", name_failure(error))
        return ""
    if kept:
        cl.user_session.set(_CONVERSATION, kept)
    return kept


def take_request(message: dict[str, object]) -> bool:
    """Whether a page asks to take up a conversation, in a chat that has none yet.

    It asks until it sees an answer: only the first time counts, and is noted before anything is waited for.
    """
    asks = message.get("assistant") == "conversation"
    if not asks or cl.user_session.get(_CONVERSATION) or cl.user_session.get(_REQUESTED):
        return False
    cl.user_session.set(_REQUESTED, True)
    return True


async def find_conversation(message: dict[str, object], reader: Reader) -> Conversation | None:
    """The conversation that a page wants to take up, if it is this member's and still there; it goes on from now."""
    wanted = message.get("id")
    if reader.member is None or not isinstance(wanted, str):
        return None
    try:
        found = await asyncio.to_thread(shared_history().read, reader.member.id, wanted[:36])
    except SQLAlchemyError as error:
        _log.error("A conversation could not be read: %s", name_failure(error))
        return None
    if found:
        cl.user_session.set(_CONVERSATION, found.id)
    return found
