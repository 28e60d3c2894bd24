"""Years: the years and periods that a question asks for."""

import operator
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from language.nearby import before

_YEAR = r"(?:19[89]\d|20\d\d)"
_UNIT = (
    r"(?!\s*(?:€|%|euros?|habitants?|hab\b|[âa]mes|personnes|gens|people|inhabitants|residents|m[²2]|ha\b|km|k€|\d))"
)
_ONE_YEAR = re.compile(rf"(?<![\d.,])(?<!\d )({_YEAR})(?![\d.,]\d){_UNIT}")
_NOT_WHEN = re.compile(
    r"(?:\bloi|décret|agenda|horizon|objectif|vision|cap|d'ici|by|r[eè]glementation)\s*(?:(?:de|à|en)\s*)?$"
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
    return tuple(sorted({year for said in _read_years(question, known) for year in said.years}))


def find_year_spans(question: str, known: Sequence[int]) -> list[tuple[int, int]]:
    """The characters of a question that say the years it asks for."""
    return [(said.start, said.end) for said in _read_years(question, known) if said.years]


@dataclass(frozen=True)
class _Said:
    """Years, with the characters that say them."""

    start: int
    end: int
    years: Collection[int]


def _read_years(question: str, known: Sequence[int]) -> list[_Said]:
    text = question.lower()
    found: list[_Said] = []
    for match in _SPAN.finditer(text):
        low, high = sorted(int(group) for group in match.groups() if group)
        found.append(_Said(*match.span(), range(low, high + 1) if high - low < 30 else ()))
    text = _blank(text, found)
    for pattern, accepts in (
        (_FROM, operator.ge),
        (_AFTER, operator.gt),
        (_UNTIL, operator.le),
        (_BEFORE, operator.lt),
    ):
        opened = []
        for match in pattern.finditer(text):
            bound = int(next(group for group in match.groups() if group))
            opened.append(_Said(*match.span(), [year for year in known if accepts(year, bound)]))
        text = _blank(text, opened)
        found += opened
    for match in _ONE_YEAR.finditer(text):
        if not _NOT_WHEN.search(before(text, match.start())) and _may_be(int(match[1]), known):
            found.append(_Said(*match.span(1), [int(match[1])]))
    return [*found, *_find_editions(text, known)]


def _blank(text: str, found: Sequence[_Said]) -> str:
    """The text with spaces in the place of what was found."""
    edges = [0, *(said.end for said in found)]
    kept = [f"{text[end : said.start]}{' ' * (said.end - said.start)}" for end, said in zip(edges, found, strict=False)]
    return "".join([*kept, text[edges[-1] :]])


def _may_be(year: int, known: Sequence[int]) -> bool:
    """Whether sheets may be of this year: "Ville 2050" looks ahead."""
    return not known or year <= max(known) + 5


def _find_editions(text: str, known: Sequence[int]) -> Iterator[_Said]:
    years = sorted(set(known))
    if match := _LAST.search(text):
        yield _Said(*match.span(), years[-_NUMBERS.get(match[1] or match[2] or "", 1) :])
    if match := _FIRST.search(text):
        yield _Said(*match.span(), years[:1])
