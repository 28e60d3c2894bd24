"""Contact: who carries the practices that a question is about, where to write to them, and who puts in touch."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.nothing import draft_nothing
from assistant.answers.lines import Line, of_role, quote_line, read_lines
from assistant.answers.there import keep_place
from assistant.answers.unmet import keep_fitting
from assistant.finding.signs import stands_out
from assistant.wording import (
    CONTACT,
    CONTACT_CENTRE,
    CONTACT_MANY,
    CONTACT_TEAM,
    describe_address,
    describe_sheet,
    escape,
    link_site,
)
from index.opened import Index
from index.ranking.retrieval import Hit
from ingest.sheet import Sheet

_MANY = 5  # sheets
_TEAM, _LONGEST = 2, 40  # lines on the team; words of each
_FAR = 0.35  # of the best one's relevance: those who are asked among several carry what was asked about


def _draft(case: Case) -> Draft | Passed:
    reading, hits = case.reading, [hit for hit in case.hits if hit.sheet.kind == "practice"]
    if not reading.form.contact:
        return Passed("elle ne demande pas à qui s'adresser")
    if case.abstention and case.abstention.reason in ("place", "name"):
        return draft_nothing(case.abstention, case.hits, case.index, case.sources.contact, reading.understood.language)
    about = bool(reading.understood.places or reading.only)
    if not hits or (not about and (reading.centre == "surely" or case.hits[0].sheet.kind == "page")):
        return Passed("elle porte sur le centre")
    if case.abstention and case.abstention.reason != "detail":
        return Passed(f"les fiches trouvées n'en parlent pas{case.chances}")
    hits = keep_place(keep_fitting(hits), reading.understood, case.index)
    one = reading.single or len(reading.only) == 1 or stands_out(hits)
    return _tell_one(hits[0], case) if one else _tell_many(hits, case)


def _tell_one(hit: Hit, case: Case) -> Draft:
    """Who carries one practice, and what its sheet says of those who work on it."""
    sheet, citations = hit.sheet, Citations()
    organisation = escape(sheet.organisation or sheet.title)
    reached = _reach(sheet)
    blocks = [CONTACT.format(organisation=organisation, reached=f"\u00a0: {reached}" if reached else ".")]
    if told := _find_reaching(read_lines(hit), sheet):
        blocks.append(quote_line(told, sheet, citations, _LONGEST))
    if team := of_role(read_lines(hit), "team")[:_TEAM]:
        quotes = "\n".join(f"- {quote_line(line, sheet, citations, _LONGEST)}" for line in team)
        blocks += [CONTACT_TEAM, quotes]
    blocks += [describe_sheet(sheet, case.index), CONTACT_CENTRE.format(contact=case.sources.contact)]
    return Draft(kind="contact", text="\n\n".join(blocks), citations=citations.all(), sheets=(sheet.id,))


def _find_reaching(lines: Sequence[Line], sheet: Sheet) -> Line | None:
    """The line of a sheet that gives where it is reached, or else the one that says who carries it."""
    street = describe_address(sheet).partition(",")[0]
    host = urlsplit(sheet.website).netloc.removeprefix("www.") if sheet.website else ""
    reaching = (line for line in lines if any(each and each in line.text for each in (street, host, "@")))
    return next(reaching, next(iter(of_role(lines, "organisation")), None))


def _tell_many(hits: list[Hit], case: Case) -> Draft:
    """Who carries each of the practices that come nearest."""
    near = [hit for hit in hits if hit.relevance >= hits[0].relevance * (1 - _FAR)][:_MANY]
    lines = "\n".join(f"- {_tell_line(hit.sheet, case.index)}" for hit in near)
    text = "\n\n".join([CONTACT_MANY, lines, CONTACT_CENTRE.format(contact=case.sources.contact)])
    return Draft(kind="contact", text=text, sheets=tuple(hit.sheet.id for hit in near))


def _tell_line(sheet: Sheet, index: Index) -> str:
    return "\u00a0: ".join(part for part in (describe_sheet(sheet, index), _reach(sheet)) if part)


def _reach(sheet: Sheet) -> str:
    """ "Place Paul Mennegand, 54801 Jarny ; https://www.jarny.fr", "" when the sheet tells neither."""
    site = link_site(sheet.website) if sheet.website else ""
    return "\u00a0; ".join(part for part in (escape(describe_address(sheet)), site) if part)


KIND = Kind("contact", "À qui s'adresser", _draft, dated=False, exact=True, pointed=True)
