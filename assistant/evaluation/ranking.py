"""Ranking measured: how well each signal of a collection, and retrieval as a whole, put the right sheets first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reading.read import read_question
from index.build import build_index
from index.measuring.measure import DEPTH, Ranked, measure_ranking
from index.opened import Index
from index.ranking.fusion import WEIGHTS, Weights
from index.ranking.retrieval import retrieve
from index.storage.folder_store import FolderStore
from ingest.reading import Reading
from ingest.sheet import Sheet

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder


@dataclass(frozen=True)
class Judged:
    """A question and the grade of each sheet that answers it, by id."""

    question: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Ranking:
    """Mean nDCG@10 of the vectors of passages alone, of late interaction alone, and of the whole search."""

    dense: float
    late: float
    whole: float


def index_sheets(sheets: Sequence[Sheet], encoder: Encoder, folder: Path) -> Index:
    """An index of sheets alone, written into a folder that is thrown away after."""
    built = build_index(Reading(sheets=list(sheets)), "", encoder, folder)
    return FolderStore(folder).open(encoder.name, "public", built.version)


def rank_judged(index: Index, encoder: Encoder, judged: Sequence[Judged]) -> Ranking:
    """The figures of an index over questions, of which there is at least one."""
    return Ranking(
        dense=_measure(index, encoder, judged, {"dense passage": 1.0}),
        late=_measure(index, encoder, judged, {"late sheet": 1.0}),
        whole=_measure(index, encoder, judged, WEIGHTS, understanding=True),
    )


def _measure(
    index: Index, encoder: Encoder, judged: Sequence[Judged], weights: Weights, *, understanding: bool = False
) -> float:
    ranked = []
    for each in judged:
        reading = read_question(each.question, (), index) if understanding else None
        asked, understood = (reading.asked, reading.understood) if reading else (each.question, None)
        hits = retrieve(asked, index, encoder, k=DEPTH, understood=understood, weights=weights)
        ranked.append(Ranked(tuple(hit.sheet.id for hit in hits), each.grades))
    return measure_ranking(ranked).ndcg10
