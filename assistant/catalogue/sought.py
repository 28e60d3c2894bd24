"""Sought: whether a text has the words that someone typed, or words that begin like them."""

from index.signals.lexical import split_words
from language.letters import fold

_SHORTEST_STEM = 4


class Sought:
    """The words of a query that say something."""

    def __init__(self, query: str) -> None:
        self._begins = [starts for word in fold(query).split() if (starts := _beginnings(word))]

    def is_in(self, folded: str) -> bool:
        """Whether a text, as `fold_words` makes it, has every one of them; none has the words of an empty query."""
        return bool(self._begins) and all(any(each in folded for each in any_of) for any_of in self._begins)


def fold_words(text: str) -> str:
    """A text as words are looked for in it: folded, a space before each word."""
    return f" {fold(text)}"


def _beginnings(word: str) -> tuple[str, ...]:
    """What a word of a text may begin with, a space before it; nothing for a word that says nothing."""
    if len(word) == 1 and not word.isdecimal():
        return ()
    stems = split_words(word)
    if not stems:
        return ()
    return (f" {word}", *(f" {stem}" for stem in stems if len(stem) >= _SHORTEST_STEM))
