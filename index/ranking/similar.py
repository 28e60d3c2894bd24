"""Similar sheets: those whose vectors are nearest to a sheet's, among what its reader may see."""

import numpy as np

from index.opened import Index
from ingest.sheet import Sheet


def find_similar(sheet_id: str, index: Index, k: int) -> list[Sheet]:
    """The `k` sheets nearest in meaning to one, nearest first; pages about the centre are none."""
    row = index.catalogue.rows[sheet_id]
    accepted = index.catalogue.practices.copy()
    accepted[row] = False
    (vector,) = [part.read_vector(int(own[0])) for part, own in index.sheets_by_part(np.array([row])) if len(own)]
    scored: list[tuple[float, int]] = []
    first = 0
    for part in index.sheet_parts:
        found = part.find_nearest(vector, k, accepted[first : first + len(part.sheets)])
        scored += zip(part.score_vectors(vector, found).tolist(), (first + found).tolist(), strict=True)
        first += len(part.sheets)
    return [index.sheets[found] for _, found in sorted(scored, reverse=True)[:k]]
