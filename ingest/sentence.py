"""Sentence splitter for French text: every sentence is a verbatim piece of the text given."""

import re
from functools import cache

from language.grammar import Grammar
from language.shapes import SENTENCE_BREAK

_LONGEST = 40  # characters that are looked at before a stop: more than an abbreviation has


def split_sentences(text: str) -> list[str]:
    """The sentences of a text in order, each a verbatim piece of it; a line break always ends one."""
    return [sentence for line in text.split("\n") for sentence in _split_line(line.strip()) if sentence]


def _split_line(line: str) -> list[str]:
    sentences, start = [], 0
    for end in SENTENCE_BREAK.finditer(line):
        if not _is_abbreviation(line[max(start, end.start() - _LONGEST) : end.start()]):
            sentences.append(line[start : end.end()].strip())
            start = end.end()
    return [*sentences, line[start:].strip()]


def _is_abbreviation(sentence: str) -> bool:
    """Whether the stop that ends this piece belongs to an abbreviation or to an initial ("M. ", "J. ")."""
    if not sentence.endswith("."):
        return False
    last = re.split(r"[\s(«’'\"]", sentence[:-1])[-1]
    return last.lower() in _abbreviations() or (len(last) == 1 and last.isupper())


@cache
def _abbreviations() -> frozenset[str]:
    """Those of French, in lower case, without their stop."""
    return frozenset(Grammar("sheet").words("abbreviations")["fr"])
