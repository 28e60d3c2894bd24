"""Listing: how many sheets, and which, computed from the catalogue: exact, with what was counted said in words."""

from __future__ import annotations

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import read_all_lines, shorten
from assistant.answers.saying import find_saying, is_known
from assistant.answers.selection import Selection, select_sheets
from assistant.reading.listed import Listed
from assistant.wording import (
    ASK_CENTRE,
    LISTED_BY_CODES,
    LISTED_MORE,
    LISTED_NONE,
    LISTED_NONE_MANY,
    LISTED_SOME,
    LISTED_SOME_MANY,
    LISTED_TOTAL,
    LISTED_TOTAL_EXAMPLES,
    UNLISTED_WORDS,
    count,
    escape,
)
from index.filters import Filters
from index.opened import Index
from index.passages import Sentence
from index.understood import Understood
from ingest.sheet import Sheet
from language.letters import fold

_SHOWN = 20
_SHOWN_OF_ALL = 3
_QUOTED = 30  # words of the passage that a line of a list opens


def _draft(case: Case) -> Draft | Passed:
    """The sheets that a question counts or lists."""
    reading, index = case.reading, case.index
    if reading.listed is None or reading.centre == "surely":
        return Passed("la question ne compte ni ne liste de fiches")
    if case.compared.is_sure:
        return Passed("elle compare des démarches nommées")
    return _list(reading.listed, reading.understood, index, case.filters, case.sources.contact)


def _list(
    listed: Listed, understood: Understood, index: Index, filters: Filters | None, contact: str
) -> Draft | Passed:
    unsaid = list(listed.unsaid)
    written = _written(unsaid, listed.text) if unsaid else ""
    if unsaid and not (listed.sheets or listed.about or (listed.towns and is_known(written, index))):
        return Passed(f"ce qui est compté n'est pas une fiche : « {written} »")  # "combien de projets retenus ?"
    if listed.towns and not understood.filters.porteur:
        sized = understood.filters.model_copy(update={"porteur": tuple(index.lexicon.population)})
        understood = understood.model_copy(update={"filters": sized})
    selection = select_sheets(listed.text, understood, filters, index)
    if unsaid and selection.criteria and not listed.counted:
        return Passed(f"la recherche trouve ce qu'aucun filtre ne dit : « {written} »")
    if unsaid:
        saying = find_saying(written, index)
        selection.keep(saying.mask, f"texte qui contient {_tell_parts(saying.parts)}")
    return _write(selection, unsaid, index, contact)


def _written(words: list[str], question: str) -> str:
    """The words as the question has them, with the small ones between: "tirage au sort"."""
    start, end = question.index(words[0]), question.rindex(words[-1]) + len(words[-1])
    whole = question[start:end]
    return whole if len(whole.split()) <= len(words) + 2 else " ".join(words)


def _tell_parts(parts: tuple[tuple[str, ...], ...]) -> str:
    """ "« tirage au sort » ou « tiré au sort » et « école »": all that was counted as saying it."""
    return " et ".join(" ou ".join(f"«\u00a0{each}\u00a0»" for each in alternatives) for alternatives in parts)


def _write(selection: Selection, unsaid: list[str], index: Index, contact: str) -> Draft:
    found = [sheet for sheet, taken in zip(index.sheets, selection.mask.tolist(), strict=True) if taken]
    if not found:
        return _write_none(selection, index, contact)
    ordered = sorted(found, key=lambda sheet: (-(sheet.last_year or 0), fold(sheet.organisation), sheet.id))
    shown = ordered[: _SHOWN if selection.criteria else _SHOWN_OF_ALL]
    citations = Citations()
    lines = [f"{number}. {_name(sheet)}{_open(sheet, index, citations)}" for number, sheet in enumerate(shown, start=1)]
    counted = f"**{count(len(found), 'fiche')}**"
    if selection.criteria:
        some = LISTED_SOME_MANY if len(selection.criteria) > 1 else LISTED_SOME
        blocks = [some.format(count=counted, total=len(index.practices), criteria=_tell_criteria(selection))]
    else:
        blocks = [LISTED_TOTAL.format(count=counted), _by_programme(found, index), LISTED_TOTAL_EXAMPLES]
    blocks.append("\n".join(lines))
    if selection.criteria and len(found) > len(shown):
        blocks.append(LISTED_MORE.format(count=count(len(found) - len(shown), "autre")))
    blocks += [LISTED_BY_CODES] if selection.coded else []
    blocks += [UNLISTED_WORDS] if unsaid else []
    text = "\n\n".join(block for block in blocks if block)
    sheets = tuple(sheet.id for sheet in ordered)
    return Draft(kind="listing", text=text, citations=citations.all(), sheets=sheets)


def _write_none(selection: Selection, index: Index, contact: str) -> Draft:
    none = LISTED_NONE_MANY if len(selection.criteria) > 1 else LISTED_NONE
    told = none.format(total=len(index.practices), criteria=_tell_criteria(selection))
    return Draft(
        kind="listing", text=f"{told}\n\n{ASK_CENTRE.format(contact=contact)}", abstained=True, reason="subject"
    )


def _tell_criteria(selection: Selection) -> str:
    return " ; ".join(escape(criterion) for criterion in selection.criteria)


def _name(sheet: Sheet) -> str:
    details = ", ".join(escape(part) for part in (sheet.organisation, sheet.edition) if part)
    return f"**{escape(sheet.title)}**" + (f" – {details}" if details else "")


def _open(sheet: Sheet, index: Index, citations: Citations) -> str:
    """The mark that opens a sheet at its first passage."""
    lines = read_all_lines(sheet, index)
    if not lines:
        return ""
    text = shorten(lines[0].text, _QUOTED)
    return f"\u00a0[{citations.cite(Sentence(lines[0].passage, text, 0.0), sheet.title)}]"


def _by_programme(sheets: list[Sheet], index: Index) -> str:
    programmes = index.manifest.programmes
    counts = {code: sum(sheet.source == code for sheet in sheets) for code in programmes}
    return "\n".join(f"- {escape(programmes[code])} : {number}" for code, number in counts.items() if number)


KIND = Kind("listing", "Liste ou décompte", _draft, dated=False, exact=True)
