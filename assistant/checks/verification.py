"""Verification: the faults of an answer, whatever wrote it, found by comparing it with the sheets that it cites."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from assistant.answers.draft import Citation, Draft
from assistant.answers.noted import list_note_lines
from assistant.checks.figures import Figure, find_figures, is_proof, is_small
from assistant.checks.statement import cut_statements
from assistant.notes.note import Note
from assistant.reading.years import find_years
from assistant.wording import MARK, SHEETS_CITED, UNCONFIRMED, describe_address, describe_sheet, read_plain
from index.opened import Index
from index.places.gazetteer import distance_to, find_places
from ingest.passage import Passage
from language.shapes import BULLET

if TYPE_CHECKING:
    from assistant.answers.answer import Answer

_log = logging.getLogger(__name__)

Reason = Literal[
    "unknown passage",  # this reader's index has no such passage, of this sheet and access
    "quote not verbatim",  # the quote of a citation does not stand in its passage
    "unknown mark",  # [n] without a citation n
    "unused citation",  # a citation at which no mark points
    "not the quote",  # text in quotation marks that its citation does not hold
    "figure unproved",  # a figure that neither a cited passage nor the catalogue holds
    "no citation",  # what a language model wrote, without a mark
]

# Marks that sheets hold are escaped, and so never read as an answer's. The spaces inside quotation marks are hard
# in what `quote` wrote alone: reading sheets makes theirs plain.
_QUOTED = re.compile(r"«\u00a0((?:(?!«\u00a0).)*?)\u00a0»…?\u00a0\[(\d{1,3})\]")
_TERM = r"(\d[\d \u00a0\u202f]{0,15}(?:,\d{1,9})?)"
_DIVISION = re.compile(rf"(?<![\d,]){_TERM}(?:[ \u00a0]€)?[ \u00a0]÷[ \u00a0]{_TERM}(?!\d)")
_FEW = 100  # what counts sheets, pages or years is less, or the number of the sheets at most


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: `line` of the text, from 0, -1 when it is in citation `n`."""

    reason: Reason
    line: int = -1
    n: int = 0


def find_faults(answer: Answer, index: Index, notes: Iterable[Note] = ()) -> list[Fault]:
    """The faults of an answer for the reader of this index: a right answer has none.

    What a line, a cell of a table or a sentence states, with a figure, is proved by what it cites itself. What the
    product says of its own needs no citation: numbers of sheets, what the catalogue knows of those found or cited
    (title, organisation, place, how far it is from one asked, inhabitants, years, prize, site), what a division that
    it shows gives, and what was asked, which filters repeat. What a
    language model wrote needs one in each sentence. Of the centre's `notes`, those that it
    names need none where they stand word for word.
    """
    written = answer.mode == "llm" and not answer.abstained
    asked = answer.standalone_question
    shown = [note for note in notes if note.slug in answer.notes]
    return find_text_faults(answer.answer, answer.citations, index, answer.sheets, asked, written=written, notes=shown)


def find_text_faults(
    text: str,
    citations: Sequence[Citation],
    index: Index,
    sheets: Iterable[str],
    asked: str,
    *,
    written: bool = False,
    notes: Iterable[Note] = (),
) -> list[Fault]:
    """The same for a text with its citations, the sheets found and what was asked; `written` by a language model."""
    passages = {citation.n: index.find_passage(citation.sheet, citation.passage) for citation in citations}
    proofs = _Proofs(citations, passages, _Catalogue(index, [*sheets, *(each.sheet for each in citations)], asked).has)
    own = list_note_lines(notes)
    pointed = {int(mark) for mark in MARK.findall(text)}
    faults = [Fault(reason, n=citation.n) for citation in citations if (reason := proofs.find_fault(citation))]
    faults += [Fault("unused citation", n=citation.n) for citation in citations if citation.n not in pointed]
    for number, line in enumerate(text.split("\n")):
        written &= line != SHEETS_CITED  # from there on, it is the product that speaks
        if line.replace("**", "") in own:  # the centre speaks
            continue
        faults += [Fault(reason, number, n) for reason, n in _find_line_faults(line, proofs, written=written)]
    return faults


def mend_draft(draft: Draft, index: Index, sheets: Iterable[str], asked: str) -> Draft | None:
    """The draft without its faulty lines, told to the log without their words; None when nothing cited is left."""
    faults = find_text_faults(draft.text, draft.citations, index, sheets, asked, notes=draft.notes)
    if not faults:
        return draft
    _log.error("Faults of an answer were left out: %s", dict(Counter(fault.reason for fault in faults)))
    wrong = {fault.n for fault in faults if fault.line < 0 and fault.reason != "unused citation"}
    lines = draft.text.split("\n")
    faulty = {fault.line for fault in faults}
    kept = [line for row, line in enumerate(lines) if row not in faulty and not wrong & _read_marks(line)]
    pointed = set().union(*map(_read_marks, kept))
    citations = tuple(citation for citation in draft.citations if citation.n in pointed)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    if not text or (draft.citations and not citations):
        return None
    return draft.model_copy(update={"text": text, "citations": citations})


