"""In common: what most examples of an answer share and most other sheets do not, in one line with its proofs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.answers.draft import Citations
from assistant.wording import (
    COMMON_ALL,
    COMMON_CODE,
    COMMON_MOST,
    COMMON_PORTEUR,
    COMMON_WORDS,
    NUMBERS,
    describe_filter,
    escape,
)
from index.filters import Filters
from index.lexicon import Group
from index.opened import Index
from index.passages import Sentence
from index.phrases import PhraseBook, read_words
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from ingest.sheet import FACETS, Facet, Role

_FEWEST = 3  # examples
# How much more of the examples than of all sheets must share it: what all have tells nothing.
_LIFT, _LIFT_OF_WORDS = 0.3, 0.4
_CATCH_ALL = 0.35  # a code that so many sheets bear ("multithématique") is no subject
_TELLING: frozenset[Role | None] = frozenset({"lesson", "summary", "introduction", "steps"})


@dataclass(frozen=True)
class _Shared:
    """What some examples share: in words, with the share of all sheets that have it, and by example its proof."""

    text: str
    usual: float
    proofs: Mapping[str, Sentence | None]  # by sheet; None when the sheet's code proves it

    def lift(self, examples: int) -> float:
        return len(self.proofs) / examples - self.usual


def tell_common(question: str, hits: Sequence[Hit], stated: Filters, index: Index, citations: Citations) -> str:
    """The line, "" when nothing tells the examples from other sheets. Each example has a citation already."""
    if len(hits) < _FEWEST:
        return ""
    best = next((each for each in _by_worth(question, hits, stated, index) if 2 * len(each.proofs) > len(hits)), None)
    if best is None:
        return ""
    first = {citation.sheet: citation.n for citation in reversed(citations.all())}
    titles = {hit.sheet.id: hit.sheet.title for hit in hits}
    marks = [
        citations.cite(proof, titles[sheet]) if proof else first[sheet]
        for sheet, proof in best.proofs.items()
        if proof or sheet in first
    ]
    everyone = len(best.proofs) == len(hits)
    line = COMMON_ALL if everyone else COMMON_MOST
    counted = NUMBERS[len(best.proofs)].capitalize()
    shown = "".join(f"[{mark}]" for mark in marks)
    return line.format(count=counted, examples=NUMBERS[len(hits)], shared=best.text, marks=shown)


def _by_worth(question: str, hits: Sequence[Hit], stated: Filters, index: Index) -> Iterator[_Shared]:
    """What may be shared: what was done before the subject, then the trade's words, then who did it."""
    many = len(hits)
    coded = {facet: _share_codes(facet, hits, stated, index) for facet in FACETS}
    for found, least in (
        (coded["demarche"], _LIFT),
        (coded["thematique"], _LIFT),
        (_share_words(question, hits, index), _LIFT_OF_WORDS),
        (coded["porteur"], _LIFT),
    ):
        enough = (each for each in found if each.lift(many) >= least)
        yield from sorted(enough, key=lambda each: -each.lift(many))


def _share_codes(facet: Facet, hits: Sequence[Hit], stated: Filters, index: Index) -> list[_Shared]:
    """The codes that several examples bear and that the question does not state."""
    shared = []
    for code in dict.fromkeys(code for hit in hits for code in getattr(hit.sheet, facet)):
        usual = float(index.catalogue.having(facet, code)[index.catalogue.practices].mean())
        if code not in stated.values(facet) and usual <= _CATCH_ALL:
            label = escape(describe_filter(facet, code, index.manifest))
            text = (COMMON_PORTEUR if facet == "porteur" else COMMON_CODE).format(label=label)
            bearing = {hit.sheet.id: None for hit in hits if code in getattr(hit.sheet, facet)}
            shared.append(_Shared(text, usual, bearing))
    return shared


def _share_words(question: str, hits: Sequence[Hit], index: Index) -> Iterator[_Shared]:
    """The trade's expressions that several examples use, in the same words, and that the question has not."""
    asked = set(split_words(question))
    found: dict[tuple[str, ...], dict[str, Sentence]] = {}
    written: dict[tuple[str, ...], str] = {}
    for hit in hits:
        for sentence in hit.sentences:
            if sentence.passage.role not in _TELLING:
                continue
            for key, text in _find_expressions(index.lexicon.synonyms, sentence.text):
                written.setdefault(key, text.lower())
                best = found.setdefault(key, {}).setdefault(hit.sheet.id, sentence)
                if sentence.similarity > best.similarity:
                    found[key][hit.sheet.id] = sentence
    for key, proofs in found.items():
        if 2 * len(proofs) > len(hits) and not set(split_words(written[key])) <= asked:
            yield _Shared(COMMON_WORDS.format(words=escape(written[key])), _usual(written[key], index), dict(proofs))


@lru_cache(maxsize=20_000)  # the sentences of some hundred sheets: each is read once
def _find_expressions(book: PhraseBook[Group], text: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The expressions in a sentence: the words by which their forms are known, and as they are written."""
    words = read_words(text)
    return tuple(
        (
            tuple(words[at].key for at in found.positions),
            text[words[found.positions[0]].start : words[found.positions[-1]].end],
        )
        for found in book.find(words)
    )


def _usual(words: str, index: Index) -> float:
    """The share of the sheets whose text has all these words."""
    masks = [
        np.concatenate([part.score_words(word, ()) > 0 for part in index.sheet_parts])
        for word in re.findall(r"[^\W_]+", words)
        if split_words(word)
    ]
    return float(np.logical_and.reduce(masks).mean()) if masks else 1.0
