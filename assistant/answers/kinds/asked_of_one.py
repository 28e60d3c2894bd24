"""Asked of one: several things that a message asks of one practice, each told in its words, or said to be untold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.answers.kinds.joined import head, renumber
from assistant.answers.kinds.kind import Case
from assistant.answers.kinds.registry import is_exact
from assistant.answers.proofs import choose_proofs
from assistant.answers.there import is_of_each
from assistant.finding.findings import Finding
from assistant.finding.given import judge_given, name_kind
from assistant.reading.asks import Ask
from assistant.wording import describe_sheet, quote
from assistant.wording.missing import say_not_told
from assistant.wording.told import say_nearest

# Of the best sentences, how many are of one sheet where it alone is asked about; fewer where a place is named.
_BEST, _OF_ONE, _OF_ONE_THERE = 8, 7, 5
_MOST, _AS_GOOD = 3, 0.5  # sentences that tell a thing, and of the best one's chance
_NEAREST = 2  # sentences that may tell it
# What answers without a sentence of the sheet, or with more than one: it stays as it is.
_WHOLE: frozenset[KindName] = frozenset({"definition", "notions", "obligation", "contact", "centre", "period", "fact"})
_TOLD_APART: frozenset[KindName] = frozenset({"period", "fact"})  # a figure, or the dates of steps for want of one


@dataclass(frozen=True)
class Told:
    """A thing asked, what it is answered from, and the answer to it alone."""

    ask: Ask
    case: Case
    draft: Draft


def find_one(case: Case, draft: Draft) -> str:
    """The sheet of the practice that a message is about, "" when it is about several or none."""
    if not case.reading.asks or not case.hits or is_exact(draft.kind) or draft.notes or draft.reason == "subject":
        return ""
    best = Counter(each.hit.sheet.id for each in case.found[:_BEST])
    sheet, count = max(best.items(), key=lambda each: each[1], default=("", 0))
    understood = case.reading.understood
    named = next((hit.sheet for hit in case.every if hit.sheet.id == sheet), None)
    enough = count >= (_OF_ONE_THERE if understood.places else _OF_ONE)
    return sheet if enough and named and is_of_each(named, understood, case.index) else ""


def tell_each(told: Sequence[Told], whole: Draft) -> Draft:
    """The practice, then each thing that is asked of it, under the words that ask for it."""
    language, citations = told[0].case.reading.understood.language, Citations()
    blocks = [f"**{head(each.ask.written, language)}**\n\n{_tell(each, citations, language)}" for each in told]
    if not citations.all():  # what answers the whole comes nearer to each than any of its sentences alone
        figures = [block for block, each in zip(blocks, told, strict=True) if name_kind(each.case.aim) == "figure"]
        return whole if whole.abstained else whole.model_copy(update={"text": "\n\n".join([*figures, whole.text])})
    hit = told[0].case.hits[0]
    answered = next((each.draft for each in told if not each.draft.abstained), told[0].draft)
    return Draft(
        kind=answered.kind if not answered.abstained else "advice",
        text="\n\n".join([describe_sheet(hit.sheet, told[0].case.index), *blocks]),
        citations=citations.all(),
        sheets=(hit.sheet.id,),
        notes=tuple(dict.fromkeys(note for each in told for note in each.draft.notes)),
        missing=tuple(dict.fromkeys(word for each in told for word in each.draft.missing)),
    )


def _tell(told: Told, citations: Citations, language: str) -> str:
    """What the sheet tells of a thing: surely, or what comes nearest, or that it does not tell it."""
    case, draft = told.case, told.draft
    given = judge_given(case.read, case.wanted, case.aim)
    kept = draft.kind in _WHOLE and not draft.abstained
    if kept and (draft.kind not in _TOLD_APART or (given == "surely") is (draft.kind == "fact")):
        described = describe_sheet(case.hits[0].sheet, case.index)
        return "\n\n".join(each for each in renumber(draft, citations).split("\n\n") if not each.startswith(described))
    if given == "no":
        return say_not_told(case.reading.fact.quantity if case.reading.fact else "", language)
    chosen = choose_proofs(case.found, _MOST, _MOST, _AS_GOOD)
    lines = " ".join(_quote(each, case, citations) for each in (chosen if given == "surely" else chosen[:_NEAREST]))
    return lines if given == "surely" else f"{say_nearest(language)} {lines}"


def _quote(found: Finding, case: Case, citations: Citations) -> str:
    sheet = found.hit.sheet
    return quote(embolden(found.sentence, sheet, case.aim), citations.cite(found.sentence, sheet.title))
