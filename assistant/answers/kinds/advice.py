"""Advice: what sheets say of effects, difficulties and what helped."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import pass_on, tell_best
from assistant.finding.findings import Finding
from index.aspects.aspects import ASPECTS

_DIFFICULTY = ASPECTS.index("difficulte")
_SURE = 0.7  # of 54 labelled questions that want difficulties at least so much, all do
# What tells no difficulty counts so much then. The first sentence answers .70 of these questions instead of .63, and
# .53 of what is told is asked for instead of .48: strengths stand beside the difficulties that were overcome.
_BESIDE = 0.3


def _draft(case: Case) -> Draft | Passed:
    if case.wants != "advice":
        return pass_on(case)
    return tell_best(case, "advice", "advice", _put_difficulties_first(case))


def _put_difficulties_first(case: Case) -> list[Finding]:
    """The sentences found, those that tell a difficulty first where pitfalls or limits are asked."""
    if case.wanted.aspects[_DIFFICULTY] < _SURE:
        return case.found
    weighed = [replace(each, chance=each.chance * (_BESIDE + (1 - _BESIDE) * _tell(each))) for each in case.found]
    return sorted(weighed, key=lambda each: -each.chance)


def _tell(found: Finding) -> float:
    """How likely a sentence tells a difficulty."""
    return 0.0 if found.sentence.aspects is None else float(found.sentence.aspects[_DIFFICULTY])


KIND = Kind("advice", "Conseils", _draft, bounded=True)
