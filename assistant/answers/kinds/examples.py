"""Examples: the sheets with a sentence that answers, best first, each with its sentences that do."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.wording.told import open_told


def _draft(case: Case) -> Draft:
    chosen = choose_proofs(case.found)
    sheets = len({each.hit.sheet.id for each in chosen})
    opening = open_told("examples", sheets, case.reading.understood.language)
    return write_proofs("examples", opening, chosen, case.reading.fact, case.index)


KIND = Kind("examples", "Exemples", _draft, bounded=True)
