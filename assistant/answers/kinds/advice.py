"""Advice: what sheets say of effects, difficulties and what helped."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import draft_told


def _draft(case: Case) -> Draft | Passed:
    return draft_told(case, "advice", "advice")


KIND = Kind("advice", "Conseils", _draft, bounded=True)
