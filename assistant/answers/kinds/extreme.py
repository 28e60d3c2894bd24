"""Extreme: the least or the most of what the catalogue or the figures of sheets tell, and those that come next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import quote_text, read_all_lines, shorten
from assistant.answers.selection import select_sheets
from assistant.finding.sentences import BACKGROUND
from assistant.finding.signs import weigh_words
from assistant.french.numbers import say_number
from assistant.reading.superlative import Superlative, read_superlative
from assistant.wording import MARK, describe_sheet, escape
from assistant.wording.told import open_extreme
from index.aspects.figures import FigureTold, list_figures
from index.signals.lexical import split_words
from ingest.sheet import Sheet
from language.text import read_text

_TOLD = 4  # the first, and those that come next
_QUOTED = 30  # words
_OF_IT = 0.25  # of the question's words, each by its rarity, that a figure's sentence or title has


@dataclass(frozen=True)
class _Row:
    """A sheet with its value as it is written, and the figure that says so, none where the catalogue does."""

    sheet: Sheet
    value: float
    written: str
    figure: FigureTold | None = None


def _draft(case: Case) -> Draft | Passed:
    reading = case.reading
    asked = read_superlative(read_text(reading.asked)) if not reading.only else None
    if asked is None or reading.form.comparison or reading.form.method:
        return Passed("elle ne demande ni le plus, ni le moins")
    mask = select_sheets(reading.asked, reading.understood, case.filters, case.index).mask
    rows = sorted(
        _best_of_each(_read_rows(asked, case, mask), asked), key=lambda row: row.value, reverse=not asked.least
    )
    if not rows:
        return Passed("aucune fiche ne dit la valeur à comparer")
    return _write(rows, asked, case)


def _read_rows(asked: Superlative, case: Case, mask: np.ndarray) -> Iterator[_Row]:
    """The sheets that tell what is compared, with what they tell."""
    index = case.index
    if asked.column == "inhabitants":
        figures = [each for each in list_figures(index) if each.figure.measured == "inhabitants"]
        for sheet, taken, people in zip(
            index.sheets, mask.tolist(), index.catalogue.told_inhabitants.tolist(), strict=True
        ):
            if taken and not np.isnan(people):
                told = next((each for each in figures if each.sheet == sheet.id), None)
                yield _Row(sheet, people, told.figure.written if told else f"{say_number(int(people))} habitants", told)
        return
    if asked.column == "year":
        for sheet, taken in zip(index.sheets, mask.tolist(), strict=True):
            if taken and sheet.last_year:
                yield _Row(sheet, float(sheet.last_year), str(sheet.last_year))
        return
    weights = weigh_words(case.reading.asked, index)
    least = _OF_IT * sum(weights.values())
    for told in list_figures(index):
        row = index.catalogue.rows[told.sheet]
        passage = index.find_passage(told.sheet, told.passage)
        if not mask[row] or told.figure.measured != asked.column or passage is None or passage.role in BACKGROUND:
            continue
        has = set(split_words(f"{told.sentence} {index.sheets[row].title}"))
        if sum(weight for word, weight in weights.items() if word in has) >= least:
            figure = told.figure
            yield _Row(index.sheets[row], figure.low if asked.least else figure.high, figure.written, told)


def _best_of_each(rows: Iterator[_Row], asked: Superlative) -> list[_Row]:
    """The row of each sheet that is furthest that way."""
    best: dict[str, _Row] = {}
    for row in rows:
        held = best.get(row.sheet.id)
        if held is None or (row.value < held.value if asked.least else row.value > held.value):
            best[row.sheet.id] = row
    return list(best.values())


def _write(rows: list[_Row], asked: Superlative, case: Case) -> Draft:
    citations = Citations()
    told = [(row, *_prove(row, case, citations)) for row in rows[:_TOLD]]
    items = [
        f"{number}. **{escape(row.written)}**{mark} – {describe_sheet(row.sheet, case.index)}\n\n   {quoted}"
        for number, (row, quoted, mark) in enumerate(told, start=1)
    ]
    first = rows[0]
    opening = open_extreme(
        asked.column,
        least=asked.least,
        written=f"**{escape(first.written)}**{told[0][2]}",
        whose=escape(first.sheet.organisation or first.sheet.title),
        of=len(rows),
        language=case.reading.understood.language,
    )
    sheets = tuple(row.sheet.id for row in rows[:_TOLD])
    return Draft(kind="extreme", text="\n\n".join([opening, *items]), citations=citations.all(), sheets=sheets)


def _prove(row: _Row, case: Case, citations: Citations) -> tuple[str, str]:
    """The sentence that says the value, quoted, and the mark that proves the value where it is told again.

    The catalogue proves what it says itself: then the sheet is opened by its first line, and there is no mark.
    """
    if row.figure is None:
        lines = read_all_lines(row.sheet, case.index)
        quoted = quote_text(lines[0].passage, shorten(lines[0].text, _QUOTED), row.sheet, citations) if lines else ""
        return quoted, ""
    passage = case.index.find_passage(row.sheet.id, row.figure.passage)
    assert passage is not None
    quoted = quote_text(passage, row.figure.sentence, row.sheet, citations)
    return quoted, f"\u00a0[{MARK.findall(quoted)[-1]}]"


KIND = Kind("extreme", "Le plus ou le moins", _draft, exact=True)
