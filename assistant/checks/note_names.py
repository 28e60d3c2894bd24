"""Names of a note: those that a sheet knows, and the name that it gives where a sentence gives another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checks.note_subject import Said
from assistant.checks.stated_names import are_named, find_names
from index.places.gazetteer import find_places
from index.signals.lexical import split_words
from language.letters import fold
from language.shapes import WORD

_AROUND = 25  # characters that say who is named: "le cabinet…", "décerné par…"
_BEFORE, _AFTER = 0.25, 0.1  # what each word that stands before both names, or after, adds to how near they are
_OF_ADDRESSES = frozenset("/@.")  # no name has them


@dataclass(frozen=True)
class OtherName:
    """The name that a sheet gives in a sentence, where a note gives another."""

    told: str
    said: Said
    nearness: float


def read_names(sentence: str) -> list[str]:
    """What a sentence names. What its capital at the start may only begin is no name, unless it is a place."""
    first = found[0] if (found := WORD.search(sentence)) else ""
    places = {sentence[place.start : place.end] for place in find_places(sentence)}
    return [
        name
        for name in find_names(sentence)
        if (name != first or name in places or name.isupper()) and _OF_ADDRESSES.isdisjoint(name)
    ]


def find_strange(sentence: str, known: str) -> list[str]:
    """The names of a sentence that a text does not have."""
    return [name for name in read_names(sentence) if not are_named([name], known)]


def is_elsewhere(sentence: str, known: str) -> bool:
    """Whether a sentence names a place that a text does not have, and nothing else that it has."""
    names = read_names(sentence)
    strange = find_strange(sentence, known)
    return bool(strange) and len(strange) == len(names) and any(map(_is_place, strange))


def find_other_name(
    strange: Sequence[str], sentence: str, covered: Sequence[tuple[float, Said]], least: float
) -> OtherName | None:
    """The name that a sheet gives in place of strange ones, by the words around both; None when none is told so.

    `least`: how near its sentence must be.
    """
    stated = set(split_words(sentence))
    found = [
        OtherName(run, said, cover + _compare_places(strange[0], sentence, run, said.text))
        for cover, said in covered
        if cover >= least
        for run in _runs(said.text)
        if not set(split_words(run)) & stated and _are_alike(strange[0], run)
    ]
    return max(found, key=lambda each: each.nearness, default=None)


def _are_alike(one: str, other: str) -> bool:
    """Whether both are places, or neither is."""
    return _is_place(one) == _is_place(other)


def _is_place(name: str) -> bool:
    return bool(find_places(f"à {name}"))


def _runs(text: str) -> list[str]:
    """The names of a text, each whole: "Michel Klopfer"."""
    names = {word for name in read_names(text) for word in fold(name).split()}
    runs: list[str] = []
    end = -2
    for word in re.finditer(r"[\w’'&-]+", text):
        is_name = bool(set(fold(word[0]).split()) & names) and any(letter.isupper() for letter in word[0])
        if is_name and runs and text[end : word.start()] == " ":
            runs[-1] += f" {word[0]}"
        elif is_name:
            runs.append(re.sub(r"^[a-zA-Z]{1,2}['’](?=[A-ZÀ-Ý])", "", word[0]))
        else:
            continue
        end = word.end()
    return runs


def _compare_places(name: str, text: str, other: str, other_text: str) -> float:
    """What two names in their texts have in common: the words before them above all, "développée par…"."""
    mine, yours = _around(text, name), _around(other_text, other)
    return _BEFORE * len(mine[0] & yours[0]) + _AFTER * len(mine[1] & yours[1])


def _around(text: str, name: str) -> tuple[set[str], set[str]]:
    """The words before a name, and those after it."""
    before, _, after = text.partition(name)
    return set(split_words(before[-_AROUND:])), set(split_words(after[:_AROUND]))
