"""Dense signal: one vector a text, searched by FAISS (inner product of vectors of norm 1).

Up to `_EXACT` texts every vector is compared. Beyond, inverted lists (Jégou et al. 2011, doi:10.1109/TPAMI.2010.57)
of vectors compressed to a byte a dimension give candidates, which are compared again with the vectors as they were,
read from a memory-mapped file. benchmarks/scale.py measured the constants.
"""

from pathlib import Path

import faiss
import numpy as np

_FILE, _ORIGINALS = "vectors.faiss", "vectors.npy"
_EXACT = 20_000  # texts
_FEW = 20_000  # accepted texts that are compared one by one
_TRAINING = 64  # vectors a list that the lists are trained on
_PROBED = 48  # lists searched
_CANDIDATES = 4  # compressed candidates for each text wanted


class Vectors:
    """Vectors (texts, dimension) in a FAISS index, and as they were when the index compresses them."""

    def __init__(self, index: faiss.Index, originals: np.ndarray | None = None) -> None:
        self._index, self._is_exact = index, originals is None
        self._originals = _view(index) if originals is None else originals

    @classmethod
    def build(cls, vectors: np.ndarray) -> "Vectors":
        """Index float32 vectors (texts, dimension) of norm 1; there may be none."""
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        count, dimension = vectors.shape
        if count <= _EXACT:
            index = faiss.IndexFlatIP(dimension)
            index.add(vectors)
            return cls(index)
        lists = 1 << round(np.log2(4 * np.sqrt(count)))
        index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        sample = np.random.default_rng(0).permutation(count)[: _TRAINING * lists]
        index.train(vectors[np.sort(sample)])
        index.add(vectors)
        index.nprobe = _PROBED
        return cls(index, vectors.astype(np.float16))

    def save(self, folder: Path) -> None:
        """Write into an existing folder, or raise OSError."""
        try:
            faiss.write_index(self._index, str(folder / _FILE))
        except RuntimeError as error:
            raise OSError(f"{_FILE} ne peut pas être écrit") from error
        if self._originals is not None:
            np.save(folder / _ORIGINALS, self._originals)

    @classmethod
    def load(cls, folder: Path) -> "Vectors":
        """Read what `save` wrote; the vectors beside a compressed index stay on the disk. Raises ValueError."""
        index = faiss.read_index(str(folder / _FILE))
        if isinstance(index, faiss.IndexFlat):
            return cls(index)
        originals = np.load(folder / _ORIGINALS, mmap_mode="r", allow_pickle=False)
        if originals.shape != (index.ntotal, index.d):
            raise ValueError(f"{_ORIGINALS} et {_FILE} ne vont pas ensemble")
        return cls(index, originals)

    def read_vector(self, row: int) -> np.ndarray:
        """The vector (dimension,) of one text."""
        return np.asarray(self._originals[row], dtype=np.float32)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def score(self, vector: np.ndarray) -> np.ndarray:
        """Exact cosine of a vector (dimension,) with every text: (texts,). For small indexes: it reads everything."""
        return np.asarray(self._originals.astype(np.float32, copy=False) @ vector.astype(np.float32))

    def score_rows(self, vector: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Exact cosine of a vector (dimension,) with the texts at `rows`: (rows,)."""
        return np.asarray(self._originals[rows].astype(np.float32) @ vector.astype(np.float32))

    def search(self, vector: np.ndarray, k: int, accepted: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `k` nearest texts to a vector (dimension,), best first: rows (found,) and exact cosines (found,).

        `accepted` (texts,) says which texts may be found: the search passes the others by, so that there are `k` if
        as many are accepted. A few accepted texts are compared one by one.
        """
        if accepted is not None and np.count_nonzero(accepted) <= _FEW:
            rows = np.flatnonzero(accepted)
        else:
            rows = self._find(vector, min(len(self), k if self._is_exact else _CANDIDATES * k), accepted)
        cosines = self.score_rows(vector, rows)
        best = np.argsort(-cosines, kind="stable")[:k]
        return rows[best], cosines[best]

    def _find(self, vector: np.ndarray, count: int, accepted: np.ndarray | None) -> np.ndarray:
        """Rows of candidates, -1 left out."""
        parameters = None
        if accepted is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(accepted, bitorder="little"))
            if self._is_exact:
                parameters = faiss.SearchParameters(sel=selector)
            else:
                parameters = faiss.SearchParametersIVF(sel=selector, nprobe=_PROBED)
        _, rows = self._index.search(vector[None].astype(np.float32), count, params=parameters)
        return np.asarray(rows[0][rows[0] >= 0])


def _view(index: faiss.IndexFlat) -> np.ndarray:
    """The vectors (texts, dimension) that an exact index holds, not copied."""
    if not index.ntotal:
        return np.zeros((0, index.d), dtype=np.float32)
    return np.asarray(faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d))
