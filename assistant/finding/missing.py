"""Missing: the nouns of a question that no sheet says, so that what is not there is named."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.finding.covered import measure_covered
from assistant.reading.reading import Reading
from index.encoding.budget import aside
from index.opened import Index
from index.phrases import read_words
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from language.grammar import Grammar
from language.parser import Token, parse
from language.text import Text, read_text

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

_MOST = 3  # words
_MISSING = Grammar("missing")
_NOUNS = frozenset({"NOUN", "PROPN"})
_SHORTEST = 4  # letters
_LONGEST = 13  # words of a question
_NEAR = 0.65  # mean cosine of a noun's tokens with those of a passage
_FEW_SHEETS, _HARDLY_ANY = 8, 2
ASKED_OFTEN = Path(__file__).parent / "asked_often.txt"  # written by training/asked_often.py


def find_missing(question: str, index: Index) -> tuple[str, ...]:
    """The nouns that stand in no passage that the reader may see, as they are written; none where nothing parses."""
    text = read_text(question)
    if all(len(index.passages_with(stem)) for stem in set(split_words(question))):  # nothing to parse for
        return ()
    nouns = [text.written[word.start : word.end] for word in _parse(text) if word.part in _NOUNS]
    absent = [
        noun for noun in nouns if len(noun) >= _SHORTEST and not _only_asks(noun, text) and _is_absent(noun, index)
    ]
    return tuple(dict.fromkeys(absent))[:_MOST]


def find_unshown(reading: Reading, cited: Sequence[Hit], index: Index, encoder: Encoder) -> dict[str, int]:
    """The nouns that tell a short question from others, and that no sheet cited has or comes near: how many have each.

    So of 11 of 22 questions that no sheet answers and that something else answered, and of 2 of 116 of the others
    (training/questions/absent.jsonl and answers.jsonl); in long ones a noun is often a manner of speaking.
    """
    text = read_text(reading.asked, reading.understood.language)
    if reading.link != "new" or not cited or len(text.written.split()) > _LONGEST:
        return {}
    known, shown = _find_known(reading, text.written, index), {index.catalogue.rows[hit.sheet.id] for hit in cited}
    unshown: dict[str, int] = {}
    for word in _parse(text):
        noun, span = text.written[word.start : word.end], (word.start, word.end)
        if word.part not in _NOUNS or len(noun) <= _SHORTEST or word.start in known or _only_asks(noun, text):
            continue
        sheets = _count_owners(noun, shown, index)
        if sheets is not None and (
            sheets <= _HARDLY_ANY or measure_covered(text.written, span, cited, index, encoder) < _NEAR
        ):
            unshown[noun] = sheets
    return dict(list(unshown.items())[:_MOST])


def _only_asks(noun: str, text: Text) -> bool:
    """Whether a noun is of what is asked, not of what it is asked about: "quels pièges"."""
    return _MISSING.has("asking", read_text(noun, text.language))


def _count_owners(noun: str, shown: set[int], index: Index) -> int | None:
    """How many sheets have a noun; None when one of the rows `shown` has it, many do, or most questions may."""
    stems = split_words(noun)
    owners = [{*index.owners[index.passages_with(stem)].tolist()} for stem in stems]
    if not stems or _read_asked_often() & {*stems} or any(own & shown for own in owners):
        return None
    most = max(map(len, owners))
    return most if most <= _FEW_SHEETS else None


@cache
def _read_asked_often() -> frozenset[str]:
    """The words that questions have whatever they are about."""
    lines = ASKED_OFTEN.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _find_known(reading: Reading, question: str, index: Index) -> set[int]:
    """The characters of places, and of what the trade says in other words too."""
    words = read_words(question)
    said = [words[row] for found in index.lexicon.synonyms.find(words) for row in found.positions]
    spans = [(place.start, place.end) for place in reading.understood.places]
    spans += [(word.start, word.end) for word in said]
    return {at for start, end in spans for at in range(start, end)}


def _is_absent(noun: str, index: Index) -> bool:
    stems = split_words(noun)
    return bool(stems) and all(not len(index.passages_with(stem)) for stem in stems)


def _parse(text: Text) -> tuple[Token, ...]:
    with aside():  # the first parse opens the parser
        return parse(text.written, text.language or "fr")
