"""Answer: what is told to a person, with its proofs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.answers.draft import Citation, Family, Tokens
from assistant.finding.abstention import Reason
from assistant.reading.reading import Turn
from index.filters import Filters
from ingest.sheet import Frozen


class Answer(Frozen):
    """What is told to a person, with its proofs: `[n]` in `answer` (Markdown) points at citation n.

    `form` says more than `kind`: of an answer made of the centre's notes, whether it defines; of a listing, whether it
    counts. `filters` are those set by hand and those understood of the question and of what came before it. `notes` are
    the names of the centre's notes that it shows: they have pages of their own, and are no sheets.
    """

    answer: str
    abstained: bool
    reason: Reason | Literal[""] = ""  # why it abstains
    kind: Family
    form: str = ""
    mode: Literal["extractive", "llm"]
    filters: dict[str, object]
    sheets: tuple[str, ...]
    citations: tuple[Citation, ...]
    notes: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()  # all the sheets that a list counts, of which the text may show some
    missing: tuple[str, ...] = ()  # what was asked and no sheet tells, in the question's words
    standalone_question: str
    prompt: str = ""  # name@version of the prompt, when a language model wrote
    tokens: Tokens | None = None  # that it read and wrote
    seconds: dict[str, float]

    @property
    def shown(self) -> tuple[str, ...]:
        """The sheets that the text shows, in its order."""
        return tuple(dict.fromkeys(citation.sheet for citation in self.citations))

    def as_turn(self, question: str, ignored: Filters | None = None) -> Turn:
        """This answer and its question as those that follow need to know them."""
        return Turn(query=question, sheets=self.sheets, shown=self.shown, ignored=ignored or Filters())


@dataclass(frozen=True)
class Delta:
    """A piece of text to show at once; the Answer that comes last has the final wording."""

    text: str
