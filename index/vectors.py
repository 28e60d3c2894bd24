"""Dense signal: one vector a text, searched exactly by FAISS (inner product of vectors of norm 1)."""

from pathlib import Path

import faiss
import numpy as np

_FILE = "vectors.faiss"


class Vectors:
    """Vectors (texts, dimension) in a FAISS index."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: np.ndarray) -> "Vectors":
        """Index float32 vectors (texts, dimension) of norm 1; there may be none."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def save(self, folder: Path) -> None:
        """Write into an existing folder, or raise OSError."""
        try:
            faiss.write_index(self._index, str(folder / _FILE))
        except RuntimeError as error:
            raise OSError(f"{_FILE} ne peut pas être écrit") from error

    @classmethod
    def load(cls, folder: Path) -> "Vectors":
        """Read what `save` wrote."""
        return cls(faiss.read_index(str(folder / _FILE)))

    def read_vector(self, row: int) -> np.ndarray:
        """The vector (dimension,) of one text."""
        return np.asarray(self._index.reconstruct(row))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def score(self, vector: np.ndarray) -> np.ndarray:
        """Cosine of a vector (dimension,) with every text: (texts,)."""
        scores = np.zeros(len(self), dtype=np.float32)
        if len(self):
            found, rows = self._index.search(vector[None].astype(np.float32), len(self))
            scores[rows[0]] = found[0]
        return scores
