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

    `late` is how well its words match those of the question, by late interaction, `late_headed` with its heading's.
    `aspects` says how likely it tells each aspect (aspects,), None for what was made of a sentence.
    """

    passage: Passage
    text: str
    similarity: float
    row: int = 0
    late: float = 0.0
    late_headed: float = 0.0
    aspects: np.ndarray | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Embedded:
    """What the model gave for one passage, kept from one version to the next.

    `vector` (dimension,), `codes` (tokens, width) of the tokens, `token_ids` (tokens,); `spans` (sentences, 3): start
    and end in characters of the passage's text, and the first token, which versions of format 4 and before lack;
    `sentences` (sentences, dimension) in float16, and `aspects` (sentences, aspects) in float16 say what each sentence
    tells; None where that is not kept.
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

    def read_sentences(self, rows: Sequence[int], encoded: Encoded, shares: np.ndarray) -> list[Sentence]:
        """The sentences of the passages at these rows, in order, each with its cosine to the question and its match.

        `shares` (tokens,) say how much each token of the question counts.
        """


def cut_tokens(passage: Passage, spans: np.ndarray, tokens: int) -> np.ndarray:
    """Where the heading starts among the tokens of a passage, 0, and each of its sentences: (1 + sentences,).

    `spans` are as `Embedded` has them. Where they lack the first tokens, these are taken to be as long as each other.
    """
    if spans.shape[1] > 2:
        return np.insert(spans[:, 2], 0, 0)
    before = len(passage.heading) + 1
    read = before + (int(spans[-1, 1]) if len(spans) else 0)  # of too long a text, the beginning
    return np.insert(np.minimum((before + spans[:, 0]) * tokens // read, tokens - 1), 0, 0)


def make_sentences(
    places: Sequence[tuple[Passage, int, int, int]], similarities: np.ndarray, matches: np.ndarray, aspects: np.ndarray
) -> list[Sentence]:
    """Sentences by their passage, row, start and end there, with what is known of each: see `Sentence`."""
    near = zip(similarities.tolist(), matches.tolist(), aspects, strict=True)
    return [
        Sentence(passage, passage.text[start:end], similarity, row, late, headed, told)
        for (passage, row, start, end), (similarity, (late, headed), told) in zip(places, near, strict=True)
    ]


def indexed_text(passage: Passage) -> str:
    """What the model and the words' index read of a passage: its heading gives its text a subject."""
    return f"{passage.heading}\n{passage.text}"
