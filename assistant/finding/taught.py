"""Taught: which sentences of a collection answered questions like this one, by labelled questions on these sentences.

A sentence that answers like questions likely answers this one, and so does its sheet: `training/taught.py` weighs how
like they are and how many, and writes taught.npz. Questions are compared by their vectors and by their words: what is
meant alone is like too much. The sentences of the collection are known by digests, not by their words. Of other
collections, and of what was changed since, nothing is said: what was found stays as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.finding.findings import Finding
from assistant.reading.reading import Reading
from index.passages import Sentence
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

MODEL = Path(__file__).parent / "taught.npz"
_UNLIKE = 0.1  # the likeness up to which questions have nothing in common
_BY_MEANING = 0.25  # of the likeness of questions without a word in common
_RAREST = 6.0  # the logarithm of how rare a word is that no labelled question has
_LOST = 1.0  # of a logit at most, for want of questions on something that is seldom asked
# Of a hit's score: nDCG@10 of 600 labelled questions left out rises from .729 to .841, of 240 by other writers from
# .708 to .779; with 15 to .852 and .790, where a question like none is left to chance.
_OF_SHEETS = 8.0
_SUREST = 1e-6  # a chance is at least this, and at most one less this


@dataclass(frozen=True, eq=False)
class Question:
    """A question as it is compared: its words, its vector (dimension,) by the model of this name, the quantity asked or
    "".
    """

    text: str
    vector: np.ndarray
    model: str
    quantity: str


@dataclass(frozen=True, eq=False)
class Memory:
    """Labelled questions with the sentences that answer them, of a collection whose sentences are all known.

    `vectors` (wordings, dimension) of an `encoder`, less their `mean` (dimension,), of length 1, are those of the
    `wordings`; `owners` (wordings,) say whose question each is, `quantities` (wordings,) which quantity it asks for, ""
    for none. `grades` (questions, sentences): 0, 1 for what is useful, 2 for what is needed. `digests` (sentences,) and
    `sheets` (sentences,), the latter in numbers from 0.
    """

    encoder: str
    mean: np.ndarray
    wordings: tuple[str, ...]
    vectors: np.ndarray
    owners: np.ndarray
    quantities: np.ndarray
    grades: np.ndarray
    digests: np.ndarray
    sheets: np.ndarray

    def read_signs(self, question: Question, left_out: Sequence[int] = ()) -> dict[str, np.ndarray]:
        """What like questions say of each sentence: (sentences,) by name. Questions `left_out` teach nothing.

        Questions that ask for another quantity, an amount and not a share of voters, are not like it.
        """
        like = self._compare(question)
        other = (self.quantities != "") & (self.quantities != question.quantity) if question.quantity else False
        near = self._owned(np.where(other, 0.0, like), left_out)
        rows = np.flatnonzero(near)
        weighed = near[rows, None] * self.grades[rows]
        of_sheets = self._of_sheets(weighed)
        return {
            "told root": np.sqrt(weighed.sum(axis=0)),
            "told most": weighed.max(axis=0, initial=0.0),
            "sheet root": np.sqrt(of_sheets[self.sheets]),
        }

    def weigh_sheets(self, question: Question, left_out: Sequence[int] = ()) -> np.ndarray:
        """How much like questions were answered by each sheet, whatever they ask of it: (sheets,)."""
        near = self._owned(self._compare(question), left_out)
        rows = np.flatnonzero(near)
        return np.asarray(np.sqrt(self._of_sheets(near[rows, None] * self.grades[rows])))

    def _compare(self, question: Question) -> np.ndarray:
        """How like a question each wording is: (wordings,), less than 0 when they have nothing in common."""
        meant = self.vectors @ centre(question.vector, self.mean)
        return np.asarray(meant * (_BY_MEANING + (1 - _BY_MEANING) * self._share_words(question.text)) - _UNLIKE)

    def _owned(self, like: np.ndarray, left_out: Sequence[int]) -> np.ndarray:
        """How like it each question is by its likest wording, 0 at least: (questions,)."""
        near = np.zeros(len(self.grades), dtype=np.float32)
        np.maximum.at(near, self.owners, like)
        near[list(left_out)] = 0.0
        return near

    def _of_sheets(self, weighed: np.ndarray) -> np.ndarray:
        """The sum over questions of what each gives the best sentence of a sheet, (questions, sentences): (sheets,)."""
        best = np.zeros((int(self.sheets.max()) + 1, len(weighed)), dtype=np.float32)
        np.maximum.at(best, self.sheets, weighed.T)
        return np.asarray(best.sum(axis=1))

    @cached_property
    def _share_words(self) -> Callable[[str], np.ndarray]:
        """The same, kept for the steps that ask it again of one question."""
        return lru_cache(maxsize=64)(self._weigh_words)

    def _weigh_words(self, text: str) -> np.ndarray:
        """What share of a question's words each wording has, the rarer ones counting more: (wordings,)."""
        rarity, stems = self._rarity, frozenset(split_words(text))
        weights = {stem: rarity.get(stem, _RAREST) for stem in stems}
        total = sum(weights.values()) or 1.0
        return np.array([sum(weights[stem] for stem in stems & each) for each in self._stems]) / total

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        return [frozenset(split_words(each)) for each in self.wordings]

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """The logarithm of how rare each stem is among the wordings."""
        counts = Counter(stem for stems in self._stems for stem in stems)
        return {stem: float(np.log(len(self.wordings) / count)) for stem, count in counts.items()}


