"""The real model, which reads a text once in a run of the tests: many index the same sheets, in each process."""

import hashlib
import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from index.encoding.encoder import _REMEMBERED, Encoded, Encoder, Progress


class RememberingEncoder(Encoder):
    """An encoder that leaves what it has read in a folder, for the other processes."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.__dict__.update(encoder.__dict__)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._encode_question)  # that of `encoder` has its own
        self._folder = folder
        self._read: dict[str, Encoded] = {}

    def _encode(self, texts: Sequence[str], prefix: str, progress: Progress | None) -> Iterator[tuple[int, Encoded]]:
        """What every reading of a question, of questions or of passages comes to."""
        marked = [f"{prefix}\n{text}" for text in texts]
        new = {mark: text for mark, text in zip(marked, texts, strict=True) if not self._knows(mark)}
        marks = list(new)
        for row, encoded in super()._encode(list(new.values()), prefix, None):
            self._read[marks[row]] = encoded
            self._tell(marks[row], encoded)
        for row, mark in enumerate(marked):
            yield row, self._read[mark]
            if progress:
                progress(row + 1, len(texts))

    def _knows(self, mark: str) -> bool:
        """Whether a text was read, here or elsewhere."""
        if mark not in self._read:
            try:
                self._read[mark] = pickle.loads(self._file(mark).read_bytes())
            except FileNotFoundError:
                return False
        return True

    def _tell(self, mark: str, encoded: Encoded) -> None:
        """Leave it for the other processes."""
        self._folder.mkdir(exist_ok=True)
        part = self._folder / f"{uuid4().hex}.part"
        part.write_bytes(pickle.dumps(encoded))
        part.rename(self._file(mark))

    def _file(self, mark: str) -> Path:
        return self._folder / f"{hashlib.sha256(mark.encode()).hexdigest()}.pickle"
