"""Listing: how many sheets, and which, computed from the catalogue: exact, with what was counted said in words."""

from __future__ import annotations

from collections import Counter

import numpy as np

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.counted import counts_surely, lists_surely, suppose
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import read_all_lines, shorten
from assistant.answers.listed_beside import tell_beside, tell_figure
from assistant.answers.saying import Saying, find_narrower, find_words, is_known, tell_parts, write_words
from assistant.answers.selection import Selection, name_column, select_sheets
from assistant.finding.aim import aim_of_each
from assistant.reading.listed import Listed, leave_common
from assistant.reading.organisation_kinds import find_of_kinds
from assistant.reading.understanding import understand
from assistant.wording import (
    LISTED_AMONG,
    LISTED_AREAS,
    LISTED_BY_CODES,
    LISTED_COLUMN,
    LISTED_MORE,
    LISTED_NONE,
    LISTED_NONE_MANY,
    LISTED_OF,
    LISTED_SHARE,
    LISTED_SOME,
    LISTED_SOME_MANY,
    LISTED_TOTAL,
    LISTED_TOTAL_EXAMPLES,
    LISTED_WIDER,
    LISTED_WITHOUT,
    UNLISTED_WORDS,
    count,
    describe_filter,
    describe_kinds,
    escape,
)
from assistant.wording.around import around_words
from index.filters import FilterKey
from index.opened import Index
from index.passages import Sentence
from index.understood import Understood
from ingest.sheet import Facet, Sheet
from language.letters import fold

_SHOWN = 20
_SHOWN_OF_ALL = 3
_WIDER = 5
_NARROWED: tuple[Facet, ...] = ("demarche", "thematique")
_NOT_SAID = "non renseigné"
_QUOTED = 30  # words of the passage that a line of a list opens


def _draft(case: Case) -> Draft | Passed:
    """The sheets that a question counts or lists."""
    reading, index = case.reading, case.index
    listed = reading.listed or suppose(case)
    if listed is None or reading.centre == "surely":
        return Passed("la question ne compte ni ne liste de fiches")
    if case.compared.is_sure:
        return Passed("elle compare des démarches nommées")
    said = reading.understood if reading.listed else understand(listed.text, index.lexicon)
    understood = _leave_column(listed, reading.form.by_column, said, index)
    return _list(case, listed, understood)


def _leave_column(listed: Listed, named: str | None, understood: Understood, index: Index) -> Understood:
    """What is understood without what the name of a column alone says: "par région" asks for no region's own sheets."""
    if not listed.column or not named:
        return understood
    of_name, of_rest = (understand(text, index.lexicon).filters.porteur for text in (named, listed.text))
    kept = tuple(code for code in understood.filters.porteur if code in of_rest or code not in of_name)
    return understood.model_copy(update={"filters": understood.filters.model_copy(update={"porteur": kept})})


def _list(case: Case, listed: Listed, understood: Understood) -> Draft | Passed:
    index = case.index
    unsaid = list(listed.unsaid)
    written = write_words(unsaid, listed.text) if unsaid else ""
    counts = (
        listed.sheets or listed.about or listed.share or listed.column or (listed.towns and is_known(written, index))
    ) or (listed.counted and counts_surely(case))
    if unsaid and not (counts or listed.bounded or not listed.counted):
        return Passed(f"ce qui est compté n'est pas une fiche : « {written} »")  # "combien de projets retenus ?"
    if listed.towns and not understood.filters.porteur:
        sized = understood.filters.model_copy(update={"porteur": tuple(index.lexicon.population)})
        understood = understood.model_copy(update={"filters": sized})
    selection, wider = _narrow(case, listed, understood)
    if selection.criteria or len(unsaid) > 1:  # beside another criterion, what nearly every sheet says tells none apart
        rest = leave_common(unsaid, listed.text, index)
        unsaid = rest if selection.criteria else rest or unsaid
        written = write_words(unsaid, listed.text) if unsaid else ""
    if listed.among and not unsaid and len(selection.criteria) < 2:
        return Passed("elle ne dit pas lesquelles des fiches montrées")
    searched = not listed.counted and (selection.criteria or not counts)
    if unsaid and searched and not lists_surely(case):
        return Passed(f"la recherche trouve ce qu'aucun filtre ne dit : « {written} »")
    if unsaid:
        wider = np.zeros_like(wider)
        saying = find_words(unsaid, listed.text, "either", index)
        if not (selection.mask & saying.mask).any():  # "les ados et les jeunes adultes" may mean either
            saying = find_words(unsaid, listed.text, "either_or_both", index)
        selection.keep(saying.mask, f"texte qui contient {tell_parts(saying.parts)}")
    if case.reading.listed is None and not listed.column and not (selection.criteria and selection.mask.any()):
        return Passed("elle ne dit rien par quoi compter des fiches")
    return _write(case, selection, listed, unsaid, wider)


