"""Passages of one access (public, or members'), searchable: what retrieval asks of them, wherever they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.signals.late import TokenStatistics
from index.signals.token_codec import TokenCodec
from ingest.passage import Passage

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded


@dataclass(frozen=True)
class Sentence:
    """A verbatim sentence of a passage, its row there, and its cosine with the question.

    `aspects` says how likely it tells each aspect (aspects,), None for what was made of a sentence.
    """

    passage: Passage
    text: str
    similarity: float
    row: int = 0
    aspects: np.ndarray | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Embedded:
    """What the model gave for one passage, kept from one version to the next.

    `vector` (dimension,), `codes` (tokens, width) of the tokens, `token_ids` (tokens,); `spans` (sentences, 2)
    in characters of the passage's text, `sentences` (sentences, dimension) in float16, and `aspects` (sentences,
    aspects) in float16 say what each sentence tells; None where that is not kept.
    """

    vector: np.ndarray
    codes: np.ndarray
    token_ids: np.ndarray
    spans: np.ndarray
    sentences: np.ndarray
    aspects: np.ndarray | None = None


class Passages(Protocol):
    """Passages in rows. Those of the public and those of the members are never in the same ones.

    `PassageIndex` keeps them in files of this machine, `StoredPassages` in PostgreSQL.
    """

    def __len__(self) -> int: ...

    @property
    def sheets(self) -> Sequence[str]:
        """The id of each passage's sheet."""

    @property
    def texts(self) -> Sequence[str]:
        """What the model read of each passage. It reads every passage: for reindexing."""

    @property
    def statistics(self) -> TokenStatistics:
        """What is common in these passages' tokens."""

    @property
    def codec(self) -> TokenCodec:
        """How these passages' tokens are coded."""

    def read(self, rows: Sequence[int]) -> list[Passage]:
        """The passages at these rows, in their order."""

    def recall(self, rows: Sequence[int]) -> Iterator[Embedded]:
        """What the model gave for the passages at these rows, in their order."""

    def score_words(self, words: str, expansions: Sequence[str]) -> np.ndarray:
        """BM25 score of every passage: (passages,)."""

    def rows_with(self, word: str) -> np.ndarray:
        """Rows of the passages that have a word, as `split_words` gives it, in order: (found,)."""

    def find_nearest(self, vector: np.ndarray, k: int, accepted: np.ndarray) -> np.ndarray:
        """Rows of the `k` accepted passages nearest to a vector (dimension,): (found,)."""

    def weigh_tokens(self, encoded: Encoded) -> np.ndarray:
        """The weight of each token of a question by its rarity: (tokens,), of sum 1."""

    def score_meaning(self, encoded: Encoded, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For the passages at `rows` the cosine (rows,), and each question token's best cosine (rows, tokens)."""

    def read_vectors(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sentences of the passages at these rows: the passage of each (sentences,), the vectors of all."""

    def read_sentences(self, rows: Sequence[int], encoded: Encoded) -> list[Sentence]:
        """The sentences of the passages at these rows, in their order, each with its cosine to the question."""


def indexed_text(passage: Passage) -> str:
    """What the model and the words' index read of a passage: its heading gives its text a subject."""
    return f"{passage.heading}\n{passage.text}"
