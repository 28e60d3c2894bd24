"""Retrieval: a question becomes hits, the sheets that answer it, best first, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.budget import spend
from index.filters import Filters
from index.opened import Index
from index.passages import Sentence
from index.places.gazetteer import name_numbered
from index.ranking.evidence import weigh
from index.ranking.fusion import WEIGHTS, Weights, contributions, standardise
from index.signals.lexical import best_rows
from index.understood import Understood
from ingest.passage import Passage
from ingest.sheet import Sheet

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded, Encoder

_ALL = 1_000  # sheets up to which each one is scored; beyond, those that a first search finds
_FOUND = 100  # passages, and sheets, that each first search finds
_CONTEXT = 0.7  # of two sets of conversations, 47 later turns: 0.4, 1.0 and 1.4 find less
# What staff say that a sheet answers outweighs what its text says of it.
_QUESTIONS = 2.0
_EXPLAINED = 2  # expansions that the model reads: with one or three the development set loses 0.005 to 0.008 of nDCG@10
# A token's match counts by this power of its cosine: close matches are worth more than many vague ones. nDCG@10 on the
# development set, before the adapter: late interaction alone 0.699 with 1, 0.733 with 3; the whole 0.722 and 0.734.
_SHARPNESS = 3


@dataclass(frozen=True)
class Hit:
    """A sheet found, with its best passage and all its sentences that the reader may see.

    `score` ranks the hits of one question and is the sum of `evidence`, what each signal and each thing said adds;
    `relevance`, the share of the question that the sheet's words match (0 to 1), can be compared between questions;
    `usual` is what half the sheets of the collection reach for this question.
    """

    sheet: Sheet
    score: float
    relevance: float
    usual: float
    passage: Passage
    sentences: tuple[Sentence, ...]
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class _Question:
    """What is searched: words for the lexical signal, states and vector for the others."""

    words: str
    expansions: tuple[str, ...]
    encoded: Encoded


@dataclass(frozen=True)
class _Scored:
    """Signals of some sheets (rows,), standardised; their relevance (rows,) and their best passages (rows,)."""

    signals: dict[str, np.ndarray]
    relevance: np.ndarray
    best: np.ndarray  # among the passages of all parts


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
    weights: Weights = WEIGHTS,
) -> list[Hit]:
    """The `k` best sheets among those that `filters`, set by hand, accept; pages about the centre only with `pages`.

    What was `understood` of the question ranks sheets up, and so do the `favoured` ones, those of the answer before,
    best first, and `context`, what a question that follows others is asked about; it does not rank their sentences.
    With `only`, no other sheet is found.
    """
    accepted = index.catalogue.accept(filters, pages=pages)
    if only:
        accepted &= np.isin(np.arange(len(accepted)), [index.catalogue.rows[sheet] for sheet in only])
    if not question.strip() or not accepted.any():
        return []
    spend()
    understood = understood or Understood()
    words = name_numbered(question)
    asked = [_Question(words, understood.expansions, encoder.encode_question(explain(words, understood.expansions)))]
    asked += [_Question(context, (), encoder.encode_question(context))] if context else []
    spend()
    said = weigh(understood, favoured, index.catalogue)
    rows = _choose_rows(asked, index, accepted, said)
    spend()
    scored = [_score(each, index, rows) for each in asked]
    spend()
    parts = _add_up(asked, scored, said, index, rows, weights)
    total = np.where(accepted[rows], np.sum(list(parts.values()), axis=0), -np.inf)
    order = np.argsort(-total, kind="stable")[: min(k, int(np.isfinite(total).sum()))]
    return _make_hits(order, total, parts, rows, asked, scored, index)


def _add_up(
    asked: Sequence[_Question],
    scored: Sequence[_Scored],
    said: Mapping[str, np.ndarray],
    index: Index,
    rows: np.ndarray,
    weights: Weights,
) -> dict[str, np.ndarray]:
    """What each signal and each thing said adds to the sheets at `rows`: (rows,) each."""
    parts = contributions(scored[0].signals, weights)
    parts |= {name: weights.get(name, 1.0) * weight[rows] for name, weight in said.items()}
    if index.question_parts:
        parts["questions"] = weights.get("questions", _QUESTIONS) * _score_questions(asked[0], index)[rows]
    if len(scored) > 1:
        about = contributions(scored[1].signals, weights)
        parts["context"] = weights.get("context", _CONTEXT) * np.sum(list(about.values()), axis=0)
    return parts


def _make_hits(
    order: np.ndarray,
    total: np.ndarray,
    parts: Mapping[str, np.ndarray],
    rows: np.ndarray,
    asked: Sequence[_Question],
    scored: Sequence[_Scored],
    index: Index,
) -> list[Hit]:
    """The hits of the places in `order` among the sheets at `rows`, read from the index."""
    relevance = scored[-1].relevance
    usual = float(np.median(relevance[np.isin(rows, index.background)]))
    sheets = [index.sheets[row] for row in rows[order].tolist()]
    sentences = index.read_sentences(rows[order], asked[0].encoded, _weigh_own(asked[0], index))
    best = scored[0].best[order]
    passages = dict(zip(np.sort(best).tolist(), index.read_passages(np.sort(best)), strict=True))
    return [
        Hit(
            sheet=sheet,
            score=float(total[place]),
            relevance=float(relevance[place]),
            usual=usual,
            passage=passages[int(scored[0].best[place])],
            sentences=tuple(sentences[sheet.id]),
            evidence={name: round(float(values[place]), 4) for name, values in parts.items()},
        )
        for sheet, place in zip(sheets, order.tolist(), strict=True)
    ]


def _weigh_own(asked: _Question, index: Index) -> np.ndarray:
    """How much each token of a question counts, by its rarity, those of its expansions not at all: (tokens,)."""
    own = index.parts[0].weigh_tokens(asked.encoded) * (asked.encoded.offsets[:, 0] < len(asked.words))
    return np.asarray(own / max(float(own.sum()), 1e-6))


def explain(words: str, expansions: Sequence[str]) -> str:
    """What the model reads: the question with the trade's terms, which it knows better than everyday words."""
    return f"{words} ({', '.join(expansions[:_EXPLAINED])})" if expansions else words


