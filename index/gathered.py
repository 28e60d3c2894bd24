"""Gathered: what the model gave for passages, in any order; most of it lies on the disk until all is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.passages import Embedded


class Pile:
    """Arrays of one kind and width, laid in a file one after the other, then joined in the order of their rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b")
        self._places: dict[int, tuple[int, int]] = {}  # of a row: where its bytes start, how many elements it has
        self._kind = np.empty(0)

    def lay(self, row: int, array: np.ndarray) -> None:
        """Keep an array (elements, ...)."""
        self._kind = array[:0]
        self._places[row] = (self._file.tell(), len(array))
        self._file.write(np.ascontiguousarray(array).data)

    @property
    def lengths(self) -> list[int]:
        """The elements of each row, in order."""
        return [self._places[row][1] for row in sorted(self._places)]

    def join(self) -> np.ndarray:
        """All arrays as one, left on the disk: (elements, ...)."""
        shape = (sum(self.lengths), *self._kind.shape[1:])
        of_one = self._kind.dtype.itemsize * int(np.prod(shape[1:]))
        whole = self._path.with_suffix(".npy")
        with whole.open("wb") as file:
            about = {"descr": self._kind.dtype.str, "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, about)
            for row in sorted(self._places):
                start, length = self._places[row]
                self._file.seek(start)
                file.write(self._file.read(length * of_one))
        self._file.close()
        self._path.unlink()
        joined: np.ndarray = np.load(whole, mmap_mode="r" if shape[0] else None, allow_pickle=False)
        return joined


class Gathered:
    """Passages by row. What is kept of a token or of a sentence is laid in a folder, which is to stay meanwhile."""

    def __init__(self, folder: Path, passages: int, dimension: int) -> None:
        self.vectors = np.zeros((passages, dimension), dtype=np.float32)
        self.spans: list[np.ndarray] = [np.empty(0)] * passages
        self.aspects: list[np.ndarray] = [np.empty(0)] * passages
        self.codes, self.token_ids, self.sentences = (Pile(folder / name) for name in ("codes", "ids", "sentences"))

    def add(self, row: int, embedded: Embedded, aspects: np.ndarray) -> None:
        """Keep what the model gave for the passage at a row, and what its sentences tell: (sentences, aspects)."""
        self.vectors[row] = embedded.vector
        self.spans[row], self.aspects[row] = np.array(embedded.spans), np.array(aspects)
        self.codes.lay(row, embedded.codes)
        self.token_ids.lay(row, embedded.token_ids)
        self.sentences.lay(row, embedded.sentences)
