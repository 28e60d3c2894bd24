"""Gathered: what the model gave for passages, in any order; it lies on the disk until all is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.passages import Embedded


class Pile:
    """Arrays of one kind and width, a row each, laid in a file one after the other and joined in the order of rows."""

    def __init__(self, path: Path, rows: int, kind: type[np.generic]) -> None:
        self._path = path
        self._file = path.open("w+b")
        self._starts = np.zeros(rows, dtype=np.int64)  # bytes
        self.lengths = np.zeros(rows, dtype=np.int64)
        self._like = np.empty(0, dtype=kind)  # an array without rows, of the kind and width of all

    def lay(self, row: int, array: np.ndarray) -> None:
        """Keep the array (elements, ...) of a row."""
        array = np.ascontiguousarray(array, dtype=self._like.dtype)
        self._like = array[:0]
        self._starts[row], self.lengths[row] = self._file.tell(), len(array)
        self._file.write(array.data)

    def join(self) -> np.ndarray:
        """All arrays as one, left on the disk: (elements, ...)."""
        shape = (int(self.lengths.sum()), *self._like.shape[1:])
        of_one = self._like.dtype.itemsize * int(np.prod(shape[1:]))
        whole = self._path.with_suffix(".npy")
        with whole.open("wb") as file:
            about = {"descr": self._like.dtype.str, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, about)
            for start, length in zip(self._starts.tolist(), self.lengths.tolist(), strict=True):
                self._file.seek(start)
                file.write(self._file.read(length * of_one))
        self._file.close()
        self._path.unlink()
        joined: np.ndarray = np.load(whole, mmap_mode="r" if shape[0] else None, allow_pickle=False)
        return joined


class Gathered:
    """Passages by row; `folder` is to stay meanwhile."""

    def __init__(self, folder: Path, passages: int) -> None:
        def pile(name: str, kind: type[np.generic]) -> Pile:
            return Pile(folder / name, passages, kind)

        self.vectors, self.codes = pile("vectors", np.float32), pile("codes", np.uint8)
        self.token_ids, self.spans = pile("ids", np.int32), pile("spans", np.int32)
        self.sentences, self.aspects = pile("sentences", np.float16), pile("aspects", np.float16)

    def add(self, row: int, embedded: Embedded, aspects: np.ndarray) -> None:
        """Keep what the model gave for the passage at a row, and what its sentences tell: (sentences, aspects)."""
        self.vectors.lay(row, embedded.vector[None])
        self.codes.lay(row, embedded.codes)
        self.token_ids.lay(row, embedded.token_ids)
        self.spans.lay(row, embedded.spans)
        self.sentences.lay(row, embedded.sentences)
        self.aspects.lay(row, aspects)
