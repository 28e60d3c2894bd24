"""Number words: the numbers that a text says in words, in French or in English, written in digits."""

import re
from dataclasses import dataclass

from text_to_num import find_numbers

_WORDS = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_MULTIPLIERS = frozenset({"mille", "million", "millions", "milliard", "milliards", "thousand", "billion"})
_ARTICLES = frozenset({"un", "une", "uns", "unes", "one", "ones"})


@dataclass(frozen=True)
class _Token:
    """A word as `find_numbers` takes it."""

    word: str
    start: int
    end: int

    def text(self) -> str:
        return self.word

    def nt_separated(self, _previous: "_Token") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def write_digits(text: str) -> str:
    """The text with its numbers in words written in digits: "deux cents euros" is "200 euros"."""
    tokens = [_Token(found[0], *found.span()) for found in _WORDS.finditer(text)]
    digits: dict[int, tuple[int, str]] = {}  # by the first token: the one after the last, and what to write
    for language in ("fr", "en"):  # a language model may answer in English
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
