"""Figures: the numbers, shares, amounts, dates and times of a text in one normal form, however they are written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from index.signals.lexical import split_words
from ingest.repair import tidy
from language.grammar import Found, Grammar
from language.numbers import (
    find_numerals,
    is_year,
    read_collective,
    read_fraction,
    read_month,
    read_multiple,
    write_digits,
)
from language.shapes import FIGURE_END, LETTERS
from language.text import ANY, Text, read_text

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
    """A figure with its place in the text; `scale` is that of "millions"."""

    start: int
    end: int
    figure: Figure
    scale: int = 1


_FIGURE = Grammar("figure")
_SCALES = {"k€": 10**3, "keuro": 10**3, "m€": 10**6, "md€": 10**9}
_SMALL = 10
_AROUND, _NEAR = 80, 6  # characters and words, on each side


@lru_cache(maxsize=20_000)  # answers cite the same passages again and again
def find_figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text in its order, those in words included ("deux cents"); "un" alone is an article."""
    lines = tidy(text).replace("’", "'").replace("\n", ";").lower()  # what two lines hold is not one expression
    plain = read_text(write_digits(lines), ANY)  # a model may answer in English
    found: list[_Read] = []
    for reader in (_read_dates, _read_in_digits, _read_times, _read_parts, _read_about, _read_numbers):
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


def is_small(figure: Figure) -> bool:
    """A number of things that a summary may count by itself: "trois leviers"."""
    return figure.kind == "plain" and figure.value[0] <= _SMALL


def _read_dates(text: Text) -> Iterator[_Read]:
    for found in _FIGURE.find_apart("date", text):
        said = _drop_numbers(found.groups)
        yield _Read(found.start, found.end, _date(said, read_month(said["month"])))


def _drop_numbers(groups: Mapping[str, str]) -> dict[str, str]:
    """Groups that hold something by the part of a date: "day2" is a day."""
    return {name.rstrip("23"): value for name, value in groups.items() if value}


def _date(said: Mapping[str, str], month: int) -> Figure:
    year = int(said.get("year", 0))
    return _figure("date", year + (2000 if 0 < year < 100 else 0), month, int(said.get("day", 0)))


def _read_in_digits(text: Text) -> Iterator[_Read]:
    for found in _FIGURE.find("in_digits", text):
        said = _drop_numbers(found.groups)
        if "over" in said:
            share = Fraction(100 * int(said["over"]), int(said["under"]))
            yield _Read(found.start, found.end, _figure("percent", share))
        elif int(said["month"]) <= 12:
            yield _Read(found.start, found.end, _date(said, int(said["month"])))


def _read_times(text: Text) -> Iterator[_Read]:
    for found in _FIGURE.find_apart("time", text):
        yield _Read(found.start, found.end, _figure("time", int(found["hours"]), int(found["minutes"])))


def _read_parts(text: Text) -> Iterator[_Read]:
    for found in _FIGURE.find_apart("part", text):
        count = int(found["count"]) if found["count"].isdigit() else 1
        share = Fraction(100 * count, read_fraction(found["part"]))
        yield _Read(found.start, found.end, _figure("percent", share))


def _read_about(text: Text) -> Iterator[_Read]:
    for found in _FIGURE.find_apart("about", text):
        many, size = found["many"], read_collective(found["group"])
        one = many.startswith("un")
        is_exact = (size >= 1000 and many.isdigit()) or (size > 1000 and one)  # "3 millions", "un million"
        if not is_exact:
            one = one or many.isdigit()
            count = int(many) if many.isdigit() else 1
            figure = _figure("about", count * size if one else 0, *(() if one else (size,)))
            yield _Read(found.start, found.end, figure, size if size >= 1000 else 1)


