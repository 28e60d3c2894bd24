"""Judged sets: questions with what is expected of their answers."""

from pydantic import BaseModel, ConfigDict, Field

from index.filters import Filters
from ingest.sheet import Frozen, Sheet


class JudgedRow(BaseModel):
    """A line of a judged file; what else it holds (notes, reasons) is for people."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class JudgedQuestion(JudgedRow):
    """A question and the grade of each relevant sheet; a sheet that is not named is not relevant."""

    id: str
    query: str
    kind: str = ""
    relevant: dict[str, int] = Field(default_factory=dict)


class JudgedTurn(JudgedRow):
    """What a person says in a conversation; without relevant sheets the turn is not measured."""

    user: str
    relevant: dict[str, int] = Field(default_factory=dict)


class JudgedConversation(JudgedRow):
    """The turns of one conversation, in order."""

    id: str
    turns: tuple[JudgedTurn, ...]


class JudgedFact(JudgedRow):
    """A question whose answer stands in one sheet, with the spellings accepted."""

    id: str
    query: str
    sheet: str
    accept: tuple[str, ...] = Field(min_length=1)


class JudgedFilters(JudgedRow):
    """A question and the filters it implies."""

    id: str
    query: str
    filters: Filters


class OutOfScope(JudgedRow):
    """A question that the sheets do not answer."""

    id: str
    query: str


class JudgedSet(Frozen):
    """A judged set. With a `corpus` its questions are asked of those sheets, of the index in service otherwise.

    `digest` stands for the files and for the number of questions that are taken of them.
    """

    name: str
    digest: str
    questions: tuple[JudgedQuestion, ...] = ()
    conversations: tuple[JudgedConversation, ...] = ()
    facts: tuple[JudgedFact, ...] = ()
    filters: tuple[JudgedFilters, ...] = ()
    out_of_scope: tuple[OutOfScope, ...] = ()
    corpus: tuple[Sheet, ...] = ()

    @property
    def count(self) -> int:
        """How many things will be asked: each turn of a conversation is one."""
        turns = sum(len(conversation.turns) for conversation in self.conversations)
        return len(self.questions) + turns + len(self.facts) + len(self.filters) + len(self.out_of_scope)
