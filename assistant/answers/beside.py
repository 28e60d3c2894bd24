"""Beside: how far a sheet shown is from what the person said, told on its line: inhabitants, kind, kilometres."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assistant.french.numbers import say_count
from assistant.reading.reading import Reading
from assistant.wording import describe_filter, escape
from assistant.wording.told import tell_distance
from index.opened import Index
from index.phrases import read_words
from index.places.gazetteer import distance_to
from ingest.sheet import Sheet
from language.letters import fold


def tell_beside(sheet: Sheet, reading: Reading, index: Index) -> str:
    """ " · 8 200 habitants · à 32 km de Marseille": what tells a sheet from what was said; "" when nothing does."""
    told = (*_tell_kind(sheet, reading, index), *_tell_distance(sheet, reading))
    return "".join(f" · {escape(each)}" for each in told)


def _tell_kind(sheet: Sheet, reading: Reading, index: Index) -> Iterator[str]:
    """The inhabitants of its town where the person said their own, or else the kind of its organisation, where the
    person's differs and nothing else was sought.
    """
    understood, own = reading.understood, reading.understood.asker
    unlike = bool(own.porteur) and not understood.asked.porteur and not own.meets("porteur", sheet)
    people = index.catalogue.told_inhabitants[index.catalogue.rows[sheet.id]]
    sized = unlike and any(code in index.lexicon.population for code in own.porteur)
    if not np.isnan(people) and (understood.own_size or sized):
        yield say_count(round(people), "habitant")
    elif unlike and sheet.porteur:
        yield from _name_kind(sheet, index)


def _name_kind(sheet: Sheet, index: Index) -> Iterator[str]:
    """The kind of the organisation of a sheet, unless its name says it or it is none of those that are called so."""
    label = describe_filter("porteur", sheet.porteur[0], index.manifest)
    book = index.lexicon.facets.get("porteur")
    if book and book.find(read_words(label)) and fold(label) not in fold(sheet.organisation):
        yield label


def _tell_distance(sheet: Sheet, reading: Reading) -> Iterator[str]:
    """How far it is from a place around which the question looks."""
    for place in reading.understood.places:
        away = distance_to(place, sheet.place) if place.near else None
        if away is not None and sheet.place.insee not in place.communes:
            yield tell_distance(round(away), place.name, reading.understood.language)