@dataclass(frozen=True, eq=False)
class Taught:
    """A memory, and how its signs and the logit of what was found are weighed: by name, "found" the latter."""

    memory: Memory
    weights: Mapping[str, float]
    intercept: float

    @cached_property
    def rows(self) -> dict[int, int]:
        """The row of each sentence by its digest."""
        return {known: row for row, known in enumerate(self.memory.digests.tolist())}

    def add(
        self, logits: np.ndarray, question: Question, digests: Sequence[int], left_out: Sequence[int] = ()
    ) -> np.ndarray:
        """The logits (sentences,) of what was found, with what was taught of the sentences that are known.

        Questions `left_out` teach nothing.
        """
        rows = np.array([self.rows.get(digest, -1) for digest in digests])
        signs = self.memory.read_signs(question, left_out)
        taught = sum(weight * signs[name] for name, weight in self.weights.items() if name != "found")
        told = self.intercept + self.weights["found"] * logits + np.asarray(taught)[rows]
        return np.where(rows >= 0, np.maximum(told, logits - _LOST), logits)


def centre(vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Vectors (…, dimension) less a mean, of length 1: those of one model all point much the same way."""
    moved = vectors - mean
    return np.asarray(moved / (np.linalg.norm(moved, axis=-1, keepdims=True) + 1e-6))


@lru_cache(maxsize=20_000)
def digest(heading: str, sentence: str) -> int:
    """By what a sentence is known: its words, and the heading that it stands under."""
    return int.from_bytes(blake2b(f"{heading}\n{sentence}".encode(), digest_size=8).digest(), "big")


def read_asked(reading: Reading, encoder: Encoder, *, whole: bool = False) -> Question:
    """A question that was read, as it is compared with those that were labelled; `whole` with what came before it."""
    text = reading.standalone if whole else reading.asked
    quantity = reading.fact.quantity if reading.fact else ""
    return Question(text, encoder.encode_question(text).vector, encoder.name, quantity)


def recall(found: Sequence[Finding], question: Question, left_out: Sequence[int] = ()) -> list[Finding]:
    """What was found for a question, with what was taught, best first again; questions `left_out` teach nothing.

    As it was when nothing was taught with the model that gave the question's vector.
    """
    taught = read_taught()
    if not found or taught.memory.encoder != question.model:
        return list(found)
    chances = np.clip([each.chance for each in found], _SUREST, 1 - _SUREST)
    digests = [_digest(each.sentence) for each in found]
    told = 1 / (1 + np.exp(-taught.add(np.log(chances / (1 - chances)), question, digests, left_out)))
    order = np.argsort(-told, kind="stable").tolist()
    return [replace(found[row], chance=float(told[row]), alone=found[row].chance) for row in order]


def is_taught(found: Sequence[Finding], encoder: str) -> bool:
    """Whether labelled questions taught something of one of these sentences, with the model of this name."""
    taught = read_taught()
    return taught.memory.encoder == encoder and any(_digest(each.sentence) in taught.rows for each in found)


def recall_sheets(hits: Sequence[Hit], question: Question) -> list[Hit]:
    """The hits of a question, those up that like questions were answered by, best first again.

    As they were when nothing was taught with the model that gave the question's vector.
    """
    taught = read_taught()
    if not hits or taught.memory.encoder != question.model:
        return list(hits)
    weights = _OF_SHEETS * taught.memory.weigh_sheets(question)
    told = [_add(hit, weights, taught) for hit in hits]
    return sorted(told, key=lambda hit: -hit.score)


def _add(hit: Hit, weights: np.ndarray, taught: Taught) -> Hit:
    """A hit with what was taught of its sheet, as it was when none of its sentences is known."""
    row = next((row for each in hit.sentences if (row := taught.rows.get(_digest(each))) is not None), None)
    added = 0.0 if row is None else float(weights[taught.memory.sheets[row]])
    if not added:
        return hit
    return replace(hit, score=hit.score + added, evidence={**hit.evidence, "taught": round(added, 4)})


def _digest(sentence: Sentence) -> int:
    return digest(sentence.passage.heading, sentence.text)


@cache
def read_taught(path: Path = MODEL) -> Taught:
    """What was taught, the shipped file."""
    with np.load(path) as file:
        owners, digests = file["owners"], file["digests"]
        grades = np.zeros((int(owners.max()) + 1, len(digests)), dtype=np.float32)
        question, sentence, grade = file["answers"].astype(int).T
        grades[question, sentence] = grade
        mean = file["mean"].astype(np.float32)
        vectors = centre(file["vectors"].astype(np.float32), np.zeros_like(mean))
        wordings, asked = tuple(map(str, file["wordings"])), file["quantities"]
        memory = Memory(str(file["encoder"]), mean, wordings, vectors, owners, asked, grades, digests, file["sheets"])
        weights = dict(zip(map(str, file["names"]), file["weights"].tolist(), strict=True))
        return Taught(memory, weights, float(file["intercept"]))


def save(taught: Taught, path: Path = MODEL) -> None:
    """Write what was taught: a vector's part in 8 bits, of which its length gives the scale."""
    memory = taught.memory
    question, sentence = np.nonzero(memory.grades)
    np.savez_compressed(
        path,
        encoder=memory.encoder,
        mean=memory.mean.astype(np.float32),
        vectors=np.round(memory.vectors * 127 / np.abs(memory.vectors).max(axis=1, keepdims=True)).astype(np.int8),
        owners=memory.owners.astype(np.int16),
        quantities=memory.quantities,
        wordings=np.array(memory.wordings),
        answers=np.stack([question, sentence, memory.grades[question, sentence]], axis=1).astype(np.int16),
        digests=memory.digests.astype(np.uint64),
        sheets=memory.sheets.astype(np.int16),
        names=np.array(list(taught.weights)),
        weights=np.array(list(taught.weights.values())),
        intercept=taught.intercept,
    )
