"""Extreme: the least or the most of what the catalogue or the figures of sheets tell, and those that come next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import quote_text, read_all_lines, shorten
from assistant.answers.saying import find_coded
from assistant.answers.selection import select_sheets
from assistant.finding.aim import Aim, aim_at, is_named
from assistant.finding.meant import rank_meant
from assistant.finding.sentences import BACKGROUND
from assistant.french.numbers import say_number
from assistant.reading.asked import Quantity
from assistant.reading.superlative import Column, Superlative, read_superlative
from assistant.wording import MARK, describe_sheet, escape
from assistant.wording.told import PER_YEAR, open_extreme
from index.aspects.begun import Begun, list_begun
from index.aspects.figures import list_figures
from index.opened import Index
from index.passages import Sentence
from index.signals.lexical import split_words
from ingest.sheet import Sheet
from language.grammar import Grammar
from language.text import read_text

_TOLD, _TOLD_OF_TWO, _TOGETHER = 4, 2, 1  # the first and those that come next; and what several years add up to
_QUOTED = 30  # words
_LIKELY, _AS_SURE = 0.2, 0.4  # that a figure is of what is asked, alone and beside the likeliest
_NEAR = 0.25  # of the inhabitants counted, within which a sheet's own number is of the same town
_AS_ASKED: Mapping[Column, Quantity] = {"cost": "money", "duration": "duration"}
_YEARS = Grammar("years")


@dataclass(frozen=True)
class _Row:
    """A sheet with its value as it is written, and the sentence that says so, none where the catalogue does.

    `each` is what it is for each of, in words; `years` whether several years add up to it;
    `chance` how likely it is of what is asked.
    """

    sheet: Sheet
    value: float
    written: str
    sentence: Sentence | None = None
    each: str = ""
    years: bool = False
    chance: float = 1.0


def _draft(case: Case) -> Draft | Passed:
    reading = case.reading
    asked = read_superlative(read_text(reading.asked)) if not reading.only else None
    if asked is None or asked.column == "share" or reading.form.comparison or reading.form.method:
        return Passed("elle ne demande ni le plus, ni le moins")
    understood = reading.understood
    if asked.column == "inhabitants":  # "la plus petite commune" is none of a kind: all are compared
        understood = understood.model_copy(
            update={"filters": understood.filters.model_copy(update={"porteur": ()}), "population_range": None}
        )
    mask = select_sheets(reading.asked, understood, case.filters, case.index).mask
    ends = [asked, asked.model_copy(update={"least": not asked.least})] if asked.both else [asked]
    sides = [(end, _keep_best(_read_rows(end, case, mask), end)) for end in ends]
    if not all(rows for _, rows in sides):
        return Passed("aucune fiche ne dit la valeur à comparer")
    return _write(sides, case)


def _read_rows(asked: Superlative, case: Case, mask: np.ndarray) -> Iterator[_Row]:
    """The sheets that tell what is compared, with what they tell."""
    if asked.column == "inhabitants":
        yield from _read_towns(case.index, mask)
    elif asked.column == "year":
        yield from _read_years(asked, case, mask)
    else:
        told = list(_read_told(asked, case, mask))
        best = max((row.chance for row in told), default=0.0)
        teams = [row for row in told if row.sentence and row.sentence.passage.role == "team"]
        staff = asked.column == "staff" and teams  # who works on a practice, not who took part in it
        yield from (row for row in (teams if staff else told) if row.chance >= _AS_SURE * best)


def _read_years(asked: Superlative, case: Case, mask: np.ndarray) -> Iterator[_Row]:
    """The year of each sheet in the catalogue; where the oldest is asked, since when it is, if it says so."""
    begun = _find_begun(case) if asked.least else {}
    for sheet, taken in zip(case.index.sheets, mask.tolist(), strict=True):
        told = begun.get(sheet.id)
        if taken and told and told.year < (sheet.last_year or told.year + 1):
            yield _Row(sheet, float(told.year), str(told.year), Sentence(told.passage, told.sentence, 0.0))
        elif taken and sheet.last_year:
            yield _Row(sheet, float(sheet.last_year), str(sheet.last_year))


def _find_begun(case: Case) -> dict[str, Begun]:
    """Since when the practice of each sheet is, by the sentence that answers best.

    It, or its title, names the kind of démarche that is asked: a town with a budget today had councils long before.
    """
    index = case.index
    coded = [{*split_words(each)} for each in find_coded(case.reading.asked, index, "demarche")]
    chances = {(each.sentence.passage.id, each.sentence.row): each.chance for each in case.read}
    best = dict[str, Begun]()
    for each in sorted(list_begun(index), key=lambda each: -chances.get((each.passage.id, each.row), 0.0)):
        title = index.sheets[index.catalogue.rows[each.passage.sheet]].title
        words = {*split_words(f"{title} {each.sentence}")}
        if each.passage.role not in BACKGROUND and (not coded or any(kind <= words for kind in coded)):
            best.setdefault(each.passage.sheet, each)
    return best


def _read_towns(index: Index, mask: np.ndarray) -> Iterator[_Row]:
    """The towns, each once, with the inhabitants that a sheet says it has, or that are counted there."""
    figures = {each.sheet: each for each in list_figures(index) if each.figure.measured == "inhabitants"}
    towns: set[str] = set()
    for sheet, taken, people in zip(
        index.sheets, mask.tolist(), index.catalogue.told_inhabitants.tolist(), strict=True
    ):
        if not taken or np.isnan(people) or sheet.place.insee in towns:
            continue
        towns.add(sheet.place.insee)
        told = figures.get(sheet.id)
        if told and abs(told.figure.low - people) < _NEAR * people:  # what is compared is what is shown
            passage = index.find_passage(told.sheet, told.passage)
            sentence = Sentence(passage, told.sentence, 0.0) if passage else None
            yield _Row(sheet, told.figure.low, told.figure.written, sentence)
        else:
            yield _Row(sheet, people, f"{say_number(int(people))} habitants")


def _read_told(asked: Superlative, case: Case, mask: np.ndarray) -> Iterator[_Row]:
    """The figures that measure what is compared and are of what is asked, each sentence's own."""
    index, whole = case.index, _aim(asked, case)
    aim = _leave_coded(whole, case)
    for told in list_figures(index):
        row, passage = index.catalogue.rows[told.sheet], index.find_passage(told.sheet, told.passage)
        if not mask[row] or told.figure.measured != asked.column or passage is None:
            continue
        sheet, sentence = index.sheets[row], Sentence(passage, told.sentence, 0.0)
        background = passage.role in BACKGROUND
        if (background and not aim.pairs) or not is_named(aim, told.sentence, "" if background else sheet.title):
            continue
        # Of several amounts one is that of what is asked, in all its words; what counts voters is no other figure.
        first = rank_meant(sentence, sheet, whole)[:1] if asked.column in _AS_ASKED else []
        if first and first[0].figure != told.figure:
            continue
        meant = [each for each in rank_meant(sentence, sheet, aim) if each.figure == told.figure]
        if meant and meant[0].chance >= _LIKELY:
            figure = told.figure
            each = f" {PER_YEAR[case.reading.understood.language == 'en']}" if figure.per == "an" else ""
            yield _Row(
                sheet,
                (figure.low if asked.least else figure.high) * figure.scale,
                figure.written,
                sentence,
                each,
                _covers_years(told.sentence),
                meant[0].chance,
            )


