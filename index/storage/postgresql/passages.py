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
from index.manifest import FIRST_TOKENS, Manifest
from index.passages import Embedded, Sentence, cut_tokens, indexed_text, make_sentences
from index.signals.late import TokenStatistics
from index.signals.matched import Matched, Matches, match_texts
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
    """What scoring a passage takes: its vector (dimension,), its tokens' codes (tokens, width), and where the pieces
    start among them (pieces,).
    """

    vector: np.ndarray
    codes: np.ndarray
    cut: np.ndarray


@dataclass(frozen=True, eq=False)
class _Opened:
    """Passages ready to be compared: their vectors (passages, dimension), their tokens end to end, so many each
    (passages,), and the cut of each.
    """

    vectors: np.ndarray
    codes: OpenCodes
    lengths: np.ndarray
    cuts: Sequence[np.ndarray]


@dataclass(frozen=True)
class _Text:
    """What quoting a passage takes: the spans of its sentences, their vectors (sentences, dimension), and what
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
        self._has_tokens = manifest.format >= FIRST_TOKENS
        self._database, self._table = database, passages_table(access, version)
        self.statistics, self.codec = statistics, codec
        self.sheets: Sequence[str] = self._read_all("sheet")
        self._words = StoredWords(database, words_table(access, version), len(self.sheets))
        self._signals: Kept[int, _Signals] = Kept(
            _ROOM,
            self._read_signals,
            lambda signals: signals.codes.nbytes + signals.vector.nbytes + signals.cut.nbytes + 500,
        )
        self._matches = Matches(self._compare)
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
                    self._read_spans(spans),
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
        if len(rows) == len(self):
            vectors = self._every.vectors
        else:
            vectors = np.stack([each.vector for each in self._signals.get(rows.tolist())]).astype(np.float32)
        return vectors @ encoded.vector.astype(np.float32), self._matches.match(encoded, rows)

    def read_vectors(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sentences of the passages at these rows: the passage of each (sentences,), the vectors of all."""
        texts = self._texts.get(rows.tolist())
        vectors = [text.vectors for text in texts]
        return np.repeat(rows, list(map(len, vectors))), np.concatenate(vectors).astype(np.float32)

    def read_sentences(self, rows: Sequence[int], encoded: Encoded, shares: np.ndarray) -> list[Sentence]:
        """The sentences of the passages at these rows, in order, each with its cosine to the question and its match."""
        texts = self._texts.get(rows)
        if not texts:
            return []
        similarities = np.concatenate([text.vectors for text in texts]).astype(np.float32) @ encoded.vector
        aspects = np.concatenate([text.aspects for text in texts])
        places = [(text.passage, row, *span) for text in texts for row, span in enumerate(text.spans[:, :2].tolist())]
        at = np.array(rows)
        late = self._matches.find(encoded, at).weigh_sentences(at, shares)
        return make_sentences(places, similarities, late, aspects)

    def _compare(self, encoded: Encoded, rows: np.ndarray) -> Matched:
        # A small collection is always scored whole: what was opened for one question serves the next.
        opened = self._every if len(rows) == len(self) else self._open(rows.tolist())
        return match_texts(encoded, opened.codes, rows, opened.lengths, opened.cuts, self.codec)

    @cached_property
    def _every(self) -> _Opened:
        return self._open(range(len(self)))

    def _open(self, rows: Sequence[int]) -> _Opened:
        signals = self._signals.get(rows)
        return _Opened(
            np.stack([each.vector for each in signals]).astype(np.float32),
            self.codec.open(np.concatenate([each.codes for each in signals])),
            np.array([len(each.codes) for each in signals]),
            [each.cut for each in signals],
        )

    def _read_signals(self, rows: Sequence[int]) -> Mapping[int, _Signals]:
        selected = self._select("row, halfvec_send(vector), codes, passage, spans", rows)
        return {row: self._make_signals(*columns) for row, *columns in selected}

    def _make_signals(self, vector: bytes, codes: bytes, written: str, spans: bytes) -> _Signals:
        tokens, places = self._read_codes(codes), self._read_spans(spans)
        cut = cut_tokens(Passage.model_validate_json(written), places, len(tokens))
        return _Signals(_read_vector(vector), tokens, cut)

    def _read_texts(self, rows: Sequence[int]) -> Mapping[int, _Text]:
        selected = self._select("row, passage, spans, sentences", rows)
        return {row: self._make_text(*columns) for row, *columns in selected}

    def _make_text(self, written: str, spans: bytes, sentences: bytes) -> _Text:
        passage, vectors = Passage.model_validate_json(written), self._read_sentences(sentences)
        places = self._read_spans(spans)
        pairs = [(passage, passage.text[start:end]) for start, end in places[:, :2].tolist()]
        return _Text(passage, places, vectors, read_aspects(pairs, vectors.astype(np.float32), self._model))

    def _read_all(self, column: LiteralString) -> list[str]:
        query = SQL("SELECT {} FROM {} ORDER BY row").format(SQL(column), self._table)
        return [value for (value,) in self._database.read(query)]

    def _select(self, columns: LiteralString, rows: Sequence[int]) -> list[Row]:
        query = SQL("SELECT {} FROM {} WHERE row = ANY(%s)").format(SQL(columns), self._table)
        return self._database.read(query, [list(rows)])

    def _read_codes(self, content: bytes) -> np.ndarray:
        return np.frombuffer(content, np.uint8).reshape(-1, self.codec.width)

    def _read_spans(self, content: bytes) -> np.ndarray:
        return np.frombuffer(content, SPANS).reshape(-1, 3 if self._has_tokens else 2)

    def _read_sentences(self, content: bytes) -> np.ndarray:
        return np.frombuffer(content, SENTENCES).reshape(-1, len(self.codec.mean))


def _read_vector(content: bytes) -> np.ndarray:
    """A vector (dimension,) as pgvector sends it."""
    return HalfVector.from_binary(content).to_numpy()
