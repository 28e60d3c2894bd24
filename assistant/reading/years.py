"""Years: the years and periods that a question asks for."""

import operator
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from language.grammar import Found, Grammar
from language.numbers import find_numerals, is_year, read_cardinal
from language.text import Text, read_text

_YEARS = Grammar("years")
_FIRST = 1980  # a year before it is that of a law or of history: "loi 1901"
_OPEN = {"from": operator.ge, "after": operator.gt, "until": operator.le, "before": operator.lt}
_LONGEST = 30  # years of a period that sheets are sought in


def find_years(question: str, known: Sequence[int]) -> tuple[int, ...]:
    """The years a question asks for, oldest first; open periods and editions are taken among the years `known`."""
    return tuple(sorted({year for said in _read_years(read_text(question), known) for year in said.years}))


def find_year_spans(question: str, known: Sequence[int]) -> list[tuple[int, int]]:
    """The characters of a question that say the years it asks for."""
    return [(said.start, said.end) for said in _read_years(read_text(question), known) if said.years]


@dataclass(frozen=True)
class _Said:
    """Years, with the characters that say them."""

    start: int
    end: int
    years: Collection[int]


def _read_years(text: Text, known: Sequence[int]) -> list[_Said]:
    """What says years, each character once: a year of a period is not said by itself too."""
    taken: set[int] = set()
    return [said for said in _every(text, known) if _takes(said, taken)]


def _takes(said: _Said, taken: set[int]) -> bool:
    """Whether none of the characters is taken; they are from now on."""
    characters = range(said.start, said.end)
    if not taken.isdisjoint(characters):
        return False
    taken.update(characters)
    return True


def _every(text: Text, known: Sequence[int]) -> Iterator[_Said]:
    """Periods, open ones, single years, then editions."""
    for found in _YEARS.find("span", text):
        low, high = sorted(_numbers(found))
        yield _Said(found.start, found.end, range(low, high + 1) if high - low < _LONGEST else ())
    for name, accepts in _OPEN.items():
        for found in _YEARS.find(name, text):
            (bound,) = _numbers(found)
            yield _Said(found.start, found.end, [year for year in known if accepts(year, bound)])
    for start, end in find_numerals(text.written):
        if is_year(number := text.written[start:end]) and _is_when(text, start, end) and _may_be(int(number), known):
            yield _Said(start, end, [int(number)])
    yield from _find_editions(text, sorted(set(known)))


def _numbers(found: Found) -> Iterable[int]:
    return map(int, found.groups.values())


def _is_when(text: Text, start: int, end: int) -> bool:
    """Whether a number like a year counts nothing ("2019 habitants"), nor is a law's or a plan's ("d'ici 2030")."""
    counts = _YEARS.is_in("counted", text.after(end).said, text.language)
    return not counts and not _YEARS.is_in("not_when", text.before(start).said, text.language)


def _may_be(year: int, known: Sequence[int]) -> bool:
    """Whether sheets may be of this year: "Ville 2050" looks ahead."""
    return year >= _FIRST and (not known or year <= max(known) + 5)


def _find_editions(text: Text, known: Sequence[int]) -> Iterator[_Said]:
    if found := _YEARS.search("last_editions", text):
        count = read_cardinal(found["before"] or found["after"]) or 1
        yield _Said(found.start, found.end, known[-count:])
    if found := _YEARS.search("first_edition", text):
        yield _Said(found.start, found.end, known[:1])
