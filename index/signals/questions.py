"""Questions that sheets answer, as a signal of its own: the question asked is compared with the questions known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.signals.vectors import Vectors
from ingest.questions import SheetQuestion

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded, Encoder, Progress

_FILE = "questions.jsonl"
_BACKGROUND = "background.npy"
_MOST_TITLES = 500  # enough for a mean and a spread
_LEAST_Z = 1.5  # how far above the titles a question must stand to say anything: see `score`


class QuestionKeys:
    """The questions of one access, searchable. Those that only members may know are never with the public ones."""

    def __init__(self, questions: Sequence[SheetQuestion], vectors: Vectors, background: np.ndarray) -> None:
        self.questions = tuple(questions)
        self._vectors = vectors
        self._background = background  # vectors of titles (titles, dimension)
        self.embedded = 0  # questions that went through the model when this was built

    @classmethod
    def build(
        cls,
        questions: Sequence[SheetQuestion],
        titles: Sequence[str],
        encoder: Encoder,
        progress: Progress | None = None,
        previous: Sequence[QuestionKeys] = (),
    ) -> QuestionKeys:
        """Embed questions, one at least, that no `previous` part knows; all with the question prefix, titles too.

        `titles` are those of the sheets: what a question looks like beside any subject of the collection.
        """
        texts = [question.text for question in questions]
        spread = titles[:: max(1, len(titles) // _MOST_TITLES)]
        known = {question.text: (part, row) for part in previous for row, question in enumerate(part.questions)}
        vectors = []
        for done, text in enumerate(texts, start=1):
            part, row = known.get(text, (None, 0))
            vectors.append(part._vectors.read_vector(row) if part else encoder.encode_question(text).vector)
            if progress:
                progress(done, len(texts))
        keys = cls(questions, Vectors.build(np.stack(vectors)), encoder.encode_questions(spread))
        keys.embedded = sum(text not in known for text in texts)
        return keys

    def save(self, folder: Path) -> None:
        """Write plain files into a new folder."""
        folder.mkdir(parents=True)
        lines = (question.model_dump_json() + "\n" for question in self.questions)
        (folder / _FILE).write_text("".join(lines), encoding="utf-8")
        np.save(folder / _BACKGROUND, self._background)
        self._vectors.save(folder)

    @classmethod
    def load(cls, folder: Path) -> QuestionKeys:
        """Read what `save` wrote."""
        lines = (folder / _FILE).read_text(encoding="utf-8").split("\n")
        questions = [SheetQuestion.model_validate_json(line) for line in lines if line]
        return cls(questions, Vectors.load(folder), np.load(folder / _BACKGROUND, allow_pickle=False))

    def find_closest(self, encoded: Encoded) -> tuple[SheetQuestion, float] | None:
        """The question nearest to one asked, among those that staff wrote or accepted, with its cosine."""
        cosines = self._vectors.score(encoded.vector)
        known = [(each, float(cosine)) for each, cosine in zip(self.questions, cosines, strict=True)]
        return max((pair for pair in known if pair[0].state == "accepted"), key=lambda pair: pair[1], default=None)

    def score(self, encoded: Encoded, rows: dict[str, int]) -> np.ndarray:
        """What the questions say for each sheet, (sheets,): 0 or more, 0 for a sheet without any; `rows` by sheet id.

        The best of a sheet's questions, in standard deviations above what titles are like to the question asked, beyond
        `_LEAST_Z`. It only adds: a sheet whose questions nobody wrote must not fall behind the others, and one
        question on one sheet has nothing but titles to be compared with. Any two questions are alike in form, which
        is worth about one deviation (measured, see docs/): hence the threshold.
        """
        titles = self._background @ encoded.vector
        found = (self._vectors.score(encoded.vector) - titles.mean()) / (titles.std() + 1e-6) - _LEAST_Z
        scores = np.zeros(len(rows), dtype=np.float32)
        known = [
            (rows[each.sheet], score) for each, score in zip(self.questions, found, strict=True) if each.sheet in rows
        ]
        for row, score in known:  # a sheet that its reader may not know of is not there
            scores[row] = max(scores[row], score)
        return scores
