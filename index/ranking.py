"""Ranking measured: how well each signal of a collection, and retrieval as a whole, put the right sheets first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.build import build_index
from index.retrieval import retrieve
from index.versions import Index, open_index
from ingest.sheet import Sheet
from ingest.source import Reading

if TYPE_CHECKING:
    from index.encoder import Encoder

_DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """A question and the grade of each sheet that answers it, by id."""

    question: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Ranking:
    """Mean nDCG@10 (Järvelin and Kekäläinen 2002) of the dense signal, of late interaction and of retrieval."""

    dense: float
    late: float
    whole: float


def index_sheets(sheets: Sequence[Sheet], encoder: Encoder, folder: Path) -> Index:
    """An index of sheets alone, written into a folder that is thrown away after."""
    built = build_index(Reading(sheets=list(sheets)), "", encoder, folder)
    return open_index(folder, encoder.name, "public", built.version)


def measure_ranking(index: Index, encoder: Encoder, judged: Sequence[Judged]) -> Ranking:
    """The figures of an index over questions, of which there is at least one."""
    ids = [sheet.id for sheet in index.sheets]
    owners = np.array([ids.index(passage.sheet) for part in index.parts for passage in part.passages])
    figures = []
    for each in judged:
        encoded = encoder.encode_question(each.question)
        signals = [part.score(each.question, encoded) for part in index.parts]
        dense = _best(owners, np.concatenate([signal.dense for signal in signals])[:, None], len(ids)).sum(axis=1)
        late = _best(owners, np.concatenate([signal.late for signal in signals]), len(ids)).sum(axis=1)
        found = [hit.sheet.id for hit in retrieve(each.question, index, encoder, k=_DEPTH)]
        rankings = [[ids[row] for row in np.argsort(-scores, kind="stable")] for scores in (dense, late)]
        figures.append([compute_ndcg(ranking, each.grades) for ranking in (*rankings, found)])
    return Ranking(*(float(figure) for figure in np.mean(figures, axis=0)))


def compute_ndcg(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """NDCG@10 of ids, best first, with gains of 2^grade - 1."""
    best = sorted(grades.values(), reverse=True)
    return _sum_gains([grades.get(name, 0) for name in ranking]) / _sum_gains(best)


def _sum_gains(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:_DEPTH]))


def _best(owners: np.ndarray, values: np.ndarray, sheets: int) -> np.ndarray:
    """The greatest value of the passages of each sheet: (passages, ...) to (sheets, ...)."""
    best = np.full((sheets, values.shape[1]), -1.0, dtype=np.float32)
    np.maximum.at(best, owners, values)
    return best
