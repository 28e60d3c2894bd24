"""Chat handlers: a question in, a streamed answer with its sources out. They hold no rule of answering."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date

import chainlit as cl

from assistant.answers.answer import Answer
from assistant.catalogue.starters import draw_starters
from assistant.chat.admission import refuse_question
from assistant.chat.card import card_props
from assistant.chat.elements import Asking, list_elements
from assistant.chat.language import read_language
from assistant.chat.location import Location, read_location
from assistant.chat.memory import find_conversation, remember, take_request
from assistant.chat.opinion import current_channel, opinion_props
from assistant.chat.page_messages import read_resumed, tell_answered, tell_cited, tell_restored, tell_started
from assistant.chat.reader import current_reader, take_key
from assistant.chat.sealing import Sealed, read_restored, seal_exchange
from assistant.chat.shared import shared_authentication, shared_directory, shared_reception, shared_settings
from assistant.chat.taking import offer_taking, remove_link, share_answer, take_word
from assistant.chat.talk import Talk
from assistant.chat.words import Words, words
from assistant.history.conversations import Exchange
from assistant.members.readers import Reader
from assistant.pipeline import Knowledge
from assistant.reading.message import LONGEST_QUESTION, read_centre
from assistant.reading.reading import Turn
from assistant.serving.reception import Enquiry, Told, TooBusy
from assistant.sharing.frozen import without_gone
from assistant.wording import MARK
from ingest.sheet import Access
from language.text import read_text

Shown = tuple[str, dict[str, object]]  # a component and what it shows

_log = logging.getLogger(__name__)
# Not "/public/...": Chainlit adds the chat's own path in the welcome text but forgets it beside answers.
_ICON = "/chat/public/centre.svg"
_TALK = "talk"
_LOCATION = "location"


@cl.set_chat_profiles
async def profiles(_user: cl.User | None, language: str | None = None) -> list[cl.ChatProfile]:
    """One profile, whose description is the welcome text and whose starters are offered under it."""
    reader = await asyncio.to_thread(shared_authentication().reader_of_this_request)
    knowledge = reader.knowledge
    spoken = read_language(language)
    welcome = (words(spoken).welcome_member if reader.member else words(spoken).welcome).format(
        centre_name=shared_settings().centre_name, practices=len(knowledge.index.practices), contact=knowledge.contact
    )
    drawn = draw_starters(date.today(), spoken, knowledge.index)
    starters = [cl.Starter(label=starter.label, message=starter.question) for starter in drawn]
    return [cl.ChatProfile(name="assistant", markdown_description=welcome, icon=_ICON, default=True, starters=starters)]


@cl.on_chat_start
async def start() -> None:
    """The welcome text and the starters are the profile's; a page may have asked to take up a conversation already."""
    await _reader()  # who it is now: should a member lose the access before the first question, it will be said
    await tell_started()


@cl.on_window_message
async def on_window_message(message: object) -> None:
    """What the page tells beside questions: the address with its filters and language, who vouches for the reader, what
    was said before this server was restarted.
    """
    if not isinstance(message, dict):
        return
    if message.get("assistant") == "address":
        _move(message.get("address"))
    elif take_request(message):
        await _resume(message)
    elif (turns := read_resumed(message)) and not _talk().turns:
        cl.user_session.set(_TALK, Talk.resume(turns))
    elif message.get("assistant") == "restore":
        if not _talk().turns:
            await _restore(read_restored(message))
    else:
        await take_key(message)


@cl.on_message
async def on_message(message: cl.Message) -> None:
    """Answer a question, or again one that was edited."""
    reader = await _reader()  # first: what was remembered may have to be forgotten
    talk = _talk()
    if message.id not in talk.messages:  # an edited message tells the address of the time when it was first sent
        _move((message.metadata or {}).get("location"))
    asked = talk.ask(message.id)
    cl.user_session.set(_TALK, asked)
    await _answer(message.content, asked, reader)


