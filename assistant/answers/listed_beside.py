"""Listed beside: what a list tells beside its sheets: the figure wanted of each, and those that nearly meet it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assistant.answers.draft import Citations
from assistant.answers.excerpts import embolden
from assistant.answers.saying import find_coded, has_words
from assistant.answers.selection import Selection, select_sheets
from assistant.finding.aim import Aim, is_named
from assistant.finding.meant import FIGURES, SURE, rank_meant
from assistant.finding.quantities import find_held
from assistant.finding.sentences import BACKGROUND
from assistant.reading.listed import Listed
from assistant.wording import LISTED_BESIDE, LISTED_UNTOLD, describe_sheet, escape, quote
from index.aspects.figures import find_figures, list_figures, read_measured
from index.filters import Filters
from index.opened import Index
from index.passages import Sentence
from index.signals.lexical import split_words
from index.understood import Understood
from ingest.sentence import split_sentences
from ingest.sheet import Sheet

_MOST = 5  # sheets that nearly meet what is listed: with more of them the list would be of these


def tell_figure(sheet: Sheet, aim: Aim, index: Index, citations: Citations) -> str:
    """The sentence of a sheet that gives the figure wanted of each, or that it gives none."""
    best: tuple[float, Sentence] | None = None
    for sentence in _read_sentences(sheet, index):
        chance = _weigh(sentence, sheet, aim)
        if chance >= SURE and (best is None or chance > best[0]):
            best = chance, sentence
    if best is None:
        return f" : {LISTED_UNTOLD}."
    return f"\n\n   {quote(embolden(best[1], sheet, aim), citations.cite(best[1], sheet.title))}"


def _weigh(sentence: Sentence, sheet: Sheet, aim: Aim) -> float:
    """How likely a sentence gives the figure that is wanted, of the thing that is wanted."""
    if sentence.passage.role in BACKGROUND or not is_named(aim, sentence.text, sheet.title):
        return 0.0
    if aim.asked.quantity not in FIGURES:
        held = find_held(sentence.text, aim.asked)
        return held.fit if held else 0.0
    meant = rank_meant(sentence, sheet, aim)
    if aim.asked.quantity != "count":
        return meant[0].chance if meant else 0.0
    wanted = read_measured(aim.asked.counted)
    if wanted is None:  # "tirés au sort" says what became of those who are counted
        return SURE * _says_of_people(sentence, aim) + (meant[0].chance if meant else 0.0)
    counted = next((each for each in meant if each.figure and each.figure.measured == wanted), None)
    return counted.chance if counted else 0.0


def _says_of_people(sentence: Sentence, aim: Aim) -> bool:
    """Whether a sentence counts people and has every word of what is counted."""
    people = any(each.measured == "participants" for each in find_figures(sentence.text))
    return people and set(aim.asked.counted) <= set(split_words(sentence.text))


def tell_beside(
    listed: Listed,
    selection: Selection,
    understood: Understood,
    filters: Filters | None,
    index: Index,
    citations: Citations,
) -> list[str]:
    """The sheets that miss one criterion only in how they are filed, each with its sentence; none if they are many."""
    precise = listed.figure is not None or understood.population_range is not None
    if not precise or listed.counted or listed.among or listed.kinds or len(selection.criteria) < 2:
        return []
    near: dict[str, tuple[Sheet, Sentence]] = {}
    for sheet, sentence in _find_beside(listed, selection, understood, filters, index):
        near.setdefault(sheet.id, (sheet, sentence))
    if not 0 < len(near) <= _MOST:
        return []
    rows = (
        f"- {describe_sheet(sheet, index)}\n\n  {quote(escape(said.text), citations.cite(said, sheet.title))}"
        for sheet, said in near.values()
    )
    return [LISTED_BESIDE, "\n".join(rows)]


def _find_beside(
    listed: Listed, selection: Selection, understood: Understood, filters: Filters | None, index: Index
) -> Iterator[tuple[Sheet, Sentence]]:
    """Those that say what they are not filed under, and those whose organisation has the size, though it is no town."""
    if understood.filters.demarche:
        without = understood.model_copy(update={"filters": understood.filters.model_copy(update={"demarche": ()})})
        expressions = find_coded(listed.text, index, "demarche")
        for sheet in _take_others(select_sheets(listed.text, without, filters, index), selection, index):
            said = (each for each in _read_sentences(sheet, index) if has_words(each.text, expressions))
            yield from ((sheet, sentence) for sentence in [next(said, None)] if sentence)
    if understood.population_range is not None:
        sized = understood.model_copy(
            update={
                "population_range": None,
                "filters": understood.filters.model_copy(update={"porteur": ()}),
            }
        )
        others = {
            sheet.id: sheet
            for sheet in _take_others(select_sheets(listed.text, sized, filters, index), selection, index)
        }
        yield from _find_sized(others, understood.population_range, index)


def _take_others(wider: Selection, selection: Selection, index: Index) -> list[Sheet]:
    return [index.sheets[row] for row in np.flatnonzero(wider.mask & ~selection.mask).tolist()]


def _find_sized(others: dict[str, Sheet], bounds: tuple[int, int], index: Index) -> Iterator[tuple[Sheet, Sentence]]:
    """The sheets without a town's size whose organisation says to have so many inhabitants."""
    sizes, towns = index.catalogue.told_inhabitants, index.lexicon.population
    for told in list_figures(index):
        sheet, passage = others.get(told.sheet), index.find_passage(told.sheet, told.passage)
        if sheet is None or passage is None or passage.role != "organisation" or not {*sheet.porteur} & {*towns}:
            continue
        unknown = bool(np.isnan(sizes[index.catalogue.rows[sheet.id]]))
        if unknown and told.figure.measured == "inhabitants" and bounds[0] <= told.figure.low <= bounds[1]:
            yield sheet, Sentence(passage, told.sentence, 0.0)


def _read_sentences(sheet: Sheet, index: Index) -> Iterator[Sentence]:
    for passage in index.passages_of_sheet(sheet.id):
        for row, text in enumerate(split_sentences(passage.text)):
            yield Sentence(passage, text, 0.0, row)
