"""Figures: the numbers of a sentence, each with what it measures, its unit and what it counts.

The words by which they are told apart stand in language/fr.toml, section `measured`: sheets are in French.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import takewhile
from typing import Protocol
from weakref import WeakKeyDictionary

from index.aspects.measured import Measured
from index.signals.lexical import split_words
from ingest.passage import Passage
from ingest.sentence import split_sentences
from ingest.sheet import Access, Frozen, Role, Sheet
from language.grammar import Found, Grammar
from language.letters import fold
from language.numbers import find_numerals, is_year, read_multiple
from language.shapes import FIGURE_END, HYPHENATED, QUOTED
from language.text import Text, read_text

_COUNTED: tuple[Measured, ...] = ("voters", "registered", "participants", "ideas", "staff", "meetings", "territory")
_LANGUAGE = "fr"  # of the sheets
_MEASURED, _QUANTITY = Grammar("measured"), Grammar("quantity")
_FEW_WORDS = 60  # characters in which what a number counts is named
_NOUN_WITHIN = 2  # words that count
_GROWN = 16  # years: few plans are told to last from so many to more
_LARGE = 1000  # inhabitants: fewer of them were counted at something
_COUNTED_WITHIN = 60  # characters
_PARTING = frozenset("%€().,;:/")  # "10 % (100 000 euros)"
# As the first letters of a unit say it, however it is written.
_LASTING = {"an": "ans", "mi": "minutes", "mo": "mois", "se": "semaines", "jo": "jours", "he": "heures"}
_DAYS = {"minutes": 1 / 1440, "heures": 1 / 24, "jours": 1.0, "semaines": 7.0, "mois": 30.4, "ans": 365.25}  # of each


class Figure(Frozen):
    """A figure of a sentence: from `low` to `high`, the same when it is one number; `written` as it stands there.

    `unit` is "€", "%", "mois", "km²"... or ""; `per` what it is for each of, "an" or "habitant"; `counts` the words
    after it that go on naming what is counted.
    """

    measured: Measured
    low: float
    high: float
    unit: str = ""
    per: str = ""
    written: str
    counts: str = ""
    start: int
    end: int

    @property
    def scale(self) -> float:
        """By how much its number is multiplied to be compared with others that measure the same: durations in days."""
        return _DAYS.get(self.unit, 1.0) if self.measured == "duration" else 1.0


class FigureTold(Frozen):
    """A figure with its sentence and where that stands: what a row of the table of figures holds."""

    sheet: str
    passage: str
    section: str
    access: Access
    page: int | None
    sentence: str
    figure: Figure


class Opened(Protocol):
    """What is read of an opened version: no more than its reader may see (`index.opened.Index`)."""

    @property
    def practices(self) -> tuple[Sheet, ...]:
        """The sheets proper."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Their passages."""


# Freed with the version that they were read from; an index for visitors is another one than members'.
_kept: WeakKeyDictionary[Opened, tuple[FigureTold, ...]] = WeakKeyDictionary()


def find_figures(sentence: str, role: Role | None = None) -> tuple[Figure, ...]:
    """The figures of a sentence, in its order; what dates, ranks or names something counts nothing.

    `role` is that of its section: what the section on the organisation says of inhabitants and staff is the
    organisation's own.
    """
    text = read_text(sentence, _LANGUAGE)
    halves = ((found.start, found.end) for found in _MEASURED.find("half", text))
    spans = sorted(span for span in (*find_numerals(sentence), *halves) if not _is_label(text, *span))
    figures: list[Figure] = []
    end = -1
    for row, span in enumerate(spans):
        if span[0] < end:
            continue
        upper = spans[row + 1] if row + 1 < len(spans) else None
        figure = _read(text, span, upper, role)
        if figure:
            figures.append(figure)
            end = figure.end
    return tuple(figures)


def list_figures(index: Opened) -> tuple[FigureTold, ...]:
    """Every figure of the practices that the reader may see, in the order of their passages, read once for an index.

    A sentence that a sheet repeats, as members' documents repeat the public sheet, counts where it stands first.
    """
    if (known := _kept.get(index)) is None:
        practices = {sheet.id for sheet in index.practices}
        told = (each for passage in index.passages if passage.sheet in practices for each in _list(passage))
        first: dict[tuple[str, str, int], FigureTold] = {}
        for each in told:
            first.setdefault((each.sheet, each.sentence, each.figure.start), each)
        known = _kept[index] = tuple(first.values())
    return known


