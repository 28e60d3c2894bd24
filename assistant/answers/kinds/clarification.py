"""Clarification: which sheet a question points at is asked when what was shown does not tell."""

from __future__ import annotations

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.wording import WHICH_OF_NONE, WHICH_OF_SHOWN, describe_sheet


def _draft(case: Case) -> Draft | Passed:
    """What is asked back, with the sheets among which to choose."""
    if not case.reading.unclear:
        return Passed("la question ne désigne aucune fiche qui n'ait été montrée")
    shown, index = case.reading.shown, case.index
    sheets = [sheet for sheet in map(index.find_sheet, shown) if sheet]
    if not sheets:
        return Draft(kind="clarification", text=WHICH_OF_NONE, abstained=True)
    named = "\n".join(f"{number}. {describe_sheet(sheet, index)}" for number, sheet in enumerate(sheets, start=1))
    return Draft(kind="clarification", text=f"{WHICH_OF_SHOWN}\n\n{named}", sheets=shown, abstained=True)


KIND = Kind("clarification", "Précision demandée", _draft, about_sheets=False, judged=False)