def _narrow(case: Case, listed: Listed, understood: Understood) -> tuple[Selection, np.ndarray]:
    """The sheets that meet what is listed, and those besides that only have the codes its words stand for: (sheets,).

    "Plan climat" stands for the theme "Environnement", of which it is a part: the sheets that say it are listed.
    """
    whole, said = _select(case, listed, understood), dict[Facet, Saying]()
    for facet in _NARROWED:
        if not understood.filters.values(facet):
            continue
        narrower = find_narrower(listed.text, facet, case.index, case.sources.encoder)
        coded = case.index.catalogue.meeting(facet, understood.filters)
        if narrower and narrower.mask.sum() <= coded.sum():
            said[facet] = narrower
    if not said:
        return whole, np.zeros_like(whole.mask)
    without = understood.filters.model_copy(update=dict.fromkeys(said, ()))
    narrow = _select(case, listed, understood.model_copy(update={"filters": without}))
    for saying in said.values():
        narrow.keep(saying.mask, f"texte qui contient {tell_parts(saying.parts)}")
    return narrow, whole.mask & ~narrow.mask


def _select(case: Case, listed: Listed, understood: Understood) -> Selection:
    """The sheets that meet what is listed, all but the words that no filter says."""
    index = case.index
    selection = select_sheets(listed.text, understood, case.filters, index)
    if listed.kinds:
        selection.keep(find_of_kinds(listed.kinds, index), describe_kinds(listed.kinds))
    if listed.among:
        among = np.array([sheet.id in listed.among for sheet in index.sheets], dtype=bool)
        selection.keep(among, LISTED_AMONG.format(count=count(len(listed.among), "fiche")))
    return selection


def _write(case: Case, selection: Selection, listed: Listed, unsaid: list[str], wider: np.ndarray) -> Draft:
    index = case.index
    form = "share" if listed.share else "count" if listed.counted else "list"
    found = _take(selection.mask, index)
    if not found:
        return _write_none(case, selection, form, listed.among)
    if listed.column:
        return _write_column(found, listed.column, selection, index)
    total = len(listed.among) or len(index.practices)
    counted = f"**{count(len(found), 'fiche')}**"
    if selection.criteria:
        some = LISTED_SOME_MANY if len(selection.criteria) > 1 else LISTED_SOME
        blocks = [some.format(count=counted, total=total, criteria=_tell_criteria(selection))]
        if listed.share:
            blocks.append(_tell_share(selection, listed, case))
    else:
        blocks = [LISTED_TOTAL.format(count=counted), _by_programme(found, index), LISTED_TOTAL_EXAMPLES]
    blocks.append(_count_areas(found, listed, index))
    return _show(case, blocks, found, selection, unsaid, form, listed, wider)


def _tell_share(selection: Selection, listed: Listed, case: Case) -> str:
    """Which part of the sheets these are: of all, or of those that "parmi les départements" says."""
    whole = select_sheets(listed.whole, understand(listed.whole, case.index.lexicon), case.filters, case.index)
    if whole.criteria == selection.criteria:  # nothing tells which of them
        return ""
    if not (selection.mask & ~whole.mask).any():  # all that was found is of it
        return _say_share(selection, whole)
    return _say_share(selection, select_sheets("", Understood(), case.filters, case.index))


