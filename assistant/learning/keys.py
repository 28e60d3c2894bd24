"""Keys: questions of which staff said that a sheet answers them; the next indexing makes the sheet found by them.

They are kept in a file of the form that stands beside the sheets (`questions-fiches.yaml`), since they must outlive the
questions they come from, and staff may move them there.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

from ingest.plain_yaml import load_yaml
from ingest.questions import QUESTION_FILE, QuestionReading, judge_question, read_question_file
from ingest.sheet import Sheet
from language.letters import fold

_HEAD = "# Questions que l'équipe a reliées à une fiche dans /admin. Le fichier est réécrit à chaque décision.\n"


class KeyBook:
    """The keys of a data directory, by sheet."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "questions" / QUESTION_FILE

    def add(self, sheet: str, texts: Sequence[str]) -> list[str]:
        """Add keys to a sheet; those that it did not have. Each must pass `judge_question`."""
        with self._change() as keys:
            known = {fold(text) for text in keys.get(sheet, [])}
            wanted = {fold(text): text for text in reversed(texts) if not judge_question(text)}
            new = [text for gist, text in reversed(wanted.items()) if gist not in known]
            if new:
                keys.setdefault(sheet, []).extend(new)
            return new

    def remove(self, sheet: str, texts: Sequence[str]) -> None:
        """Take keys away from a sheet; those that it does not have are ignored."""
        with self._change() as keys:
            left = [text for text in keys.get(sheet, []) if text not in texts]
            keys.pop(sheet, None)
            if left:
                keys[sheet] = left

    def read(self) -> dict[str, list[str]]:
        """The keys of each sheet, in the order in which they were added."""
        if not self._path.exists():
            return {}
        written = load_yaml(self._path.read_text(encoding="utf-8"))
        pairs = written.items() if isinstance(written, dict) else ()
        return {str(sheet): [str(text) for text in texts] for sheet, texts in pairs}

    def read_for(self, sheets: Mapping[str, Sheet]) -> QuestionReading:
        """The keys of these sheets as the indexing takes them, and what could not be used, for its report."""
        return read_question_file(self._path, sheets) if self._path.exists() else QuestionReading()

    @contextmanager
    def _change(self) -> Iterator[dict[str, list[str]]]:
        """The keys, to be changed by one program at a time; the file is replaced whole."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = self.read()
            yield keys
            aside = self._path.with_name(f".{self._path.name}")
            text = yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=1000) if keys else ""
            aside.write_text(_HEAD + text, encoding="utf-8")
            os.replace(aside, self._path)
