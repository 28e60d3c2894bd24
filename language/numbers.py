"""Numbers: in digits, in words, ordinals and months, in any language that has a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from text_to_num import find_numbers

from language.grammar import LANGUAGES, read_numbers

LAST = -1
# "47 000", "47.000" or "47,5"; not the number of a name ("Covid-19"), nor that of an address ("a19@b.fr").
_NUMERAL = re.compile(
    r"(?<![\w.,])(?<![^\W\d]-)(?:\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)(?! ?\w*@)"
)
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_IN_WORDS = ("fr", "en")  # the languages whose numbers in words are read
_MULTIPLIERS = frozenset({"mille", "million", "millions", "milliard", "milliards", "thousand", "billion"})
_ARTICLES = frozenset({"un", "une", "uns", "unes", "one", "ones"})


@cache
def _ordinals() -> dict[str, int]:
    known: dict[str, int] = {}
    for language in LANGUAGES:
        numbers = read_numbers(language)
        for number, words in enumerate(numbers.ordinals, start=1):
            known |= dict.fromkeys(words, number)
        known |= dict.fromkeys(numbers.last, LAST)
    return known


@cache
def _cardinals() -> dict[str, int]:
    return {
        word: number
        for language in LANGUAGES
        for number, words in enumerate(read_numbers(language).cardinals)
        for word in words
    }


@cache
def _months() -> dict[str, int]:
    every = (enumerate(read_numbers(language).months, start=1) for language in LANGUAGES)
    return {word: number for months in every for number, word in months}


@cache
def _sizes(kind: Literal["fractions", "collectives", "multiples"]) -> dict[str, int]:
    return {word: size for language in LANGUAGES for word, size in getattr(read_numbers(language), kind).items()}


def read_ordinal(word: str) -> int:
    """The rank that a word in its normal form says: "deuxieme" is 2, "derniere" -1."""
    return _ordinals()[word]


def read_cardinal(word: str) -> int:
    """The number that a small number in digits or in words says: "deux" is 2; 0 for what says none."""
    return int(word) if word.isdigit() else _cardinals().get(word, 0)


def read_month(word: str) -> int:
    """The number of a month in its normal form: "fevrier" is 2."""
    return _months()[word]


def read_multiple(word: str) -> int:
    """By how much a word after a number multiplies it: "millions" by 1 000 000, "" and any other word by 1."""
    return _sizes("multiples").get(word, 1)


def read_fraction(word: str) -> int:
    """In how many parts a word parts the whole: "moitie" in 2."""
    return _sizes("fractions")[word]


def read_collective(word: str) -> int:
    """About how many a word says: "dizaine" is 10."""
    return _sizes("collectives")[word]


def is_year(number: str) -> bool:
    """Whether a number in digits is one that years are written with: 1900 to 2099."""
    return len(number) == 4 and number.isdecimal() and number[:2] in ("19", "20")


def find_years(text: str) -> Iterator[str]:
    """The numbers of a text that are written as years are."""
    return (number for start, end in find_numerals(text) if is_year(number := text[start:end]))


def find_numerals(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand in a text in digits, thousands parted or not."""
    for found in _NUMERAL.finditer(text):
        yield found.span()


def join_thousands(text: str) -> str:
    """A text with each number in one piece: "34 000 euros" is "34000 euros"."""
    return _BETWEEN_THOUSANDS.sub("", text)


@dataclass(frozen=True)
class _Token:
    """A word as `find_numbers` takes it."""

    word: str
    start: int
    end: int

    def text(self) -> str:
        return self.word

    def nt_separated(self, _previous: _Token) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def write_digits(text: str) -> str:
    """The text in small letters with its numbers in words written in digits: "deux cents euros" is "200 euros"."""
    tokens = [_Token(found[0], *found.span()) for found in _TOKEN.finditer(text)]
    digits: dict[int, tuple[int, str]] = {}  # by the first token: the one after the last, and what to write
    for language in _IN_WORDS:  # a language model may answer in English
        for number in find_numbers(tokens, language, 0):
            taken = any(number.start < end and start < number.end for start, (end, _) in digits.items())
            if not taken and _is_number(tokens, number.start, number.end):
                digits[number.start] = (number.end, f"{int(number.value)}{'e' if number.is_ordinal else ''}")
    for start, (end, written) in sorted(digits.items(), reverse=True):
        text = text[: tokens[start].start] + written + text[tokens[end - 1].end :]
    return text


def _is_number(tokens: list[_Token], start: int, end: int) -> bool:
    """Whether these words say a number: not an article, "neuf" for new, nor what goes with digits, "3 millions"."""
    first, alone = tokens[start].word, end - start == 1
    before = tokens[start - 1].word if start else ""
    if first.isdigit() or (before.isdigit() and first in _MULTIPLIERS) or (before == "pour" and first == "cent"):
        return False
    if alone and first in {"neuf", "neufs"}:
        return end < len(tokens) and tokens[end].word.endswith(("s", "x"))
    return not alone or first == "mille" or first not in _ARTICLES | _MULTIPLIERS
