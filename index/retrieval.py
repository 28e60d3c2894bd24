"""Retrieval: a question becomes hits, the sheets that answer it, best first, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.filters import Filters
from index.passage_index import PassageSignals, Sentence
from index.understanding import Understood
from index.versions import Index
from ingest.passage import Passage
from ingest.sheet import Sheet

if TYPE_CHECKING:
    from index.encoder import Encoder

# Weights of the signals once each is a z-score over the sheets: measured in shared/design/retrieval.md, where
# dense and late signals count fully and the two lexical ones, which say much the same, for half each.
_DENSE, _LEXICAL, _LATE = 1.0, 0.5, 1.0
_CONTEXT, _FAVOURED, _UNDERSTOOD = 0.5, 1.0, 1.0  # in standard deviations of the fused scores
_ENGLISH = frozenset(
    "the of to and is are was were how what which who with for by on in their that any do does".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Hit:
    """A sheet found, with its best passage and all its sentences that the reader may see.

    `score` ranks the hits of one question; `relevance`, the share of the question that the sheet's words
    match (0 to 1), can be compared between questions.
    """

    sheet: Sheet
    score: float
    relevance: float
    passage: Passage
    sentences: tuple[Sentence, ...]


def retrieve(
    question: str,
    index: Index,
    encoder: Encoder,
    filters: Filters | None = None,
    k: int = 10,
    *,
    pages: bool = False,
    understood: Understood | None = None,
    favoured: Sequence[str] = (),
    context: str = "",
    only: Sequence[str] = (),
) -> list[Hit]:
    """The `k` best sheets among those that the filters accept; pages about the centre only with `pages`.

    `context` is what a question that follows others is asked about: it ranks the sheets, half as much as the question,
    and not their sentences. `favoured` sheets, best first, are ranked up; with `only`, no other sheet is found.
    """
    accepted = np.array(
        [_is_accepted(sheet, filters, pages) and (not only or sheet.id in only) for sheet in index.sheets]
    )
    if not question.strip() or not accepted.any():
        return []
    encoded = encoder.encode_question(question)
    signals = [part.score(question, encoded) for part in index.parts]
    passages = [passage for part in index.parts for passage in part.passages]
    rows = {sheet.id: row for row, sheet in enumerate(index.sheets)}
    owners = np.array([rows[passage.sheet] for passage in passages])
    wholes = [part.score(question, encoded) for part in index.sheet_parts]
    fused, relevance = _fuse(len(index.sheets), signals, owners, wholes, question)
    if context:
        about = encoder.encode_question(context)
        others = [part.score(context, about) for part in index.parts]
        wholes = [part.score(context, about) for part in index.sheet_parts]
        fused_context, relevance = _fuse(len(index.sheets), others, owners, wholes, context)
        fused = _z(fused) + _CONTEXT * _z(fused_context)
    else:
        fused = _z(fused)
    if understood:
        fused = fused + _UNDERSTOOD * np.array([_met(understood.filters, sheet) for sheet in index.sheets])
    for rank, sheet_id in enumerate(favoured):
        fused[rows[sheet_id]] += _FAVOURED / np.log2(rank + 2)
    fused[~accepted] = -np.inf
    best = _best_passages(signals, owners)
    hits = []
    for row in np.argsort(-fused, kind="stable")[: min(k, int(accepted.sum()))].tolist():
        sheet = index.sheets[row]
        sentences = [sentence for part in index.parts for sentence in part.read_sentences(sheet.id, encoded)]
        hits.append(Hit(sheet, float(fused[row]), float(relevance[row]), passages[best[row]], tuple(sentences)))
    return hits


def _met(filters: Filters, sheet: Sheet) -> float:
    """TEMPORARY: the share of the understood filters that a sheet meets."""
    wanted = filters.to_json()
    return sum(Filters.model_validate({key: value}).accept(sheet) for key, value in wanted.items())


def _is_accepted(sheet: Sheet, filters: Filters | None, pages: bool) -> bool:
    return (pages or sheet.kind == "practice") and (filters is None or filters.accept(sheet))


def _fuse(
    sheets: int,
    signals: list[PassageSignals],
    owners: np.ndarray,
    wholes: list[tuple[np.ndarray, np.ndarray]],
    question: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Scores (sheets,) and relevance (sheets,). Signals are put on one scale by z-scores over the sheets."""
    dense_sheet, lexical_sheet = (np.concatenate(each) for each in zip(*wholes, strict=True))
    dense = np.concatenate([signal.dense for signal in signals])
    lexical_weight = _LEXICAL if _is_french(question) else 0.0
    lexical = np.concatenate([signal.lexical for signal in signals])
    late = np.concatenate([signal.late for signal in signals])
    late_sheet = _best_of(owners, late, sheets).sum(axis=1)
    scores = (
        _DENSE * (_z(dense_sheet) + _z(_best_of(owners, dense, sheets)))
        + lexical_weight * (_z(lexical_sheet) + _z(_best_of(owners, lexical, sheets)))
        + _LATE * (_z(late_sheet) + _z(_best_of(owners, late.sum(axis=1), sheets)))
    )
    return scores, late_sheet


def _is_french(question: str) -> bool:
    """Whether the words of the sheets may be those of the question: a question in English shares few, by accident."""
    words = question.lower().split()
    return sum(word in _ENGLISH for word in words) * 6 < len(words) + 1


def _best_of(owners: np.ndarray, values: np.ndarray, sheets: int) -> np.ndarray:
    """The greatest value of the passages of each sheet: (passages, ...) to (sheets, ...)."""
    best = np.full((sheets, *values.shape[1:]), values.min() if values.size else 0.0, dtype=np.float32)
    np.maximum.at(best, owners, values)
    return best


def _best_passages(signals: list[PassageSignals], owners: np.ndarray) -> dict[int, int]:
    """For each sheet the row of its passage that answers best."""
    dense = np.concatenate([signal.dense for signal in signals])
    scores = _z(dense) + _z(np.concatenate([signal.late.sum(axis=1) for signal in signals]))
    best: dict[int, int] = {}
    for row in np.argsort(scores, kind="stable").tolist():
        best[int(owners[row])] = row
    return best


def _z(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - values.mean()) / (values.std() + 1e-9))