@cl.action_callback("remove_filter")
async def remove_filter(action: cl.Action) -> None:
    """Ask a question again without a filter that was understood. The payload comes from the browser: it only chooses
    among the turns and the filters of this conversation.
    """
    reader = await _reader()  # first: what was remembered may have to be forgotten
    talk = _talk().without(action.payload.get("turn"), action.payload.get("key"), action.payload.get("value"))
    if talk:
        await _answer(talk.question, talk, reader)


@cl.action_callback("narrow")
async def narrow(action: cl.Action) -> None:
    """Ask a question again with one filter more, under the same precautions."""
    reader = await _reader()
    talk = _talk().only(action.payload.get("turn"), action.payload.get("key"), action.payload.get("value"))
    if talk:
        await _answer(talk.question, talk, reader)


@cl.action_callback("ask_again")
async def ask_again(action: cl.Action) -> None:
    """Ask a question again with the filters that the address now says, under the same precautions."""
    reader = await _reader()
    talk = _talk().again(action.payload.get("turn"))
    if talk:
        _move(action.payload.get("address"))
        await _answer(talk.question, talk, reader)


@cl.action_callback("take_away")
async def take_away(action: cl.Action) -> dict[str, str]:
    """The Word file of an answer of this conversation; the browser saves it. Empty when it is no longer kept."""
    return await take_word(action.payload.get("answer"), _location().language)


@cl.action_callback("share")
async def share(action: cl.Action) -> dict[str, str]:
    """A link to an answer of this conversation. Empty when it is no longer kept."""
    access: Access = "members" if action.payload.get("members") else "public"
    return await share_answer(action.payload.get("answer"), access, _location().language)


@cl.action_callback("unshare")
async def unshare(action: cl.Action) -> dict[str, bool]:
    """Remove a link, by the key that was given for it."""
    return await remove_link(str(action.payload.get("link")), str(action.payload.get("key")))


async def _answer(question: str, talk: Talk, reader: Reader) -> None:
    """Answer a question; whatever fails, say so in plain words and keep the details for the log."""
    if refused := refuse_question(_location().language):
        await cl.Message(content=refused).send()
        return
    try:
        await _stream(question, talk, reader)
    except TooBusy:
        await cl.Message(content=_words().busy).send()
    except Exception:  # noqa: BLE001 - the outermost edge: Chainlit would send the error's text to the browser
        _log.exception("A question could not be answered")
        await cl.Message(content=_words().failed).send()


async def _stream(question: str, talk: Talk, reader: Reader) -> None:
    if len(question) > LONGEST_QUESTION:
        text = _words().too_long.format(length=len(question), longest=LONGEST_QUESTION)
        await cl.Message(content=text).send()
        return
    # A sheet left open beside another answer would be taken for its source.
    await cl.ElementSidebar.set_elements([])
    message = cl.Message(content="")
    location = _location()
    filters = None if read_centre(read_text(question)) == "surely" else talk.strict(location.filters)
    enquiry = Enquiry(question, filters, talk.history, talk.ignored)
    shown: list[Shown] = []
    async for event in shared_reception().stream(enquiry, reader.knowledge, current_channel()):
        if isinstance(event, Told):
            # The whole text replaces what was streamed: they may differ when a language model failed on the way.
            message.content = _link_marks(event.answer.answer)
            asking = Asking(question, len(talk.past), location.language, location.filters)
            opinion = opinion_props(event)
            shown = _show(event.answer, asking, enquiry, reader.knowledge)
            shown += [("Opinion", opinion)] if opinion else []
            kept = await _keep(question, event.answer, talk, reader)
            given, after = event.answer, talk.after(question, event.answer)
            cl.user_session.set(_TALK, after)
        else:
            await message.stream_token(_link_marks(event.text))
    await _send(message, shown)
    await tell_answered(talk.turns, after.turns[-1], given, kept)


async def _keep(question: str, answer: Answer, talk: Talk, reader: Reader) -> dict[str, str]:
    """Keep an exchange: a member's on the server, a visitor's sealed in the page; what the page finds it by."""
    if conversation := await remember(question, answer, talk, reader):
        return {"conversation": conversation}
    sealed = "" if reader.member else seal_exchange(question, answer, talk.ignored)
    return {"sealed": sealed} if sealed else {}


