"""Figures: the numbers, shares, amounts, dates and times of a text in one normal form, however they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from assistant.checks.number_words import write_digits
from index.signals.lexical import split_words
from ingest.repair import tidy

Kind = Literal["plain", "about", "percent", "money", "ordinal", "date", "time"]
Bound = Literal["", "more", "less"]


@dataclass(frozen=True)
class Figure:
    """A figure of a text: what kind it is, and its value.

    `value` holds one number, or hours and minutes, or year, month and day, 0 for those that are not said. `about` is
    "une centaine". `bound` is that of "plus de", "moins de"; `unit` the stem of what a number or a share counts;
    `before` and `after` are the stems around it, nearest first.
    """

    kind: Kind
    value: tuple[Fraction, ...]
    bound: Bound = ""
    unit: str = ""
    before: tuple[str, ...] = field(default=(), compare=False)
    after: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class _Read:
    """A figure with its place in the text."""

    start: int
    end: int
    figure: Figure


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january",
            "février fevrier february",
            "mars march",
            "avril april",
            "mai may",
            "juin june",
            "juillet july",
            "août aout august",
            "septembre september",
            "octobre october",
            "novembre november",
            "décembre decembre december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(_MONTHS)
_FRENCH_MONTH = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
# In the order in which they are tried at each place of a text.
_DATES = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:er|e|st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\b(?:,? (?P<year>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<month2>{_MONTH}) (?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?, )?(?P<year2>(?:19|20)\d\d)\b"
    r"|\b(?P<day3>\d{1,2})[/.](?P<month3>\d{1,2})[/.](?P<year3>(?:19|20)?\d\d)\b"
    r"|\b(?P<year4>(?:19|20)\d\d)-(?P<month4>\d\d)-(?P<day4>\d\d)\b"
    rf"|\b(?P<month5>{_FRENCH_MONTH})\b"
)
_TIME = re.compile(r"(?<![\w.,])(\d{1,2}) ?(?:h|heures?|:) ?([0-5]\d)(?!\w)")
_PARTS = {"moitié": 2, "half": 2, "tiers": 3, "third": 3, "quart": 4, "quarter": 4, "cinquième": 5, "dixième": 10}
_SHARE = re.compile(
    r"\b(?:(?P<count>un|le|la|les|the|a|\d) )(?P<part>moitié|tiers|quart|cinquième|dixième|half|third|quarter)s?\b"
    r"(?!-| d['’]heure| temps| lieu)"
    r"|(?<![\w/,.])(?P<over>[1-9])/(?P<under>[2-9])(?![\w/])"
)
_COLLECTIVES = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
    "millier": 1000,
    "million": 10**6,
    "milliard": 10**9,
}
_ABOUT = re.compile(
    rf"(?P<many>\b\d+|\bune?|\bplusieurs|\bdes|\bquelques|\bd[e'’]|\bles) ?(?P<group>{'|'.join(_COLLECTIVES)})s?\b"
)
_NUMBER = re.compile(
    r"(?<![\w.,])(?<![^\W\d]-)(?P<number>\d{1,3}(?:[ .,]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)"
    r"(?: ?(?P<times>milliers?|mille|thousand|millions?|milliards?|billion)\b)?"
    r"(?P<ordinal>(?:er|ère|re|ers|ères|ème|eme|e|è|ièmes?|èmes|es|nd|nde|st|rd|th)(?!\w))?"
    r"(?: ?(?:(?:d['’]|de )?(?P<money>k€|m€|md€|€|euros?\b|eur\b|keuros?\b)|(?P<percent>%|pour ?cents?\b|percent\b)))?"
    r"(?! ?\w*[@])"
)
_SCALES = {"k€": 10**3, "keuro": 10**3, "m€": 10**6, "md€": 10**9}
_MORE = re.compile(r"(?:plus de|plus d['’]|au moins|au-delà de|more than|over|at least) ?$")
_LESS = re.compile(r"(?:moins de|moins d['’]|au plus|jusqu['’]à|jusqu['’]|less than|up to|at most) ?$")
_JOINED = re.compile(r" ?(?:à|et|ou|-|–|and|to|or) ?(?:les? )?")
_AROUND, _NEAR = 80, 6  # characters and words, on each side
_DATED = re.compile(
    rf"(?:\b(?:en|depuis|dès|années?|fin|début|mi|in|since|{_MONTH})[ -]|[-–/(]|\b(?:année|édition|trophées) )$"
)


@lru_cache(maxsize=20_000)  # answers cite the same passages again and again
def find_figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text in its order, those in words included ("deux cents"); "un" alone is an article."""
    plain = write_digits(tidy(text).replace("’", "'").lower())
    found: list[_Read] = []
    for reader in (_read_dates, _read_times, _read_shares, _read_about, _read_numbers):
        found += [each for each in reader(plain) if not any(each.start < o.end and o.start < each.end for o in found)]
    ordered = sorted(found, key=lambda each: each.start)
    return tuple(_complete(each, following, plain) for each, following in zip_longest(ordered, ordered[1:]))


