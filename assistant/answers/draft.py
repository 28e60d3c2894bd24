"""Draft: the text of an answer and its citations, put together piece by piece."""

from collections.abc import Iterable
from typing import Literal

from assistant.finding.abstention import Reason
from assistant.notes.note import Note
from index.passages import Sentence
from ingest.sheet import Access, Frozen

KindName = Literal[
    "small_talk",
    "declined",
    "clarification",
    "notions",
    "definition",
    "obligation",
    "listing",
    "comparison",
    "contact",
    "carrier",
    "sheet",
    "centre",
    "period",
    "nothing",
    "method",
    "fact",
    "why",
    "who",
    "duration",
    "yesno",
    "advice",
    "figures",
    "extreme",
    "rate",
    "users",
    "examples",
]


# What answers are called outside: those made of the centre's notes go by one name.
Family = KindName | Literal["notion"]


class Citation(Frozen):
    """The proof of a statement: `quote` is verbatim from the passage."""

    n: int
    sheet: str
    title: str
    passage: str
    section: str
    quote: str
    page: int | None
    access: Access


class Tokens(Frozen):
    """What a language model read and wrote for one answer, in its tokens; `estimated` when it does not count them."""

    prompt: int
    completion: int
    estimated: bool = False


class Draft(Frozen):
    """An answer before it is dated and sent. `form` says more than its kind: of a listing, whether it counts.
    `sheets` are those it is about, when they are not the best found.

    `reason` tells why it abstains, when it does; `remark` says more of it to staff, in French. `notes` are the
    centre's that it shows, word for word; `missing` is what was asked and no sheet tells, in the question's words.
    """

    kind: KindName
    text: str
    form: str = ""
    citations: tuple[Citation, ...] = ()
    abstained: bool = False
    tokens: Tokens | None = None  # when a language model wrote
    sheets: tuple[str, ...] = ()
    reason: Reason | Literal[""] = ""
    remark: str = ""
    notes: tuple[Note, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The sheets that the text shows, in its order."""
        return tuple(dict.fromkeys(citation.sheet for citation in self.citations))


class Citations:
    """Numbers citations in the order in which they are made; the same quote keeps its number."""

    def __init__(self, made: Iterable[Citation] = ()) -> None:
        self._made = list(made)

    def cite(self, sentence: Sentence, title: str) -> int:
        """The number of the citation of a sentence."""
        passage = sentence.passage
        for made in self._made:
            if made.passage == passage.id and made.quote == sentence.text:
                return made.n
        citation = Citation(
            n=len(self._made) + 1,
            sheet=passage.sheet,
            title=title,
            passage=passage.id,
            section=passage.section,
            quote=sentence.text,
            page=passage.page,
            access=passage.access,
        )
        self._made.append(citation)
        return citation.n

    def add(self, citation: Citation) -> int:
        """The number that a citation made elsewhere has among these."""
        for made in self._made:
            if made.passage == citation.passage and made.quote == citation.quote:
                return made.n
        self._made.append(citation.model_copy(update={"n": len(self._made) + 1}))
        return len(self._made)

    def all(self) -> tuple[Citation, ...]:
        """Every citation made so far, in order."""
        return tuple(self._made)
