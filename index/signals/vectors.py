"""Dense signal: one vector a text, searched by FAISS (inner product of vectors of norm 1).

Up to `_EXACT` texts every vector is compared. Beyond, inverted lists (Jégou et al. 2011, doi:10.1109/TPAMI.2010.57)
of vectors compressed to a byte a dimension give candidates, which are compared again with the vectors as they were.
Both are memory-mapped: what no question comes near is not read. benchmarks/scale.py measures the constants.
"""

from pathlib import Path

import faiss
import numpy as np

_FILE, _ORIGINALS = "vectors.faiss", "vectors.npy"
_EXACT = 20_000  # texts
_FEW = 20_000  # accepted texts that are compared one by one
_LISTS = 4  # times the square root of the number of texts
_TRAINING = 40  # vectors a list that the lists are made from
_PROBED, _MOST_PROBED = 1 / 8, 1 / 2  # share of the lists searched; the more, the fewer texts are accepted
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
        lists = 1 << round(np.log2(_LISTS * np.sqrt(count or 1)))
        kind = "Flat" if count <= _EXACT else f"IVF{lists},SQ8"
        index = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        if count > _EXACT:
            chosen = np.random.default_rng(0).permutation(count)[: _TRAINING * lists]
            index.train(vectors[np.sort(chosen)])
        index.add(vectors)
        return cls(index, vectors.astype(np.float16) if count > _EXACT else None)

    def save(self, folder: Path) -> None:
        """Write into an existing folder, or raise OSError."""
        try:
            faiss.write_index(self._index, str(folder / _FILE))
        except RuntimeError as error:
            raise OSError(f"{_FILE} ne peut pas être écrit") from error
        if not self._is_exact:
            np.save(folder / _ORIGINALS, self._originals)

    @classmethod
    def load(cls, folder: Path) -> "Vectors":
        """Read what `save` wrote, or raise OSError, RuntimeError or ValueError."""
        index = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP)
        if isinstance(index, faiss.IndexFlat):
            return cls(index)
        originals = np.load(folder / _ORIGINALS, mmap_mode="r", allow_pickle=False)
        if originals.shape != (index.ntotal, index.d):
            raise ValueError(f"{_ORIGINALS} et {_FILE} ne vont pas ensemble")
        return cls(index, originals)

    def read_vector(self, row: int) -> np.ndarray:
        """The vector (dimension,) of one text."""
        return np.array(self._originals[row], dtype=np.float32)  # a copy, that may outlive the index

    def __len__(self) -> int:
        return len(self._originals)

    def score(self, vector: np.ndarray) -> np.ndarray:
        """Exact cosine of a vector (dimension,) with every text: (texts,). For small indexes: it reads everything."""
        return np.asarray(self._originals.astype(np.float32, copy=False) @ vector.astype(np.float32))

    def score_rows(self, vector: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Exact cosine of a vector (dimension,) with the texts at `rows`: (rows,)."""
        return np.asarray(self._originals[rows].astype(np.float32) @ vector.astype(np.float32))

    def search(self, vector: np.ndarray, k: int, accepted: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `k` nearest texts to a vector (dimension,), best first: rows (found,) and exact cosines (found,).

        `accepted` (texts,) says which texts may be found: the search passes the others by, so that a narrow filter
        still finds `k`. A few accepted texts are compared one by one.
        """
        count = len(self) if accepted is None else np.count_nonzero(accepted)
        if accepted is not None and count <= _FEW:
            rows = np.flatnonzero(accepted)
        else:
            rows = self._find(vector, k, accepted, count / max(1, len(self)))
        cosines = self.score_rows(vector, rows)
        best = np.argsort(-cosines, kind="stable")[:k]
        return rows[best], cosines[best]

    def _find(self, vector: np.ndarray, k: int, accepted: np.ndarray | None, share: float) -> np.ndarray:
        """Rows of candidates for the `k` nearest, when a `share` of the texts is accepted."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        parameters = faiss.SearchParametersIVF()  # an exact index has no lists, and heeds the selector alone
        if isinstance(self._index, faiss.IndexIVF):
            parameters.nprobe = round(self._index.nlist * min(_MOST_PROBED, _PROBED / np.sqrt(share)))
        if accepted is not None:
            bits = np.packbits(accepted, bitorder="little")
            parameters.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        count = min(k if self._is_exact else _CANDIDATES * k, len(self))
        _, rows = self._index.search(vector[None].astype(np.float32), count, params=parameters)
        return np.asarray(rows[0][rows[0] >= 0])


def _view(index: faiss.Index) -> np.ndarray:
    """The vectors (texts, dimension) that an exact index holds, not copied."""
    if not index.ntotal:
        return np.zeros((0, index.d), dtype=np.float32)
    assert isinstance(index, faiss.IndexFlat)
    return np.asarray(faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d))
