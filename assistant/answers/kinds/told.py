"""Told: an answer made of the sentences that answer, opened by what was asked, whatever the sheets they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answers.beside import tell_beside
from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.answers.existence import judge_existence, keep_each
from assistant.answers.kinds.kind import Case, Passed, has_team
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding
from assistant.reading.sought import Sought, find_sought
from assistant.wording import describe_sheet, quote
from assistant.wording.missing import say_missing
from assistant.wording.told import Told, open_existing, open_gloss, open_teams, open_told
from index.aspects.figures import find_figures
from index.ranking.retrieval import Hit
from language.text import read_text

_SHEETS, _LINES = 5, 6  # whose team is told, and lines of each
_NEAR, _WITH_GLOSS = 4, 2  # sentences
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


def draft_told(case: Case, kind: KindName, what: Told) -> Draft | Passed:
    """The best sentences, when this is what the question most likely wants."""
    if case.wants != what:
        return pass_on(case)
    return tell_best(case, kind, what)


def pass_on(case: Case) -> Passed:
    """That the question wants another form of answer."""
    return Passed(f"elle demande plutôt {_SAID[case.wants]}{case.likely}")


def tell_best(case: Case, kind: KindName, what: Told, found: Sequence[Finding] | None = None) -> Draft:
    """The best sentences, of those `found` for the case or as given, opened by what is asked."""
    found = case.found if found is None else found
    if case.gloss:
        return _tell_gloss(case, kind, case.gloss, found)
    one = case.reading.fact or case.wanted.form == "fact"
    chosen = choose_proofs(found, as_good=_AS_A_FACT) if one else choose_proofs(found)
    if case.nowhere:  # what only comes near is not what was looked for: the nearest tell as much as all
        chosen = chosen[:_NEAR]
    if case.reading.form.exists and not one:
        return _tell_existing(case, kind, found, chosen)
    sheets = len({each.hit.sheet.id for each in chosen})
    sure = case.wanted.forms[what] >= _SURE or what == "examples"
    opening = open_told(what if sure else "advice", sheets, case.reading.understood.language)
    if lacking := _say_not_lasting(case, chosen):
        opening = f"{lacking}\n\n{open_told('advice', sheets, case.reading.understood.language)}"
    return write_proofs(kind, opening, chosen, case.aim, case.index, Citations(), reading=case.reading)


def _tell_gloss(case: Case, kind: KindName, gloss: Finding, found: Sequence[Finding]) -> Draft:
    """The sentence that says what a word means, then the best of its sheet."""
    rest = choose_proofs(
        [each for each in found if each.sentence is not gloss.sentence and each.hit is gloss.hit], _WITH_GLOSS
    )
    first = replace(gloss, chance=1.0)
    opening = open_gloss(case.reading.understood.language)
    return write_proofs(kind, opening, [first, *rest], None, case.index, Citations(), reading=case.reading)


def _say_not_lasting(case: Case, chosen: Sequence[Finding]) -> str:
    """That none of these sentences tells how long something takes, where that is asked; else ""."""
    asked = case.reading.fact
    if asked is None or asked.quantity != "duration":
        return ""
    figures = (figure for each in chosen for figure in find_figures(each.sentence.text, each.sentence.passage.role))
    if any(figure.measured == "duration" for figure in figures):
        return ""
    language = case.reading.understood.language
    sought = find_sought(read_text(case.reading.asked, language))
    return say_missing(sought if sought and sought.way == "duration" else Sought(way="duration"), language)


def _tell_existing(case: Case, kind: KindName, found: Sequence[Finding], chosen: list[Finding]) -> Draft:
    """Whether what is asked exists, and the sheets that tell of it, those that surely do first.

    Where the bounds of a question tell all that it asks about, each sheet within them does.
    """
    cited = list({each.hit.sheet.id: each.hit for each in chosen}.values())
    told = judge_existence(case.reading, found, cited, case.sources)
    if told.bounded and len(told.sheets) > len(cited):
        chosen = keep_each(found, told.sheets)
    sheets = {each.hit.sheet.id for each in chosen}
    chosen = sorted(chosen, key=lambda each: each.hit.sheet.id not in told.sheets)
    opening = open_existing(len(told.sheets), len(sheets - told.sheets), case.reading.understood.language)
    return write_proofs(kind, opening, chosen, case.aim, case.index, Citations(), reading=case.reading)


def find_teams(case: Case) -> list[Hit]:
    """The hits that tell of their team, those of the kind asked alone if there are several."""
    wanted = case.reading.understood.filters
    told = [hit for hit in {each.hit.sheet.id: each.hit for each in case.found}.values() if has_team(hit)]
    met = [hit for hit in told if wanted.stated and wanted.met(hit.sheet)]
    return (met if len(met) > 1 else told)[:_SHEETS]


def write_teams(kind: KindName, hits: Sequence[Hit], aim: Aim, case: Case) -> Draft:
    """Each sheet with the lines of its team."""
    citations = Citations()
    items = []
    for number, hit in enumerate(hits, start=1):
        team = [sentence for sentence in hit.sentences if sentence.passage.role == "team"][:_LINES]
        lines = [quote(embolden(each, hit.sheet, aim), citations.cite(each, hit.sheet.title)) for each in team]
        beside = tell_beside(hit.sheet, case.reading, case.index)
        items.append(f"{number}. {describe_sheet(hit.sheet, case.index)}{beside}\n\n   {' '.join(lines)}")
    opening = open_teams(len(hits), case.reading.understood.language)
    return Draft(kind=kind, text="\n\n".join([opening, *items]), citations=citations.all())