def _read_numbers(text: Text) -> Iterator[_Read]:
    for start, end in find_numerals(text.written):
        digits, at = text.written[start:end], end
        times, at = _follow("times", text, at)
        ordinal, at = _follow("ordinal", text, at)
        money, at = _follow("money", text, at)
        percent, at = (None, at) if money else _follow("percent", text, at)
        scale = read_multiple(times["times"]) if times else 1
        if not (times or ordinal or money or percent) and is_year(digits) and not _counts(text, start, end):
            yield _Read(start, at, _figure("date", int(digits), 0, 0))
            continue
        coin = _SCALES.get((money["unit"] or money["coin"]).rstrip("s"), 1) if money else 1
        kind: Kind = "money" if money else "percent" if percent else "ordinal" if ordinal else "plain"
        yield _Read(start, at, _figure(kind, _value(digits, scaled=bool(times)) * scale * coin), scale)


def _follow(name: str, text: Text, at: int) -> tuple[Found | None, int]:
    """What stands right after a place, and where it ends; the place itself when it does not stand there."""
    found = _FIGURE.search(name, text.after(at))
    return found, found.end if found else at


def _value(written: str, *, scaled: bool) -> Fraction:
    """ "47 000", "47.000" and "47,000" are one number, "1,5" and "1.5" too. Before "million" a comma is decimal."""
    whole = written.replace(" ", "")
    first, *others = whole.replace(",", ".").split(".")
    if others and not scaled and first[0] != "0" and len(first) <= 3 and all(len(each) == 3 for each in others):
        return Fraction(first + "".join(others))
    decimals = f".{others[-1]}" if others else ""
    return Fraction("".join([first, *others[:-1]]) + decimals)


def _counts(text: Text, start: int, end: int) -> bool:
    """Whether a number that may be a year counts a plural noun: "2019 votants"."""
    following = text.written[end:].partition(" ")
    word = LETTERS.match(following[2]) if not following[0] else None
    plural = word and word[0].endswith(("s", "x")) and bool(split_words(word[0]))
    after_mark = text.written[max(0, start - 1) : start] in ("-", "–", "/", "(")
    return bool(plural) and not after_mark and not _FIGURE.has("dated", text.before(start))


def _complete(read: _Read, following: _Read | None, text: Text) -> Figure:
    """The figure with its bound, what it counts and the words around it."""
    written, rest = text.written[: read.start], text.written[read.end : read.end + _AROUND]
    said = text.before(read.start)
    bound: Bound = "more" if _FIGURE.has("more", said) else "less" if _FIGURE.has("less", said) else ""
    before = tuple(_words(written[-_AROUND:])[::-1][:_NEAR])
    after = tuple(_words(rest)[:_NEAR])
    kind, value, unit = read.figure.kind, read.figure.value, ""
    if following and kind == "plain" and _joins(text.written[read.end : following.start]):
        kind, value = _share_unit(read.figure, following)
    elif kind in ("plain", "about", "percent"):
        unit = next(iter(_words(FIGURE_END.split(rest)[0])), "")
    return Figure(kind, value, bound, unit, before, after)


def _joins(between: str) -> bool:
    """Whether what stands between two figures gives them one unit."""
    said = between.strip()
    return said in ("-", "–") or (said != "" and _FIGURE.has("joins", read_text(said, ANY)))


def _words(text: str) -> list[str]:
    return [word for word in split_words(text) if word.isalpha()]


def _share_unit(first: Figure, following: _Read) -> tuple[Kind, tuple[Fraction, ...]]:
    """What the first of two joined figures is: "5 à 10 %" is 5 %, "2 à 3 millions d'euros" 2 millions, a day a date."""
    value, second = first.value[0], following.figure
    if second.kind == "date" and second.value[2] and 1 <= value <= 31:
        return "date", (*second.value[:2], value)
    scaled = value * following.scale if value < 1000 else value
    return second.kind if second.kind in ("percent", "money") else first.kind, (scaled,)


def _figure(kind: Kind, *value: int | Fraction) -> Figure:
    return Figure(kind, tuple(Fraction(part) for part in value))
