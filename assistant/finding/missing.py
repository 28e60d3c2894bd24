"""Missing: the nouns of a question that no sheet says, so that what is not there is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.finding.covered import measure_covered
from assistant.reading.reading import Reading
from assistant.reading.sought import find_sought
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
# A noun that carries the point of a short question, and that nothing in the sheets comes near: so of 27 % of the
# questions on what no sheet has, and of 1 % of those that are answered; in long ones it is often a manner of speaking.
_LONGEST, _NEAR = 13, 0.55  # words; mean cosine of its tokens with those of a passage


def find_missing(question: str, index: Index) -> tuple[str, ...]:
    """The nouns that stand in no passage that the reader may see, as they are written; none where nothing parses."""
    text = read_text(question)
    if all(len(index.passages_with(stem)) for stem in set(split_words(question))):  # nothing to parse for
        return ()
    nouns = [text.written[word.start : word.end] for word in _parse(text) if word.part in _NOUNS]
    absent = [noun for noun in nouns if len(noun) >= _SHORTEST and _is_absent(noun, index)]
    return tuple(dict.fromkeys(absent))[:_MOST]


def find_unspoken(reading: Reading, hits: Sequence[Hit], index: Index, encoder: Encoder) -> tuple[str, ...]:
    """The nouns of a short question that no sheet has in any word, and that are not what is asked ("quels pièges")."""
    text = read_text(reading.asked, reading.understood.language)
    if reading.link != "new" or len(text.words.split()) > _LONGEST or "?" not in text.written:
        return ()
    if not find_missing(text.written, index):
        return ()
    known = _find_known(reading, text.written, index)
    sought = find_sought(text)
    if sought and sought.way in ("what", "given"):  # "quels pièges" asks for them
        start = text.written.find(sought.phrase)
        known |= set(range(start, start + len(sought.phrase.split(" ", 1)[0])))
    unspoken = [
        text.written[word.start : word.end]
        for word in _parse(text)
        if word.part in _NOUNS
        and word.role != "ROOT"
        and word.start not in known
        and not _MISSING.has("asking", read_text(text.written[word.start : word.end], text.language))
        and word.end - word.start > _SHORTEST
        and _is_absent(text.written[word.start : word.end], index)
        and measure_covered(text.written, (word.start, word.end), hits, index, encoder) < _NEAR
    ]
    return tuple(dict.fromkeys(unspoken))[:_MOST]


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
