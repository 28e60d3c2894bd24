"""Figures: a quantity as several sheets give it."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.told import draft_told


def _draft(case: Case) -> Draft | Passed:
    return draft_told(case, "figures", "figures")


KIND = Kind("figures", "Chiffres", _draft, bounded=True)