def _choose_rows(
    asked: Sequence[_Question], index: Index, accepted: np.ndarray, said: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The rows of the sheets to score: all of a small collection; of a large one those that a first search finds.

    The search is made by meaning and by words, among the accepted sheets and once more among those that have
    what was said; the background is added.
    """
    if len(index.sheets) <= _ALL:
        return np.arange(len(index.sheets))
    rows = [index.background]
    fitting = accepted & (np.sum([np.zeros(len(accepted)), *said.values()], axis=0) > 0)
    for mask in (accepted, fitting) if fitting.any() else (accepted,):
        rows += [found for each in asked for found in _search(each, index, mask)]
    return np.unique(np.concatenate(rows))


def _search(asked: _Question, index: Index, accepted: np.ndarray) -> list[np.ndarray]:
    """Rows of sheets found by each signal that can search."""
    vector, found, first = asked.encoded.vector, [], 0
    for sheets in index.sheet_parts:
        mask = accepted[first : first + len(sheets.sheets)]
        words = best_rows(sheets.score_words(asked.words, asked.expansions), _FOUND, mask)
        found += [first + sheets.find_nearest(vector, _FOUND, mask), first + words]
        first += len(sheets.sheets)
    first = 0
    for part in index.parts:
        owners = index.owners[first : first + len(part)]
        words = best_rows(part.score_words(asked.words, asked.expansions), _FOUND, accepted[owners])
        found += [owners[part.find_nearest(vector, _FOUND, accepted[owners])], owners[words]]
        first += len(part)
    return found


def _score(asked: _Question, index: Index, rows: np.ndarray) -> _Scored:
    """The signals of the sheets at `rows`."""
    passages = index.passages_of(rows)
    places = np.searchsorted(rows, index.owners[passages])  # of the passages' sheets, among rows
    dense, words, late, shares = _score_passages(asked, index, passages)
    sharp = shares * np.sign(late) * np.abs(late) ** _SHARPNESS
    cosines, sheet_words = _score_sheets(asked, index, rows)
    count = len(rows)
    background = np.flatnonzero(np.isin(rows, index.background)) if count < len(index.sheets) else None
    raw = {
        "dense sheet": cosines,
        "dense passage": _best_of(places, dense, count),
        "words sheet": sheet_words,
        "words passage": _best_of(places, words, count),
        "late sheet": _best_of(places, sharp, count).sum(axis=1),
        "late passage": _best_of(places, sharp.sum(axis=1), count),
    }
    relevance = _best_of(places, shares * late, count).sum(axis=1)
    order = np.argsort(standardise(dense) + standardise(sharp.sum(axis=1)), kind="stable")
    best = np.zeros(count, dtype=np.int64)
    best[places[order]] = passages[order]  # of several passages of a sheet the last one written stays
    return _Scored({name: standardise(each, background) for name, each in raw.items()}, relevance, best)


def _score_passages(
    asked: _Question, index: Index, passages: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The cosines of these passages, their BM25 scores, the tokens' best cosines in them, and the tokens' weights."""
    dense, words, late = [], [], []
    for part, own in index.passages_by_part(passages):
        cosines, matches = part.score_meaning(asked.encoded, own)
        dense.append(cosines)
        late.append(matches)
        words.append(part.score_words(asked.words, asked.expansions)[own])
    shares = index.parts[0].weigh_tokens(asked.encoded)
    return np.concatenate(dense), np.concatenate(words), np.concatenate(late), shares


def _score_sheets(asked: _Question, index: Index, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cosine and the BM25 score of these sheets of all parts: (rows,) each."""
    dense, words = [], []
    for part, own in index.sheets_by_part(rows):
        dense.append(part.score_vectors(asked.encoded.vector, own))
        words.append(part.score_words(asked.words, asked.expansions)[own])
    return np.concatenate(dense), np.concatenate(words)


def _score_questions(asked: _Question, index: Index) -> np.ndarray:
    """How much the question is like those that each sheet is known to answer: (sheets,)."""
    return np.asarray(
        np.sum([part.score(asked.encoded, index.catalogue.rows) for part in index.question_parts], axis=0)
    )


def _best_of(places: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """The greatest value of each sheet's passages, the least of all without any: (passages, ...) to (count, ...)."""
    least = values.min() if values.size else 0.0
    best = np.full((count, *values.shape[1:]), least, dtype=np.float32)
    order = np.argsort(places, kind="stable")
    firsts = np.flatnonzero(np.diff(places[order], prepend=-1))
    if len(firsts):
        best[places[order][firsts]] = np.maximum.reduceat(values[order], firsts, axis=0)
    return best
