"""The passages of one access (public, or members') with their three signals and their sentences' vectors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoder import Encoded, Encoder, Progress
from index.late import Late, TokenStatistics
from index.lexical import Lexical
from index.vectors import Vectors
from ingest.passage import Passage
from ingest.sentence import split_sentences


@dataclass(frozen=True)
class Sentence:
    """A verbatim sentence of a passage and its cosine with the question."""

    passage: Passage
    text: str
    similarity: float


@dataclass(frozen=True)
class PassageSignals:
    """What each signal says of each passage: cosines (passages,), BM25 (passages,), matches (passages, tokens)."""

    dense: np.ndarray
    lexical: np.ndarray
    late: np.ndarray


class PassageIndex:
    """Passages, searchable. Public and members' passages are never in the same one."""

    def __init__(
        self,
        passages: Sequence[Passage],
        vectors: Vectors,
        lexical: Lexical,
        late: Late,
        spans: np.ndarray,
        sentences: np.ndarray,
    ) -> None:
        self.passages = tuple(passages)
        self._vectors, self._lexical, self._late = vectors, lexical, late
        self._spans, self._sentences = (
            spans,
            sentences,
        )  # (sentences, 3): row of the passage, start, end; (sentences, dimension)

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        encoder: Encoder,
        statistics: TokenStatistics | None = None,
        progress: Progress | None = None,
    ) -> "PassageIndex":
        """Embed and index passages; at least one.

        `statistics` are those of a larger corpus of the same kind, measured on these passages otherwise: the
        members' passages take the public ones', so that the scores of both can be compared.
        """
        texts = [_indexed_text(passage) for passage in passages]
        encoded = [text for _, text in sorted(encoder.encode_passages(texts, progress), key=lambda pair: pair[0])]
        sheets = {sheet: row for row, sheet in enumerate(dict.fromkeys(passage.sheet for passage in passages))}
        groups = np.array([sheets[passage.sheet] for passage in passages])
        statistics = statistics or TokenStatistics.measure(encoded, groups)
        spans, sentences = _embed_sentences(passages, encoded)
        return cls(
            passages,
            Vectors.build(np.stack([text.vector for text in encoded])),
            Lexical.build(texts),
            Late.build(encoded, statistics),
            spans,
            sentences,
        )

    @property
    def statistics(self) -> TokenStatistics:
        """What is common in these passages' tokens."""
        return self._late.statistics

    def save(self, folder: Path) -> None:
        """Write plain files into a new folder."""
        folder.mkdir(parents=True)
        lines = (passage.model_dump_json() + "\n" for passage in self.passages)
        (folder / "passages.jsonl").write_text("".join(lines), encoding="utf-8")
        np.savez(folder / "sentences.npz", spans=self._spans, vectors=self._sentences)
        self._vectors.save(folder)
        self._lexical.save(folder)
        self._late.save(folder)

    @classmethod
    def load(cls, folder: Path) -> "PassageIndex":
        """Read what `save` wrote."""
        lines = (folder / "passages.jsonl").read_text(encoding="utf-8").splitlines()
        passages = [Passage.model_validate(json.loads(line)) for line in lines]
        with np.load(folder / "sentences.npz", allow_pickle=False) as arrays:
            spans, sentences = arrays["spans"], arrays["vectors"]
        return cls(passages, Vectors.load(folder), Lexical.load(folder), Late.load(folder), spans, sentences)

    def score(self, question: str, encoded: Encoded) -> PassageSignals:
        """The three signals for every passage."""
        return PassageSignals(
            dense=self._vectors.score(encoded.vector),
            lexical=self._lexical.score(question, len(self.passages)),
            late=self._late.match(encoded),
        )

    def read_sentences(self, sheet: str, encoded: Encoded) -> list[Sentence]:
        """The sentences of a sheet in reading order, each with its cosine to the question."""
        rows = [row for row, passage in enumerate(self.passages) if passage.sheet == sheet]
        chosen = np.flatnonzero(np.isin(self._spans[:, 0], rows))
        similarities = self._sentences[chosen].astype(np.float32) @ encoded.vector
        return [
            Sentence(passage := self.passages[row], passage.text[start:end], float(similarity))
            for (row, start, end), similarity in zip(self._spans[chosen].tolist(), similarities, strict=True)
        ]


def _indexed_text(passage: Passage) -> str:
    return f"{passage.heading}\n{passage.text}"


def _embed_sentences(passages: Sequence[Passage], encoded: Sequence[Encoded]) -> tuple[np.ndarray, np.ndarray]:
    """Spans (sentences, 3) and vectors (sentences, dimension), in float16.

    A sentence's vector is the mean of its tokens' states within the passage, so that "la commune" keeps the
    meaning its heading gives it ("late chunking", Günther et al. 2024, arXiv:2409.04701), at no cost.
    """
    spans: list[tuple[int, int, int]] = []
    vectors: list[np.ndarray] = []
    for row, (passage, text) in enumerate(zip(passages, encoded, strict=True)):
        shift, end = len(passage.heading) + 1, 0
        for sentence in split_sentences(passage.text):
            start = passage.text.index(sentence, end)
            end = start + len(sentence)
            inside = (text.offsets[:, 1] > shift + start) & (text.offsets[:, 0] < shift + end)
            if inside.any():
                mean = text.tokens[inside].mean(axis=0)
                spans.append((row, start, end))
                vectors.append(mean / np.linalg.norm(mean))
    return np.array(spans, dtype=np.int32), np.stack(vectors).astype(np.float16)