def _aim(asked: Superlative, case: Case) -> Aim:
    assert asked.column != "year"
    return aim_at(_AS_ASKED.get(asked.column, "count"), asked.column, case.reading, case.index)


def _leave_coded(aim: Aim, case: Case) -> Aim:
    """The same less what only names the kind of démarche: all that are compared are of it, whatever its words."""
    coded = find_coded(case.reading.asked, case.index, "demarche")
    beside = {word for each in coded for word in split_words(each)[1:]}
    return replace(
        aim,
        weights={word: weight for word, weight in aim.weights.items() if word not in beside},
        pairs=frozenset(pair for pair in aim.pairs if not beside & {*split_words(pair)}),
    )


def _covers_years(sentence: str) -> bool:
    """Whether a sentence tells an amount of several years together, which no single one compares with."""
    return _YEARS.has("span", read_text(sentence, "fr"))


def _keep_best(rows: Iterable[_Row], asked: Superlative) -> list[_Row]:
    """The row of each sheet that is furthest that way, the furthest first; what several years add up to comes last."""
    ranked = sorted(rows, key=lambda row: row.value if asked.least else -row.value)
    ranked.sort(key=lambda row: row.years)
    best: dict[tuple[str, bool], _Row] = {}
    for row in ranked:
        best.setdefault((row.sheet.id, row.years), row)
    return list(best.values())


def _write(sides: Sequence[tuple[Superlative, list[_Row]]], case: Case) -> Draft:
    """The first sheet at each end that is asked, and those that come next there."""
    citations, blocks, sheets = Citations(), list[str](), list[str]()
    for asked, rows in sides:
        shown = _choose(rows, asked.number or (_TOLD if len(sides) == 1 else _TOLD_OF_TWO))
        blocks += _tell(shown, len({row.sheet.id for row in rows}), asked, case, citations)
        sheets += [row.sheet.id for row in shown]
    told = tuple(dict.fromkeys(sheets))
    return Draft(kind="extreme", text="\n\n".join(blocks), citations=citations.all(), sheets=told)


def _choose(rows: Sequence[_Row], most: int) -> list[_Row]:
    """The first rows, and what several years add up to."""
    single, together = [row for row in rows if not row.years], [row for row in rows if row.years]
    return [*single[:most], *together[:_TOGETHER]]


def _tell(shown: Sequence[_Row], of: int, asked: Superlative, case: Case, citations: Citations) -> list[str]:
    told = [(row, *_prove(row, case, citations)) for row in shown]
    first = shown[0]
    opening = open_extreme(
        asked.column,
        least=asked.least,
        written=f"**{escape(first.written)}**{first.each}{told[0][2]}",
        whose=escape(first.sheet.organisation or first.sheet.title),
        of=of,
        language=case.reading.understood.language,
    )
    items = [
        f"{number}. **{escape(row.written)}**{row.each}{mark} – {describe_sheet(row.sheet, case.index)}\n\n   {quoted}"
        for number, (row, quoted, mark) in enumerate(told, start=1)
    ]
    return [opening, *items]


def _prove(row: _Row, case: Case, citations: Citations) -> tuple[str, str]:
    """The sentence that says the value, quoted, and the mark that proves the value where it is told again.

    The catalogue proves what it says itself: then the sheet is opened by its first line, and there is no mark.
    """
    if row.sentence is None:
        lines = read_all_lines(row.sheet, case.index)
        quoted = quote_text(lines[0].passage, shorten(lines[0].text, _QUOTED), row.sheet, citations) if lines else ""
        return quoted, ""
    quoted = quote_text(row.sentence.passage, row.sentence.text, row.sheet, citations)
    return quoted, f"\u00a0[{MARK.findall(quoted)[-1]}]"


KIND = Kind("extreme", "Le plus ou le moins", _draft, exact=True, pointed=True)
