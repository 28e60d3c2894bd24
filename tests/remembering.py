"""The real model, which reads a text once for all runs of the tests: many index the same sheets, in each process."""

import hashlib
import pickle
import shutil
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from index.encoding.encoder import _REMEMBERED, Encoded, Encoder, Progress

_ROOT = Path(__file__).parent.parent
_A_WEEK = 7 * 86_400  # seconds


def find_folder(kept: Path) -> Path:
    """Where to leave what this model, this code and these libraries read; others' that is a week old is removed."""
    sources = [path for path in (_ROOT / "index" / "encoding").rglob("*") if path.suffix in (".py", ".safetensors")]
    content = b"".join(path.read_bytes() for path in (_ROOT / "requirements.lock", *sorted(sources)))
    folder = kept / hashlib.sha256(content).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    folder.touch()
    for other in kept.iterdir():
        if other.is_dir() and other.stat().st_mtime < time.time() - _A_WEEK:
            shutil.rmtree(other, ignore_errors=True)
    return folder


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
        part = self._folder / f"{uuid4().hex}.part"
        part.write_bytes(pickle.dumps(encoded))
        part.rename(self._file(mark))

    def _file(self, mark: str) -> Path:
        return self._folder / f"{hashlib.sha256(mark.encode()).hexdigest()}.pickle"