def _say_share(selection: Selection, whole: Selection) -> str:
    found, total = int(selection.mask.sum()), int(whole.mask.sum())
    of = LISTED_OF.format(criteria=_tell_criteria(whole)) if whole.criteria else ""
    return LISTED_SHARE.format(share=f"{100 * found / total:.0f}", of=of, count=found, total=total)


def _count_areas(found: list[Sheet], listed: Listed, index: Index) -> str:
    """How many départements or regions run the sheets of a list that is of theirs, "" when it is of no such.

    One of them may have several sheets, under several names: its place tells it apart.
    """
    run_by = understand(listed.text, index.lexicon).filters.porteur
    for key, words in LISTED_AREAS.items():
        if run_by and run_by == understand(name_column(key, index), index.lexicon).filters.porteur:
            areas = Counter(value for sheet in found for value in _read_values(key, sheet))
            names = sorted((_name_value(key, value, index), number) for value, number in areas.items())
            named = [f"{escape(name)} ({number})" for name, number in names]
            return f"Soit **{len(areas)}\u00a0{words[len(areas) > 1]}** : {', '.join(named)}."
    return ""


def _name_wider(sheets: list[Sheet]) -> str:
    """The sheets that only have the code, by name."""
    names = [_name(sheet) for sheet in sheets[:_WIDER]]
    more = [f"et {count(len(sheets) - _WIDER, 'autre')}"] if len(sheets) > _WIDER else []
    return LISTED_WIDER.format(sheets="\u00a0; ".join([*names, *more]))


def _take(mask: np.ndarray, index: Index) -> list[Sheet]:
    """The sheets of a mask, the most recent first."""
    found = [sheet for sheet, taken in zip(index.sheets, mask.tolist(), strict=True) if taken]
    return sorted(found, key=lambda sheet: (-(sheet.last_year or 0), fold(sheet.organisation), sheet.id))


def _show(
    case: Case,
    blocks: list[str],
    found: list[Sheet],
    selection: Selection,
    unsaid: list[str],
    form: str,
    listed: Listed | None = None,
    wider: np.ndarray | None = None,
) -> Draft:
    """What was counted, then the sheets, each with the mark of its sentence that answers best and the figure wanted."""
    whole = listed is not None and listed.named
    shown = found if whole else found[: _SHOWN if selection.criteria else _SHOWN_OF_ALL]
    citations = Citations()
    figure = listed.figure if listed else None
    aim = aim_of_each(figure, case.reading, case.index) if figure else None
    told = [tell_figure(sheet, aim, case.index, citations) if aim else _open(sheet, case, citations) for sheet in shown]
    rows = enumerate(zip(shown, told, strict=True), start=1)
    blocks = [*blocks, "\n".join(f"{number}. {_name(sheet)}{said}" for number, (sheet, said) in rows)]
    if selection.criteria and len(found) > len(shown):
        blocks.append(LISTED_MORE.format(count=count(len(found) - len(shown), "autre")))
    others = _take(wider, case.index) if wider is not None else []
    blocks += [UNLISTED_WORDS] if unsaid or others else [LISTED_BY_CODES] if selection.coded else []
    blocks += [_name_wider(others)] if others else []
    if listed and not unsaid:
        understood = case.reading.understood
        blocks += tell_beside(listed, selection, understood, case.filters, case.index, citations)
    text = "\n\n".join(block for block in blocks if block)
    sheets = tuple(sheet.id for sheet in found)
    return Draft(kind="listing", form=form, text=text, citations=citations.all(), sheets=sheets)


