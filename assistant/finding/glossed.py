"""Glossed: the sentence of a sheet that says what a word means, where the centre has no note on it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.finding.findings import Finding
from assistant.reading.reading import Reading
from index.signals.lexical import split_words, word_set
from language.grammar import Grammar
from language.shapes import WORD
from language.text import read_text

_FORM = Grammar("form")
_LANGUAGE = "fr"  # of the sheets
_MOST = 5  # words of a term


def find_gloss(reading: Reading, found: Sequence[Finding]) -> Finding | None:
    """The likeliest sentence in which the word that a question asks the meaning of is followed by what it means.

    None when no meaning is asked, or when no sentence says one. What follows others asks of what was shown.
    """
    if not reading.form.definition or reading.link != "new":
        return None
    question = read_text(reading.asked, reading.understood.language)
    asked = _FORM.search("definition", question)
    rest = question.written[asked.end :] if asked else ""
    term = split_words(rest)
    if not 0 < len(term) <= _MOST:
        return None
    return next((each for each in found if _glosses(each.sentence.text, term)), None)


def _glosses(sentence: str, term: Sequence[str]) -> bool:
    """Whether the words of a term stand in a sentence, one after the other, right before what says their meaning."""
    if not word_set(sentence).issuperset(term):
        return False
    words = [(stem, match.end()) for match in WORD.finditer(sentence) for stem in split_words(match[0])]
    ends = (
        words[at + len(term) - 1][1]
        for at in range(len(words) - len(term) + 1)
        if [stem for stem, _ in words[at : at + len(term)]] == list(term)
    )
    return any(_FORM.has("gloss", read_text(sentence[end:], _LANGUAGE)) for end in ends)
