"""Passages in PostgreSQL, searched by pgvector and read when a question comes near them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, LiteralString

import numpy as np
from pgvector import HalfVector
from psycopg.sql import SQL

from index.aspects.aspects import read_aspects
from index.manifest import Manifest
from index.passages import Embedded, Sentence, indexed_text
from index.signals.late import TokenStatistics, match_texts
from index.signals.token_codec import OpenCodes, TokenCodec
from index.storage.postgresql.connection import Database, Row
from index.storage.postgresql.kept import Kept
from index.storage.postgresql.tables import passages_table, words_table
from index.storage.postgresql.words import StoredWords
from ingest.passage import Passage
from ingest.sheet import Access

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded

TOKEN_IDS, SPANS, SENTENCES = np.dtype("<i4"), np.dtype("<i4"), np.dtype("<f2")  # as they are written
EXACT = 5_000  # passages that are compared one by one rather than searched in a graph

# Adding zero keeps the graph out of the first: the few are compared as they are found.
_NEAREST_OF_FEW = SQL("SELECT row FROM {table} WHERE row = ANY(%s) ORDER BY (vector <#> %s::halfvec) + 0 LIMIT %s")
_NEAREST = SQL("SELECT row FROM {table} WHERE get_bit(%s, row) = 1 ORDER BY vector <#> %s::halfvec LIMIT %s")
_ROOM = 256_000_000  # bytes of signals, and as many of texts, kept in memory
_AT_ONCE = 1_000  # passages read for a reindexing


@dataclass(frozen=True)
class _Signals:
    """What scoring a passage takes: its vector (dimension,) and its tokens' codes (tokens, width)."""

    vector: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class _Text:
    """What quoting a passage takes: spans (sentences, 2) in its text, their vectors (sentences, dimension), and what
    they tell (sentences, aspects), which is found when a text is read.
    """

    passage: Passage
    spans: np.ndarray
    vectors: np.ndarray
    aspects: np.ndarray


