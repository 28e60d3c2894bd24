"""Covered: how well some words of a question are matched, all in one passage, by what the sheets say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.process.computing import compute
from index.opened import Index
from index.ranking.retrieval import Hit

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder


def measure_covered(question: str, span: tuple[int, int], hits: Sequence[Hit], index: Index, encoder: Encoder) -> float:
    """The best mean cosine, of all passages of these hits, of the tokens that stand in these characters.

    Rare tokens count more. 1 when no token stands there.
    """
    encoded = compute(encoder.encode_question, question)
    start, end = span
    within = (encoded.offsets[:, 1] > start) & (encoded.offsets[:, 0] < end)
    weights = index.parts[0].weigh_tokens(encoded)[within]
    if not hits or not weights.sum():
        return 1.0
    rows = np.sort([index.catalogue.rows[hit.sheet.id] for hit in hits])
    best = [
        float((part.score_meaning(encoded, own)[1][:, within] @ weights).max()) / float(weights.sum())
        for part, own in index.passages_by_part(index.passages_of(rows))
        if len(own)
    ]
    return max(best, default=0.0)
