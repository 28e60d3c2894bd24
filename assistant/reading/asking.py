"""Asking: how a question asks, read by the grammar: what classifiers of bags of words cannot see.

They know which words a question has, not which it lacks, nor where they stand: "a-t-il" with no word that asks wants
yes or no; "qui" opens a question or only ties two clauses; whether a place or a practice is named tells one from many.
"""

from __future__ import annotations

from assistant.reading.reading import Reading
from assistant.reading.superlative import read_superlative
from language.grammar import Grammar
from language.shapes import NAME, SENTENCE
from language.text import Text, read_text

_ASKING = Grammar("asking")
# The entries, as both languages have them.
_WAYS = (
    "how_many",
    "how_long",
    "when",
    "who",
    "to_whom",
    "why",
    "how",
    "which",
    "what",
    "where",
    "should",
    "examples",
    "base",
    "speaker",
    "usually",
    "pronoun",
    "tell",
    "law",
)
_WITH_POLAR = ("should", "examples", "usually", "pronoun", "law", "base")  # what turns yes or no into something else
_ANY_NAME = "Zname"  # no word of any language
_FEWEST, _FEW, _MANY, _CASE = 4, 8, 25, 40  # words: of a bare name, of a short question, of one that tells a case


def find_asking(asked: str) -> str:
    """The last sentence that asks, the whole when none does: before it a person says who they are and what for."""
    asking = [said for each in SENTENCE.findall(asked) if "?" in (said := each.strip()) and len(said) > 1]
    return asking[-1] if asking else asked


def hide_names(asking: str) -> str:
    """What is asked without the names of whom it is asked: a form is the same for all."""
    return NAME.sub(lambda name: _ANY_NAME if name.start() else name[0], asking)


def read_asking(reading: Reading) -> list[bool]:
    """How a question asks, sign by sign."""
    said = read_text(reading.asked)
    asking = read_text(find_asking(reading.asked), said.language)
    named = bool(NAME.search(reading.asked, 1)) or bool(reading.understood.places)
    ways = {way: _ASKING.has(way, asking) for way in _WAYS}
    words = _ASKING.has("interrogative", asking)
    polar = not words and _ASKING.has("polar", asking)
    neither = not words and not polar
    length = len(said.words.split())
    return [
        *(polar, polar and named, polar and not named, words, neither, neither and "?" in said.said),
        *("?" in said.said, named, length <= _FEWEST, length <= _FEW, length >= _MANY, length >= _CASE),
        *(neither and length <= _FEW and not named, neither and length <= _FEW and named),
        *ways.values(),
        *(_opens(way, asking) for way in _WAYS),
        *(has and named for has in ways.values()),
        *(polar and ways[way] for way in _WITH_POLAR),
        *_read_computed(reading, said),
    ]


def _opens(way: str, asking: Text) -> bool:
    """Whether the sentence starts so."""
    return any(not asking.written[: found.start].strip(" «\"'") for found in _ASKING.find(way, asking))


def _read_computed(reading: Reading, said: Text) -> list[bool]:
    """What is to be computed."""
    superlative, form = read_superlative(said), reading.form
    return [
        superlative is not None,
        superlative is not None and superlative.least,
        form.shared is not None,
        form.by_column is not None,
        form.per_inhabitant,
        form.counted_sheets,
    ]
