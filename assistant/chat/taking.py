"""Taking: what lets an answer of a conversation be copied, saved with its sources, or shared by a link."""

import asyncio
import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import chainlit as cl
from sqlalchemy.exc import SQLAlchemyError

from assistant.answers.answer import Answer
from assistant.answers.kinds.registry import is_judged
from assistant.chat.admission import refuse_question
from assistant.chat.reader import current_reader
from assistant.chat.shared import shared_desk, shared_settings
from assistant.chat.words import words
from assistant.exports.export import Letterhead, export_answer, head_note, render_html
from assistant.exports.plain import write_plain
from assistant.pipeline import Knowledge
from assistant.serving.reception import Enquiry, TooBusy
from assistant.sharing.desk import Given, LinkRefused
from assistant.store.faults import name_failure
from ingest.layout import Language
from ingest.sheet import Access

_GIVEN = "given"  # the answers of the conversation, by number, for those who take one away
_KEPT = 50  # answers
_COST = 10  # questions that a link counts for: it stays for a year
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Kept:
    """An answer with what it was asked with."""

    enquiry: Enquiry
    given: Given


def offer_taking(enquiry: Enquiry, answer: Answer, knowledge: Knowledge) -> dict[str, object]:
    """What TakeAway.jsx needs; nothing for an answer that says nothing of the sheets."""
    if answer.abstained or not is_judged(answer.kind):
        return {}
    given: dict[int, _Kept] = cl.user_session.get(_GIVEN) or {}
    number = max(given, default=0) + 1
    access = knowledge.index.access
    kept = _Kept(enquiry, Given(answer=answer, access=access))
    cl.user_session.set(_GIVEN, dict([*given.items(), (number, kept)][-_KEPT:]))
    note = export_answer(enquiry.question, answer, knowledge.index, _letterhead(knowledge), "markdown")
    markdown = note.content.decode()
    links = [] if not shared_desk().links.may_be_made else ["public", "members"] if access == "members" else ["public"]
    written = {"name": note.name, "markdown": markdown, "text": write_plain(markdown), "html": render_html(markdown)}
    return {"answer": number, "links": links, **written}


def find_given(number: object) -> _Kept | None:
    """An answer of this conversation by its number; None when it is no longer kept."""
    given: dict[object, _Kept] = cl.user_session.get(_GIVEN) or {}
    return given.get(number)


async def take_word(number: object, language: Language) -> dict[str, str]:
    """The Word file of an answer of this conversation; the browser saves it. Empty when it is no longer kept."""
    knowledge = (await current_reader(language)).knowledge
    kept = find_given(number)
    if kept is None:
        return {}
    note = export_answer(kept.enquiry.question, kept.given.answer, knowledge.index, _letterhead(knowledge), "docx")
    return {"name": note.name, "type": note.media_type, "content": base64.b64encode(note.content).decode()}


async def share_answer(number: object, access: Access, language: Language) -> dict[str, str]:
    """The link of an answer of this conversation and the key that removes it; or why there is none.

    Its address is a path where the site has no public one: the browser knows where it reached it.
    """
    reader = await current_reader(language)  # first: what was remembered may have to be forgotten
    kept = find_given(number)
    if kept is None:
        return {}
    if refused := refuse_question(language, _COST):
        return {"refused": refused}
    try:
        link, key = await shared_desk().share(kept.enquiry, kept.given, access, reader)
    except (LinkRefused, TooBusy) as error:
        return {"refused": str(error)}
    except SQLAlchemyError as error:
        _log.error("A link could not be made: %s", name_failure(error))
        return {"refused": words(language).failed}
    return {
        "id": link.id,
        "address": f"{shared_settings().public_url}{link.path}",
        "key": key,
        "ends": link.ends.isoformat(),
    }


async def remove_link(link: str, key: str) -> dict[str, bool]:
    """Remove a link that was made here. The payload comes from the browser: only the key counts."""
    return {"removed": await asyncio.to_thread(shared_desk().links.remove, link[:20], key[:100])}


def _letterhead(knowledge: Knowledge) -> Letterhead:
    return head_note(shared_settings(), knowledge.contact, _find_site(cl.context.session.environ))


def _find_site(environ: Mapping[str, Any]) -> str:
    """Where the browser reached the site, "" where nothing tells: a request of the page itself names no origin."""
    if origin := environ.get("HTTP_ORIGIN"):
        return str(origin)
    scheme = environ.get("asgi.scope", {}).get("scheme", "").replace("ws", "http")
    host = environ.get("HTTP_HOST", "")
    return f"{scheme}://{host}" if scheme and host else ""
