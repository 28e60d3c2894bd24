"""Texts as the checker compares them: the words of a sentence with the states that the model gives their tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.checks.figures import Figure, find_figures
from index.signals.lexical import split_words
from ingest.sentence import split_sentences
from language.detection import detect_language
from language.letters import fold
from language.parser import Token, parse
from language.shapes import COMPOUND

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded, Encoder

REMEMBERED = 2_000  # texts: the passages of some twenty answers
_CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "NUM", "ADV"})
_SHORTEST = 3  # letters of a word that says something


@dataclass(frozen=True, eq=False)
class ReadText:
    """A text with its words, those that say something by their rows, and their directions.

    `vectors` (words, dimension) have norm 1 and are those of the words in this text, `tokens` (tokens, dimension) those
    of its pieces; `vector` (dimension,) is that of the text.
    """

    text: str
    language: str
    words: tuple[Token, ...]
    vectors: np.ndarray
    tokens: np.ndarray
    vector: np.ndarray

    @cached_property
    def content(self) -> list[int]:
        """The rows of the words that say something, all when none does."""
        rows = [
            row
            for row, word in enumerate(self.words)
            if word.end - word.start >= _SHORTEST and (not word.part or word.part in _CONTENT)
        ]
        return rows or list(range(len(self.words)))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(split_words(self.text))

    @cached_property
    def word_stems(self) -> list[frozenset[str]]:
        """The stems of each word, none for a small one."""
        return [frozenset(split_words(self.word(row))) for row in range(len(self.words))]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that it states."""
        return find_figures(self.text)

    @cached_property
    def plain_words(self) -> list[str]:
        """Its words without capitals or accents."""
        return [fold(self.word(row)) for row in range(len(self.words))]

    def word(self, row: int) -> str:
        """A word as it is written."""
        return self.text[self.words[row].start : self.words[row].end]


@dataclass(frozen=True, eq=False)
class ReadPassages:
    """Passages that are cited together: their sentences, each with the row of its passage and with what stands above
    it, and their headings, each once.
    """

    sentences: tuple[ReadText, ...]
    owners: tuple[int, ...]
    above: tuple[ReadText, ...]
    headings: tuple[ReadText, ...]

    @property
    def text(self) -> str:
        """All that they say, headings first."""
        return "\n".join(each.text for each in (*self.headings, *self.sentences))


class TextReader:
    """Reads texts with the model and the parser; the last ones are remembered, for statements cite them again.

    For one thread, the one that computes. `mean` (dimension,) is taken from each token's state: the states of one model
    all point much the same way.
    """

    def __init__(self, encoder: Encoder, mean: np.ndarray, remembered: int = REMEMBERED) -> None:
        self._encoder, self._mean, self._most = encoder, mean, remembered
        self._read: dict[tuple[str, str], ReadText] = {}

    def read(self, texts: Iterable[tuple[str, str]]) -> list[ReadText]:
        """Texts with their languages, those that are new read together."""
        wanted = list(texts)
        new = [each for each in dict.fromkeys(wanted) if each not in self._read]
        if len(self._read) + len(new) > self._most:
            self._read = {key: self._read[key] for key in wanted if key in self._read}
        for row, encoded in self._encoder.encode_passages([text for text, _ in new]):
            self._read[new[row]] = self._make(*new[row], encoded)
        return [self._read[each] for each in wanted]

    def read_passages(self, passages: Sequence[tuple[str, str]]) -> ReadPassages:
        """Passages, each a heading and a text, in the language of the sheets."""
        parts = [(row, sentence) for row, (_, text) in enumerate(passages) for sentence in split_sentences(text)]
        headings = list(dict.fromkeys(heading for heading, _ in passages))
        read = self.read((text, "fr") for text in (*headings, *(sentence for _, sentence in parts)))
        above = tuple(read[headings.index(passages[row][0])] for row, _ in parts)
        owners = tuple(row for row, _ in parts)
        return ReadPassages(tuple(read[len(headings) :]), owners, above, tuple(read[: len(headings)]))

    def _make(self, text: str, language: str, encoded: Encoded) -> ReadText:
        tokens = _norm(encoded.tokens.astype(np.float32) - self._mean)
        words = parse(text, language) or tuple(
            Token(found.start(), found.end(), "", "", row) for row, found in enumerate(COMPOUND.finditer(text))
        )
        vectors = np.zeros((len(words), len(self._mean)), dtype=np.float32)
        starts, ends = (encoded.offsets.reshape(-1, 2)[:, side] for side in (0, 1))
        for row, word in enumerate(words):
            within = (starts < word.end) & (ends > word.start)
            if within.any():
                vectors[row] = (encoded.tokens[within].astype(np.float32) - self._mean).mean(axis=0)
        return ReadText(text, language, words, _norm(vectors), tokens, encoded.vector.astype(np.float32))


def tell_language(statement: str) -> str:
    """The language that a statement is read in: English, or that of the sheets."""
    return "en" if detect_language(statement) == "en" else "fr"


def _norm(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6))
