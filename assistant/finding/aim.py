"""Aim: what figure a question is after, with the words that say what it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from assistant.finding.quantities import read_anyone
from assistant.finding.shares import Whole, read_turnout
from assistant.reading.asked import Asked, Quantity
from assistant.reading.reading import Reading
from assistant.reading.years import find_years
from index.aspects.figures import list_words, read_measured
from index.aspects.measured import Measured
from index.opened import Index
from index.signals.lexical import split_words
from language.grammar import Grammar
from language.parser import parse
from language.text import read_text

RARE = 2.5  # of a word that few sheets have
_MEANT, _LISTED = Grammar("meant"), Grammar("listed")
_LANGUAGE = "fr"  # of the sheets
_NAMES = ("NOUN", "PROPN", "ADJ", "NUM", "X")
_OF_OTHERS = 0.4  # of the weight of a name: a verb that asks is said otherwise in a sheet
_SHORT = 4  # letters
_NAMED_FIRST = 3  # words of a title that say what a practice is


@dataclass(frozen=True)
class Aim:
    """What a question asks, with the words that say what it is of, each by its rarity.

    `took_part` if it asks of those who did; `nouns` are what is counted, `pairs` the names that stand side by side, as
    they are written: "budget participatif"; `years` those that it names; it `works`
    when those counted work on it; `wholes` of whom it asks the share that took part.
    """

    asked: Asked
    weights: Mapping[str, float]
    took_part: bool
    nouns: frozenset[str]
    pairs: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    works: bool = False
    wholes: frozenset[Whole] = frozenset()

    @property
    def particular(self) -> bool:
        """Whether it is of something that few sheets speak of: then no figure of another thing comes near."""
        return bool(self.asked.counted) or self.asked.each == "jour" or max(self.weights.values(), default=0.0) >= RARE

    @property
    def of_staff(self) -> bool:
        """Whether it is asked how many work on a practice."""
        return self.asked.quantity == "count" and (self.works or read_measured(self.asked.counted) == "staff")


def read_aim(reading: Reading, index: Index) -> Aim | None:
    """What fact a question asks for, None when it asks for none."""
    return _aim(reading.fact, reading, index) if reading.fact else None


def aim_of_each(asked: Asked, reading: Reading, index: Index) -> Aim:
    """What figure a question is after that lists with a figure of each: what it lists by tells no figure apart."""
    aim = _aim(asked, reading, index)
    named = (
        {pair for pair in aim.pairs if _MEANT.has("asking", pair.split()[0])} if asked.quantity == "money" else set()
    )
    words = set(split_words(" ".join(named)))
    weights = {word: weight for word, weight in aim.weights.items() if word in words}
    return replace(aim, weights=weights, pairs=frozenset(named))


def aim_at(quantity: Quantity, measured: Measured, reading: Reading, index: Index) -> Aim:
    """What figure a question is after that asks for the most or the least of what measures so."""
    counted = tuple(list_words(measured)) if quantity == "count" else ()
    aim = _aim(Asked(quantity, counted, frozenset(split_words(reading.asked))), reading, index)
    asking = split_words(" ".join(_LISTED.every_word("asking")))
    names = {word for word, share in _weigh_words(reading).items() if share == 1}
    weights = {word: aim.weights[word] for word in names & {*aim.weights} - {*asking, *counted}}
    return replace(aim, weights=weights, nouns=frozenset(counted))


def _aim(asked: Asked, reading: Reading, index: Index) -> Aim:
    language, total = reading.understood.language, index.passage_count
    words = _weigh_words(reading)
    nouns = frozenset(_choose_nouns(asked, language))
    weights = {
        word: share * float(np.log1p(total / (0.5 + len(index.passages_with(word)))))
        for word, share in words.items()
        if word not in nouns
    }
    said = read_text(reading.asked, language)
    took_part = _MEANT.has("took_part", said)
    years = frozenset(find_years(reading.asked, ()))
    wholes = read_turnout(said) if asked.quantity == "share" else frozenset[Whole]()
    works = _MEANT.has("of_staff", said)
    return Aim(asked, weights, took_part, nouns, _pair_names(reading), years, works=works, wholes=wholes)


def _choose_nouns(asked: Asked, language: str) -> Sequence[str]:
    """The words for what is counted: the first, or those after it that say more, "combien de personnes ont voté"."""
    special = [word for word in asked.counted if word not in read_anyone()]
    if language == "en":
        return special or asked.counted
    if not asked.counted or asked.counted[0] in special:
        return asked.counted[:1]
    return [asked.counted[0], *(word for word in special if read_measured([word]) in ("voters", "registered"))]


def _pair_names(reading: Reading) -> frozenset[str]:
    """The names and adjectives that stand side by side in a question, or in the French for its words."""
    if reading.understood.language == "en":
        return find_pairs(_put_in_french(reading))
    said = _drop_asking(reading.asked, _LANGUAGE)
    tokens = parse(said, _LANGUAGE)
    pairs = pairwise(tokens)
    return frozenset().union(
        *(find_pairs(said[one.start : other.end]) for one, other in pairs if {one.part, other.part} <= {*_NAMES})
    )


def is_named(aim: Aim, sentence: str, title: str) -> bool:
    """Whether an amount that has a name of its own, "budget participatif", is called so there, or first in a title."""
    names = {pair for pair in aim.pairs if _MEANT.has("asking", pair.split()[0])}
    first = " ".join(title.split()[:_NAMED_FIRST])
    return not names or bool(names & (find_pairs(sentence) | find_pairs(first)))


def _weigh_words(reading: Reading) -> dict[str, float]:
    language = reading.understood.language
    return _weigh_english(reading) if language == "en" else _weigh_parts(reading.asked, language)


def _weigh_parts(question: str, language: str) -> dict[str, float]:
    """The words of a question that say what its figure is of, with less weight for those that are no names."""
    tokens = parse(question, language)
    parts = {word: each.part for each in tokens for word in split_words(question[each.start : each.end])}
    said = split_words(_drop_asking(question, language))
    return {word: 1.0 if parts.get(word, "X") in _NAMES else _OF_OTHERS for word in said}


def _weigh_english(reading: Reading) -> dict[str, float]:
    """Of a question in English, the names and numbers, that sheets have too, and the French for its other words."""
    names = " ".join(word for word in reading.asked.split()[1:] if word[0].isupper() or word[0].isdigit())
    return dict.fromkeys(split_words(f"{names} {_put_in_french(reading)}"), 1.0)


def _put_in_french(reading: Reading) -> str:
    """The French for what a question in English names; of one that follows others it would be that of the subject."""
    return "" if reading.context else _drop_asking(" ".join(reading.understood.expansions), _LANGUAGE)


def _drop_asking(text: str, language: str) -> str:
    """A text less the words that only ask for a figure: "budget", "nombre"."""
    return _MEANT.without("asking", read_text(text, language)).written


@lru_cache(maxsize=20_000)
def find_pairs(text: str) -> frozenset[str]:
    """The long words that stand side by side in a text, in the normal form and the singular."""
    words = read_text(text, _LANGUAGE).words.split()
    pairs = pairwise(words)
    return frozenset(
        f"{one.rstrip('sx')} {other.rstrip('sx')}" for one, other in pairs if _is_long(one) and _is_long(other)
    )


def _is_long(word: str) -> bool:
    return len(word) > _SHORT and bool(split_words(word))