async def _reader() -> Reader:
    return await current_reader(_location().language)


def _talk() -> Talk:
    return cl.user_session.get(_TALK) or Talk()


def _move(address: object) -> None:
    browser = str(getattr(cl.context.session, "language", ""))
    cl.user_session.set(_LOCATION, read_location(address, shared_directory().known, browser))


def _location() -> Location:
    return cl.user_session.get(_LOCATION) or Location()


def _words() -> Words:
    return words(_location().language)


def _link_marks(text: str) -> str:
    """Marks "[n]" as links that the page's script hands to the cards of the answer."""
    return MARK.sub(r"[[\1]](#citation-\1)", text)


async def _resume(message: dict[str, object]) -> None:
    """Take up a conversation that was kept. The message comes from the browser: it only names one."""
    reader = await _reader()
    found = await find_conversation(message, reader)
    if found is None and not message.get("quiet"):
        await cl.Message(content=_words().not_kept).send()
    if found:
        await _show_again(found.exchanges, reader)
    await tell_restored()


async def _restore(exchanges: Sequence[Sealed]) -> None:
    """Show again what the page of this conversation was given before it was loaded anew."""
    reader = await _reader()
    index = reader.knowledge.index
    await _show_again(
        [each.model_copy(update={"answer": without_gone(each.answer, index)}) for each in exchanges], reader
    )
    await tell_restored()


async def _show_again(exchanges: Sequence[Exchange | Sealed], reader: Reader) -> None:
    # Before they are shown: whoever is quick may ask what follows while the last ones come.
    cl.user_session.set(_TALK, Talk.resume(tuple(each.as_turn() for each in exchanges)))
    location = _location()
    turns: tuple[Turn, ...] = ()
    for turn, each in enumerate(exchanges):
        await cl.Message(content=each.question, type="user_message").send()
        asking = Asking(each.question, turn, location.language, location.filters)
        shown = _show(each.answer, asking, Enquiry(each.question, None, turns, each.ignored), reader.knowledge)
        turns = (*turns, each.as_turn())
        await _send(cl.Message(content=_link_marks(each.answer.answer)), shown)


def _show(answer: Answer, asking: Asking, enquiry: Enquiry, knowledge: Knowledge) -> list[Shown]:
    """What stands under an answer: each component with what it shows."""
    shown = [(each.name, each.props) for each in list_elements(answer, asking, knowledge.index)]
    taking = offer_taking(enquiry, answer, knowledge)
    return [*shown, *([("TakeAway", taking)] if taking else [])]


async def _send(message: cl.Message, shown: list[Shown]) -> None:
    """Send a message, then what stands under it one by one: sent at once, the shortest would come first."""
    await message.send()
    for name, props in shown:
        await cl.CustomElement(name=name, props=props, display="inline").send(for_id=message.id)


@cl.action_callback("open_citation")
async def open_citation(action: cl.Action) -> None:
    """Open the sheet of a citation, or of a place of the map, beside the chat. The payload comes from the browser: only
    what it names and the reader may see at this moment is looked up.
    """
    passage_id, quote = str(action.payload.get("passage", "")), str(action.payload.get("quote", ""))
    knowledge = (await _reader()).knowledge
    sheet = knowledge.index.find_sheet(passage_id.split("/", 1)[0])
    if sheet is None:
        await cl.Message(content=_words().source_gone).send()
        return
    passage = knowledge.index.find_passage(sheet.id, passage_id)
    props = card_props(sheet, passage, quote, knowledge.index, knowledge.contact)
    card = cl.CustomElement(name="SheetCard", props=props, display="side")
    # The title is lost when it is set before the elements.
    await cl.ElementSidebar.set_elements([card], key=f"{passage_id}#{hash(quote)}")
    await cl.ElementSidebar.set_title(sheet.title)
    await tell_cited(sheet.id)
