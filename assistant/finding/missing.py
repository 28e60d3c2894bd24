"""Missing: the nouns of a question that no sheet says, so that what is not there is named."""

from __future__ import annotations

from index.encoding.budget import aside
from index.opened import Index
from index.signals.lexical import split_words
from language.parser import parse
from language.text import read_text

_MOST = 3  # words
_NOUNS = frozenset({"NOUN", "PROPN"})
_SHORTEST = 4  # letters


def find_missing(question: str, index: Index) -> tuple[str, ...]:
    """The nouns that stand in no passage that the reader may see, as they are written; none where nothing parses."""
    text = read_text(question)
    if all(len(index.passages_with(stem)) for stem in set(split_words(question))):  # nothing to parse for
        return ()
    with aside():  # the first parse opens the parser
        words = parse(text.written, text.language or "fr")
    nouns = [text.written[word.start : word.end] for word in words if word.part in _NOUNS]
    absent = [noun for noun in nouns if len(noun) >= _SHORTEST and _is_absent(noun, index)]
    return tuple(dict.fromkeys(absent))[:_MOST]


def _is_absent(noun: str, index: Index) -> bool:
    stems = split_words(noun)
    return bool(stems) and all(not len(index.passages_with(stem)) for stem in stems)
