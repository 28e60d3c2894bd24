"""The real model, which reads a text once in a run of the tests: many index the same sheets, in each process."""

import hashlib
import pickle
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from uuid import uuid4

import numpy as np

from index.encoding.encoder import Encoded, Encoder, Progress


class RememberingEncoder(Encoder):
    """An encoder that leaves what it has read in a folder, for the other processes."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.__dict__.update(encoder.__dict__)
        self._folder = folder
        self._read: dict[str, Encoded] = {}

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Iterator[tuple[int, Encoded]]:
        if new := [text for text in dict.fromkeys(texts) if not self._knows(text)]:
            for row, encoded in super().encode_passages(new):
                self._read[new[row]] = encoded
                self._tell(new[row], encoded)
        for row, text in enumerate(texts):
            yield row, self._read[text]
            if progress:
                progress(row + 1, len(texts))

    def remember_questions(self) -> None:
        """Read a question once too: each reindexing of a process asks the same ones."""
        self._remembered = cache(self._encode_question)

    def _knows(self, text: str) -> bool:
        """Whether a text was read, here or elsewhere."""
        if text not in self._read:
            try:
                self._read[text] = pickle.loads(self._file(text).read_bytes())
            except FileNotFoundError:
                return False
        return True

    def _tell(self, text: str, encoded: Encoded) -> None:
        """Leave it for the other processes."""
        self._folder.mkdir(exist_ok=True)
        part = self._folder / f"{uuid4().hex}.part"
        part.write_bytes(pickle.dumps(encoded))
        part.rename(self._file(text))

    def _file(self, text: str) -> Path:
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()}.pickle"


class ReadAhead(RememberingEncoder):
    """One that has read some questions, as every server does before it serves."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        super().__init__(encoder, folder)
        self._ahead: dict[tuple[str, ...], np.ndarray] = {}

    def read_ahead(self, questions: Sequence[str]) -> None:
        """Read these together."""
        self._ahead[tuple(questions)] = super().encode_questions(questions)

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        known = self._ahead.get(tuple(questions))
        return super().encode_questions(questions) if known is None else known
