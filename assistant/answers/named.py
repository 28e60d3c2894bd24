"""Named: the one sheet that a few words name, by its title, its organisation, its place or its kind of démarche."""

from __future__ import annotations

import re

import numpy as np

from index.opened import Index
from index.phrases import read_words
from index.signals.lexical import split_words
from ingest.sheet import FACETS, Sheet
from language.letters import fold

_HEAD = re.compile(r"\s[:–-]\s|[:!?«»()]")
_SHORT_NAME = 2  # words that tell of a title when they are half of it at least


def name_words(name: str) -> set[str]:
    """The words of a name that count, folded, then stemmed: people seldom write its accents."""
    return set(split_words(fold(name)))


# Words that any sheet may bear, which tell none apart.
_ANY_SHEET = frozenset(
    name_words(
        "projet démarche fiche exemple initiative cas action dispositif expérience ville commune mairie municipalité "
        "collectivité organisation porteur conseil hôtel "
        "étape phase déroulé calendrier "
        "project approach sheet example case initiative action town city council the an of in about from at for"
    )
)


def find_named(subject: str, index: Index, *, alone: bool) -> Sheet | None:
    """The sheet whose name has all the words of `subject`, None when several have or when none does.

    Words that stand `alone`, without "parle-moi de", must tell more: they may be the words of a search.
    """
    bearers = find_bearers(subject, index)
    if len(bearers) != 1 or (alone and not _tells(name_words(subject) - _ANY_SHEET, bearers[0])):
        return None
    return bearers[0]


def find_bearers(subject: str, index: Index) -> list[Sheet]:
    """The sheets whose name has all the words of `subject`, those that have no other in their title if there are."""
    wanted = name_words(subject) - _ANY_SHEET
    if not wanted:
        return []
    rows = np.flatnonzero(_bearing(wanted, subject, index) & index.catalogue.practices).tolist()
    bearers = [index.sheets[row] for row in rows]
    # "Budget participatif de Jarny" is also among the words of a longer title.
    return [sheet for sheet in bearers if name_words(sheet.title) - _ANY_SHEET <= wanted] or bearers


def _bearing(wanted: set[str], subject: str, index: Index) -> np.ndarray:
    """Whether each sheet's name has these words, or its codes stand for them: (sheets,)."""
    missing = [wanted - names for names in index.catalogue.names]
    bearing = np.array([not words for words in missing], dtype=bool)
    coded = [(words, codes) for words, codes in _coded_words(subject, index) if words & wanted]
    for row in np.flatnonzero(~bearing).tolist():
        sheet = index.sheets[row]
        codes = {*sheet.porteur, *sheet.demarche, *sheet.thematique}
        explained = set[str]().union(*(words for words, each in coded if codes & each))
        # The name must say something itself: a code is what many sheets share.
        bearing[row] = missing[row] < wanted and missing[row] <= explained
    return bearing


def _coded_words(subject: str, index: Index) -> list[tuple[set[str], set[str]]]:
    """The expressions of the subject that stand for codes: their words and these codes."""
    words = read_words(subject)
    found = [
        each for facet in FACETS if (book := index.lexicon.facets.get(facet)) is not None for each in book.find(words)
    ]
    return [
        (
            set(split_words(" ".join(subject[words[at].start : words[at].end] for at in each.positions))),
            set(each.meanings),
        )
        for each in found
    ]


def _tells(wanted: set[str], sheet: Sheet) -> bool:
    """Whether the words tell of this sheet: half of its title's, the part of it before a colon, its owner or place."""
    # "Tok-Tok : La tournée pour parler jeunesse" is called Tok-Tok.
    heads = [name_words(part) - _ANY_SHEET for part in _HEAD.split(sheet.title)]
    if any(head and head <= wanted for head in heads):
        return True
    title, owner = (
        name_words(name) - _ANY_SHEET for name in (sheet.title, f"{sheet.organisation} {sheet.place.commune}")
    )
    shared = wanted & title
    return bool(wanted & owner) or (len(shared) >= min(_SHORT_NAME, len(title)) and 2 * len(shared) >= len(title))
