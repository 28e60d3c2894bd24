"""Pairs: questions with the text that answers them, made from sheets, for tuning the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.passages import indexed_text
from index.signals.lexical import Lexical
from ingest.passage import Passage, split_sheet
from ingest.sheet import Role, Sheet

_KEY_POINTS: Role = "lesson"
_LEAST_WORDS, _MOST_WORDS = 3, 40  # of a line that may stand for a question
_LEAST_PARAGRAPH = 25  # words
_LINES_A_SHEET = 4


@dataclass(frozen=True)
class Pair:
    """A question, a text that answers it and the sheet it is of.

    Pairs of one `topic` are met together when training: their texts are the ones that are easily mistaken.
    """

    question: str
    passage: str
    sheet: str
    topic: str = ""


def pair_questions(questions: Iterable[tuple[str, str]], sheets: Sequence[Sheet]) -> list[Pair]:
    """Questions with the id of their sheet become pairs: with the passage whose words are nearest.

    A question that shares no word with its sheet, in another language for instance, takes its beginning; one whose
    sheet is not there is left out.
    """
    passages = {sheet.id: split_sheet(sheet) for sheet in sheets}
    words = {name: Lexical.build([each.text for each in parts]) for name, parts in passages.items() if parts}
    return [
        Pair(question, indexed_text(_nearest(question, passages[name], words[name])), name)
        for question, name in questions
        if name in words
    ]


def _nearest(question: str, passages: Sequence[Passage], words: Lexical) -> Passage:
    scores = words.score(question, len(passages))
    return passages[int(scores.argmax())]


def pair_structure(sheets: Iterable[Sheet]) -> list[Pair]:
    """What a sheet says of itself, a title or a key point, with a paragraph of it: nobody has to write questions."""
    return [pair for sheet in sheets for pair in _pair_sheet(sheet)]


def _pair_sheet(sheet: Sheet) -> Iterator[Pair]:
    passages = [each for each in split_sheet(sheet) if each.role != _KEY_POINTS]
    paragraphs = [each for each in passages if len(each.text.split()) >= _LEAST_PARAGRAPH]
    if not paragraphs:
        return
    yield Pair(sheet.title, paragraphs[0].text, sheet.id)  # without its heading, which is the title
    for number, line in enumerate(_list_lines(sheet)[:_LINES_A_SHEET]):
        if chosen := [each for each in paragraphs if line not in each.text]:
            yield Pair(line, indexed_text(chosen[number % len(chosen)]), sheet.id)


def strip_sheet(sheet: Sheet) -> Sheet:
    """The sheet without title, organisation and lists, so that no question of `pair_structure` stands in it as such."""
    sections = tuple(section for section in sheet.sections if not section.joined)
    return sheet.model_copy(update={"title": "", "organisation": "", "sections": sections})


def _list_lines(sheet: Sheet) -> list[str]:
    """Key points first, then the bullets and steps of other sections."""
    sections = sorted((each for each in sheet.sections if each.joined), key=lambda each: each.role != _KEY_POINTS)
    lines = [block.text for section in sections for block in section.blocks]
    return [line for line in lines if _LEAST_WORDS <= len(line.split()) <= _MOST_WORDS]
