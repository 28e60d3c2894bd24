"""Reader: who is asking in this chat, looked up again each time something is answered, opened or taken away.

A member is known by the cookie that the browser sent when the chat connected, or by a key bound to this chat alone, in
a frame where there are no cookies. Neither is believed for itself: the database says whether it still opens something.
"""

import asyncio
import logging

import chainlit as cl
from chainlit.chat_context import chat_contexts
from chainlit.session import WebsocketSession
from chainlit.user_session import user_sessions
from sqlalchemy.exc import SQLAlchemyError

from assistant.chat.shared import shared_authentication
from assistant.chat.words import words
from assistant.members.readers import Reader
from assistant.members.vouching import TokenRefused
from assistant.store.faults import name_failure
from ingest.layout import Language

_log = logging.getLogger(__name__)
_KEY, _MEMBER, _UNSURE = "member_key", "member_id", "member_unsure"
_CHAINLITS_OWN = frozenset({"id", "env", "chat_settings", "user", "chat_profile", "client_type"})


async def current_reader(language: Language) -> Reader:
    """Whoever asks, and what they may read at this moment.

    When a member has lost the access since the last time, the chat says so once, in this language, and forgets what it
    remembered.
    """
    authentication = shared_authentication()
    bound = str(cl.user_session.get(_KEY) or "")
    sent = authentication.key_in(str(cl.context.session.environ.get("HTTP_COOKIE", "")))
    try:
        reader = await asyncio.to_thread(
            lambda: authentication.readers.for_member(bound) or authentication.readers.of(sent)
        )
    except SQLAlchemyError as error:
        _log.error("Whether someone is a member cannot be told: %s", name_failure(error))
        await _tell_unsure(language)
        return authentication.readers.for_visitor()
    cl.user_session.set(_UNSURE, "")
    before, now = cl.user_session.get(_MEMBER), reader.member.id if reader.member else ""
    if before and before != now:
        _forget()
        if reader.member is None:
            await cl.Message(content=words(language).access_ended).send()
    cl.user_session.set(_MEMBER, now)
    return reader


async def _tell_unsure(language: Language) -> None:
    """Say once that the database does not answer: who asks is answered as a visitor, and nothing is forgotten."""
    if not cl.user_session.get(_UNSURE):
        cl.user_session.set(_UNSURE, "told")
        await cl.Message(content=words(language).access_unsure).send()


async def may_go_on(session: WebsocketSession, cookies: str) -> bool:
    """Whether who sends these cookies may go on with a conversation.

    A member's goes on from the member's own browser, or from the frame that was given a key: no cookie is sent there,
    and its page alone knows the name of the conversation. One whose member lost the access is a visitor's again.
    """
    authentication = shared_authentication()
    bound = str(user_sessions.get(session.id, {}).get(_KEY) or "")
    opened = authentication.key_in(str(session.environ.get("HTTP_COOKIE", "")))
    sent = authentication.key_in(cookies)

    def look() -> bool:
        if authentication.readers.for_member(bound):
            return True
        member, asking = authentication.readers.of(opened).member, authentication.readers.of(sent).member
        # By their ids: when a member was last seen changes between two looks.
        return member is None or (asking is not None and asking.id == member.id)

    return await asyncio.to_thread(look)


def bind_member(key: str) -> None:
    """Answer this chat, and no other, as the member whose session a key opens, while it does."""
    cl.user_session.set(_KEY, key)


async def take_key(message: dict[str, object]) -> None:
    """A token of the host site, or the key it was exchanged for. scripts/members.js lets no other page send one."""
    if message.get("type") == "assistant:key":
        bind_member(str(message.get("key", "")))
        await cl.send_window_message({"assistant": "bound"})
    elif message.get("type") == "assistant:token":
        token, origin = str(message.get("token", "")), str(message.get("origin", ""))
        try:
            key, _ = await asyncio.to_thread(shared_authentication().membership.admit_vouched, token, origin)
        except TokenRefused as error:
            _log.warning("A token of a host site was refused: %s", error)
            return
        except SQLAlchemyError as error:
            _log.error("A token of a host site could not be taken: %s", name_failure(error))
            return
        bind_member(key)


def _forget() -> None:
    """Leave nothing of this conversation on the server: turns, answers kept to be taken away, sheets opened."""
    session = cl.context.session
    kept = user_sessions.get(session.id, {})
    for name in [name for name in kept if name not in _CHAINLITS_OWN]:
        del kept[name]
    session.files.clear()
    chat_contexts.pop(session.id, None)
