"""Advice: what sheets say of effects, difficulties and what helped."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import pass_on, tell_best
from assistant.answers.proofs import choose_proofs
from assistant.finding.findings import Finding
from assistant.wording.missing import say_no_difficulty
from index.aspects.aspects import ASPECTS
from language.grammar import Grammar
from language.text import read_text

_ASKING = Grammar("asking")
_DIFFICULTY = ASPECTS.index("difficulte")
_SURE = 0.7  # of 54 labelled questions that want difficulties at least so much, all do
# What tells no difficulty counts so much then. The first sentence answers .70 of these questions instead of .63, and
# .53 of what is told is asked for instead of .48: strengths stand beside the difficulties that were overcome.
_BESIDE = 0.3
_TOLD = 0.3  # that a sentence tells a difficulty: of 40 labelled questions, what is quoted for 1 tells none


def _draft(case: Case) -> Draft | Passed:
    if case.wants != "advice":
        return pass_on(case)
    found = _put_difficulties_first(case)
    drafted = tell_best(case, "advice", "advice", found)
    named = _ASKING.has("difficulty", read_text(case.reading.asked, case.reading.understood.language))
    wanted = named or case.wanted.aspects[_DIFFICULTY] >= _SURE
    if not wanted or any(_tell(each) >= _TOLD for each in choose_proofs(found)):
        return drafted
    lacking = say_no_difficulty(case.reading.understood.language)
    return drafted.model_copy(update={"text": f"{lacking}\n\n{drafted.text}"})


def _put_difficulties_first(case: Case) -> list[Finding]:
    """The sentences found, those that tell a difficulty first where pitfalls or limits are asked."""
    if case.wanted.aspects[_DIFFICULTY] < _SURE:
        return case.found
    weighed = [replace(each, chance=each.chance * (_BESIDE + (1 - _BESIDE) * _tell(each))) for each in case.found]
    return sorted(weighed, key=lambda each: -each.chance)


def _tell(found: Finding) -> float:
    """How likely a sentence tells a difficulty."""
    return 0.0 if found.sentence.aspects is None else float(found.sentence.aspects[_DIFFICULTY])


KIND = Kind("advice", "Conseils", _draft, bounded=True, near=True)