class StoredPassages:
    """The passages of one access and version. It knows the tables of no other."""

    def __init__(
        self, database: Database, access: Access, manifest: Manifest, statistics: TokenStatistics, codec: TokenCodec
    ) -> None:
        version, self._model = manifest.version, manifest.model
        self._database, self._table = database, passages_table(access, version)
        self.statistics, self.codec = statistics, codec
        self.sheets: Sequence[str] = self._read_all("sheet")
        self._words = StoredWords(database, words_table(access, version), len(self.sheets))
        self._signals: Kept[int, _Signals] = Kept(
            _ROOM, self._read_signals, lambda signals: signals.codes.nbytes + signals.vector.nbytes + 400
        )
        self._texts: Kept[int, _Text] = Kept(
            _ROOM, self._read_texts, lambda text: 4 * len(text.passage.text) + text.vectors.nbytes + 1_000
        )

    def __len__(self) -> int:
        return len(self.sheets)

    @property
    def texts(self) -> list[str]:
        """What the model read of each passage."""
        return [indexed_text(Passage.model_validate_json(passage)) for passage in self._read_all("passage")]

    def read(self, rows: Sequence[int]) -> list[Passage]:
        """The passages at these rows, in their order."""
        return [text.passage for text in self._texts.get(rows)]

    def recall(self, rows: Sequence[int]) -> Iterator[Embedded]:
        """What the model gave for the passages at these rows, in their order."""
        for start in range(0, len(rows), _AT_ONCE):
            chosen = list(rows[start : start + _AT_ONCE])
            found = {
                row: Embedded(
                    _read_vector(vector).astype(np.float32),
                    self._read_codes(codes),
                    np.frombuffer(token_ids, TOKEN_IDS),
                    np.frombuffer(spans, SPANS).reshape(-1, 2),
                    self._read_sentences(sentences),
                )
                for row, vector, codes, token_ids, spans, sentences in self._select(
                    "row, halfvec_send(vector), codes, token_ids, spans, sentences", chosen
                )
            }
            yield from (found[row] for row in chosen)

    def score_words(self, words: str, expansions: Sequence[str]) -> np.ndarray:
        """BM25 score of every passage: (passages,)."""
        return self._words.score(words, expansions)

    def rows_with(self, word: str) -> np.ndarray:
        """Rows of the passages that have a word, as `split_words` gives it, in order: (found,)."""
        return self._words.rows_with(word)

    def find_nearest(self, vector: np.ndarray, k: int, accepted: np.ndarray) -> np.ndarray:
        """Rows of the `k` accepted passages nearest to a vector (dimension,): (found,).

        The filter is a bit a passage: the search in the graph passes the others by and goes on until it has found `k`.
        A few accepted passages are compared one by one.
        """
        rows = np.flatnonzero(accepted)
        if not len(rows):
            return rows
        few = len(rows) <= EXACT
        query = (_NEAREST_OF_FEW if few else _NEAREST).format(table=self._table)
        chosen = rows.tolist() if few else np.packbits(accepted, bitorder="little").tobytes()
        found = self._database.read(query, (chosen, HalfVector(vector).to_text(), k))
        return np.array([row for (row,) in found], dtype=np.int64)

    def weigh_tokens(self, encoded: Encoded) -> np.ndarray:
        """The weight of each token of a question by its rarity: (tokens,), of sum 1."""
        return self.statistics.weigh(encoded)

    def score_meaning(self, encoded: Encoded, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For the passages at `rows` the cosine (rows,), and each question token's best cosine (rows, tokens)."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32), np.zeros((0, len(encoded.tokens)), dtype=np.float32)
        # A small collection is always scored whole: what was opened for one question serves the next.
        vectors, opened, starts = self._every if len(rows) == len(self) else self._open(rows.tolist())
        return vectors @ encoded.vector.astype(np.float32), match_texts(encoded, opened, starts, self.codec)

    def read_vectors(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sentences of the passages at these rows: the passage of each (sentences,), the vectors of all."""
        texts = self._texts.get(rows.tolist())
        vectors = [text.vectors for text in texts]
        return np.repeat(rows, list(map(len, vectors))), np.concatenate(vectors).astype(np.float32)

    def read_sentences(self, rows: Sequence[int], encoded: Encoded) -> list[Sentence]:
        """The sentences of the passages at these rows, in their order, each with its cosine to the question."""
        texts = self._texts.get(rows)
        if not texts:
            return []
        similarities = np.concatenate([text.vectors for text in texts]).astype(np.float32) @ encoded.vector
        aspects = np.concatenate([text.aspects for text in texts])
        places = [(text.passage, row, *span) for text in texts for row, span in enumerate(text.spans.tolist())]
        return [
            Sentence(passage, passage.text[start:end], float(similarity), row, told)
            for (passage, row, start, end), similarity, told in zip(places, similarities, aspects, strict=True)
        ]

    @cached_property
    def _every(self) -> tuple[np.ndarray, OpenCodes, np.ndarray]:
        return self._open(range(len(self)))

    def _open(self, rows: Sequence[int]) -> tuple[np.ndarray, OpenCodes, np.ndarray]:
        """Vectors of these passages, their tokens end to end, ready to be compared, and where each one's start."""
        signals = self._signals.get(rows)
        lengths = np.array([len(each.codes) for each in signals])
        opened = self.codec.open(np.concatenate([each.codes for each in signals]))
        return np.stack([each.vector for each in signals]).astype(np.float32), opened, np.cumsum(lengths) - lengths

    def _read_signals(self, rows: Sequence[int]) -> Mapping[int, _Signals]:
        found = self._select("row, halfvec_send(vector), codes", rows)
        return {row: _Signals(_read_vector(vector), self._read_codes(codes)) for row, vector, codes in found}

    def _read_texts(self, rows: Sequence[int]) -> Mapping[int, _Text]:
        selected = self._select("row, passage, spans, sentences", rows)
        return {row: self._make_text(*columns) for row, *columns in selected}

    def _make_text(self, written: str, spans: bytes, sentences: bytes) -> _Text:
        passage, vectors = Passage.model_validate_json(written), self._read_sentences(sentences)
        places = np.frombuffer(spans, SPANS).reshape(-1, 2)
        pairs = [(passage, passage.text[start:end]) for start, end in places.tolist()]
        return _Text(passage, places, vectors, read_aspects(pairs, vectors.astype(np.float32), self._model))

    def _read_all(self, column: LiteralString) -> list[str]:
        query = SQL("SELECT {} FROM {} ORDER BY row").format(SQL(column), self._table)
        return [value for (value,) in self._database.read(query)]

    def _select(self, columns: LiteralString, rows: Sequence[int]) -> list[Row]:
        query = SQL("SELECT {} FROM {} WHERE row = ANY(%s)").format(SQL(columns), self._table)
        return self._database.read(query, [list(rows)])

    def _read_codes(self, content: bytes) -> np.ndarray:
        return np.frombuffer(content, np.uint8).reshape(-1, self.codec.width)

    def _read_sentences(self, content: bytes) -> np.ndarray:
        return np.frombuffer(content, SENTENCES).reshape(-1, len(self.codec.mean))


def _read_vector(content: bytes) -> np.ndarray:
    """A vector (dimension,) as pgvector sends it."""
    return HalfVector.from_binary(content).to_numpy()
