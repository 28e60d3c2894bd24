"""Sought: what a question asks to be given, in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Literal

from index.encoding.budget import aside
from index.places.gazetteer import find_places
from ingest.sheet import Frozen
from language.grammar import Grammar
from language.parser import Token, parse
from language.text import Text, read_text

# How it is asked for: so many, by its price or its length, with an article or without, as something that may exist,
# something spoken of, someone.
Way = Literal["number", "cost", "duration", "given", "what", "held", "spoken", "who"]
_WAYS: tuple[Way, ...] = ("duration", "cost", "number", "who", "given", "what", "spoken", "held")

_AFTER_VERB: tuple[Way, ...] = ("duration", "cost")  # "combien de temps a duré la révision ?"

_SOUGHT = Grammar("sought")
_NAMED_WHOLE: tuple[Way, ...] = ("held", "spoken")
_MARKS = ' ,;:.?!…"«»()'
_LONGEST = 14  # words of what is named
_NOUNS = frozenset({"NOUN", "PROPN"})
_IN_PHRASE = _NOUNS | {"ADJ", "ADP", "DET", "NUM", "CCONJ", "X", "SYM"}
_VERBAL = frozenset({"VERB", "AUX", "PRON", "ADV", "PUNCT"})  # between "combien de temps" and what lasts
_JOINING = frozenset({"ADP", "DET", "CCONJ", "ADV"})


class Sought(Frozen):
    """What a question asks to be given: "signatures" as a number, "le montant du budget participatif" as given.

    `doing` is what they do that are counted: "ont signé la pétition". `whole` when nothing else tells them apart.
    """

    way: Way
    phrase: str = ""
    doing: str = ""
    whole: bool = False
    feminine: bool = False
    plural: bool = False


def find_sought(text: Text) -> Sought | None:
    """What a question asks to be given, None when its form does not tell."""
    for way in _WAYS:
        if found := _SOUGHT.search(way, text):
            start, end = _find_phrase(text, found.end, after_verb=way in _AFTER_VERB)
            rest = text.written[end:].strip(_MARKS)
            if way in _NAMED_WHOLE and (rest or start == end):
                return None  # that none speaks of a part of it would not be true
            if start < end or way in _AFTER_VERB:
                return Sought(
                    way=way,
                    phrase=text.written[start:end],
                    doing=rest if _SOUGHT.has("doing", text.after(end)) and len(rest.split()) <= _LONGEST else "",
                    whole=not rest and not any(place.start < found.start for place in find_places(text.written)),
                    feminine="feminine" in found.groups,
                    plural=bool({"plural", "plurals"} & set(found.groups)),
                )
    return None


def _find_phrase(text: Text, start: int, *, after_verb: bool) -> tuple[int, int]:
    """The characters of the noun phrase that starts at a place, or after a verb there; none of them when none does."""
    if not (words := [word for word in _parse(text) if word.start >= start]):
        return _cut_at_stop(text, start)
    if after_verb:
        first = next((row for row, word in enumerate(words) if word.part not in _VERBAL), len(words))
        words = words[first:] if first < len(words) and words[first].part in ("DET", "PROPN") else []
    if not words:
        return start, start
    places = [(place.start, place.end) for place in find_places(text.written)]
    taken = list(takewhile(lambda row: _belongs(words, row) or _is_of_name(places, words[row]), range(len(words))))
    another = len(words) > len(taken) > 1 and words[len(taken)].part == "DET"
    if another and not _is_of_name(places, words[taken[-1]]):
        taken.pop()  # a verb that the parser takes for another word: "d'arbres compte le parc"
    while taken and words[taken[-1]].part in _JOINING:
        taken.pop()
    if not any(words[row].part in _NOUNS for row in taken) or len(taken) > _LONGEST:
        return start, start
    return words[0].start, words[taken[-1]].end


def _is_of_name(places: Sequence[tuple[int, int]], word: Token) -> bool:
    """Whether a word is of the name of a place."""
    return any(start <= word.start < end for start, end in places)


def _belongs(words: Sequence[Token], row: int) -> bool:
    """Whether a word goes on with a noun phrase: a verb does as "menée par" and as "à télécharger"."""
    word, last = words[row], words[row - 1].part if row else ""
    if word.part == "DET" and last in _NOUNS | {"ADJ"}:
        return False  # another noun phrase begins
    if word.part == "VERB":
        return word.role in ("acl", "amod") or last == "ADP"
    if word.part == "ADV":  # "autour d'un parc"
        return bool(row and words[row + 1 : row + 2] and words[row + 1].part == "ADP")
    return word.part in _IN_PHRASE


def _cut_at_stop(text: Text, start: int) -> tuple[int, int]:
    """The same where nothing parses: up to a mark or a word that ends it."""
    rest = read_text(text.written[start:], text.language)
    stop = _SOUGHT.search("stop", rest)
    phrase = (rest.written[: stop.start] if stop else rest.written).strip(_MARKS)
    start = text.written.find(phrase, start)
    return (start, start + len(phrase)) if 0 < len(phrase.split()) <= _LONGEST else (start, start)


def _parse(text: Text) -> tuple[Token, ...]:
    with aside():  # the first parse opens the parser
        return parse(text.written, text.language or "fr")
