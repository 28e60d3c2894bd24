"""Opened version: the sheets and the passages that its reader may see, with their signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.catalogue import Catalogue
from index.lexicon import Lexicon, build_lexicon
from index.manifest import Manifest
from index.passages import Passages, Sentence
from index.sheet_index import SheetIndex
from index.signals.questions import QuestionKeys
from ingest.passage import Passage
from ingest.sheet import Access, Sheet

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded

_BACKGROUND = 200  # sheets


@dataclass(frozen=True, eq=False)  # an opened version is itself alone: what is read for it is kept by it
class Index:
    """An opened version: the sheets and the passages that its reader may see, with their signals.

    The parts are the public one alone, or the public one then the members'. What is not there was
    not read from the disk.
    """

    manifest: Manifest
    sheet_parts: tuple[SheetIndex, ...]
    parts: tuple[Passages, ...]
    access: Access
    question_parts: tuple[QuestionKeys, ...] = ()  # none where nobody wrote a question

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every sheet and page."""
        return tuple(sheet for part in self.sheet_parts for sheet in part.sheets)

    @cached_property
    def practices(self) -> tuple[Sheet, ...]:
        """The sheets proper."""
        return tuple(sheet for sheet in self.sheets if sheet.kind == "practice")

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What the codes that some practice has are called: it is told of, though no text may say so."""
        facets = self.manifest.facets
        told = ((facet, code) for sheet in self.practices for facet in facets for code in getattr(sheet, facet))
        return tuple(facets[facet].labels.get(code, code) for facet, code in dict.fromkeys(told))

    def find_sheet(self, sheet_id: str) -> Sheet | None:
        """The sheet with this id."""
        return self._by_id.get(sheet_id)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The sheets in columns."""
        return Catalogue(self.sheets)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of all parts, end to end. It reads every one: to answer, `read_passages` reads those needed."""
        return tuple(passage for part in self.parts for passage in part.read(range(len(part))))

    @property
    def passage_count(self) -> int:
        """How many passages the reader may see."""
        return sum(map(len, self.parts))

    def read_passages(self, positions: np.ndarray) -> list[Passage]:
        """The passages at these positions, which are in order."""
        parts = self.passages_by_part(positions)
        return [passage for part, own in parts if len(own) for passage in part.read(own.tolist())]

    @cached_property
    def owners(self) -> np.ndarray:
        """The row of each passage's sheet: (passages,)."""
        rows = self.catalogue.rows
        return np.array([rows[sheet] for part in self.parts for sheet in part.sheets], dtype=np.int64)

    @cached_property
    def background(self) -> np.ndarray:
        """Rows of some sheets spread over all, always the same: what a signal usually is is measured on them."""
        return np.unique(np.linspace(0, len(self.sheets) - 1, min(_BACKGROUND, len(self.sheets))).astype(np.int64))

    def scale_closeness(self, cosine: float) -> float:
        """A cosine between a question and a sentence: 0 is what unrelated ones reach, 1 the same said again.

        Both are measured on these sheets, so that it compares between collections and between models.
        """
        unrelated, same = self._closeness
        return (cosine - unrelated) / max(same - unrelated, 1e-6)

    @cached_property
    def _closeness(self) -> tuple[float, float]:
        """The median cosine of a sheet's vector to sentences of other sheets, and to the nearest of its own."""
        (sheets, own), *_ = self.sheets_by_part(self.background)
        (part, rows), *_ = self.passages_by_part(self.passages_of(self.background))
        vectors = np.stack([sheets.read_vector(row) for row in own.tolist()])
        owners, sentences = part.read_vectors(rows)
        cosines = sentences @ vectors.T
        is_own = self.owners[owners][:, None] == self.background[: len(own)][None, :]
        same = np.where(is_own, cosines, -1.0).max(axis=0)
        return float(np.median(cosines[~is_own])) if (~is_own).any() else 0.0, float(np.median(same))

    def passages_of(self, rows: np.ndarray) -> np.ndarray:
        """The positions of the passages of the sheets at these rows, in order: (passages,)."""
        if len(rows) == len(self.sheets):
            return np.arange(self.passage_count)
        order, starts = self._by_owner
        return np.sort(np.concatenate([order[starts[row] : starts[row + 1]] for row in rows.tolist()]))

    def find_passage(self, sheet_id: str, passage_id: str) -> Passage | None:
        """The passage of a sheet with this id, if the reader may see it."""
        row = self.catalogue.rows.get(sheet_id)
        own = [] if row is None else self.read_passages(self.passages_of(np.array([row])))
        return next((passage for passage in own if passage.id == passage_id), None)

    def passages_of_sheet(self, sheet_id: str) -> tuple[Passage, ...]:
        """The passages of one sheet, in reading order."""
        return tuple(self.read_passages(self.passages_of(np.array([self.catalogue.rows[sheet_id]]))))

    @cached_property
    def _by_owner(self) -> tuple[np.ndarray, np.ndarray]:
        """Passages sorted by sheet, and where each sheet's start."""
        order = np.argsort(self.owners, kind="stable")
        return order, np.searchsorted(self.owners[order], np.arange(len(self.sheets) + 1))

    def passages_with(self, word: str) -> np.ndarray:
        """The positions of the passages that have a word, as `split_words` gives it, in order: (found,)."""
        starts = np.cumsum([0, *map(len, self.parts)])
        return np.concatenate([start + part.rows_with(word) for start, part in zip(starts, self.parts, strict=False)])

    def share_with(self, word: str) -> float:
        """The share of the sheets that have a word, as `split_words` gives it, from 0 to 1."""
        return len(np.unique(self.owners[self.passages_with(word)])) / max(1, len(self.sheets))

    def read_sentences(self, rows: np.ndarray, encoded: Encoded, shares: np.ndarray) -> dict[str, list[Sentence]]:
        """The sentences of the sheets at these rows by the sheet's id, in reading order, with how near each is.

        `shares` (tokens,) say how much each token of the question counts.
        """
        sentences: dict[str, list[Sentence]] = {self.sheets[row].id: [] for row in rows.tolist()}
        for part, own in self.passages_by_part(self.passages_of(np.sort(rows))) if len(rows) else ():
            for sentence in part.read_sentences(own.tolist(), encoded, shares):
                sentences[sentence.passage.sheet].append(sentence)
        return sentences

    def passages_by_part(self, positions: np.ndarray) -> list[tuple[Passages, np.ndarray]]:
        """Each part with its own rows among these positions of passages, in order."""
        return list(zip(self.parts, _split(positions, [len(part) for part in self.parts]), strict=True))

    def sheets_by_part(self, rows: np.ndarray) -> list[tuple[SheetIndex, np.ndarray]]:
        """Each part of the sheets with its own rows among these, in order."""
        return list(zip(self.sheet_parts, _split(rows, [len(part.sheets) for part in self.sheet_parts]), strict=True))

    @cached_property
    def lexicon(self) -> Lexicon:
        """What the words of questions may mean for these sheets."""
        return build_lexicon(self.manifest, self.practices)

    @cached_property
    def _by_id(self) -> dict[str, Sheet]:
        return {sheet.id: sheet for sheet in self.sheets}


def _split(positions: np.ndarray, lengths: Sequence[int]) -> list[np.ndarray]:
    """Sorted positions in things laid end to end, as positions in each of them."""
    ends = np.cumsum(lengths)
    pieces = np.split(positions, np.searchsorted(positions, ends)[:-1])
    return [piece - end + length for piece, end, length in zip(pieces, ends, lengths, strict=True)]
