"""Threshold: on which side of a note's number of inhabitants the town of a question is."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.notes.note import Note
from assistant.reading.inhabitants import read_count
from assistant.reading.reading import Reading
from assistant.wording.notes import note_words
from language.grammar import Grammar
from language.text import read_text

_INHABITANTS = Grammar("inhabitants")
_LANGUAGE = "fr"  # of the notes' text, which each has


def tell_side(note: Note, reading: Reading) -> str:
    """That the town asked about is below all thresholds of a note, or above them; "" between them, or without any."""
    asked, thresholds = reading.understood.population_range, sorted(_find_thresholds(note))
    if asked is None or not thresholds:
        return ""
    words, (least, most) = note_words(reading.understood.language), asked
    if most < thresholds[0]:
        return words.below
    if least >= thresholds[-1]:
        return words.above
    return ""


def _find_thresholds(note: Note) -> Iterator[int]:
    """The numbers of inhabitants from which the note's rule holds."""
    for found in _INHABITANTS.find("threshold", read_text(note.text, _LANGUAGE)):
        number = read_count(found["count"], found.written["count"], _LANGUAGE)
        if number is not None:
            yield number
