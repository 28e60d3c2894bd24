"""Sealing: exchanges that a page keeps for the life of its tab, so that it gives back what it was given alone."""

import logging

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answers.answer import Answer
from assistant.chat.sent import Text
from assistant.chat.shared import shared_seal
from assistant.reading.earlier import MOST_TURNS
from assistant.reading.reading import Turn
from index.filters import Filters
from ingest.sheet import Frozen

_log = logging.getLogger(__name__)


class Sealed(Frozen):
    """A question and its answer; `ignored` are the filters that the person had removed."""

    question: str
    answer: Answer
    ignored: Filters

    def as_turn(self) -> Turn:
        """The exchange as the questions that follow need to know it."""
        return self.answer.as_turn(self.question, self.ignored)


class _Restored(BaseModel):
    """The exchanges that a page was given, oldest first."""

    model_config = ConfigDict(extra="forbid")

    assistant: str = Field(pattern="^restore$")
    sealed: list[Text] = Field(max_length=MOST_TURNS)


def seal_exchange(question: str, answer: Answer, ignored: Filters) -> str:
    """What a page may keep of an exchange: nothing that members alone may read."""
    if any(citation.access == "members" for citation in answer.citations):
        return ""
    return shared_seal().seal(Sealed(question=question, answer=answer, ignored=ignored).model_dump_json())


def read_restored(message: object) -> tuple[Sealed, ...]:
    """The exchanges that a page gives back; those that are not ours, too old or of an older program are left out."""
    if not isinstance(message, dict) or message.get("assistant") != "restore":
        return ()
    try:
        told = _Restored.model_validate(message)
        opened = [text for each in told.sealed if (text := shared_seal().unseal(each))]
        return tuple(map(Sealed.model_validate_json, opened))
    except ValidationError:
        _log.warning("A page gave back exchanges that cannot be read")
        return ()
