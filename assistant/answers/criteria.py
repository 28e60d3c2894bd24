"""Criteria: what a sheet says of a criterion of comparison, in its own words, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answers.lines import Line, is_step, of_role, shorten
from assistant.finding.quantities import find_places, name_counted, read_people
from index.aspects.figures import find_figures
from index.aspects.measured import Measured
from ingest.passage import Passage
from ingest.sentence import split_sentences
from ingest.sheet import Role, Sheet
from language.grammar import Grammar
from language.numbers import find_numerals, find_years
from language.shapes import CLAUSE_BREAK, PIECE
from language.text import ANY, read_text

_LONGEST = 24  # words of a cell
_STEPS, _OF_A_STEP = 8, 14  # steps, and words of each
_BACKGROUND: frozenset[Role | None] = frozenset({"organisation", "partners", "team"})
# They say in a sentence what steps spread over many.
_TELLING: frozenset[Role | None] = frozenset({"lesson", "summary", "introduction"})
_CRITERION = Grammar("criterion")
_PEOPLE: tuple[Measured, ...] = ("voters", "participants", "registered")
Tells = Callable[[str], bool]


@dataclass(frozen=True)
class Cell:
    """What a sheet says of a criterion: a verbatim piece of a passage."""

    passage: Passage
    text: str


@dataclass(frozen=True)
class Practice:
    """A sheet with its lines, and what cells already quote: a sentence tells one thing."""

    sheet: Sheet
    lines: list[Line]
    taken: set[str]

    def sentences(self, *, background: bool = False) -> list[tuple[Line, str]]:
        """The sentences that may be quoted in a cell, those on who runs it left out or alone."""
        lines = [line for line in self.lines if (line.passage.role in _BACKGROUND) is background]
        return [(line, sentence) for line in lines for sentence in split_sentences(line.text)]


def _find_size(practice: Practice) -> list[Cell]:
    """How many inhabitants the organisation says to have."""
    for line, sentence in practice.sentences(background=True):
        if line.passage.role == "organisation" and (found := _read_inhabitants(sentence)):
            return [Cell(line.passage, found)]
    return []


def _read_inhabitants(sentence: str) -> str:
    """How many inhabitants a sentence says, in its words, "" when it does not."""
    text = read_text(sentence, ANY)
    for start, end in find_numerals(sentence):
        if found := _CRITERION.search("inhabitants", text.after(end)):
            return sentence[start : found.end]
    return ""


def _find_period(practice: Practice) -> list[Cell]:
    """The dates of the first and of the last step, when a year is among them; else the first dated sentence."""
    dated = [line for line in practice.lines if is_step(line) and any(map(str.isdecimal, line.dated))]
    if dated and any(find_years(f"{dated[0].dated} {dated[-1].dated}")):
        ends = {line.dated: Cell(line.passage, line.dated) for line in (dated[0], dated[-1])}
        return list(ends.values())
    for line, sentence in practice.sentences():
        if _says("dated", sentence):
            return _excerpt(practice, line, sentence, lambda text: _says("dated", text))
    return []


def _says(criterion: str, text: str) -> bool:
    return _CRITERION.has(criterion, read_text(text, ANY))


def _find_budget(practice: Practice) -> list[Cell]:
    return _find_figure(practice, _has_amount, beside=_has_people)


def _find_people(practice: Practice) -> list[Cell]:
    """The sentence that says how many took part; what they gave, where none does."""
    told = _find_figure(practice, _has_people, beside=_has_amount)
    return told or _find_figure(practice, _has_ideas, beside=_has_amount)


def _has_amount(text: str) -> bool:
    return any(figure.measured == "cost" for figure in find_figures(text))


def _has_ideas(text: str) -> bool:
    return any(figure.measured == "ideas" for figure in find_figures(text))


def _has_people(text: str) -> bool:
    if any(figure.measured in _PEOPLE for figure in find_figures(text)):
        return True
    return any(read_people() & {*name_counted(text, end)[:1]} for _, end in find_places(text, "count"))


def _find_figure(practice: Practice, tells: Tells, beside: Tells) -> list[Cell]:
    """The first sentence that tells a figure, where the other one is told as well if a passage tells both.

    A sheet may tell of two budgets: the voters of one beside the amount of the other would be false.
    """
    found = [(line, sentence) for line, sentence in practice.sentences() if tells(sentence)]
    both = {line.passage.id for line, sentence in practice.sentences() if beside(sentence)}
    found.sort(key=lambda each: each[0].passage.id not in both)
    cells = (_excerpt(practice, line, sentence, tells) for line, sentence in found)
    return next((cell for cell in cells if cell), [])


def _find_words(criterion: str) -> Callable[[Practice], list[Cell]]:
    """The sentence with most words of a criterion for its length, one that is not quoted yet if there is."""

    def find(practice: Practice) -> list[Cell]:
        scored = [
            (
                sentence not in practice.taken,
                _density(criterion, sentence) * (1.5 if line.passage.role in _TELLING else 1.0),
                line,
                sentence,
            )
            for line, sentence in practice.sentences()
            if _says(criterion, sentence)
        ]
        best = max(scored, key=lambda each: each[:2], default=None)
        return _excerpt(practice, best[2], best[3], lambda text: _says(criterion, text)) if best else []

    return find


def _density(criterion: str, sentence: str) -> float:
    """How many of a criterion's words a sentence has for its length; a few words of themselves weigh little."""
    text = read_text(sentence, ANY)
    words = {found.said for found in _CRITERION.find(criterion, text)}
    return len(words) / (8 + len(sentence.split()))


def _find_steps(practice: Practice) -> list[Cell]:
    """The first steps, as the sheet tells them."""
    steps = [line for line in practice.lines if is_step(line)][:_STEPS]
    return [Cell(line.passage, shorten(line.text, _OF_A_STEP).strip()) for line in steps]


def _find_lesson(practice: Practice) -> list[Cell]:
    """What is to remember first, not quoted yet."""
    for line in of_role(practice.lines, "lesson", "limits", "experience"):
        for sentence in split_sentences(line.text):
            if sentence not in practice.taken and "http" not in sentence:
                return _excerpt(practice, line, sentence, lambda _: True)
    return []


def _excerpt(practice: Practice, line: Line, sentence: str, tells: Tells) -> list[Cell]:
    """A sentence, or the clauses around what it tells when it is longer than a cell."""
    practice.taken.add(sentence)
    if len(sentence.split()) <= _LONGEST:
        return [Cell(line.passage, sentence)]
    after_marks = (mark.end() for mark in CLAUSE_BREAK.finditer(sentence))
    after_words = (found.end for found in _CRITERION.find("clause", read_text(sentence, "fr")))
    anywhere = (word.start() for word in PIECE.finditer(sentence))
    for starts in (after_marks, after_words, anywhere):
        pieces = (shorten(sentence[start:], _LONGEST).strip() for start in (0, *starts))
        if piece := next((piece for piece in pieces if tells(piece)), ""):
            return [Cell(line.passage, piece)]
    return []


# Shown where it is asked for alone: it is long.
STEPS = "etapes"
CRITERIA: dict[str, Callable[[Practice], list[Cell]]] = {
    STEPS: _find_steps,
    "taille": _find_size,
    "periode": _find_period,
    "budget": _find_budget,
    "participants": _find_people,
    "public": _find_words("public"),
    "outils": _find_words("tools"),
    "resultats": _find_words("result"),
    "enseignements": _find_lesson,
}
