"""Team: who works on a practice, line by line as its sheet tells, where staff are asked and none counts them all."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.answers.kinds.kind import Case, list_with_team
from assistant.finding.meant import Aim
from assistant.wording import describe_sheet, quote
from assistant.wording.told import open_teams
from index.passages import Sentence
from ingest.sentence import split_sentences
from ingest.sheet import Sheet

_MOST = 5  # sheets
_LINES = 6  # of a team


def find_teams(case: Case) -> list[Sheet]:
    """The sheets that tell of their team among those found, those of the kind asked alone if there are several."""
    told, wanted = list_with_team(case.index), case.reading.understood.filters
    sheets = [sheet for sheet in dict.fromkeys(each.hit.sheet for each in case.found) if sheet.id in told]
    met = [sheet for sheet in sheets if wanted.stated and wanted.met(sheet)]
    return (met if len(met) > 1 else sheets)[:_MOST]


def write_teams(kind: KindName, sheets: Sequence[Sheet], aim: Aim, case: Case) -> Draft:
    """Each sheet with the lines of its team."""
    citations = Citations()
    items = []
    for number, sheet in enumerate(sheets, start=1):
        lines = [
            quote(embolden(each, sheet, aim), citations.cite(each, sheet.title)) for each in _read_team(sheet, case)
        ]
        items.append(f"{number}. {describe_sheet(sheet, case.index)}\n\n   {' '.join(lines)}")
    opening = open_teams(len(sheets), case.reading.understood.language)
    return Draft(kind=kind, text="\n\n".join([opening, *items]), citations=citations.all())


def _read_team(sheet: Sheet, case: Case) -> list[Sentence]:
    passages = [each for each in case.index.passages_of_sheet(sheet.id) if each.role == "team"]
    said = [Sentence(each, sentence, 0.0) for each in passages for sentence in split_sentences(each.text)]
    return said[:_LINES]
