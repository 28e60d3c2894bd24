"""Excluded: sentences in which what is asked about is left out, and what who asks has enough of or fears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.finding.findings import Finding
from assistant.reading.feared import find_feared
from assistant.reading.reading import Reading
from index.signals.lexical import split_words, word_set
from language.grammar import Grammar
from language.parser import parse
from language.text import read_text

_EXCLUDED = Grammar("excluded")
_LANGUAGE = "fr"  # of the sheets
_LOOKED_AT = 200  # sentences, those that most likely answer
_NOUNS = ("NOUN", "PROPN")


def leave_excluded(found: Sequence[Finding], reading: Reading) -> list[Finding]:
    """The sentences less those in which a word asked about is left out, with their sheets where these have it nowhere
    else, and those that tell of what who asks has enough of; all when nothing would be left.
    """
    feared = _find_feared(reading)
    asked = {*split_words(" ".join((reading.asked, *reading.understood.expansions)))}
    left_out: dict[str, set[str]] = {}
    dropped: set[int] = set()
    for row, each in enumerate(found[:_LOOKED_AT]):
        without = asked & _split_left_out(each.sentence.text)
        if without:
            left_out.setdefault(each.hit.sheet.id, set()).update(without)
        if without or feared & word_set(each.sentence.text):
            dropped.add(row)
    gone = {sheet for sheet, words in left_out.items() if not words <= _read_others(sheet, found, dropped)}
    kept = [each for row, each in enumerate(found) if row not in dropped and each.hit.sheet.id not in gone]
    return kept or list(found)


def find_left_out(sentence: str) -> Iterator[str]:
    """What a sentence leaves out: "hors salariés", up to where its clause ends."""
    text = read_text(sentence, _LANGUAGE)
    for found in _EXCLUDED.find("left_out", text):
        end = _EXCLUDED.search("closing", text.after(found.end))
        yield sentence[found.end : end.start] if end else sentence[found.end :]


@lru_cache(maxsize=20_000)  # the sentences of some hundred sheets: each question reads them again
def _split_left_out(sentence: str) -> frozenset[str]:
    return frozenset(stem for part in find_left_out(sentence) for stem in split_words(part))


def _read_others(sheet: str, found: Sequence[Finding], dropped: set[int]) -> set[str]:
    """The words of the other sentences of a sheet."""
    others = (each for row, each in enumerate(found) if row not in dropped and each.hit.sheet.id == sheet)
    return {stem for each in others for stem in word_set(each.sentence.text)}


def _find_feared(reading: Reading) -> set[str]:
    """The nouns of what who asks has enough of: "on n'a que des retraités", less those of the rest of the question."""
    text = read_text(reading.asked, reading.understood.language)
    span = find_feared(text)
    nouns = [word for word in parse(text.written, text.language or _LANGUAGE) if word.part in _NOUNS] if span else []
    parts = [[word for word in nouns if (word.start in span) is feared] for feared in (True, False)]
    stems = [{*split_words(" ".join(text.written[word.start : word.end] for word in part))} for part in parts]
    return stems[0] - stems[1]
