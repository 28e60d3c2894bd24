"""Lines: the paragraphs, bullets and steps of a sheet as they stand in its passages, to be quoted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citations
from assistant.wording import escape, quote
from index.opened import Index
from index.passages import Sentence
from index.ranking.retrieval import Hit
from ingest.passage import Passage
from ingest.repair import CONTACTS
from ingest.sentence import split_sentences
from ingest.sheet import Role, Sheet
from language.grammar import Grammar
from language.shapes import ADDRESS, CLAUSE_BREAK, PIECE
from language.text import ANY, read_text

_LINE = Grammar("line")
_FRAGMENT = 6  # words up to which a quote is a date or a figure, of which nobody thinks that it is a whole sentence


@dataclass(frozen=True)
class Line:
    """A verbatim line of a passage: `label` is the date or the name of a step, `text` the rest, `row` its place."""

    passage: Passage
    label: str
    text: str
    similarity: float
    row: int = 0

    @property
    def dated(self) -> str:
        """The label when it says more than a number."""
        return "" if _LINE.has("numbered", read_text(self.label, ANY)) else self.label


def read_lines(hit: Hit) -> list[Line]:
    """The lines of a hit that its reader may see, in reading order, each with its best sentence's closeness."""
    close: dict[str, list[Sentence]] = {}
    for sentence in hit.sentences:
        close.setdefault(sentence.passage.id, []).append(sentence)
    return [line for found in close.values() for line in _cut(found[0].passage, hit.sheet, found)]


def read_all_lines(sheet: Sheet, index: Index) -> list[Line]:
    """The lines of a sheet that nobody searched, in reading order."""
    return [line for passage in index.passages_of_sheet(sheet.id) for line in _cut(passage, sheet, ())]


def _cut(passage: Passage, sheet: Sheet, sentences: Sequence[Sentence]) -> list[Line]:
    labels = [
        block.label
        for section in sheet.sections
        if section.key == passage.key
        for block in section.blocks
        if block.label
    ]
    lines = []
    for row, written in enumerate(passage.text.split("\n")):
        label = max((each for each in labels if written.startswith(f"{each} : ")), key=len, default="")
        text = written.removeprefix(f"{label} : ") if label else written
        similarity = max((each.similarity for each in sentences if each.text in written), default=0.0)
        if text.strip() and not _LINE.has("of_the_document", read_text(text, ANY)):
            lines.append(Line(passage, label, text.strip(), similarity, row))
    return lines


def is_step(line: Line) -> bool:
    """Whether a line is a step of what was done or of what to do."""
    return is_of_steps(line.passage)


def is_of_steps(passage: Passage) -> bool:
    """Whether a passage tells steps."""
    return passage.role == "steps" or _LINE.has("steps", read_text(passage.section, ANY))


def is_lesson(line: Line) -> bool:
    """Whether a line tells what to remember of a practice."""
    known = line.passage.role in ("lesson", "limits", "experience")
    return (known or _LINE.has("lessons", read_text(line.passage.section, ANY))) and not _leads_away(line.text)


def _leads_away(text: str) -> bool:
    """Whether a text has an address, or the mark of one that was masked."""
    return ADDRESS.search(text) is not None or any(mark in text for mark in CONTACTS)


def quote_line(line: Line, sheet: Sheet, citations: Citations, longest: int) -> str:
    """A line in quotation marks with its mark, cut after its first sentences when it has more than `longest` words."""
    return quote_text(line.passage, shorten(line.text, longest), sheet, citations)


def quote_text(passage: Passage, text: str, sheet: Sheet, citations: Citations) -> str:
    """A verbatim piece of a passage in quotation marks with its mark; three dots tell that a sentence goes on."""
    number = citations.cite(Sentence(passage, text, 0.0), sheet.title)
    after = passage.text[passage.text.find(text) + len(text) :][:1]
    cut = after not in ("", "\n") and text[-1] not in ".!?…»)" and len(text.split()) > _FRAGMENT
    return quote(escape(text), number, cut=cut)


def shorten(text: str, longest: int) -> str:
    """The first whole sentences of a text within `longest` words, or the first clauses of a longer sentence."""
    sentences = split_sentences(text)
    end = 0
    for sentence in sentences:
        after = text.index(sentence, end) + len(sentence)
        if len(text[:after].split()) > longest:
            break
        end = after
    return text[:end] if end else _first_clauses(sentences[0], longest)


def _first_clauses(sentence: str, longest: int) -> str:
    """A sentence up to the last mark that closes a clause within `longest` words, or that many words."""
    words = list(PIECE.finditer(sentence))
    if len(words) <= longest:
        return sentence
    within = sentence[: words[longest - 1].end()]
    marks = [
        mark.start() for mark in CLAUSE_BREAK.finditer(within) if len(within[: mark.start()].split()) >= longest // 2
    ]
    return within[: marks[-1] if marks else None].rstrip(",;:( ")


def of_role(lines: Iterable[Line], *roles: Role) -> list[Line]:
    """The lines of the sections with one of these roles."""
    return [line for line in lines if line.passage.role in roles]
