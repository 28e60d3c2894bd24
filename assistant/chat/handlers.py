"""Chat handlers: a question in, a streamed answer with its sources out. They hold no rule of answering."""

import logging
import re

import chainlit as cl

from assistant.answer import LONGEST_QUESTION, Answer, stream_answer
from assistant.chat.card import card_props
from assistant.chat.shared import centre_name, shared_knowledge
from assistant.chat.wording import FAILED, SOURCE_GONE, STARTERS, WELCOME
from assistant.wording import QUESTION_TOO_LONG

_log = logging.getLogger(__name__)
# Not "/public/...": Chainlit adds the chat's own path in the welcome text but forgets it beside answers.
_ICON = "/chat/public/centre.svg"
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
    """Nothing to prepare: the welcome text and the starters are the profile's."""


@cl.on_message
async def on_message(message: cl.Message) -> None:
    """Answer a question; whatever fails, say so in plain French and keep the details for the log."""
    try:
        await _answer(message.content)
    except Exception:  # noqa: BLE001 - the outermost edge: Chainlit would send the error's text to the browser
        _log.exception("A question could not be answered")
        await cl.Message(content=FAILED).send()


async def _answer(question: str) -> None:
    if len(question) > LONGEST_QUESTION:
        text = QUESTION_TOO_LONG.format(length=len(question), longest=LONGEST_QUESTION)
        await cl.Message(content=text).send()
        return
    # A sheet left open beside another answer would be taken for its source.
    await cl.ElementSidebar.set_elements([])
    message = cl.Message(content="")
    async for event in stream_answer(question, shared_knowledge()):
        if isinstance(event, Answer):
            # The whole text replaces what was streamed: they may differ when a language model failed on the way.
            message.content = _link_marks(event.answer)
            message.elements.extend(_sources(event))  # type: ignore[arg-type]  # Chainlit types its elements too narrowly
        else:
            await message.stream_token(_link_marks(event.text))
    await message.send()


def _link_marks(text: str) -> str:
    """Marks "[n]" as links that public/chat.js hands to the list of sources."""
    return _MARK.sub(r"[[\1]](#citation-\1)", text)


def _sources(answer: Answer) -> list[cl.CustomElement]:
    if not answer.citations:
        return []
    citations = [citation.model_dump(mode="json") for citation in answer.citations]
    return [cl.CustomElement(name="Sources", props={"citations": citations}, display="inline")]


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
