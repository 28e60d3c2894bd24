from pathlib import Path

import numpy as np
import pytest

from index.opened import Index
from index.signals.vectors import Vectors

K = 10


@pytest.fixture(scope="module")
def small(own_index: Index) -> np.ndarray:
    """The vectors of true passages (passages, dimension)."""
    part = own_index.parts[0]
    return np.stack([part._vectors.read_vector(row) for row in range(len(part.passages))])


@pytest.fixture(scope="module")
def large(small: np.ndarray) -> np.ndarray:
    """More vectors than are compared one by one, with the spread of the real ones (as benchmarks/scale_corpus.py)."""
    return grow(small, 24_000)


@pytest.fixture(scope="module")
def questions(large: np.ndarray) -> np.ndarray:
    return grow(large[:2000], 40, seed=5)


@pytest.fixture(scope="module")
def compressed(large: np.ndarray) -> Vectors:
    return Vectors.build(large)


def grow(seeds: np.ndarray, count: int, seed: int = 4) -> np.ndarray:
    """Vectors halfway between two near seeds, plus half the difference of two near seeds from elsewhere."""
    random = np.random.default_rng(seed)
    near = np.argsort(-(seeds @ seeds.T), axis=1)[:, 1:21]
    one, elsewhere = random.integers(len(seeds), size=(2, count))
    other, beside = (near[each, random.integers(20, size=count)] for each in (one, elsewhere))
    vectors = (seeds[one] + seeds[other] + seeds[elsewhere] - seeds[beside]) / 2
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def nearest(vectors: np.ndarray, question: np.ndarray, accepted: np.ndarray) -> list[int]:
    """The rows that comparing everything finds."""
    rows = np.flatnonzero(accepted)
    return rows[np.argsort(-(vectors[rows] @ question), kind="stable")[:K]].tolist()


def recall(vectors: Vectors, everything: np.ndarray, questions: np.ndarray, accepted: np.ndarray | None) -> float:
    everywhere = np.ones(len(everything), dtype=bool) if accepted is None else accepted
    found = [set(vectors.search(question, K, accepted)[0].tolist()) for question in questions]
    wanted = [nearest(everything, question, everywhere) for question in questions]
    return sum(len(one.intersection(other)) for one, other in zip(found, wanted, strict=True)) / K / len(questions)


def spread(count: int, accepted: int) -> np.ndarray:
    mask = np.zeros(count, dtype=bool)
    mask[np.random.default_rng(3).permutation(count)[:accepted]] = True
    return mask


@pytest.mark.parametrize("accepted", [3, 50, 200])
def test_a_small_index_finds_what_comparing_every_accepted_text_finds(small: np.ndarray, accepted: int) -> None:
    mask = spread(len(small), accepted)
    rows, cosines = Vectors.build(small).search(small[7], K, mask)
    assert rows.tolist() == nearest(small, small[7], mask)
    np.testing.assert_allclose(cosines, small[rows] @ small[7], atol=1e-5)


def test_a_compressed_index_finds_nearly_all_that_comparing_everything_finds(
    compressed: Vectors, large: np.ndarray, questions: np.ndarray
) -> None:
    assert recall(compressed, large, questions, None) >= 0.97


def test_a_filter_that_most_texts_pass_is_applied_in_the_search(
    compressed: Vectors, large: np.ndarray, questions: np.ndarray
) -> None:
    accepted = spread(len(large), 22_000)
    assert recall(compressed, large, questions, accepted) >= 0.97
    rows, _ = compressed.search(questions[0], 100, accepted)
    assert len(rows) == 100
    assert accepted[rows].all()


def test_a_narrow_filter_still_finds_enough_in_a_compressed_index(
    compressed: Vectors, large: np.ndarray, questions: np.ndarray
) -> None:
    accepted = spread(len(large), 30)
    assert recall(compressed, large, questions, accepted) >= 0.99
    assert len(compressed.search(questions[0], 100, accepted)[0]) == 30


@pytest.mark.parametrize("kind", ["small", "large"])
def test_what_is_saved_is_what_is_loaded(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    vectors = request.getfixturevalue(kind)
    built = Vectors.build(vectors)
    built.save(tmp_path)
    loaded = Vectors.load(tmp_path)
    assert len(loaded) == len(vectors)
    assert loaded.search(vectors[5], K)[0].tolist() == built.search(vectors[5], K)[0].tolist()
    np.testing.assert_allclose(loaded.read_vector(5), vectors[5], atol=1e-3)
    np.testing.assert_array_equal(Vectors.build(loaded.read_vector(5)[None]).read_vector(0), loaded.read_vector(5))
    np.testing.assert_allclose(loaded.score(vectors[5])[:9], loaded.score_rows(vectors[5], np.arange(9)), atol=1e-5)


def test_vectors_of_another_index_beside_a_compressed_one_are_refused(compressed: Vectors, tmp_path: Path) -> None:
    compressed.save(tmp_path)
    np.save(tmp_path / "vectors.npy", np.zeros((3, 384), dtype=np.float16))
    with pytest.raises(ValueError, match="ne vont pas ensemble"):
        Vectors.load(tmp_path)


def test_no_vector_at_all_finds_nothing(small: np.ndarray) -> None:
    empty = Vectors.build(small[:0])
    assert (len(empty), empty.score(small[0]).tolist(), empty.search(small[0], K)[0].tolist()) == (0, [], [])
