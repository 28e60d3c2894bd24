"""Comparison: two to five practices side by side, a source in each cell, "non renseigné" where a sheet says nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.compared import Compared
from assistant.answers.criteria import CRITERIA, STEPS, Cell, Practice
from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import quote_text, read_all_lines
from assistant.reading.comparison import Criterion
from assistant.wording import (
    COMPARISON,
    COMPARISON_CRITERION,
    COMPARISON_MISSING,
    COMPARISON_NOT_GIVEN,
    COMPARISON_OTHERS,
    COMPARISON_ROWS,
    NOT_GIVEN,
    describe_origin,
    describe_place,
    escape,
    place_page,
)
from index.opened import Index
from ingest.sheet import Sheet


def _draft(case: Case) -> Draft | Passed:
    """The table of the practices compared, when two at least are known."""
    compared, hits = case.compared, case.hits
    if not case.reading.form.comparison:
        return Passed("la question ne compare rien")
    if case.reading.centre == "surely" or (hits and hits[0].sheet.kind == "page" and not compared.is_sure):
        return Passed("elle porte sur le centre")
    if len(compared.sheets) < 2 or compared.stands_alone:
        return Passed("moins de deux démarches sont reconnues")
    if not compared.is_sure and case.abstention:
        return Passed("les fiches trouvées n'y répondent pas")
    sheets = [sheet for sheet in map(case.index.find_sheet, compared.sheets) if sheet]
    return draft_comparison(sheets, compared, case.reading.comparison.criteria, case.index)


def draft_comparison(sheets: list[Sheet], compared: Compared, asked: Sequence[Criterion], index: Index) -> Draft:
    """A table with a row for each criterion that some sheet tells of, those asked first and though none does, and a
    column for each practice.
    """
    practices = [Practice(sheet, read_all_lines(sheet, index), set()) for sheet in sheets]
    citations = Citations()
    told = {}
    for name in [*asked, *(each for each in CRITERIA if each not in asked and each != STEPS)]:
        pairs = [(CRITERIA[name](practice), practice) for practice in practices]
        told[name] = COMPARISON_ROWS[name], [_write(cell, practice, citations) for cell, practice in pairs]
    rows = [
        (COMPARISON_ROWS["organisation"], [_describe_owner(practice.sheet) for practice in practices]),
        (COMPARISON_ROWS["origine"], [escape(describe_origin(practice.sheet, index)) for practice in practices]),
        (COMPARISON_ROWS["demarche"], [_describe_codes(practice.sheet, index) for practice in practices]),
    ]
    first = [told.pop(name) for name in asked]
    rows += told.values()
    table = _write_table([sheet.title for sheet in sheets], [*first, *(row for row in rows if any(row[1]))])
    unknown = [name.lower() for name, cells in rows if not any(cells)]
    blocks = [COMPARISON, table]
    blocks += [COMPARISON_NOT_GIVEN.format(criteria=", ".join(unknown))] if unknown else []
    missing = escape(", ".join(compared.missing))
    blocks += [COMPARISON_MISSING.format(names=missing)] if missing else []
    blocks += [
        COMPARISON_OTHERS.format(place=escape(place), titles=", ".join(f"« {escape(title)} »" for title in titles))
        for place, titles in compared.others
    ]
    ids = tuple(sheet.id for sheet in sheets)
    return Draft(kind="comparison", text="\n\n".join(blocks), citations=citations.all(), sheets=ids)


def _describe_owner(sheet: Sheet) -> str:
    return escape(", ".join(dict.fromkeys(part for part in (sheet.organisation, describe_place(sheet)) if part)))


def _describe_codes(sheet: Sheet, index: Index) -> str:
    facet = index.manifest.facets.get("demarche")
    return escape(", ".join(facet.labels.get(code, code) for code in sheet.demarche)) if facet else ""


def _write(cells: list[Cell], practice: Practice, citations: Citations) -> str:
    quoted = (
        quote_text(cell.passage, cell.text, practice.sheet, citations) + place_page(cell.passage.page) for cell in cells
    )
    return " → ".join(quoted)


def _write_table(titles: list[str], rows: list[tuple[str, list[str]]]) -> str:
    head = [COMPARISON_CRITERION, *(escape(title) for title in titles)]
    lines = [_row(head), _row(["---"] * len(head))]
    lines += [_row([f"**{name}**", *(cell or NOT_GIVEN for cell in cells)]) for name, cells in rows]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    """A row of a Markdown table: `escape` has taken care of "|", and a line break would end the row."""
    return "| " + " | ".join(" ".join(cell.split("\n")) for cell in cells) + " |"


KIND = Kind("comparison", "Comparaison", _draft, exact=True)
