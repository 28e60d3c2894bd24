"""Duration: how long practices took, and when."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import draft_told


def _draft(case: Case) -> Draft | Passed:
    return draft_told(case, "duration", "duration")


KIND = Kind("duration", "Combien de temps", _draft, bounded=True)
