"""Chat handlers: a question in, a streamed answer with its sources out. They hold no rule of answering."""

import base64
import logging
import re
from datetime import date

import chainlit as cl

from assistant.answer import Answer, stream_answer
from assistant.chat.card import card_props
from assistant.chat.shared import centre_name, shared_knowledge, shared_observer
from assistant.chat.talk import Talk
from assistant.chat.wording import FAILED, SOURCE_GONE, STARTERS, WELCOME
from assistant.exports.export import Letterhead, export_answer, render_html, write_note
from assistant.question import LONGEST_QUESTION
from assistant.wording import QUESTION_TOO_LONG, describe_filter
from index.filters import Filters

_log = logging.getLogger(__name__)
# Not "/public/...": Chainlit adds the chat's own path in the welcome text but forgets it beside answers.
_ICON = "/chat/public/centre.svg"
_TALK = "talk"
_GIVEN = "given"  # the answers of the conversation with their questions, by number, for those who take one away
_KEPT = 50  # answers
_MARK = re.compile(r"(?<!\\)\[(\d{1,3})\]")


@cl.set_chat_profiles
async def profiles(_user: cl.User | None, _language: str | None = None) -> list[cl.ChatProfile]:
    """One profile, whose description is the welcome text and whose starters are offered under it."""
    knowledge = shared_knowledge()
    welcome = WELCOME.format(
        centre_name=centre_name(), practices=len(knowledge.index.practices), contact=knowledge.contact
    )
    starters = [cl.Starter(label=label, message=question) for label, question in STARTERS]
    return [cl.ChatProfile(name="assistant", markdown_description=welcome, icon=_ICON, default=True, starters=starters)]


@cl.on_chat_start
async def start() -> None:
    """A conversation in which nothing was said yet; the welcome text and the starters are the profile's."""
    cl.user_session.set(_TALK, Talk())


@cl.on_message
async def on_message(message: cl.Message) -> None:
    """Answer a question."""
    await _answer(message.content, _talk())


@cl.action_callback("remove_filter")
async def remove_filter(action: cl.Action) -> None:
    """Ask a question again without a filter that was understood. The payload comes from the browser: it only chooses
    among the turns and the filters of this conversation.
    """
    talk = _talk().without(action.payload.get("turn"), action.payload.get("key"), action.payload.get("value"))
    if talk:
        await _answer(talk.question, talk)


@cl.action_callback("take_away")
async def take_away(action: cl.Action) -> dict[str, str]:
    """The Word file of an answer of this conversation; the browser saves it. Empty when it is no longer kept."""
    given: dict[object, tuple[str, Answer]] = cl.user_session.get(_GIVEN) or {}
    if action.payload.get("answer") not in given:
        return {}
    question, answer = given[action.payload.get("answer")]
    note = export_answer(question, answer, shared_knowledge().index, _letterhead(), "docx")
    return {"name": note.name, "type": note.media_type, "content": base64.b64encode(note.content).decode()}


async def _answer(question: str, talk: Talk) -> None:
    """Answer a question; whatever fails, say so in plain French and keep the details for the log."""
    try:
        await _stream(question, talk)
    except Exception:  # noqa: BLE001 - the outermost edge: Chainlit would send the error's text to the browser
        _log.exception("A question could not be answered")
        await cl.Message(content=FAILED).send()


async def _stream(question: str, talk: Talk) -> None:
    if len(question) > LONGEST_QUESTION:
        text = QUESTION_TOO_LONG.format(length=len(question), longest=LONGEST_QUESTION)
        await cl.Message(content=text).send()
        return
    # A sheet left open beside another answer would be taken for its source.
    await cl.ElementSidebar.set_elements([])
    message = cl.Message(content="")
    knowledge = shared_knowledge()
    events = stream_answer(question, knowledge, None, talk.history, talk.ignored)
    async for event in shared_observer().follow(events, "chat", knowledge.index.access):
        if isinstance(event, Answer):
            # The whole text replaces what was streamed: they may differ when a language model failed on the way.
            message.content = _link_marks(event.answer)
            elements = [*_elements(event, talk), *_take_away(question, event)]
            message.elements.extend(elements)  # type: ignore[arg-type]  # typed too narrowly by Chainlit
            cl.user_session.set(_TALK, talk.after(question, event))
        else:
            await message.stream_token(_link_marks(event.text))
    await message.send()


def _talk() -> Talk:
    return cl.user_session.get(_TALK) or Talk()


def _link_marks(text: str) -> str:
    """Marks "[n]" as links that public/chat.js hands to the list of sources."""
    return _MARK.sub(r"[[\1]](#citation-\1)", text)


def _elements(answer: Answer, talk: Talk) -> list[cl.CustomElement]:
    """What stands under an answer: the filters understood, then the sources."""
    manifest = shared_knowledge().index.manifest
    understood = Filters.model_validate(answer.filters)
    filters = [
        {"key": key, "value": value, "label": describe_filter(key, value, manifest)}
        for key in understood.stated
        for value in understood.values(key)
    ]
    citations = [citation.model_dump(mode="json") for citation in answer.citations]
    shown = {"Understood": {"turn": len(talk.turns), "filters": filters} if filters else {}}
    shown["Sources"] = {"citations": citations} if citations else {}
    return [cl.CustomElement(name=name, props=props, display="inline") for name, props in shown.items() if props]


def _take_away(question: str, answer: Answer) -> list[cl.CustomElement]:
    """What lets an answer be copied or saved with its sources; nothing for one that says nothing of the sheets."""
    if answer.abstained or answer.kind == "small_talk":
        return []
    given: dict[int, tuple[str, Answer]] = cl.user_session.get(_GIVEN) or {}
    number = max(given, default=0) + 1
    kept = [*given.items(), (number, (question, answer))][-_KEPT:]
    cl.user_session.set(_GIVEN, dict(kept))
    note = write_note(question, answer, shared_knowledge().index, _letterhead())
    props = {"answer": number, "markdown": note, "html": render_html(note)}
    return [cl.CustomElement(name="TakeAway", props=props, display="inline")]


def _letterhead() -> Letterhead:
    return Letterhead(centre_name(), shared_knowledge().contact, date.today())


@cl.action_callback("open_citation")
async def open_citation(action: cl.Action) -> None:
    """Open the sheet of a citation beside the chat. The payload comes from the browser: only what it names and
    the reader may see is looked up, in the index that this chat answers from.
    """
    passage_id, quote = str(action.payload.get("passage", "")), str(action.payload.get("quote", ""))
    knowledge = shared_knowledge()
    sheet = knowledge.index.find_sheet(passage_id.split("/", 1)[0])
    if sheet is None:
        await cl.Message(content=SOURCE_GONE).send()
        return
    props = card_props(sheet, quote, knowledge.index, knowledge.contact)
    card = cl.CustomElement(name="SheetCard", props=props, display="side")
    # The title is lost when it is set before the elements.
    await cl.ElementSidebar.set_elements([card], key=f"{passage_id}#{hash(quote)}")
    await cl.ElementSidebar.set_title(sheet.title)
