"""Why: the reasons that sheets give."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import draft_told


def _draft(case: Case) -> Draft | Passed:
    return draft_told(case, "why", "why")


KIND = Kind("why", "Pourquoi", _draft, bounded=True)
