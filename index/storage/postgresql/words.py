"""Lexical signal in PostgreSQL: the BM25 scores that index.signals.lexical makes, read by word."""

from collections.abc import Mapping, Sequence

import numpy as np
from psycopg.sql import SQL, Composed

from index.signals.lexical import EXPANSION_WEIGHT, split_asked
from index.storage.postgresql.connection import Database
from index.storage.postgresql.kept import Kept

ROWS, SCORES = np.dtype("<i4"), np.dtype("<f4")  # as they are written

_ROOM = 64_000_000  # bytes of words kept in memory
_Found = tuple[np.ndarray, np.ndarray]  # rows (found,) of the texts that have a word, what it adds to their scores


class StoredWords:
    """The words of `count` texts. What a question needs is the texts of its words, and no more is read."""

    def __init__(self, database: Database, table: Composed, count: int) -> None:
        self._database, self._count = database, count
        self._query = SQL("SELECT word, rows, scores FROM {} WHERE word = ANY(%s)").format(table)
        self._kept: Kept[str, _Found] = Kept(_ROOM, self._read, lambda found: found[0].nbytes + found[1].nbytes + 200)

    def score(self, question: str, expansions: Sequence[str]) -> np.ndarray:
        """BM25 score of every text, as `Lexical.score` gives it: (count,)."""
        words, others = split_asked(question, expansions)
        self._kept.get([*words, *others])
        return self._score(words) + EXPANSION_WEIGHT * self._score(others)

    def rows_with(self, word: str) -> np.ndarray:
        """Rows of the texts that have a word, in order: (found,)."""
        return self._kept.get([word])[0][0]

    def _score(self, words: Sequence[str]) -> np.ndarray:
        scores = np.zeros(self._count, dtype=np.float32)
        for rows, added in self._kept.get(words):
            scores[rows] += added
        return scores

    def _read(self, words: Sequence[str]) -> Mapping[str, _Found]:
        nothing = np.zeros(0, dtype=ROWS), np.zeros(0, dtype=SCORES)
        rows = self._database.read(self._query, [list(words)])
        found = {word: (np.frombuffer(rows, ROWS), np.frombuffer(scores, SCORES)) for word, rows, scores in rows}
        return {word: found.get(word, nothing) for word in words}
