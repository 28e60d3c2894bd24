"""Findings: does this sentence answer this question? What is quoted is chosen so, among the sentences of many sheets.

A logistic regression over what is known of a sentence and of its sheet: closeness, shared words, tokens that match,
the figure that is asked, and above all whether it tells what the question wants to be told. findings.toml has its
coefficients and how well it does; training/findings.py fits them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from assistant.finding.quantities import find_held
from assistant.reading.reading import Reading
from assistant.reading.wanted import Wanted
from index.aspects.aspects import ASPECTS, ROLES
from index.encoding.budget import aside
from index.opened import Index
from index.passages import Sentence
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words, word_set
from ingest.sheet import Frozen

_WORST = -15.0  # below the best score, where it no longer matters how far a sheet is
_LONG, _LONGEST = 30, 2.0  # words of a usual sentence; and how many times that counts at most
_SOON = 5  # sheets from the first one


@dataclass(frozen=True)
class Finding:
    """A sentence of a hit, and how likely it answers the question, from 0 to 1; `alone`, before what was taught."""

    hit: Hit
    sentence: Sentence
    chance: float
    alone: float = 0.0


class Model(Frozen):
    """A logistic regression over the features by name, as they are."""

    intercept: float
    coefficients: Mapping[str, float]

    def estimate(self, features: Mapping[str, float]) -> float:
        """The probability for these features, from 0 to 1."""
        logit = self.intercept + sum(self.coefficients[name] * value for name, value in features.items())
        return 1 / (1 + math.exp(-logit))


@cache
def read_model() -> Model:
    """The fitted model."""
    text = files("assistant.finding").joinpath("findings.toml").read_text(encoding="utf-8")
    return Model.model_validate(tomllib.loads(text))


def find_sentences(reading: Reading, wanted: Wanted, hits: Sequence[Hit], index: Index) -> list[Finding]:
    """Every sentence of these hits, best first, those that answer the question first."""
    sentences = [(hit, sentence) for hit in hits for sentence in hit.sentences]
    if not sentences:
        return []
    with aside():  # as many sentences as some sheets have, whatever is asked
        model, features = read_model(), read_features(reading, wanted, hits, index)
    weights = np.array(list(model.coefficients.values()))
    logits = model.intercept + weights @ np.stack([features[name] for name in model.coefficients])
    chances = 1 / (1 + np.exp(-logits))
    order = np.argsort(-chances, kind="stable").tolist()
    return [Finding(hit, sentence, float(chances[row])) for row in order for hit, sentence in (sentences[row],)]


def read_features(reading: Reading, wanted: Wanted, hits: Sequence[Hit], index: Index) -> dict[str, np.ndarray]:
    """The features of every sentence of these hits, best first, in their order: (sentences,) each."""
    sentences = [sentence for hit in hits for sentence in hit.sentences]
    owners = np.repeat(np.arange(len(hits)), [len(hit.sentences) for hit in hits])
    close = _standard(np.array([sentence.similarity for sentence in sentences]))
    late = _standard(np.array([sentence.late for sentence in sentences]))
    told = _read_told(sentences)
    asked = np.array(wanted.aspects)
    match = told @ asked
    rows = np.array([sentence.row for sentence in sentences])
    roles = np.array([sentence.passage.role or "" for sentence in sentences])
    return {
        "closeness": close,
        "late": late,
        "late with heading": _standard(np.array([sentence.late_headed for sentence in sentences])),
        "late rank in sheet": _rank_in_sheet(late, owners),
        **{name: values[owners] for name, values in _read_sheets(hits).items()},
        "best of sheet": np.array([close[owners == row].max(initial=-1.0) for row in range(len(hits))])[owners],
        "rank in sheet": _rank_in_sheet(close, owners),
        "before": np.where(rows > 0, np.roll(close, 1), -1.0),
        **_share_words(reading, sentences, index),
        "figure": _find_figures(reading, sentences),
        "match": match,
        "match above": _standard(match),
        "close match": close * _standard(match),
        "first": (rows == 0).astype(float),
        "length": np.array([min(_count_words(sentence.text) / _LONG, _LONGEST) for sentence in sentences]),
        "number": np.array([float(_has_digit(sentence.text)) for sentence in sentences]),
        **{f"in {role}": (roles == role).astype(float) for role in ROLES},
        **{f"tells {aspect}": told[:, row] for row, aspect in enumerate(ASPECTS)},
        **{f"asked {aspect}": told[:, row] * asked[row] for row, aspect in enumerate(ASPECTS)},
    }


def _read_sheets(hits: Sequence[Hit]) -> dict[str, np.ndarray]:
    """The features of the sheets, which all their sentences share: (hits,) each."""
    # What like questions were answered by is weighed once, in taught.py.
    scores = np.array([hit.score - hit.evidence.get("taught", 0.0) for hit in hits])
    ranks = np.argsort(np.argsort(-scores, kind="stable"))
    relevance = np.array([hit.relevance for hit in hits])
    return {
        "score": np.maximum(scores - scores.max(), _WORST),
        "relevance": relevance / max(float(relevance.max()), 1e-6),
        "relevance above": _standard(relevance),
        "soon": 1 / (1 + ranks / _SOON),
    }


def _read_told(sentences: Sequence[Sentence]) -> np.ndarray:
    """What each sentence tells: (sentences, aspects)."""
    none = np.zeros(len(ASPECTS))
    return np.array([none if sentence.aspects is None else sentence.aspects for sentence in sentences])


def _rank_in_sheet(close: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """1 for the closest sentence of a sheet, 1/2 for the next."""
    order = np.lexsort((-close, owners))
    ranks = np.empty(len(close))
    starts = np.searchsorted(owners[order], owners[order])
    ranks[order] = np.arange(len(close)) - starts
    return np.asarray(1 / (1 + ranks))


def _share_words(reading: Reading, sentences: Sequence[Sentence], index: Index) -> dict[str, np.ndarray]:
    """What share of the question's words, each by its rarity, a sentence has, alone and with its heading."""
    total = index.passage_count
    words = set(split_words(reading.asked))
    weights = {word: float(np.log1p(total / (0.5 + len(index.passages_with(word))))) for word in words}
    meant = set(split_words(" ".join(reading.understood.expansions)))
    headings = {sentence.passage.id: word_set(sentence.passage.heading) for sentence in sentences}
    said = [word_set(sentence.text) for sentence in sentences]
    whole = max(sum(weights.values()), 1e-6)

    def share(has: frozenset[str]) -> float:
        return sum(weights[word] for word in words & has) / whole

    return {
        "words": np.array([share(has) for has in said]),
        "words with heading": np.array(
            [share(has | headings[sentence.passage.id]) for sentence, has in zip(sentences, said, strict=True)]
        ),
        "expansions": np.array([len(meant & has) / max(1, len(meant)) for has in said]),
    }


@lru_cache(maxsize=20_000)  # as many as those whose words are kept
def _count_words(text: str) -> int:
    return len(text.split())


@lru_cache(maxsize=20_000)
def _has_digit(text: str) -> bool:
    return any(map(str.isdecimal, text))


def _find_figures(reading: Reading, sentences: Sequence[Sentence]) -> np.ndarray:
    """How well each sentence holds the figure, date or name that is asked, 0 when none is."""
    if reading.fact is None:
        return np.zeros(len(sentences))
    held = (find_held(sentence.text, reading.fact) for sentence in sentences)
    return np.array([found.fit if found else 0.0 for found in held])


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std() if len(values) else 0.0
    return np.asarray((values - values.mean()) / spread) if spread > 0 else np.zeros_like(values)
