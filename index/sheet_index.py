"""The sheets of one access with the two signals that read a sheet as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.signals.lexical import Lexical
from index.signals.vectors import Vectors
from ingest.sheet import Role, Sheet

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder, Progress

# The vector of a sheet reads its beginning: title, key points and presentation say what it is about.
_ABOUT: tuple[Role, ...] = ("lesson", "introduction", "summary")


class SheetIndex:
    """Sheets, searchable. Those that only members may know of are never with the public ones."""

    def __init__(self, sheets: Sequence[Sheet], vectors: Vectors, lexical: Lexical) -> None:
        self.sheets = tuple(sheets)
        self._vectors, self._lexical = vectors, lexical

    @classmethod
    def build(
        cls,
        sheets: Sequence[Sheet],
        encoder: Encoder,
        progress: Progress | None = None,
        previous: Sequence[SheetIndex] = (),
    ) -> SheetIndex:
        """Embed and index sheets; at least one. Texts that stand in a `previous` index are not embedded again."""
        abouts = [_about(sheet) for sheet in sheets]
        known = {_about(old): (part, row) for part in previous for row, old in enumerate(part.sheets)}
        new = [row for row, about in enumerate(abouts) if about not in known]
        vectors = {
            row: known[about][0].read_vector(known[about][1]) for row, about in enumerate(abouts) if about in known
        }
        for position, encoded in encoder.encode_passages([abouts[row] for row in new], progress) if new else ():
            vectors[new[position]] = encoded.vector
        stacked = np.stack([vectors[row] for row in range(len(sheets))])
        return cls(sheets, Vectors.build(stacked), Lexical.build([_whole_text(sheet) for sheet in sheets]))

    def read_vector(self, row: int) -> np.ndarray:
        """The vector of the sheet at a row: (dimension,)."""
        return self._vectors.read_vector(row)

    def save(self, folder: Path) -> None:
        """Write plain files into a new folder."""
        folder.mkdir(parents=True)
        lines = (sheet.model_dump_json() + "\n" for sheet in self.sheets)
        with (folder / "sheets.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(lines)
        self._vectors.save(folder)
        self._lexical.save(folder)

    @classmethod
    def load(cls, folder: Path) -> SheetIndex:
        """Read what `save` wrote."""
        lines = (folder / "sheets.jsonl").read_text(encoding="utf-8").split("\n")
        sheets = [Sheet.model_validate_json(line) for line in lines if line]
        return cls(sheets, Vectors.load(folder), Lexical.load(folder))

    def score_words(self, words: str, expansions: Sequence[str]) -> np.ndarray:
        """BM25 score of every sheet: (sheets,)."""
        return self._lexical.score(words, len(self.sheets), expansions)

    def score_vectors(self, vector: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Cosine of a vector (dimension,) with the sheets at `rows`: (rows,)."""
        return self._vectors.score_rows(vector, rows)

    def find_nearest(self, vector: np.ndarray, k: int, accepted: np.ndarray) -> np.ndarray:
        """Rows of the `k` accepted sheets nearest to a vector (dimension,): (found,)."""
        return self._vectors.search(vector, k, accepted)[0]


def _about(sheet: Sheet) -> str:
    heading = " – ".join(part for part in (sheet.title, sheet.organisation) if part)
    sections = [section for section in sheet.sections if section.role in _ABOUT] or sheet.sections
    return "\n".join([heading, *(block.text for section in sections for block in section.blocks)])


def _whole_text(sheet: Sheet) -> str:
    blocks = [f"{block.label} {block.text}" for section in sheet.sections for block in section.blocks]
    return "\n".join([sheet.title, sheet.organisation, sheet.place.commune, *blocks])
