"""Examples: the sheets with a sentence that answers, best first, each with its sentences that do."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind
from assistant.answers.kinds.told import tell_best


def _draft(case: Case) -> Draft:
    return tell_best(case, "examples", "examples")


KIND = Kind("examples", "Exemples", _draft, bounded=True, near=True)
