"""What the model gives is gathered on the disk: memory does not grow with the number of tokens."""

import tracemalloc
from pathlib import Path

import numpy as np

from index.gathered import Gathered, Pile
from index.passages import Embedded

WIDTH, TOKENS = 98, 400


def test_arrays_laid_in_any_order_are_joined_in_that_of_their_rows(tmp_path: Path) -> None:
    pile = Pile(tmp_path / "pile", 3, np.int32)
    arrays = {2: np.array([[5, 6]], dtype=np.int64), 0: np.array([[1, 2], [3, 4]], dtype=np.int32)}
    arrays[1] = np.zeros((0, 2), dtype=np.int64)  # of another kind, which is made the pile's
    for row, array in arrays.items():
        pile.lay(row, array[:, ::-1])
    assert pile.lengths.tolist() == [2, 0, 1]
    joined = pile.join()
    assert joined.tolist() == [[2, 1], [4, 3], [6, 5]]
    assert joined.dtype == np.int32
    assert isinstance(joined, np.memmap)


def test_of_nothing_nothing_is_joined(tmp_path: Path) -> None:
    pile = Pile(tmp_path / "pile", 1, np.float16)
    pile.lay(0, np.zeros((0, 3), dtype=np.float16))
    assert pile.join().shape == (0, 3)


def test_what_is_kept_of_tokens_and_sentences_takes_no_memory(tmp_path: Path) -> None:
    codes = np.zeros((TOKENS, WIDTH), dtype=np.uint8)
    ids, sentences = np.zeros(TOKENS, dtype=np.int32), np.zeros((20, 384), dtype=np.float16)
    passages = 500
    gathered = Gathered(tmp_path, passages)
    tracemalloc.start()
    for row in reversed(range(passages)):
        spans, told = np.zeros((20, 3), dtype=np.int32), np.zeros((20, 13), dtype=np.float16)
        gathered.add(row, Embedded(np.ones(384), codes + np.uint8(row % 7), ids, spans, sentences), told)
    whole = gathered.codes.join()
    assert (gathered.token_ids.join().shape, gathered.sentences.join().shape) == ((200_000,), (10_000, 384))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000, "20 MB were kept"
    assert whole.shape == (passages * TOKENS, WIDTH)
    assert whole[::TOKENS, 0].tolist() == [row % 7 for row in range(passages)]
