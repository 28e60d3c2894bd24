"""There: the hits of the places that a question names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.opened import Index
from index.places.gazetteer import PlaceNamed
from index.ranking.evidence import find_in_place
from index.ranking.retrieval import Hit
from index.understood import Understood
from ingest.sheet import Sheet
from language.letters import has_name


def keep_place(hits: list[Hit], understood: Understood, index: Index) -> list[Hit]:
    """The hits of the places that are named; of the others, what they say of these places alone.

    All of them when none is told.
    """
    if not understood.places:
        return hits
    here = find_in_place(understood.places, index.catalogue)
    names = [place.name for place in understood.places]
    kept = []
    for hit in hits:
        sheet = hit.sheet
        if here[index.catalogue.rows[sheet.id]] or _has_one(f"{sheet.title} {sheet.organisation}", names):
            kept.append(hit)
        elif telling := tuple(each for each in hit.sentences if _has_one(each.text, names)):
            kept.append(replace(hit, sentences=telling))
    return kept or hits


def is_of_each(sheet: Sheet, understood: Understood, index: Index) -> bool:
    """Whether a sheet is of every place that is named: "Rennes" and "Paris" are two."""
    return all(sheet in _keep_of([sheet], place, index) for place in understood.places)


def find_each(sheets: Iterable[Sheet], understood: Understood, index: Index) -> tuple[Sheet, ...]:
    """For each place that is named, the first of these sheets that is of it; none when a place has none."""
    ordered = list(sheets)
    there = [_keep_of(ordered, place, index)[:1] for place in understood.places]
    return tuple({sheet.id: sheet for found in there for sheet in found}.values()) if all(there) else ()


def _keep_of(sheets: Sequence[Sheet], place: PlaceNamed, index: Index) -> list[Sheet]:
    """Those of these sheets that are of a place, or named after it."""
    here, rows = find_in_place((place,), index.catalogue), index.catalogue.rows
    return [
        sheet
        for sheet in sheets
        if here[rows[sheet.id]] or _has_one(f"{sheet.title} {sheet.organisation}", [place.name])
    ]


def _has_one(text: str, names: list[str]) -> bool:
    return any(has_name(text, name) for name in names)
