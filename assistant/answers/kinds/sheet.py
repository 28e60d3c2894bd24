"""One sheet: its card, in its own words: key points, what it is, steps in order, partners, lessons, site."""

from __future__ import annotations

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import Line, is_lesson, is_step, of_role, quote_line, read_lines
from assistant.answers.named import find_named, name_words
from assistant.reading.form import Form
from assistant.wording import (
    CARD_FURTHER,
    CARD_LESSONS,
    CARD_PARTNERS,
    CARD_SITE,
    CARD_STEPS,
    CARD_TEAM,
    COMPARISON_ALONE,
    describe_sheet,
    escape,
    link_site,
    place_page,
)
from index.opened import Index
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from ingest.sheet import Sheet

_POINTS, _STEPS, _TEAM, _LESSONS, _FURTHER = 3, 8, 4, 2, 2
_SHORTEST = 8  # words
_SAME = 0.7  # a line with that share of its words in one line of the sheet says the same
_POINT, _STEP, _ABOUT, _PARTNER = 40, 28, 60, 35  # words quoted at most
# What a question that only points at a sheet is made of: "et le deuxième ?", "celui de Rennes", "the last one".
_POINTING = frozenset(
    name_words(
        """
        celui celle premier première deuxième second seconde troisième quatrième cinquième dernier dernière autre numéro
        fiche exemple projet démarche cas ville commune parle raconte présente détaille résume montre dis savoir plus
        davantage voir and the first second third fourth fifth last one sheet example other about tell
        """
    )
)


def find_told(form: Form, hits: list[Hit], index: Index, *, pointed: bool) -> Hit | None:
    """The hit that a question wants told as a whole, None when it asks for something else.

    It is the first one when the question `pointed` at one of those shown before, and else the one that it names.
    """
    if not form.card or not hits:
        return None
    if pointed:
        known = index.catalogue.names[index.catalogue.rows[hits[0].sheet.id]] | _POINTING
        return hits[0] if form.told or name_words(form.subject) <= known else None
    named = find_named(form.subject, index, alone=not form.told)
    return next((hit for hit in hits if named and hit.sheet.id == named.id), None)


def _draft(case: Case) -> Draft | Passed:
    """The card of the one sheet that a question wants told as a whole."""
    reading, compared, hits = case.reading, case.compared, list(case.hits)
    if reading.centre == "surely":
        return Passed("elle porte sur le centre")
    if compared.stands_alone and (alone := [hit for hit in hits if hit.sheet.id in compared.sheets]):
        missing = COMPARISON_ALONE.format(names=escape(", ".join(compared.missing)))
        return draft_sheet(alone[0], case.index, missing)
    told = None if reading.form.comparison else find_told(reading.form, hits, case.index, pointed=reading.single)
    return draft_sheet(told, case.index) if told else Passed("elle ne demande pas une fiche entière")


def draft_sheet(hit: Hit, index: Index, before: str = "") -> Draft:
    """The card of a sheet, `before` which a line may stand; what its reader may not see is not in the hit."""
    sheet, citations = hit.sheet, Citations()
    lines = read_lines(hit)
    own = [line for line in lines if line.passage.page is None]
    blocks = [before] if before else []
    blocks += [describe_sheet(sheet, index)]
    points = of_role(own, "lesson") or [line for line in own if is_lesson(line)]
    about = of_role(own, "summary", "introduction") or [line for line in own if line not in points]
    blocks += _list("", points[:_POINTS], _POINT, sheet, citations)
    blocks += [quote_line(line, sheet, citations, _ABOUT) for line in about[:1]]
    blocks += _list(CARD_STEPS, [line for line in own if is_step(line)][:_STEPS], _STEP, sheet, citations, ordered=True)
    blocks += _list(CARD_TEAM, of_role(own, "team")[:_TEAM], _STEP, sheet, citations)
    blocks += _list(CARD_PARTNERS, of_role(own, "partners")[:1], _PARTNER, sheet, citations)
    lessons = [line for line in own if is_lesson(line) and line not in points]
    blocks += _list(CARD_LESSONS, lessons[:_LESSONS], _POINT, sheet, citations)
    blocks += _list(CARD_FURTHER, _choose_further(lines), _POINT, sheet, citations)
    blocks += [CARD_SITE.format(site=link_site(sheet.website))] if sheet.website else []
    return Draft(kind="sheet", text="\n\n".join(blocks), citations=citations.all(), sheets=(sheet.id,))


def _list(
    title: str, lines: list[Line], longest: int, sheet: Sheet, citations: Citations, *, ordered: bool = False
) -> list[str]:
    """A titled list of quotes, none without lines; the date or the name of a step stands before it."""
    items = [
        f"{f'{number}.' if ordered else '-'} {_before(line)}{quote_line(line, sheet, citations, longest)}"
        f"{place_page(line.passage.page)}"
        for number, line in enumerate(lines, start=1)
    ]
    block = "\n".join(items)
    return [f"**{title}**\n\n{block}" if title else block] if items else []


def _before(line: Line) -> str:
    return f"**{escape(line.dated)}** : " if line.dated else ""


def _choose_further(lines: list[Line]) -> list[Line]:
    """What the members' document says of lessons, or nearest to the question, and the sheet itself does not."""
    known = [set(split_words(line.text)) for line in lines if line.passage.page is None]
    inside = [
        line
        for line in lines
        if line.passage.page is not None and len(line.text.split()) > _SHORTEST and not _repeats(line, known)
    ]
    lessons = [line for line in inside if is_lesson(line)] or inside
    chosen = sorted(lessons, key=lambda line: -line.similarity)[:_FURTHER]
    return sorted(chosen, key=lambda line: (line.passage.order, line.row))


def _repeats(line: Line, known: list[set[str]]) -> bool:
    words = set(split_words(line.text))
    return any(len(words & each) >= _SAME * len(words) for each in known)


KIND = Kind("sheet", "Une fiche", _draft)