def lacks_proof(line: str, citations: Sequence[Citation], passages: Iterable[Passage]) -> bool:
    """Whether a line that a language model wrote has a fault, by itself, its citations being of these passages."""
    known = {passage.id: passage for passage in passages}
    given = {citation.n: known.get(citation.passage) for citation in citations}
    return any(_find_line_faults(line, _Proofs(citations, given, lambda _: False), written=True))


class _Proofs:
    """What citations prove, by the passage of each; `is_own` tells which figures need no citation."""

    def __init__(
        self, citations: Sequence[Citation], passages: Mapping[int, Passage | None], is_own: Callable[[Figure], bool]
    ) -> None:
        self.citations = {citation.n: citation for citation in citations}
        self._passages, self.is_own = passages, is_own

    def find_fault(self, citation: Citation) -> Reason | None:
        """What is wrong with a citation itself."""
        passage = self._passages[citation.n]
        if passage is None or passage.access != citation.access or passage.page != citation.page:
            return "unknown passage"
        return None if citation.quote and citation.quote in passage.text else "quote not verbatim"

    def prove(self, figure: Figure, marks: Iterable[int]) -> bool:
        """Whether a passage cited by one of these marks holds a figure."""
        cited = (self._passages.get(mark) for mark in marks)
        return any(is_proof(held, figure) for passage in cited if passage for held in find_figures(passage.text))


class _Catalogue:
    """What the catalogue knows of sheets, and what was asked."""

    def __init__(self, index: Index, sheets: Iterable[str], asked: str) -> None:
        self._index, self._sheets, self._asked = index, dict.fromkeys(sheets), asked
        self._figures: list[Figure] | None = None

    def has(self, figure: Figure) -> bool:
        """Whether a figure may count sheets, is known of the sheets by the catalogue, or was asked."""
        if figure.kind in ("plain", "ordinal") and figure.value[0] <= max(_FEW, len(self._index.sheets)):
            return True
        if self._figures is None:
            self._figures = list(self._read())
        return any(is_proof(held, figure) for held in self._figures)

    def _read(self) -> Iterator[Figure]:
        years = find_years(self._asked, self._index.lexicon.years)  # "depuis 2019" asks for each year since
        yield from find_figures(f"{self._asked}\n{' '.join(map(str, years))}")
        asked = {place.name: place for place in find_places(self._asked)}.values()
        for sheet in filter(None, map(self._index.find_sheet, self._sheets)):
            people = f"{sheet.place.population} habitants" if sheet.place.population else ""
            described = read_plain(describe_sheet(sheet, self._index))
            reached = f"{describe_address(sheet)}\n{sheet.website}"
            away = (distance_to(place, sheet.place) for place in asked)
            described += "".join(f"\n{round(each)} km" for each in away if each is not None)
            yield from find_figures(f"{described}\n{sheet.annee or ''}\n{people}\n{reached}")


def _find_line_faults(line: str, proofs: _Proofs, *, written: bool) -> Iterator[tuple[Reason, int]]:
    for text, mark in _QUOTED.findall(line):
        citation = proofs.citations.get(int(mark))
        if citation and read_plain(text) not in citation.quote:
            yield "not the quote", citation.n
    rest = BULLET.sub("", _QUOTED.sub(r"[\2]", line))
    cells = rest.replace("\\|", " ").split("|") if rest.lstrip().startswith("|") else [rest]
    for cell in cells:
        statements, end = cut_statements(cell)
        for statement in (*statements, end):
            yield from _find_statement_faults(statement, proofs, written=written)


def _find_statement_faults(statement: str, proofs: _Proofs, *, written: bool) -> Iterator[tuple[Reason, int]]:
    marks = _read_marks(statement)
    yield from (("unknown mark", mark) for mark in sorted(marks) if mark not in proofs.citations)
    if UNCONFIRMED in statement and not written:
        return  # how many sentences were left out
    # Only the product writes in bold or italics: what a model writes is escaped.
    own = not written or "*" in statement.replace("\\*", "") or not statement.strip()
    if not marks and not own:
        yield "no citation", 0
    said = read_plain(MARK.sub(" ", statement))
    computed = _compute(said) if own else frozenset()
    for figure in find_figures(said):
        own_figure = own and (proofs.is_own(figure) or figure.value[0] in computed)
        counted = written and is_small(figure)  # "trois leviers": what is judged as a whole, not figure by figure
        if not proofs.prove(figure, marks) and not own_figure and not counted:
            yield "figure unproved", 0
            return


def _compute(statement: str) -> frozenset[Fraction]:
    """What the divisions that a statement shows give, as a number and in percent: "(12 ÷ 101)".

    Their terms are figures of the statement as well: each is proved for itself.
    """
    found: set[Fraction] = set()
    for above, below in _DIVISION.findall(statement):
        terms = [Fraction("".join(each.split()).replace(",", ".")) for each in (above, below)]
        if terms[1]:
            ratio = terms[0] / terms[1]
            found |= {Fraction(round(ratio)), Fraction(round(100 * ratio)), Fraction(round(ratio * 10), 10)}
    return frozenset(found)


def _read_marks(text: str) -> set[int]:
    return {int(mark) for mark in MARK.findall(text)}
