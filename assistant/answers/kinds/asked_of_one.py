"""Asked of one: several things asked of one practice, or of a few: each is told in its words, or said to be untold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.answers.kinds.joined import head, renumber
from assistant.answers.kinds.kind import Case
from assistant.answers.kinds.nothing import draft_no_detail
from assistant.answers.kinds.registry import is_exact
from assistant.answers.proofs import choose_proofs
from assistant.answers.there import find_each, is_of_each
from assistant.finding.findings import Finding
from assistant.finding.given import holds_figure, judge_given, name_kind
from assistant.reading.asks import Ask
from assistant.reading.superlative import read_superlative
from assistant.wording import describe_sheet, escape, quote
from assistant.wording.missing import say_not_told
from assistant.wording.told import say_nearest
from ingest.sheet import Sheet
from language.text import read_text

# Of the best sentences, how many are of one sheet where it alone is asked about; fewer where a place is named.
_BEST, _OF_ONE, _OF_ONE_THERE = 8, 7, 5
_MOST, _AS_GOOD = 3, 0.5  # sentences that tell a thing, and of the best one's chance
_PRACTICES = 3  # of which things are asked at once
_NEAREST = 2  # sentences that may tell it
# What answers without a sentence of the sheet, or with more than one: it stays as it is.
_WHOLE: frozenset[KindName] = frozenset(
    {"definition", "notions", "obligation", "contact", "carrier", "centre", "period", "fact"}
)
_TOLD_APART: frozenset[KindName] = frozenset({"period", "fact"})  # a figure, or the dates of steps for want of one


@dataclass(frozen=True)
class Told:
    """A thing asked of the practice of a sheet, what it is answered from, and the answer to it alone."""

    ask: Ask
    sheet: Sheet
    case: Case
    draft: Draft


def find_practices(case: Case, draft: Draft) -> tuple[Sheet, ...]:
    """The sheets of the practices of which a message asks its things: one, or those of the places that it names.

    None when it asks of sheets at large, as for examples or a list.
    """
    if not list_asks(case) or not case.hits or draft.notes or draft.reason in ("subject", "place", "name"):
        return ()
    if draft.abstained and not case.reading.asks:
        return ()
    if draft.kind == "comparison":  # what it compares by, one noun after the other, stands side by side in its table
        written = any(each.question == each.written for each in list_asks(case))
        compared = map(case.index.find_sheet, draft.sheets[:_PRACTICES])
        return tuple(sheet for sheet in compared if sheet and written)
    best = [each.hit.sheet for each in case.found[:_BEST]]
    if not best or (is_exact(draft.kind) and not _asks_of_places(case)):
        return ()
    understood = case.reading.understood
    sheet, count = Counter(each.id for each in best).most_common(1)[0]
    first = next(each for each in best if each.id == sheet)
    if count >= (_OF_ONE_THERE if understood.places else _OF_ONE) and is_of_each(first, understood, case.index):
        return (first,)
    there = find_each((hit.sheet for hit in (*case.hits, *case.further)), understood, case.index)
    told = [each for each in best if each in there]
    return there[:_PRACTICES] if len(there) > 1 and len(told) >= _OF_ONE_THERE else ()


def list_asks(case: Case) -> tuple[Ask, ...]:
    """What a message asks, one thing after the other; a figure asked of several places at once is one thing too."""
    reading = case.reading
    compares = reading.form.comparison and not reading.comparison.criteria  # its table has a line for each criterion
    if not reading.asks and (_asks_of_places(case) or (compares and name_kind(case.aim) == "figure")):
        return (Ask(written=reading.written, question=reading.written),)
    return reading.asks


def _asks_of_places(case: Case) -> bool:
    """Whether a figure, or which is most or least, is asked of towns that are named: "Rennes ou Angers, qui a… ?"."""
    reading = case.reading
    if reading.form.comparison:
        return False
    towns = {place.name for place in reading.understood.places if place.kind == "commune" and not place.near}
    most = read_superlative(read_text(reading.asked, reading.understood.language))
    return len(towns) > 1 and (name_kind(case.aim) == "figure" or most is not None)


def tell_each(told: Sequence[Told], whole: Draft) -> Draft:
    """What is asked, thing by thing, under the words that ask for it: of the practice, or of each of several."""
    language, citations = told[0].case.reading.understood.language, Citations()
    sheets = {each.sheet.id: each.sheet for each in told}
    blocks: dict[Ask, str] = {}
    for ask in dict.fromkeys(each.ask for each in told):
        own = [each for each in told if each.ask == ask]
        bodies = [_tell(each, citations, language) for each in own]
        if len(sheets) > 1:
            bodies = [f"- {_name(each.sheet)}\u00a0: {_join(body)}" for each, body in zip(own, bodies, strict=True)]
        named = [f"**{head(ask.written, language)}**"] if len(told) > len(sheets) else []
        blocks[ask] = "\n\n".join([*named, "\n".join(bodies)])
    if not citations.all():
        return _leave_to(whole, told, blocks)
    practice = [] if len(sheets) > 1 else [describe_sheet(told[0].sheet, told[0].case.index)]
    answered = next((each.draft for each in told if not each.draft.abstained), told[0].draft)
    return Draft(
        kind=answered.kind if not answered.abstained else "advice",
        text="\n\n".join([*practice, *blocks.values()]),
        citations=citations.all(),
        sheets=tuple(sheets),
        notes=tuple(dict.fromkeys(note for each in told for note in each.draft.notes)),
        missing=tuple(dict.fromkeys(word for each in told for word in each.draft.missing)),
    )


def _leave_to(whole: Draft, told: Sequence[Told], blocks: Mapping[Ask, str]) -> Draft:
    """The answer to the whole message, after what is told of none: it comes nearer than any sentence to one thing.

    Where it answers, words may tell another way what no figure does; where figures alone are asked, they do not.
    """
    if all(name_kind(each.case.aim) == "figure" for each in told) and not whole.abstained:
        whole = told[0].draft if told[0].draft.abstained else draft_no_detail(told[0].case, told[0].case.hits)
    if whole.abstained:
        return whole.model_copy(update={"text": "\n\n".join([*blocks.values(), *whole.text.split("\n\n")[1:]])})
    figures = dict.fromkeys(each.ask for each in told if name_kind(each.case.aim) == "figure")
    return whole.model_copy(update={"text": "\n\n".join([*(blocks[ask] for ask in figures), whole.text])})


def _name(sheet: Sheet) -> str:
    """A practice in a line on several: its title and its place."""
    return f"**{escape(sheet.title)}** ({escape(sheet.place.commune or sheet.organisation)})"


def _join(body: str) -> str:
    """A text of several paragraphs as one, for a line of a list."""
    return " ".join(line.strip() for line in body.split("\n") if line.strip())


def _tell(told: Told, citations: Citations, language: str) -> str:
    """What the sheet tells of a thing: surely, or what comes nearest, or that it does not tell it."""
    case, draft = told.case, told.draft
    if not case.reading.needs_search:  # what is asked for is refused, whatever the sheet
        return draft.text
    given = judge_given(case.read, case.wanted, case.aim)
    if case.tells_team and draft.kind == "fact":
        given = "surely"
    kept = draft.kind in _WHOLE and not draft.abstained
    if kept and (draft.kind not in _TOLD_APART or (given == "surely") is (draft.kind == "fact")):
        described = describe_sheet(told.sheet, case.index)
        return "\n\n".join(each for each in renumber(draft, citations).split("\n\n") if described not in each)
    if given == "no":
        return say_not_told(case.reading.fact.quantity if case.reading.fact else "", language)
    chosen = choose_proofs(case.found, _MOST, _MOST, _AS_GOOD)
    surely = given == "surely" and _is_held(chosen, case)
    lines = " ".join(_quote(each, case, citations) for each in (chosen if surely else chosen[:_NEAREST]))
    return lines if surely else f"{say_nearest(language)} {lines}"


def _is_held(chosen: Sequence[Finding], case: Case) -> bool:
    """Whether one of these sentences holds a figure of the kind that is asked, if one is."""
    aim = case.aim
    return aim is None or name_kind(aim) != "figure" or any(holds_figure(each, aim) for each in chosen)


def _quote(found: Finding, case: Case, citations: Citations) -> str:
    sheet = found.hit.sheet
    return quote(embolden(found.sentence, sheet, case.aim), citations.cite(found.sentence, sheet.title))