def is_proof(source: Figure, stated: Figure) -> bool:
    """Whether a source that has one figure says the other: same kind and value, no bound that the source lacks."""
    if stated.bound and stated.bound != source.bound:
        return False
    if stated.kind == "date" == source.kind:
        return all(wanted in (0, there) for wanted, there in zip(stated.value, source.value, strict=True))
    kinds = ("about", "plain") if stated.kind == "about" else (stated.kind,)
    return source.kind in kinds and source.value == stated.value


def _read_dates(text: str) -> Iterator[_Read]:
    for found in _DATES.finditer(text):
        parts = {name.rstrip("2345"): value for name, value in found.groupdict().items() if value}
        month = parts.get("month", "0")
        number = _MONTHS.get(month) or int(month)
        year = int(parts.get("year", 0))
        year += 2000 if 0 < year < 100 else 0
        if number <= 12:
            yield _Read(*found.span(), _figure("date", year, number, int(parts.get("day", 0))))


def _read_times(text: str) -> Iterator[_Read]:
    for found in _TIME.finditer(text):
        yield _Read(*found.span(), _figure("time", int(found[1]), int(found[2])))


def _read_shares(text: str) -> Iterator[_Read]:
    for found in _SHARE.finditer(text):
        over, under = found["over"], found["under"]
        count = int(over or (found["count"] if found["count"].isdigit() else 1))
        yield _Read(*found.span(), _figure("percent", Fraction(100 * count, int(under or _PARTS[found["part"]]))))


def _read_about(text: str) -> Iterator[_Read]:
    for found in _ABOUT.finditer(text):
        many, size = found["many"], _COLLECTIVES[found["group"]]
        exact = (size >= 1000 and many.isdigit()) or (
            size > 1000 and many.startswith("un")
        )  # "3 millions", "un million"
        if not exact:
            one = many.startswith("un") or many.isdigit()
            count = int(many) if many.isdigit() else 1
            yield _Read(*found.span(), _figure("about", count * size if one else 0, *(() if one else (size,))))


def _read_numbers(text: str) -> Iterator[_Read]:
    for found in _NUMBER.finditer(text):
        money, times = found["money"], found["times"]
        value = _value(found["number"], scaled=bool(times)) * _scale(times) * _SCALES.get((money or "").rstrip("s"), 1)
        kind: Kind = "money" if money else "percent" if found["percent"] else "ordinal" if found["ordinal"] else "plain"
        if kind == "plain" and not times and _is_year(found, text):
            yield _Read(*found.span(), _figure("date", int(value), 0, 0))
        else:
            yield _Read(*found.span(), _figure(kind, value))


def _value(written: str, *, scaled: bool) -> Fraction:
    """ "47 000", "47.000" and "47,000" are one number, "1,5" and "1.5" too. Before "million" a comma is decimal."""
    whole = written.replace(" ", "")
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", whole) and not scaled
    return Fraction(re.sub(r"[.,]", "", whole) if grouped else re.sub(r"\.(?=\d{3},)", "", whole).replace(",", "."))


def _scale(times: str | None) -> int:
    if not times:
        return 1
    return 10**9 if times.startswith(("milliard", "billion")) else 10**6 if times.startswith("million") else 10**3


def _is_year(found: re.Match[str], text: str) -> bool:
    """Whether a number is a year: not what counts a plural noun, "2019 votants"."""
    if not re.fullmatch(r"(?:19|20)\d\d", found["number"]):
        return False
    following = re.match(r" ([^\W\d_]+)", text[found.end() :])
    plural = following and following[1].endswith(("s", "x")) and bool(split_words(following[1]))
    return not plural or bool(_DATED.search(text[: found.start()]))


def _complete(read: _Read, following: _Read | None, text: str) -> Figure:
    """The figure with its bound, what it counts and the words around it."""
    written, rest = text[: read.start], text[read.end : read.end + _AROUND]
    bound: Bound = "more" if _MORE.search(written) else "less" if _LESS.search(written) else ""
    before = tuple(_words(written[-_AROUND:])[::-1][:_NEAR])
    after = tuple(_words(rest)[:_NEAR])
    kind, value, unit = read.figure.kind, read.figure.value, ""
    if following and kind == "plain" and _JOINED.fullmatch(text[read.end : following.start]):
        kind, value = _share_unit(read.figure, following.figure, text[following.start : following.end])
    elif kind in ("plain", "about", "percent"):
        unit = next(iter(_words(re.split(r"[.,;:()\n\d]", rest)[0])), "")
    return Figure(kind, value, bound, unit, before, after)


def _words(text: str) -> list[str]:
    return [word for word in split_words(text) if word.isalpha()]


def _share_unit(first: Figure, second: Figure, written: str) -> tuple[Kind, tuple[Fraction, ...]]:
    """What the first of two joined figures is: "5 à 10 %" is 5 %, "2 à 3 millions d'euros" 2 millions, a day a date."""
    value = first.value[0]
    if second.kind == "date" and second.value[2] and 1 <= value <= 31:
        return "date", (*second.value[:2], value)
    times = re.search(r"milliers?|millions?|milliards?", written)
    scaled = value * _scale(times[0]) if times and value < 1000 else value
    return second.kind if second.kind in ("percent", "money") else first.kind, (scaled,)


def _figure(kind: Kind, *value: int | Fraction) -> Figure:
    return Figure(kind, tuple(Fraction(part) for part in value))
