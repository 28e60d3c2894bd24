"""Told: an answer made of the sentences that answer, opened by what was asked, whatever the sheets they stand in."""

from __future__ import annotations

from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.kinds.kind import Case, Passed
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.wording.told import Opened, open_told

# How many sentences are told: a reason is one, advice is drawn from many.
_MOST: dict[Opened, int] = {
    "examples": 9,
    "why": 6,
    "who": 8,
    "duration": 9,
    "yesno": 8,
    "advice": 9,
}
_SURE = 0.5  # of the form wanted, for an opening that names it
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


def tell_best(case: Case, kind: KindName, what: Opened) -> Draft:
    """The best sentences, opened by what is asked."""
    chosen = choose_proofs(case.found, _MOST[what])
    sheets = len({each.hit.sheet.id for each in chosen})
    sure = case.wanted.forms[what] >= _SURE or what == "examples"
    opening = open_told(what if sure else "advice", sheets, case.reading.understood.language)
    return write_proofs(kind, opening, chosen, case.aim, case.index, Citations())
