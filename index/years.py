"""Years: the years and periods that a question asks for."""

import operator
import re
from collections.abc import Sequence

_YEAR = r"(?:19[89]\d|20\d\d)"
_UNIT = (
    r"(?!\s*(?:€|%|euros?|habitants?|hab\b|[âa]mes|personnes|gens|people|inhabitants|residents|m[²2]|ha\b|km|k€|\d))"
)
_ONE_YEAR = re.compile(rf"(?<![\d.,])(?<!\d )({_YEAR})(?![\d.,]\d){_UNIT}")
_NOT_WHEN = re.compile(
    r"(?:\bloi|décret|agenda|horizon|objectif|vision|cap|d'ici|by|r[eè]glementation)\s*(?:de|à|en)?\s*$"
)
_SPAN = re.compile(
    rf"(?:entre|between)\s+({_YEAR})\s+(?:et|and)\s+({_YEAR})"
    rf"|({_YEAR})\s*(?:à|a|-|–|jusqu['’]?(?:en|à)|to|until)\s*({_YEAR})"
)
_FROM = re.compile(
    rf"(?:depuis|à partir de|a partir de|dès|since|from|starting in)\s+(?:l['’]année\s+)?({_YEAR})"
    rf"|({_YEAR})\s+(?:et après|ou après|et plus|or later|onwards?)"
)
_AFTER = re.compile(rf"(?:après|apres|postérieure?s? à|after)\s+({_YEAR})")
_UNTIL = re.compile(rf"(?:jusqu['’]?\s?(?:en|à)|until|up to)\s+({_YEAR})|({_YEAR})\s+(?:et avant|ou avant|or earlier)")
_BEFORE = re.compile(rf"(?:avant|antérieure?s? à|before)\s+({_YEAR})")
_NUMBERS = {"deux": 2, "two": 2, "2": 2, "trois": 3, "three": 3, "3": 3}
_LAST = re.compile(
    r"\b(?:(deux|trois|two|three|2|3)\s+)?(?:derni[eè]re?s?|last|latest)\s+(?:(deux|trois|two|three|2|3)\s+)?"
    r"(?:[ée]ditions?|palmar[eè]s|promotions?)|[ée]ditions?\s+la\s+plus\s+r[ée]cente"
)
_FIRST = re.compile(r"\b(?:premi[eè]re|first)\s+[ée]dition")


def find_years(question: str, known: Sequence[int]) -> tuple[int, ...]:
    """The years a question asks for, oldest first; open periods and editions are taken among the years `known`."""
    text = question.lower()
    years: set[int] = set()
    for match in _SPAN.finditer(text):
        low, high = sorted(int(group) for group in match.groups() if group)
        inside = range(low, high + 1) if high - low < 30 else ()
        years |= set(inside)
        text = text.replace(match[0], " " * len(match[0]), 1)
    for pattern, accepts in (
        (_FROM, operator.ge),
        (_AFTER, operator.gt),
        (_UNTIL, operator.le),
        (_BEFORE, operator.lt),
    ):
        for match in pattern.finditer(text):
            bound = int(next(group for group in match.groups() if group))
            years |= {year for year in known if accepts(year, bound)}
            text = text.replace(match[0], " " * len(match[0]), 1)
    for match in _ONE_YEAR.finditer(text):
        if not _NOT_WHEN.search(text[: match.start()]) and _may_be(int(match[1]), known):
            years.add(int(match[1]))
    return tuple(sorted(years | _find_editions(text, known)))


def _may_be(year: int, known: Sequence[int]) -> bool:
    """Whether sheets may be of this year: "Ville 2050" looks ahead."""
    return not known or year <= max(known) + 5


def _find_editions(text: str, known: Sequence[int]) -> set[int]:
    years = sorted(set(known))
    found: set[int] = set()
    if match := _LAST.search(text):
        found |= set(years[-_NUMBERS.get(match[1] or match[2] or "", 1) :])
    if _FIRST.search(text):
        found |= set(years[:1])
    return found
