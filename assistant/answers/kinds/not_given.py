"""Not given: that the sheets shown before do not give the figure asked of them, and what others give, as of others."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers.draft import Citations, Draft
from assistant.answers.excerpts import embolden
from assistant.answers.kinds.kind import Case, has_team
from assistant.answers.there import is_of_each
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding, find_sentences
from assistant.finding.given import judge_given, name_kind
from assistant.finding.meant import rank_meant
from assistant.finding.shown import find_asked_of
from assistant.wording import describe_sheet, quote
from assistant.wording.around import around_words
from assistant.wording.missing import say_given_elsewhere, say_not_given
from index.ranking.retrieval import Hit

_LIKELY, _SURE = 0.3, 0.5  # that a sentence answers, and that its figure is of the kind asked
_MOST = 3  # sheets


def draft_not_given(case: Case) -> Draft | None:
    """That none of the sheets shown gives the figure, None when one does or when it is asked of others."""
    shown = find_asked_of(case.reading, case.sources)
    if case.aim is None or not shown or (case.aim.of_staff and any(map(has_team, shown))):
        return None
    if any(_is_given(hit, case) for hit in shown):
        return None
    language, citations = case.reading.understood.language, Citations()
    others = list(_find_others(case, case.aim, {hit.sheet.id for hit in shown}))[:_MOST]
    lines = [f"- {_write(each, case, citations)}" for each in others]
    told = [say_given_elsewhere(language), "\n".join(lines)] if lines else []
    ask = around_words(language).ask_centre.format(contact=case.sources.contact)
    opening = say_not_given(case.aim.asked.quantity, len(shown), language)
    sheets = tuple(each.sheet.id for each in (*shown, *(found.hit for found in others)))
    return Draft(
        kind="nothing",
        text="\n\n".join([opening, *told, ask]),
        citations=citations.all(),
        abstained=True,
        reason="detail",
        sheets=sheets,
    )


def find_without(case: Case) -> Hit | None:
    """The first sheet of the town of which a figure is asked, when none of its sheets gives it; else None."""
    understood = case.reading.understood
    if case.aim is None or name_kind(case.aim) != "figure" or case.reading.link != "new" or case.aim.of_staff:
        return None
    if not any(place.kind == "commune" and not place.near for place in understood.places):
        return None
    there = [hit for hit in case.hits if is_of_each(hit.sheet, understood, case.index)]
    return there[0] if there and not any(_is_given(hit, case) for hit in there) else None


def _is_given(hit: Hit, case: Case) -> bool:
    """Whether a sheet may give the figure."""
    own = find_sentences(case.reading, case.wanted, [hit], case.index)
    return judge_given(own, case.wanted, case.aim) != "no"


def _find_others(case: Case, aim: Aim, own: set[str]) -> Iterator[Finding]:
    """The sentence of each other sheet that likely gives such a figure, best first."""
    for each in case.found:
        sheet = each.hit.sheet
        meant = rank_meant(each.sentence, sheet, aim) if sheet.id not in own and each.chance >= _LIKELY else []
        if meant and meant[0].chance >= _SURE:
            own.add(sheet.id)
            yield each


def _write(found: Finding, case: Case, citations: Citations) -> str:
    """A sheet with its sentence."""
    sheet = found.hit.sheet
    told = quote(embolden(found.sentence, sheet, case.aim), citations.cite(found.sentence, sheet.title))
    return f"{describe_sheet(sheet, case.index)}\n\n  {told}"
