"""Method: the steps of the practice nearest to what is asked, in its own order, then what others say of it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import pass_on, tell_best
from assistant.answers.lines import is_of_steps
from assistant.answers.proofs import choose_proofs, group_by_sheet, write_proofs
from assistant.finding.findings import Finding
from assistant.wording.told import open_told

# With these, what is quoted of 62 questions how to do something rises from recall .53 and precision .68 to .65 and .68
# (training/questions/answers.jsonl, each question left out in turn): steps of one practice answer together.
_FEWEST, _MOST = 3, 8  # steps
_AS_GOOD = 0.2  # of the best sentence's chance: a step that bears less on what is asked tells of something else
_BESIDE = 3  # sentences of the same sheet, beside its steps
_OTHERS = 6  # sentences of other sheets


def _draft(case: Case) -> Draft | Passed:
    """A method when one is asked for: steps are told where some bear on what is asked, and never put together."""
    reading = case.reading
    if reading.fact or not (case.wants == "method" or (reading.form.method and case.wants == "examples")):
        return pass_on(case)
    chosen = choose_proofs(case.found)
    nearest = max(group_by_sheet(chosen), key=lambda own: sum(each.chance for each in own))
    steps = _find_steps(case.found, nearest[0])
    if len(steps) < _FEWEST:
        return tell_best(case, "method", "advice")
    beside = [each for each in nearest if each not in steps][:_BESIDE]
    others = [each for each in chosen if each.hit is not nearest[0].hit][:_OTHERS]
    sheets = 1 + len({each.hit.sheet.id for each in others})
    opening = open_told("method", sheets, reading.understood.language)
    return write_proofs("method", opening, [*beside, *others], None, case.index, Citations(), steps)


def _find_steps(found: Sequence[Finding], nearest: Finding) -> list[Finding]:
    """The steps of a sheet that bear on what is asked, in the order in which it tells them."""
    least = _AS_GOOD * found[0].chance
    own = [each for each in found if each.hit is nearest.hit and is_of_steps(each.sentence.passage)]
    steps = [each for each in own if each.chance >= least][:_MOST]
    return group_by_sheet(steps)[0] if steps else []


KIND = Kind("method", "Méthode", _draft, bounded=True)
