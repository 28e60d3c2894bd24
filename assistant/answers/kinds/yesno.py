"""Yes or no: the sheets that speak of what is asked; they are quoted, and never summed up in a yes."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import draft_told


def _draft(case: Case) -> Draft | Passed:
    return draft_told(case, "yesno", "yesno")


KIND = Kind("yesno", "Oui ou non", _draft, bounded=True)
