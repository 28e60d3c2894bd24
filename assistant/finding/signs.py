"""Signs: what in a question and in the sheets found for it speaks for an answer, or against, in figures that a
collection does not change by itself: shares, and closeness between what is unrelated and what is on the subject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.finding.findings import Finding, find_sentences
from assistant.finding.names import find_names
from assistant.finding.outside import measure_outside
from assistant.finding.quantities import find_held
from assistant.reading.asked import UNCERTAIN, Asked
from assistant.reading.reading import Reading
from assistant.reading.wanted import read_wanted
from index.opened import Index
from index.ranking.retrieval import Hit, explain
from index.signals.lexical import split_words
from ingest.sheet import Frozen
from language.grammar import Grammar
from language.text import ANY, read_text

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

# A question for one fact is about one sheet when the best one matches that much more of it than the next: measured on
# the 40 facts of the development set, all lie above; 9 in 10 of the other questions lie below.
_STANDS_OUT = 0.08
_BEST = 3  # sheets that are looked at
_READ = 10  # sheets whose sentences are read
_SURE = 0.98
_YEAR = Grammar("year")


class Signs(Frozen):
    """The figures that decide, by name: of what the question is about, and of the detail that it asks, if any."""

    subject: dict[str, float]
    detail: dict[str, float]


def read_signs(reading: Reading, hits: Sequence[Hit], index: Index, encoder: Encoder, left_out: str = "") -> Signs:
    """The signs of a question and of its hits, best first; there is one hit at least.

    When a model is fitted, `left_out` is the question itself, which must not be compared with itself.
    """
    text, understood = reading.asked, reading.understood
    best = hits[:_BEST]
    closest = max((sentence.similarity for hit in best for sentence in hit.sentences), default=0.0)
    words = weigh_words(text, index)
    read = find_sentences(reading, read_wanted(reading, encoder), hits[:_READ], index)
    outside = measure_outside(explain(text, understood.expansions), encoder, left_out)
    subject = {
        "closeness": index.scale_closeness(closest),
        "outside": index.scale_closeness(outside),
        "relevance": best[0].relevance,
        "above usual": best[0].relevance - best[0].usual,
        "words": max(_share(words, hit, index) for hit in best),
        "foreign": float(understood.language != "fr"),
        "year absent": float(_is_year_absent(text, best)),
        "length": float(np.log(max(1, len(text.split())))),
        "answers": _tell_likely(read, _SURE),
        "next answers": _tell_likely(read[1:], _SURE),
    }
    asked = reading.fact
    about_one = stands_out(hits) or understood.places or find_names(text, (), index, understood.language)
    if not (asked and about_one):
        return Signs(subject=subject, detail={})
    own = [each for each in read if each.hit is hits[0]]
    detail = _read_detail(text, words, asked, hits, index) | {"answers": _tell_likely(own, _SURE)}
    return Signs(subject=subject, detail=detail)


def _tell_likely(found: Sequence[Finding], sure: float) -> float:
    """How likely the best of these sentences answers, as a logit that no sentence takes far from the others."""
    chance = min(max(found[0].chance if found else 0.0, 1 - sure), sure)
    return float(np.log(chance / (1 - chance)))


def stands_out(hits: Sequence[Hit]) -> bool:
    """Whether the question is about the first sheet rather than about several: it matches that much more of it."""
    return len(hits) == 1 or hits[0].relevance - max(hit.relevance for hit in hits[1:]) >= _STANDS_OUT


def weigh_words(text: str, index: Index) -> dict[str, float]:
    """The words of a text that count, each weighted by its rarity in the collection."""
    total = index.passage_count
    return {word: float(np.log1p(total / (0.5 + len(index.passages_with(word))))) for word in split_words(text)}


def _share(weights: dict[str, float], hit: Hit, index: Index) -> float:
    """The share of the weight of these words that a sheet has."""
    total = sum(weights.values())
    names = _read_names(hit)
    own = index.passages_of(np.array([index.catalogue.rows[hit.sheet.id]]))
    held = (weight for word, weight in weights.items() if word in names or _any_in(own, index.passages_with(word)))
    return sum(held) / total if total else 0.0


def _any_in(some: np.ndarray, others: np.ndarray) -> bool:
    """Whether two arrays of positions in order share one; the second may be much longer."""
    if not len(others):
        return False
    at = np.minimum(np.searchsorted(others, some), len(others) - 1)
    return bool((others[at] == some).any())


def _read_names(hit: Hit) -> frozenset[str]:
    """The words of a sheet's title, organisation and commune."""
    return frozenset(split_words(f"{hit.sheet.title} {hit.sheet.organisation} {hit.sheet.place.commune}"))


def _is_year_absent(text: str, hits: Sequence[Hit]) -> bool:
    """Whether a year of which something is asked stands in none of these sheets, nor is that of one of them."""
    years = {found["year"] for found in _YEAR.find("of", read_text(text, ANY))}
    known = {str(hit.sheet.edition) for hit in hits}
    return any(
        year not in known and not any(year in sentence.text for hit in hits for sentence in hit.sentences)
        for year in years
    )


def _read_detail(
    text: str, said: dict[str, float], asked: Asked, hits: Sequence[Hit], index: Index
) -> dict[str, float]:
    """Whether the best sheet has the kind of quantity that is asked, together with the words of what is asked."""
    hit = hits[0]
    known = _read_names(hit)
    own = {word: weight for word, weight in said.items() if word not in known}
    total = sum(own.values())
    held = [(sentence, found.fit) for sentence in hit.sentences if (found := find_held(sentence.text, asked))]
    closest = max((sentence.similarity for sentence in hit.sentences), default=0.0)

    def share(sentence: str) -> float:
        words = set(split_words(sentence))
        return sum(weight for word, weight in own.items() if word in words) / total if total else 0.0

    return {
        "fit": max((fit for _, fit in held), default=0.0),
        "fit words": max((fit * share(sentence.text) for sentence, fit in held), default=0.0),
        "held closeness": index.scale_closeness(max((sentence.similarity for sentence, _ in held), default=0.0))
        if held
        else 0.0,
        "behind closest": closest - max((sentence.similarity for sentence, _ in held), default=closest - 0.2),
        "words": _share(own, hit, index),
        "year absent": float(_is_year_absent(text, hits[:1])),
        "name": float(asked.quantity in UNCERTAIN),
        "stands out": hit.relevance - hits[1].relevance if len(hits) > 1 else 0.2,
    }
