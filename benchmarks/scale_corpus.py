"""Passages by the million with the spread of real ones, for `scale.py`.

Seeds are pieces of one to three sentences of real French texts, which do not overlap, embedded by the real model. A
grown vector is the middle of a seed and one of its near neighbours, plus half the difference of two near neighbours
taken elsewhere: what the middle takes from the variance the difference gives back, along the directions in which real
neighbours differ. `compare_spread` says how like the real ones they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoding.encoder import Encoder
from index.signals.token_codec import TokenCodec
from ingest.choice import choose_layout
from ingest.passage import split_document, split_sheet
from ingest.sentence import split_sentences
from ingest.source import read_source

_LEAST = 40  # characters of a piece
_NEAR = 20  # neighbours of a seed that a grown vector may lie towards
_SLICE = 50_000  # vectors grown at a time


@dataclass(frozen=True)
class Seeds:
    """Pieces of real texts: their vectors (pieces, dimension), and their tokens' codes and ids, one array each."""

    texts: tuple[str, ...]
    vectors: np.ndarray
    codes: tuple[np.ndarray, ...]
    token_ids: tuple[np.ndarray, ...]
    codec: TokenCodec


@dataclass(frozen=True)
class Grown:
    """Vectors (count, dimension) of norm 1, and the two seeds that each lies between (count, 2)."""

    vectors: np.ndarray
    parents: np.ndarray


@dataclass(frozen=True)
class Spread:
    """How vectors lie: cosines to the nearest and the tenth neighbour, best cosine of the questions, dimension."""

    nearest: float
    tenth: float
    question_nearest: float
    question_tenth: float
    question_median: float
    local_dimension: float


def read_pieces(sources: list[str], passages: list[str], count: int) -> list[str]:
    """At most `count` pieces of the sources' passages and of these, each once, in no order."""
    random = np.random.default_rng(0)
    texts = [*passages, *(text for source in sources for text in _read_passages(source))]
    pieces = dict.fromkeys(piece for text in texts for piece in _cut(text, random) if len(piece) > _LEAST)
    every = list(pieces)
    return [every[position] for position in random.permutation(len(every))[:count]]


def embed(texts: list[str], encoder: Encoder) -> Seeds:
    """Read the pieces with the model."""
    codec = TokenCodec.train([encoded.tokens for _, encoded in encoder.encode_passages(texts[:100])])
    vectors: dict[int, np.ndarray] = {}
    tokens: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for position, encoded in encoder.encode_passages(texts):
        vectors[position] = encoded.vector
        tokens[position] = (codec.encode(encoded.tokens), encoded.token_ids)
    codes, token_ids = zip(*(tokens[position] for position in range(len(texts))), strict=True)
    return Seeds(tuple(texts), np.stack([vectors[position] for position in range(len(texts))]), codes, token_ids, codec)


def grow(seeds: np.ndarray, count: int) -> Grown:
    """`count` vectors between and around seeds (seeds, dimension)."""
    random = np.random.default_rng(1)
    near = _find_near(seeds)
    vectors = np.empty((count, seeds.shape[1]), dtype=np.float32)
    parents = np.empty((count, 2), dtype=np.int32)
    for start in range(0, count, _SLICE):
        size = min(_SLICE, count - start)
        one, elsewhere = random.integers(len(seeds), size=(2, size))
        other, beside = (near[each, random.integers(_NEAR, size=size)] for each in (one, elsewhere))
        between = (seeds[one] + seeds[other]) / 2 + (seeds[elsewhere] - seeds[beside]) / 2
        vectors[start : start + size] = between / np.linalg.norm(between, axis=1, keepdims=True)
        parents[start : start + size] = np.stack([one, other], axis=1)
    return Grown(vectors, parents)


def write_texts(texts: tuple[str, ...], parents: np.ndarray) -> list[str]:
    """A text for each grown vector: the first half of the words of one of its seeds, the second of the other's."""
    words = [text.split() for text in texts]
    first = [" ".join(each[: len(each) // 2]) for each in words]
    second = [" ".join(each[len(each) // 2 :]) for each in words]
    return [f"{first[one]} {second[other]}" for one, other in parents.tolist()]


def compare_spread(vectors: np.ndarray, questions: np.ndarray) -> Spread:
    """Means over the vectors (count, dimension); compare sets of the same size, since more of them lie closer."""
    cosines = vectors[:1000] @ vectors.T
    cosines[np.arange(len(cosines)), np.arange(len(cosines))] = -1
    near = -np.partition(-cosines, 10, axis=1)[:, :10]
    near = -np.sort(-near, axis=1)
    asked = -np.sort(-(questions @ vectors.T), axis=1)
    distances = np.sqrt(np.maximum(2 - 2 * near, 1e-9))
    # Maximum likelihood of the local dimension (Levina and Bickel 2004), averaged as MacKay and Ghahramani do (2005).
    dimension = 1 / np.mean(np.log(distances[:, 9:] / distances[:, :9]))
    means = [near[:, 0], near[:, 9], asked[:, 0], asked[:, 9], asked[:, len(vectors) // 2]]
    return Spread(*(round(float(each.mean()), 3) for each in means), round(float(dimension), 1))


def _read_passages(source: str) -> Iterator[str]:
    reading = read_source(source, choose_layout(Path(source)))
    by_id = {sheet.id: sheet for sheet in reading.sheets}
    for sheet in reading.sheets:
        yield from (passage.text for passage in split_sheet(sheet))
    for document in reading.documents:
        yield from (passage.text for passage in split_document(document, by_id[document.sheet]))


def _cut(text: str, random: np.random.Generator) -> Iterator[str]:
    sentences = split_sentences(text)
    while sentences:
        length = int(random.integers(1, 4))
        yield " ".join(sentences[:length])
        sentences = sentences[length:]


def _find_near(seeds: np.ndarray) -> np.ndarray:
    """The `_NEAR` nearest other seeds of each (seeds, near)."""
    near = np.empty((len(seeds), _NEAR), dtype=np.int32)
    for start in range(0, len(seeds), 1000):
        cosines = seeds[start : start + 1000] @ seeds.T
        cosines[np.arange(len(cosines)), start + np.arange(len(cosines))] = -1
        near[start : start + 1000] = np.argpartition(-cosines, _NEAR, axis=1)[:, :_NEAR]
    return near
