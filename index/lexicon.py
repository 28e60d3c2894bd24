"""Lexicon: what the words of questions may mean for the sheets of one version, ready to be looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.phrases import PhraseBook, read_words
from index.typos import Speller
from index.vocabulary import Vocabulary, shipped_vocabulary
from ingest.sheet import Facet, Sheet
from language.shapes import ASIDE

if TYPE_CHECKING:
    from index.manifest import FacetLabels, Manifest

Group = tuple[str, ...]  # expressions that mean the same
_READ = 500  # sheets whose words are known to the speller: reading a large collection's would take minutes
_OTHER = frozenset({"autre", "autres", "divers", "other"})  # labels of codes that say nothing


@dataclass(frozen=True)
class Lexicon:
    """Phrases of each facet, of the programmes and of the vocabulary; sizes of towns by code; the sheets' years."""

    facets: Mapping[Facet, PhraseBook[str]]
    programmes: PhraseBook[str]
    asides: PhraseBook[str]
    ways: PhraseBook[bool]
    synonyms: PhraseBook[Group]
    english: PhraseBook[Group]
    population: Mapping[str, tuple[int, int]]
    years: tuple[int, ...]
    speller: Speller


def build_lexicon(manifest: Manifest, sheets: Sequence[Sheet]) -> Lexicon:
    """The lexicon of a version and of the sheets its reader may see."""
    vocabulary = shipped_vocabulary().join(manifest.vocabulary)
    facets = {name: _facet_phrases(facet) for name, facet in manifest.facets.items()}
    programmes = {code: (label, *manifest.programme_words.get(code, ())) for code, label in manifest.programmes.items()}
    spoken = [phrase for each in (*facets.values(), programmes) for words in each.values() for phrase in words]
    porteur = manifest.facets.get("porteur")
    return Lexicon(
        facets={name: PhraseBook(phrases) for name, phrases in facets.items()},
        programmes=PhraseBook(programmes),
        asides=PhraseBook({"": vocabulary.asides}, exact=True),
        ways=PhraseBook({True: vocabulary.online, False: vocabulary.in_person}),
        synonyms=PhraseBook({group: group for group in vocabulary.synonyms}),
        english=PhraseBook(_turn(vocabulary.english)),
        population=dict(porteur.population) if porteur else {},
        years=tuple(sorted({sheet.annee for sheet in sheets if sheet.annee})),
        speller=Speller(_texts(sheets), (*spoken, *_terms(vocabulary))),
    )


def _facet_phrases(facet: FacetLabels) -> dict[str, Group]:
    """What is recognised for each code: its words and its label; without words, the parts of its label.

    A part that several labels share tells nothing.
    """
    parts = {code: _split_label(label) for code, label in facet.labels.items()}
    phrases = {}
    for code, label in facet.labels.items():
        elsewhere = {part for other, each in parts.items() if other != code for part in each}
        own = tuple(part for part in parts[code] if part not in elsewhere)
        phrases[code] = (label, *(facet.words.get(code) or own)) if label.lower() not in _OTHER else ()
    return phrases


def _split_label(label: str) -> tuple[str, ...]:
    """ "Jeunesse, éducation et culture" in three; "Société coopérative et participative" stays: one noun, not two."""
    parts: list[str] = []
    for part in re.split(r",|\bou\b|/", ASIDE.sub(" ", label)):
        nouns = part.split(" et ")
        parts += nouns if all(len(read_words(noun)) == 1 for noun in nouns) else [part]
    return tuple(part.strip().lower() for part in parts if part.strip())


def _turn(english: Mapping[str, Group]) -> dict[Group, list[str]]:
    turned: dict[Group, list[str]] = {}
    for phrase, french in english.items():
        turned.setdefault(french, []).append(phrase)
    return turned


def _terms(vocabulary: Vocabulary) -> Group:
    groups = [*vocabulary.synonyms, *vocabulary.english.values()]
    return (
        *vocabulary.asides,
        *vocabulary.online,
        *vocabulary.in_person,
        *(each for group in groups for each in group),
    )


def _texts(sheets: Sequence[Sheet]) -> Group:
    """The text of the sheets, of some spread over a large collection."""
    step = max(1, len(sheets) // _READ)
    return tuple(
        " ".join(
            [
                sheet.title,
                sheet.organisation,
                sheet.place.commune,
                *(f"{block.label} {block.text}" for section in sheet.sections for block in section.blocks),
            ]
        )
        for sheet in sheets[::step]
    )
