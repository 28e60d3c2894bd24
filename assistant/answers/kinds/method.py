"""Method: the steps of the practice nearest to what is asked, in its own order, then what others say of it."""

from __future__ import annotations

from statistics import median

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import pass_on, tell_best
from assistant.answers.lines import is_of_steps
from assistant.answers.proofs import choose_proofs, group_by_sheet, write_proofs
from assistant.answers.saying import find_expressions, says
from assistant.finding.findings import Finding
from assistant.wording.told import open_told
from ingest.sheet import Sheet

# With these, what is quoted of 62 questions how to do something rises from recall .53 and precision .68 to .66 and .68
# (training/questions/answers.jsonl, each question left out in turn): steps of one practice answer together.
_FEWEST, _MOST = 3, 8  # steps
_AS_GOOD = 0.2  # of the best sentence's chance: a step that bears less on what is asked tells of something else
_OF_ITS_KIND = 0.1  # where the sheet is of the very kind of démarche that is asked, whose steps these are
_SURE = 0.3  # that a step answers
_MOSTLY = 0.5  # of the steps of a sheet, from which on all are told: a step that is not there is missed
_NEAR = 0.5  # of what the sheet that answers most is worth
_BESIDE = 3  # sentences of the same sheet, beside its steps
_OTHERS = 6  # sentences of other sheets


def _draft(case: Case) -> Draft | Passed:
    """A method when one is asked for: steps are told where some bear on what is asked, and never put together."""
    reading = case.reading
    if reading.fact or not (case.wants == "method" or (reading.form.method and case.wants == "examples")):
        return pass_on(case)
    steps = _choose_steps(case)
    if not steps:
        return tell_best(case, "method", "advice")
    chosen, told = choose_proofs(case.found), [step.sentence for step in steps]
    nearest = steps[0].hit
    beside = [each for each in chosen if each.hit is nearest and each.sentence not in told][:_BESIDE]
    others = [each for each in chosen if each.hit is not nearest][:_OTHERS]
    sheets = 1 + len({each.hit.sheet.id for each in others})
    whole = len(steps) == sum(is_of_steps(sentence.passage) for sentence in nearest.sentences)
    opening = open_told("method" if whole else "some_steps", sheets, reading.understood.language)
    return write_proofs("method", opening, [*beside, *others], None, case.index, Citations(), steps, reading=reading)


def _choose_steps(case: Case) -> list[Finding]:
    """The steps of the sheet that answers most, or of the next one where that one tells too few; else none.

    By what the sentences say: questions teach which sentence answers, not which sheet did what is asked.
    """
    chosen = choose_proofs(case.read)
    worth = {each.hit.sheet.id: 0.0 for each in chosen}
    for each in chosen:
        worth[each.hit.sheet.id] += each.chance
    for sheet in sorted(worth, key=lambda sheet: -worth[sheet]):
        if worth[sheet] >= _NEAR * max(worth.values()):
            steps = _find_steps(case, sheet)
            if len(steps) >= _FEWEST and (_are_likely(steps) or _did_what_is_asked(steps[0].hit.sheet, case)):
                return steps
    return []


def _are_likely(steps: list[Finding]) -> bool:
    """Whether most of the steps likely answer: whatever words it has for what is asked, this sheet did it."""
    return median(step.chance for step in steps) >= _SURE


def _did_what_is_asked(sheet: Sheet, case: Case) -> bool:
    """Whether a sheet did it: by its codes, or else in the trade's words for it; any did where the trade has none."""
    understood = case.reading.understood
    asked = find_expressions(case.reading.asked, case.index) if understood.language != "en" else [understood.expansions]
    if _is_of_its_kind(sheet, case):
        return True
    return all(any(says(sheet, each) for each in alternatives) for alternatives in asked if alternatives)


def _is_of_its_kind(sheet: Sheet, case: Case) -> bool:
    """Whether a kind of démarche is asked for, by its codes, and a sheet is of it."""
    filters = case.reading.understood.filters
    return bool(filters.demarche) and filters.meets("demarche", sheet)


def _find_steps(case: Case, sheet: str) -> list[Finding]:
    """The steps of a sheet that bear on what is asked, all if most do, in the order in which it tells them."""
    own = [each for each in case.read if each.hit.sheet.id == sheet and is_of_steps(each.sentence.passage)]
    as_good = _OF_ITS_KIND if own and _is_of_its_kind(own[0].hit.sheet, case) else _AS_GOOD
    steps = [each for each in own if each.chance >= as_good * case.read[0].chance][:_MOST]
    if len(own) <= _MOST and len(steps) >= _MOSTLY * len(own):
        steps = own
    return group_by_sheet(steps)[0] if steps else []


KIND = Kind("method", "Méthode", _draft, bounded=True)