def _list(passage: Passage) -> Iterator[FigureTold]:
    for sentence in split_sentences(passage.text):
        for figure in find_figures(sentence, passage.role):
            yield FigureTold(
                sheet=passage.sheet,
                passage=passage.id,
                section=passage.section,
                access=passage.access,
                page=passage.page,
                sentence=sentence,
                figure=figure,
            )


def _read(text: Text, span: tuple[int, int], upper: tuple[int, int] | None, role: Role | None) -> Figure | None:
    """The figure at a place; `upper` is the next number, the other end of it in "300 à 500 personnes"."""
    written = text.written
    low = high = _value(written[slice(*span)])
    start, end = span
    between = written[end : upper[0]] if upper else ""
    if upper and _PARTING.isdisjoint(between) and _MEASURED.has("up_to", read_text(between, _LANGUAGE)):
        high, end = _value(written[slice(*upper)]), upper[1]
        if is_year(written[slice(*span)]) or high < low:
            return None
        low = low * 1000 if low < _LARGE / 10 and high >= _LARGE * 10 else low  # "10 à 20 000 euros"
    after = text.after(end)
    if times := _QUANTITY.search("multiple", after):
        factor = read_multiple(read_text(written[end : times.end], _LANGUAGE).words)
        low, high, end = low * factor, high * factor, times.end
        after = text.after(end)
    measured, unit, stop = _measure(text, start, end, high, role)
    if measured is None:
        return None
    per = next((name for name in ("an", "habitant") if _is_per(name, text, start, stop)), "") if unit == "€" else ""
    return Figure(
        measured=measured,
        low=low,
        high=high,
        unit=unit,
        per=per,
        written=written[start:stop].strip(),
        counts=_name_counted(written, stop),
        start=start,
        end=stop,
    )


def _measure(text: Text, start: int, end: int, value: float, role: Role | None) -> tuple[Measured | None, str, int]:
    """What a number measures, its unit, and where both end."""
    after = text.after(end)
    if found := _QUANTITY.search("money", after):
        return "cost", "€", found.end
    if found := _QUANTITY.search("share", after):
        return "share", "%", found.end
    if found := _MEASURED.search("lasting", after):
        unit = found["unit"]
        is_age = (unit.startswith("an") and _is_age(text, start, end, value)) or _MEASURED.has("aged", after)
        return ("age", "ans", found.end) if is_age else ("duration", _LASTING[unit[:2]], found.end)
    if found := _MEASURED.search("area", after):
        return "territory", _name_area(found), found.end
    if _is_when(text, start, end) or _QUANTITY.has("not_counted", after) or _QUANTITY.has("ranked", after):
        return None, "", end
    return _measure_noun(text, start, end, value, role)


def _is_when(text: Text, start: int, end: int) -> bool:
    """Whether a number is a year, and not "environ 2000 habitants"."""
    return is_year(text.written[start:end]) and not _QUANTITY.has("about", text.before(start))


def _is_age(text: Text, start: int, end: int, value: float) -> bool:
    """Whether years are someone's: "moins de 25 ans", or from so many to as many as people have lived, "11-29 ans"."""
    if _MEASURED.has("not_aged", text.after(end)):
        return False
    is_range = len(tuple(find_numerals(text.written[start:end]))) > 1
    return (is_range and value >= _GROWN) or _MEASURED.has("of_age", text.before(start))


