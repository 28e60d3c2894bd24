"""Page messages: what the page of a conversation and the server tell each other, beside what is shown.

The page keeps the turns, as it gets them, and gives them back to a server that was restarted and forgot them. In a
frame it tells the site around what was answered: numbers and ids, never a text.
"""

import logging
from collections.abc import Sequence

import chainlit as cl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answers.answer import Answer
from assistant.reading.earlier import MOST_TURNS, Earlier
from assistant.reading.reading import Turn

_KIND = "assistant"  # the key that tells our messages from those of others
_log = logging.getLogger(__name__)


class _Resumed(BaseModel):
    """The turns that the page kept, oldest first."""

    model_config = ConfigDict(extra="forbid")

    assistant: str = Field(pattern="^resume$")
    turns: list[Earlier] = Field(max_length=MOST_TURNS)


async def tell_started() -> None:
    """A conversation starts on the server: a page that has it open since before sends its turns."""
    await cl.send_window_message({_KIND: "started", "session": cl.context.session.id})


async def tell_answered(earlier: Sequence[Turn], turn: Turn, answer: Answer, kept: dict[str, str]) -> None:
    """A question was answered after these turns; `kept` is what the page finds it again by once it is loaded anew."""
    told = {
        "kind": answer.kind,
        "abstained": answer.abstained,
        "citations": len(answer.citations),
        "sheets": list(answer.shown),
    }
    said = turn.model_dump(mode="json")
    await cl.send_window_message(
        {_KIND: "answered", "number": len(earlier), "turn": said, "kept": kept, "answer": told}
    )


async def tell_restored() -> None:
    """What a page asked to find again is shown, or there is nothing of it."""
    await cl.send_window_message({_KIND: "restored"})


async def tell_cited(sheet: str) -> None:
    """A sheet was opened from a citation."""
    await cl.send_window_message({_KIND: "cited", "sheet": sheet})


def read_resumed(message: object) -> tuple[Turn, ...]:
    """The turns of a conversation that a page resumes; none when the message is anything else."""
    if not isinstance(message, dict) or message.get(_KIND) != "resume":
        return ()
    try:
        return tuple(each.as_turn() for each in _Resumed.model_validate(message).turns)
    except ValidationError:
        _log.warning("A page resumed a conversation with turns that cannot be read")
        return ()
