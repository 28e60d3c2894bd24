"""There: the hits of the places that a question names."""

import re
from dataclasses import replace

from index.opened import Index
from index.ranking.evidence import find_in_place
from index.ranking.retrieval import Hit
from index.understood import Understood
from language.letters import fold


def keep_place(hits: list[Hit], understood: Understood, index: Index) -> list[Hit]:
    """The hits of the places that are named; of the others, what they say of these places alone.

    All of them when none is told.
    """
    if not understood.places:
        return hits
    here = find_in_place(understood.places, index.catalogue)
    named = re.compile("|".join(rf"\b{re.escape(fold(place.name))}\b" for place in understood.places))
    kept = []
    for hit in hits:
        sheet = hit.sheet
        if here[index.catalogue.rows[sheet.id]] or named.search(fold(f"{sheet.title} {sheet.organisation}")):
            kept.append(hit)
        elif telling := tuple(each for each in hit.sentences if named.search(fold(each.text))):
            kept.append(replace(hit, sentences=telling))
    return kept or hits