def _measure_noun(
    text: Text, start: int, end: int, value: float, role: Role | None
) -> tuple[Measured | None, str, int]:
    """What a number counts by the first word after it that says it."""
    rest = text.written[end : end + _FEW_WORDS]
    if rest[:1].isalpha() or re.match(r" ?[,.;:)]", rest):  # "7j", "le projet 1)"
        return None, "", end
    words = [
        (found.end(), split_words(found[0])) for found in re.finditer(r"[^\W\d_]+(?:-[^\W\d_]+)*|[,.;:()«»]", rest)
    ]
    if words and fold(rest[: words[0][0]]) in _ends():  # "multipliée par 10 et", "dont 9500 aux sessions"
        return None, "", end
    before = text.before(start)
    said = 0  # words that count: an adjective may stand before the noun, "8 grands débats"
    for stop, stems in words:
        if said == _NOUN_WITHIN or (not stems and rest[stop - 1] in ",.;:()«»"):
            break
        if not stems or not _stems("adjectives").isdisjoint(stems):
            continue
        for stem in stems:
            if stem in _stems("inhabitants"):
                own = role == "organisation" or (value >= _LARGE and not _MEASURED.has("took_part", before))
                return ("inhabitants" if own else "participants"), "", end + stop
            for measured in _COUNTED:
                if stem in _stems(measured) and not (said and measured == "territory"):
                    return measured, "", end + stop
        said += 1
    nouns = (stop for stop, stems in words[:3] if stems and _stems("adjectives").isdisjoint(stems))
    stop = next(nouns, 0)
    if _hangs(rest[:stop]):  # "dont 52 jugées prioritaires"
        return None, "", end
    quoted = QUOTED.match(rest, rest.startswith(" "))
    if quoted and 0 < stop < quoted.end():  # "8 « grands débats »"
        stop = quoted.end()
    return ("other", "", end + stop) if stop else (None, "", end)


def _is_label(text: Text, start: int, end: int) -> bool:
    """Whether a number names a step, a day or an hour rather than counts."""
    before, after = text.before(start), text.after(end)
    alone = text.written[start - 1 : start] == "(" and text.written[end : end + 1] == ")"  # "Haute-Garonne (31)"
    parted = "/" in (text.written[start - 1 : start], text.written[end : end + 1])  # "7j/7", "50/50", "12/03"
    return (
        alone
        or parted
        or _QUANTITY.has("labels", before)
        or _QUANTITY.has("ranked", after)
        or _MEASURED.has("dates", after)
    )


def _name_counted(written: str, stop: int) -> str:
    """The words after a figure that go on naming what it counts: "du Val-de-Marne" after "68 jeunes"."""
    rest = FIGURE_END.split(written[stop:], maxsplit=1)[0]
    near = (word for word in HYPHENATED.finditer(rest) if word.end() <= _COUNTED_WITHIN)
    kept = list(takewhile(lambda word: fold(word[0]) not in _ends(), near))
    while kept and _hangs(kept[-1][0]):
        kept.pop()
    return rest[: kept[-1].end()].strip() if kept else ""


def _hangs(word: str) -> bool:
    """Whether a word names nothing where it is the last: "de", or "situés" before "en"."""
    words = _MEASURED.words
    return word.lower() in words("hanging")[_LANGUAGE] or word.endswith(words("hanging_ends")[_LANGUAGE])


def _name_area(found: Found) -> str:
    """ "km²" of "kilomètres carrés"."""
    unit = found["unit"]
    if unit.startswith("h"):
        return "ha"
    return ("km" if unit.startswith("k") else "m") + ("²" if re.search("carre|2|²", unit) else "")


def _is_per(name: str, text: Text, start: int, end: int) -> bool:
    return _MEASURED.has(f"per_{name}", text.after(end)) or _MEASURED.has(f"per_{name}_before", text.before(start))


def _value(written: str) -> float:
    if not any(map(str.isdecimal, written)):
        return 0.5  # "un demi-milliard"
    digits = re.sub(r"[ \u00a0\u202f]", "", written)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits):
        digits = digits.replace(".", "")
    return float(Fraction(digits.replace(",", ".")))


@cache
def _ends() -> frozenset[str]:
    return frozenset(map(fold, _MEASURED.words("ends")[_LANGUAGE]))


def read_measured(words: Collection[str]) -> Measured | None:
    """What these words count, as `split_words` gives them: "votants" is voters; None when they count nothing known."""
    return next((each for each in (*_COUNTED, "inhabitants") if not _stems(each).isdisjoint(words)), None)


def list_words(measured: Measured) -> frozenset[str]:
    """The words for what is counted, as `split_words` gives them."""
    return _stems(measured)


@cache
def _stems(measured: str) -> frozenset[str]:
    return frozenset(split_words(" ".join(_MEASURED.words(measured)[_LANGUAGE])))


def describe_range(figures: Sequence[Figure]) -> tuple[Figure, Figure]:
    """The least and the greatest of figures of one unit; there is one at least."""
    return min(figures, key=lambda figure: figure.low), max(figures, key=lambda figure: figure.high)
