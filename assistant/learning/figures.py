"""Figures: what a period's questions say - how many, of what kind, on which themes, answered by which sheets or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.learning.asked import AskedQuestion, Period
from index.opened import Index
from ingest.sheet import Sheet

_DAILY, _WEEKLY = 45, 27 * 7  # days of a period up to which it is shown by days, by weeks
_KINDS = {"unanswered": "nothing", "declined": "declined"}  # whatever the form of what was said: the counts agree
_FACETS = ("thematique", "demarche", "porteur")


@dataclass(frozen=True)
class Span:
    """A day, a week or a month of a period, with the questions asked in it: those without an answer and the others."""

    first: date
    last: date
    others: int
    unanswered: int

    @property
    def total(self) -> int:
        """All questions."""
        return self.others + self.unanswered


@dataclass(frozen=True)
class Theme:
    """A value of a facet: how often questions named it, and how often an answer cited a sheet that bears it."""

    label: str
    named: int
    cited: int


@dataclass(frozen=True)
class Figures:
    """What is counted: each question is answered, unanswered, declined or clarified. Who shows them makes shares."""

    total: int
    answered: int
    unanswered: int
    declined: int
    clarified: int
    liked: int
    disliked: int
    reasons: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    accesses: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    spans: tuple[Span, ...]
    themes: Mapping[str, tuple[Theme, ...]]  # by the title of the facet
    cited: tuple[tuple[Sheet, int], ...]  # most cited first
    never: tuple[Sheet, ...]


def count_figures(questions: Sequence[AskedQuestion], period: Period, index: Index) -> Figures:
    """The figures of the questions of a period; sheets and themes are those of the version in service."""
    outcomes = Counter(each.outcome for each in questions)
    cited = Counter(sheet for each in questions for sheet in each.cited)
    known = [(sheet, cited[sheet.id]) for sheet in index.practices]
    return Figures(
        total=len(questions),
        answered=outcomes["answered"],
        unanswered=outcomes["unanswered"],
        declined=outcomes["declined"],
        clarified=outcomes["clarified"],
        liked=sum(each.opinion == 1 for each in questions),
        disliked=sum(each.opinion == -1 for each in questions),
        reasons=_count(each.reason for each in questions if each.outcome in ("unanswered", "declined")),
        kinds=_count(_KINDS.get(each.outcome, each.kind) for each in questions),
        channels=_count(each.channel for each in questions),
        accesses=_count(each.access for each in questions),
        languages=_count(each.language for each in questions),
        spans=tuple(_cut(questions, period)),
        themes=_count_themes(questions, cited, index),
        cited=tuple(sorted(((sheet, count) for sheet, count in known if count), key=lambda pair: -pair[1])),
        never=tuple(sheet for sheet, count in known if not count),
    )


def _count(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(values).most_common())


def _cut(questions: Sequence[AskedQuestion], period: Period) -> list[Span]:
    """The days, weeks or months of a period, in their order."""
    starts = [period.first + timedelta(days=number) for number in range(period.days)]
    if period.days > _WEEKLY:
        starts = [day for day in starts if day.day == 1 or day == period.first]
    elif period.days > _DAILY:
        starts = [day for day in starts if day.weekday() == 0 or day == period.first]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), period.last]
    counts: Counter[tuple[int, bool]] = Counter()
    at = len(starts) - 1
    for each in questions:  # the newest first
        day = each.at.astimezone(period.zone).date()
        while day < starts[at]:
            at -= 1
        counts[at, each.is_unanswered] += 1
    return [
        Span(first, last, counts[row, False], counts[row, True])
        for row, (first, last) in enumerate(zip(starts, ends, strict=True))
    ]


def _count_themes(
    questions: Sequence[AskedQuestion], cited: Counter[str], index: Index
) -> dict[str, tuple[Theme, ...]]:
    facets = index.manifest.facets
    themes = {}
    for name in _FACETS:
        if name not in facets:
            continue
        named = Counter(code for each in questions for code in _codes(each.filters.get(name)))
        borne = Counter[str]()
        for sheet in index.practices:
            for code in getattr(sheet, name):
                borne[code] += cited[sheet.id]
        rows = [Theme(label, named[code], borne[code]) for code, label in facets[name].labels.items()]
        rows = [row for row in rows if row.named or row.cited]
        themes[facets[name].title] = tuple(sorted(rows, key=lambda row: (-row.named, -row.cited)))
    return {title: rows for title, rows in themes.items() if rows}


def _codes(value: object) -> list[str]:
    return [str(code) for code in value] if isinstance(value, list) else []
