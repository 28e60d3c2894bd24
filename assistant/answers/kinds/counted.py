"""Counted: what a question counts or lists where no rule reads it, by what it most likely wants."""

from __future__ import annotations

from assistant.answers.kinds.kind import Case
from assistant.reading.content import find_beside_content, find_clause
from assistant.reading.listed import Listed, find_unsaid, suppose_listed
from assistant.reading.wanted import WantedForm
from language.grammar import Grammar
from language.text import Text, read_text

_LISTED = Grammar("listed")
_SURE, _LIKELY = 0.5, 0.2  # that a question counts: where no word of it says so, and where one does
_SURELY_LISTS = 0.7  # that a list is wanted of what words alone say, which the search finds as well
# What is told by sentences, whatever the words that list or count.
_TOLD: tuple[WantedForm, ...] = (
    *("method", "advice", "why", "definition", "notions", "obligation", "duration", "yesno"),
    *("fact", "extreme", "contact", "comparison"),
)


def suppose(case: Case) -> Listed | None:
    """What is counted or listed where no rule reads it, when the question likely does: "combien visent les jeunes ?".

    What columns of the catalogue tell alone is listed where the words ask for a list, and counted where they ask for a
    share, unless the question more likely wants what sentences tell.
    """
    reading = case.reading
    if reading.form.comparison or reading.only or reading.link != "new":
        return None
    if any(place.kind == "commune" for place in reading.understood.places):  # its sheet tells
        return None
    wanted, question = case.wanted, find_clause(read_text(reading.asked, reading.understood.language))
    share = reading.form.shared is not None or wanted.form == "share"
    number, chance = _LISTED.has("asks_number", question), _measure_counts(case)
    other = reading.fact is not None and reading.fact.quantity not in ("count", "share")
    counts = chance >= (_LIKELY if number else _SURE) and wanted.form not in _TOLD and not other
    if counts or _LISTED.has("spread", question):
        return suppose_listed(question, reading.form, case.index, counted=True, share=share)
    if wanted.form in _TOLD or not (share or _LISTED.has("asks_list", question)):
        return None
    listed = suppose_listed(question, reading.form, case.index, counted=share, share=share)
    return listed if listed and (not listed.unsaid or lists_surely(case)) else None


def counts_surely(case: Case) -> bool:
    """Whether a question surely counts sheets, or asks for a share of them, whatever its words.

    One practice does several of some things: "combien de projets ont été retenus ?" may be asked of its sheet.
    """
    question = read_text(case.reading.asked, case.reading.understood.language)
    several = _LISTED.has("counts_several_of_one", question)
    return _measure_counts(case) >= _SURE and (not several or _tells_sheets_apart(question, case))


def _tells_sheets_apart(question: Text, case: Case) -> bool:
    """Whether a question says something that sheets are looked for by: "combien de projets ont un jury ?"."""
    understood = case.reading.understood
    coded = understood.asked.stated or understood.places
    return bool(coded or find_unsaid(question.written, case.index, find_beside_content(question, case.index)))


def lists_surely(case: Case) -> bool:
    """Whether a question surely wants a list, of what the search finds as well."""
    return case.wanted.chance("list") >= _SURELY_LISTS


def _measure_counts(case: Case) -> float:
    return case.wanted.chance("count", "share")
