"""Told: an answer made of the sentences that answer, opened by what was asked, whatever the sheets they stand in."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.answers.kinds.kind import Case, Passed, list_with_team
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding
from assistant.wording import describe_sheet, quote
from assistant.wording.told import Opened, open_teams, open_told
from index.passages import Sentence
from ingest.sentence import split_sentences
from ingest.sheet import Sheet

_SHEETS, _LINES = 5, 6  # whose team is told, and lines of each
_SURE = 0.5  # of the form wanted, for an opening that names it
# Of the best sentence's chance, where one figure, date or name is asked: of 98 labelled questions that do, .63 of what
# is told is asked for, instead of .54.
_AS_A_FACT = 0.6
_SAID = {
    "examples": "des exemples",
    "why": "des raisons",
    "who": "qui fait ou décide",
    "duration": "une durée",
    "yesno": "oui ou non",
    "advice": "des conseils, des effets ou des leçons",
    "figures": "des chiffres de plusieurs fiches",
    "method": "comment faire",
}


def draft_told(case: Case, kind: KindName, what: Opened) -> Draft | Passed:
    """The best sentences, when this is what the question most likely wants."""
    if case.wants != what:
        return pass_on(case)
    return tell_best(case, kind, what)


def pass_on(case: Case) -> Passed:
    """That the question wants another form of answer."""
    return Passed(f"elle demande plutôt {_SAID[case.wants]}{case.likely}")


def tell_best(case: Case, kind: KindName, what: Opened, found: Sequence[Finding] | None = None) -> Draft:
    """The best sentences, of those `found` for the case or as given, opened by what is asked."""
    found = case.found if found is None else found
    one = case.reading.fact or case.wanted.form == "fact"
    chosen = choose_proofs(found, as_good=_AS_A_FACT) if one else choose_proofs(found)
    sheets = len({each.hit.sheet.id for each in chosen})
    sure = case.wanted.forms[what] >= _SURE or what == "examples"
    opening = open_told(what if sure else "advice", sheets, case.reading.understood.language)
    return write_proofs(kind, opening, chosen, case.aim, case.index, Citations())


def find_teams(case: Case) -> list[Sheet]:
    """The sheets that tell of their team among those found, those of the kind asked alone if there are several."""
    told, wanted = list_with_team(case.index), case.reading.understood.filters
    sheets = [sheet for sheet in dict.fromkeys(each.hit.sheet for each in case.found) if sheet.id in told]
    met = [sheet for sheet in sheets if wanted.stated and wanted.met(sheet)]
    return (met if len(met) > 1 else sheets)[:_SHEETS]


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
