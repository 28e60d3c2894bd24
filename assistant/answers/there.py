"""There: the hits of the places that a question names."""

from collections.abc import Iterable
from dataclasses import replace

from index.opened import Index
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
    row, said = index.catalogue.rows[sheet.id], f"{sheet.title} {sheet.organisation}"
    return all(
        find_in_place((place,), index.catalogue)[row] or has_name(said, place.name) for place in understood.places
    )


def find_each(sheets: Iterable[Sheet], understood: Understood, index: Index) -> tuple[str, ...]:
    """For each place that is named, the first of these sheets that is of it; none when a place has none."""
    ordered, found = list(sheets), list[str]()
    for place in understood.places:
        own = understood.model_copy(update={"places": (place,)})
        if not (sheet := next((each for each in ordered if is_of_each(each, own, index)), None)):
            return ()
        found.append(sheet.id)
    return tuple(dict.fromkeys(found))


def _has_one(text: str, names: list[str]) -> bool:
    return any(has_name(text, name) for name in names)
