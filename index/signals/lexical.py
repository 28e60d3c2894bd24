"""Lexical signal: BM25 over French words, stemmed, without accents nor elisions."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_FRENCH

from language.grammar import Grammar
from language.numbers import join_thousands
from language.shapes import HYPHENATED

_FRENCH_WORDS = Grammar("search")
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "‑": "-"})
_FOLDER = "bm25"
EXPANSION_WEIGHT = 0.3  # of the other ways to say the same


@dataclass(frozen=True)
class Posting:
    """A word, the rows (found,) of the texts that have it, in order, and what it adds to their scores (found,)."""

    word: str
    rows: np.ndarray
    scores: np.ndarray


class Lexical:
    """A BM25 index over texts."""

    def __init__(self, index: bm25s.BM25 | None) -> None:
        self._index = index  # None when no text holds a word: the library refuses an empty corpus

    @classmethod
    def build(cls, texts: list[str]) -> "Lexical":
        """Index texts."""
        words = [split_words(text) for text in texts]
        if not any(words):
            return cls(None)
        index = bm25s.BM25()
        index.index(words, show_progress=False)
        return cls(index)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON into an existing folder."""
        if self._index is not None:
            self._index.save(folder / _FOLDER, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "Lexical":
        """Read what `save` wrote; the lists of texts of each word stay on the disk until a question has that word."""
        path = folder / _FOLDER
        return cls(bm25s.BM25.load(path, load_corpus=False, mmap=True) if path.is_dir() else None)

    def score(
        self, question: str, count: int, expansions: Sequence[str] = (), weight: float = EXPANSION_WEIGHT
    ) -> np.ndarray:
        """BM25 score of every one of the `count` texts: (count,).

        The words of `expansions`, other ways to say the same, count for `weight`, unless the question has them.
        """
        words, others = split_asked(question, expansions)
        return self._score(words, count) + weight * self._score(others, count)

    def rows_with(self, word: str) -> np.ndarray:
        """Rows of the texts that have a word, as `split_words` gives it, in order: (found,)."""
        if self._index is None or word not in self._index.vocab_dict:
            return np.zeros(0, dtype=np.int64)
        token, starts = self._index.vocab_dict[word], self._index.scores["indptr"]
        return np.asarray(self._index.scores["indices"][starts[token] : starts[token + 1]])

    def postings(self) -> Iterator[Posting]:
        """Each word with the texts that have it."""
        if self._index is None:
            return
        scores = self._index.scores
        for word, token in self._index.vocab_dict.items():
            if token + 1 == len(scores["indptr"]):  # the library's own word, for texts without any
                continue
            span = slice(scores["indptr"][token], scores["indptr"][token + 1])
            yield Posting(word, scores["indices"][span], scores["data"][span])

    def _score(self, words: list[str], count: int) -> np.ndarray:
        if self._index is None or not words:
            return np.zeros(count, dtype=np.float32)
        return np.asarray(self._index.get_scores(words), dtype=np.float32)


def best_rows(scores: np.ndarray, k: int, accepted: np.ndarray | None = None) -> np.ndarray:
    """Rows of the `k` greatest positive scores among those of the `accepted` texts, best first: (found,)."""
    rows = np.flatnonzero(scores > 0 if accepted is None else (scores > 0) & accepted)
    if len(rows) > k:
        rows = rows[np.argpartition(-scores[rows], k)[:k]]
    return rows[np.argsort(-scores[rows], kind="stable")]


def split_asked(question: str, expansions: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of a question, and those of its expansions that it does not have."""
    words = split_words(question)
    return words, sorted({word for text in expansions for word in split_words(text)} - set(words))


def split_words(text: str) -> list[str]:
    """The words that count, stemmed and folded: "L'éco-quartier voté" gives eco, quarti, ecoquarti, vot.

    A compound gives its parts and the whole, since people write it with a hyphen, a space or neither.
    """
    plain = unicodedata.normalize("NFC", text).lower().translate(_PLAIN)
    plain = _hung().sub(" ", join_thousands(plain))
    words = [word for compound in HYPHENATED.findall(plain) for word in _open_compound(compound)]
    return [stem for word in words if (stem := _stem(word))]


@lru_cache(maxsize=20_000)  # the sentences of some hundred sheets: each question reads them again
def word_set(text: str) -> frozenset[str]:
    """The words that count, each once."""
    return frozenset(split_words(text))


@lru_cache(maxsize=200_000)  # a collection repeats its words: its texts are split six times faster, and share them
def _stem(word: str) -> str:
    """The folded stem of a word, "" for one that says nothing."""
    return "" if _fold(word) in _stop_words() else _fold(_stemmer().stemWord(word))


def _open_compound(compound: str) -> list[str]:
    parts = compound.split("-")
    return [*parts, "".join(parts)] if len(parts) > 1 else parts


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(_fold(word) for word in [*STOPWORDS_FRENCH, *_FRENCH_WORDS.words("asking")["fr"]])


@cache
def _hung() -> re.Pattern[str]:
    """What French hangs on a word: "l'eau", "qu'on", "faut-il", "a-t-on"."""
    elided, inverted = (f"(?:{'|'.join(_FRENCH_WORDS.words(name)['fr'])})" for name in ("elided", "after_verb"))
    return re.compile(rf"\b{elided}['’]|-(?:t-)?{inverted}\b")


def _fold(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
