"""Users: who employs a tool or a provider that a question names: the sheets of which a sentence names that very one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.finding.sentences import BACKGROUND
from index.opened import Index
from index.passages import Sentence
from index.places.gazetteer import find_places
from index.signals.lexical import split_words
from ingest.sentence import split_sentences
from ingest.sheet import Sheet
from language.grammar import Grammar
from language.letters import fold
from language.shapes import COMPOUND
from language.text import Text

_USED = Grammar("used")
_LONGEST = 5  # words of a name
_CAPITALS = 0.5  # of the places where a name stands in the sheets


@dataclass(frozen=True)
class Users:
    """A tool or a provider, as sheets write it, and the sentence of each sheet that names it."""

    name: str
    sentences: tuple[tuple[Sheet, Sentence], ...]


def find_users(question: Text, index: Index) -> Users | None:
    """Who employs what a question names, None when it asks of no such thing, or when no sheet names it."""
    found = _USED.search("by", question) if _USED.has("asks_who", question) else None
    if found is None:
        return None
    words = COMPOUND.findall(found.written["name"])[:_LONGEST]
    if not words or not split_words(words[0]):  # "le jeu": a thing, whatever opens a sentence with a capital
        return None
    for last in range(len(words), 0, -1):
        name = " ".join(words[:last]).rstrip(".'’-")
        if not split_words(name) or any(place.name and fold(place.name) == fold(name) for place in find_places(name)):
            continue
        said = list(_find_said(name, index))
        written = [at for _, _, at in said]
        if written and sum(at[0].isupper() for at in written) >= _CAPITALS * len(written):
            return _choose(written[0], said)
    return None


def _choose(name: str, said: list[tuple[Sheet, Sentence, str]]) -> Users | None:
    """The sentence of each sheet that tells most of what was done, but of the sheets that bear the name themselves."""
    own = fold(name)
    best: dict[str, tuple[Sheet, Sentence]] = {}
    ordered = sorted(said, key=lambda each: each[1].passage.role in BACKGROUND)
    for sheet, sentence, _ in ordered:
        if own not in fold(f"{sheet.title} {sheet.organisation}"):
            best.setdefault(sheet.id, (sheet, sentence))
    return Users(name, tuple(best.values())) if best else None


def _find_said(name: str, index: Index) -> Iterator[tuple[Sheet, Sentence, str]]:
    """Every sentence that has a name as it is, not within an address, and how it is written there."""
    written = re.compile(rf"(?<![\w./@-])(?<!\. ){re.escape(name)}(?![\w@/]|\.[a-z])", re.IGNORECASE)
    positions = [index.passages_with(word) for word in split_words(name)]
    rows = positions[0]
    for other in positions[1:]:
        rows = np.intersect1d(rows, other)
    for passage in index.read_passages(rows):
        sheet = index.find_sheet(passage.sheet)
        if sheet is None or sheet.kind != "practice":
            continue
        for row, text in enumerate(split_sentences(passage.text)):
            if (at := written.search(text)) is not None:
                yield sheet, Sentence(passage, text, 0.0, row), at[0]
