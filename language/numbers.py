"""Numbers: ordinals, months and small numbers in words, in any language that has a file."""

from functools import cache

from language.grammar import LANGUAGES, read_numbers

LAST = -1


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


def read_ordinal(word: str) -> int:
    """The rank that a word in its normal form says: "deuxieme" is 2, "derniere" -1."""
    return _ordinals()[word]


def read_cardinal(word: str) -> int:
    """The number that a small number in digits or in words says: "deux" is 2; 0 for what says none."""
    return int(word) if word.isdigit() else _cardinals().get(word, 0)
