"""Who: those who take charge of something, as sheets name them."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import draft_told


def _draft(case: Case) -> Draft | Passed:
    return draft_told(case, "who", "who")


KIND = Kind("who", "Qui", _draft, bounded=True)
