"""Beyond: the sheet outside the bounds of a question whose sentences answer better than those of the sheets shown."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citations, Draft
from assistant.answers.excerpts import embolden
from assistant.answers.kinds.kind import Case
from assistant.finding.findings import Finding, find_sentences
from assistant.reading.listed import find_unsaid
from assistant.wording import BEYOND, BEYOND_EN, count, describe_sheet, quote

# Of 60 questions with bounds and 30 on who asks, those pointed at so bear on the subject; with .3, two did not.
_LIKELY = 0.5  # that its sentence answers
_BETTER = 1.3  # times as likely as the best sentence of those shown


def add_beyond(draft: Draft, case: Case) -> Draft:
    """The draft with the best sentence of a sheet outside the bounds, where it answers better than all that is told."""
    if (best := _find_beyond(case, {citation.sheet for citation in draft.citations})) is None:
        return draft
    sheet, reading = best.hit.sheet, case.reading
    people = sheet.place.population
    size = f" ({count(people, 'habitant')})" if people and reading.understood.population_range else ""
    citations = Citations(draft.citations)
    quoted = quote(embolden(best.sentence, sheet, case.aim), citations.cite(best.sentence, sheet.title))
    words = BEYOND_EN if reading.understood.language == "en" else BEYOND
    pointed = words.format(sheet=f"{describe_sheet(sheet, case.index)}{size}")
    return draft.model_copy(update={"text": f"{draft.text}\n\n{pointed}\n\n{quoted}", "citations": citations.all()})


def _find_beyond(case: Case, shown: set[str]) -> Finding | None:
    """The best sentence of those that the bounds left out, all weighed together; None when it is no better, or when
    the question has no subject but its bounds.
    """
    filters = case.reading.understood.filters
    subject = filters.demarche or filters.thematique or find_unsaid(case.reading.asked, case.index)
    if not shown or not subject or not case.left_out:
        return None
    found = find_sentences(case.reading, case.wanted, case.every, case.index)
    out = {hit.sheet.id for hit in case.left_out if hit.sheet.kind == "practice"} - shown
    best, told = (_first(found, sheets) for sheets in (out, shown))
    if best is None or best.chance < _LIKELY or (told and best.chance < _BETTER * told.chance):
        return None
    return best


def _first(found: Sequence[Finding], sheets: set[str]) -> Finding | None:
    return next((each for each in found if each.hit.sheet.id in sheets), None)