def _write_column(found: list[Sheet], key: FilterKey, selection: Selection, index: Index) -> Draft:
    """How many sheets have each value of a column, as a table; a sheet with several values is counted for each."""
    values = Counter(value for sheet in found for value in dict.fromkeys(_read_values(key, sheet)))
    ordered = sorted(values, key=lambda value: (str(value) if key == "annee" else -values[value], str(value)))
    title = name_column(key, index)
    blocks = [f"**{count(len(found), 'fiche')}**"]
    if selection.criteria:
        some = LISTED_SOME_MANY if len(selection.criteria) > 1 else LISTED_SOME
        blocks = [some.format(count=blocks[0], total=len(index.practices), criteria=_tell_criteria(selection))]
    rows = [f"| {escape(_name_value(key, value, index))} | {values[value]} |" for value in ordered]
    table = [f"| {title.capitalize()} | Fiches |", "| --- | ---: |", *rows]
    blocks += [LISTED_COLUMN.format(column=title), "\n".join(table)]
    sheets = tuple(sheet.id for sheet in found)
    return Draft(kind="listing", form="count", text="\n\n".join(blocks), sheets=sheets)


def _read_values(key: FilterKey, sheet: Sheet) -> tuple[str | int, ...]:
    """What a sheet has in a column; its year is the last of those shown."""
    if key in ("departement", "region"):
        value = getattr(sheet.place, key)
    else:
        value = sheet.last_year if key == "annee" else getattr(sheet, key)
    return value if isinstance(value, tuple) and value else (value or _NOT_SAID,)


def _name_value(key: FilterKey, value: str | int, index: Index) -> str:
    return str(value) if value == _NOT_SAID else describe_filter(key, value, index.manifest)


def _write_none(case: Case, selection: Selection, form: str, among: tuple[str, ...] = ()) -> Draft:
    """That no sheet meets all, and those that do without one criterion, the one that leaves the fewest others out."""
    index = case.index
    many = len(selection.criteria) > 1
    told = (LISTED_NONE_MANY if many else LISTED_NONE).format(
        total=len(among) or len(index.practices), criteria=_tell_criteria(selection)
    )
    near = [(left_out, _take(mask, index)) for left_out, mask in selection.less_one()] if many and not among else []
    near = sorted(((left_out, found) for left_out, found in near if found), key=lambda pair: len(pair[1]))
    if near:
        left_out, found = near[0]
        counted = f"**{count(len(found), 'fiche')}**"
        blocks = [told, LISTED_WITHOUT.format(left_out=escape(left_out), count=counted)]
        return _show(case, blocks, found, selection, [], form)
    return Draft(
        kind="listing",
        form=form,
        text=f"{told}\n\n{around_words('fr').ask_centre.format(contact=case.sources.contact)}",
        abstained=not among,
        reason="" if among else "subject",
    )


def _tell_criteria(selection: Selection) -> str:
    return " ; ".join(escape(criterion) for criterion in selection.criteria)


def _name(sheet: Sheet) -> str:
    details = ", ".join(escape(part) for part in (sheet.organisation, sheet.edition) if part)
    return f"**{escape(sheet.title)}**" + (f" – {details}" if details else "")


def _open(sheet: Sheet, case: Case, citations: Citations) -> str:
    """The mark that opens a sheet at its sentence that answers best; at its first passage, when none was looked at."""
    best = next((found.sentence for found in case.found if found.hit.sheet.id == sheet.id), None)
    lines = [] if best else read_all_lines(sheet, case.index)
    if lines:
        best = Sentence(lines[0].passage, shorten(lines[0].text, _QUOTED), 0.0)
    return f"\u00a0[{citations.cite(best, sheet.title)}]" if best else ""


def _by_programme(sheets: list[Sheet], index: Index) -> str:
    programmes = index.manifest.programmes
    counts = {code: sum(sheet.source == code for sheet in sheets) for code in programmes}
    return "\n".join(f"- {escape(programmes[code])} : {number}" for code, number in counts.items() if number)


KIND = Kind("listing", "Liste ou décompte", _draft, dated=False, exact=True)
