"""Starters: first questions offered to those who do not know what to ask, other ones each day.

A layout says those of its publisher. Where none does, they are made of what the sheets are about.
"""

from collections.abc import Iterator
from datetime import date

from index.opened import Index
from ingest.layout import Language, Starter, StarterText
from ingest.sheet import FACETS, Facet

_ALL = Starter(
    need="all",
    fr=StarterText(label="Toutes les fiches", question="Toutes les fiches du centre"),
    en=StarterText(label="All the sheets", question="How many sheets are there?"),
)


def draw_starters(day: date, language: Language, index: Index) -> tuple[StarterText, ...]:
    """One starter for each need: on the day after, the next ones."""
    needs: dict[str, list[Starter]] = {}
    for starter in index.manifest.starters or _make_starters(index):
        needs.setdefault(starter.need, []).append(starter)
    drawn = [pool[day.toordinal() % len(pool)] for pool in needs.values()]
    return tuple(starter.fr if language == "fr" else starter.en for starter in drawn)


def _make_starters(index: Index) -> Iterator[Starter]:
    """Starters of a centre whose layout says none."""
    for facet in FACETS:
        for label, word in _list_words(facet, index):
            yield Starter(
                need=facet,
                fr=StarterText(label=label, question=f"Toutes les fiches : {word}"),
                en=StarterText(label=label, question=f"All the sheets: {word}"),
            )
    yield _ALL


def _list_words(facet: Facet, index: Index) -> Iterator[tuple[str, str]]:
    """The codes of a facet that some sheet has: what they are called, and what people say for them, if they do."""
    known = index.manifest.facets.get(facet)
    if known is None:
        return
    used = {code for sheet in index.practices for code in getattr(sheet, facet)}
    for code, label in known.labels.items():
        words = known.words.get(code, () if known.words else (label,))
        if code in used and words:
            yield label, words[0]
