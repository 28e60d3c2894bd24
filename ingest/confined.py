"""Confined reader: the files of sources are read in a process apart, which may be killed without harm to anyone.

A file of two kilobytes can ask for gigabytes or for hours. Its process has neither, nor the secrets of ours.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from ingest.layout import Layout
from ingest.markdown import PageUnreadable, TextReading
from ingest.pdf import DocumentLocked, DocumentUnreadable, PdfReading
from ingest.questions import QuestionReading
from ingest.reading_process import NAMES, PDF, QUESTIONS, SHEET, SKETCH, TABLE, TEXT
from ingest.row import RowUnusable
from ingest.sheet import Access, Remark, Sheet
from ingest.sketch import TableSketch
from ingest.table import TableReading, TableUnusable

_PATIENCE, _AT_LEAST = 4, 60  # seconds on the clock for each of processor: others work on the machine too
_LONGEST_REPLY = 400_000_000  # bytes
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TZ")  # environment
_TIME = "ce fichier est trop long à lire, plus de {} secondes"
_MEMORY = "sa lecture demande plus de {} Mo de mémoire, ou s'interrompt"


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: seconds of processor, and megabytes of addresses."""

    seconds: int = 30
    megabytes: int = 1_000


class _TooCostly(Exception):
    """A file was not read within the limits; the message says which, in French."""


class _Ended(Exception):
    """The process ended while it read a file, or was ended."""


class FileReader:
    """Reads files in a process that begins at the first of them and serves for all, as long as none ends it.

    Its methods raise what the readers of the same name do; a file that takes too much is unreadable too.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._costly: dict[Path, str] = {}  # files that took too much: once is enough

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read_header(self, path: Path, layout: Layout) -> list[str]:
        """The columns of a table."""
        try:
            return NAMES.validate_python(self._ask("header", path, layout=layout.model_dump(mode="json")))
        except _TooCostly as error:
            raise TableUnusable(f"{path} : {error}.") from error

    def read_sketch(self, path: Path) -> TableSketch:
        """What a table of which nothing is known holds, column by column."""
        try:
            return SKETCH.validate_python(self._ask("sketch", path))
        except _TooCostly as error:
            raise TableUnusable(f"{path} : {error}.") from error

    def read_table(self, path: Path, layout: Layout, access: Access = "public") -> TableReading:
        """The sheets of a table."""
        asked = {"layout": layout.model_dump(mode="json"), "access": access}
        try:
            return TABLE.validate_python(self._ask("table", path, **asked))
        except _TooCostly as error:
            raise TableUnusable(f"{path} : {error}.") from error

    def read_headings(self, path: Path) -> list[str]:
        """The columns of a Markdown file."""
        try:
            return NAMES.validate_python(self._ask("headings", path))
        except _TooCostly as error:
            raise PageUnreadable(str(error)) from error

    def read_text_sheet(self, path: Path, layout: Layout, access: Access = "public") -> TextReading:
        """The sheet of a Markdown file."""
        asked = {"layout": layout.model_dump(mode="json"), "access": access}
        try:
            return TEXT.validate_python(self._ask("text", path, **asked))
        except _TooCostly as error:
            raise PageUnreadable(str(error)) from error

    def read_page(self, path: Path) -> Sheet:
        """A page about the centre."""
        try:
            return SHEET.validate_python(self._ask("page", path))
        except _TooCostly as error:
            raise PageUnreadable(str(error)) from error

    def read_pdf(self, path: Path, password: str | None = None) -> PdfReading:
        """The text of a members' document."""
        try:
            return PDF.validate_python(self._ask("pdf", path, password=password))
        except _TooCostly as error:
            raise DocumentUnreadable(str(error)) from error

    def read_question_file(self, path: Path, sheets: dict[str, Sheet]) -> QuestionReading:
        """The questions that staff keep beside the sheets."""
        known = {
            id_: sheet.model_copy(update={"sections": ()}).model_dump(mode="json") for id_, sheet in sheets.items()
        }
        try:
            return QUESTIONS.validate_python(self._ask("questions", path, sheets=known))
        except _TooCostly as error:
            return QuestionReading(notices=[Remark(file=path.name, row=None, column="", reason=str(error))])

    def _ask(self, kind: str, path: Path, **asked: object) -> object:
        """What the process read, or raise what it met, or _TooCostly."""
        if reason := self._costly.get(path):
            raise _TooCostly(reason)
        is_new = self._process is None
        try:
            try:
                reply = self._exchange({"kind": kind, "path": str(path), **asked})
            except _Ended:
                if is_new:
                    raise
                reply = self._exchange({"kind": kind, "path": str(path), **asked})  # may be worn by those before
        except (_Ended, TimeoutError) as error:
            late = isinstance(error, TimeoutError)
            self._costly[path] = (_TIME if late else _MEMORY).format(
                self._limits.seconds if late else self._limits.megabytes
            )
            raise _TooCostly(self._costly[path]) from error
        return _open(reply)

    def _exchange(self, asked: dict[str, object]) -> dict[str, Any]:
        """The reply of the process; or raise _Ended or TimeoutError, without a process any more."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            line = _read_line(process.stdout, time.monotonic() + _AT_LEAST + _PATIENCE * self._limits.seconds)
        except BrokenPipeError:
            line = b""
        except BaseException:
            self._end()
            raise
        if not line.endswith(b"\n"):
            code = self._end()
            raise TimeoutError if code == -signal.SIGXCPU else _Ended
        reply: dict[str, Any] = json.loads(line)
        if reply.get("error") == "MemoryError":
            self._end()
            raise _Ended
        return reply

    def _start(self) -> subprocess.Popen[bytes]:
        """The process, with nothing of our environment that it has no use for: keys and passwords stand there."""
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(part for part in sys.path if part)
        command = [sys.executable, "-P", "-m", "ingest.reading_process"]
        limits = [str(self._limits.seconds), str(self._limits.megabytes)]
        return subprocess.Popen(  # noqa: S603 - our own program, and no word of anyone else
            [*command, *limits], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
        )

    def _end(self) -> int | None:
        """End the process, if there is one; how it ended. One that ended by itself is not killed again."""
        process, self._process = self._process, None
        if process is None:
            return None
        try:
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        except BrokenPipeError:
            pass
        try:
            return process.wait(0.2)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _read_line(pipe: IO[bytes], deadline: float) -> bytes:
    """What comes until a line ends or the other end closes; or raise TimeoutError."""
    parts: list[bytes] = []
    length = 0
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            part = os.read(pipe.fileno(), 1 << 20)
            parts.append(part)
            length += len(part)
            if not part or part.endswith(b"\n") or length > _LONGEST_REPLY:
                return b"".join(parts)


def _open(reply: dict[str, Any]) -> object:
    """What was read, or raise what the process met as our own readers would."""
    name, reason = str(reply.get("error", "")), str(reply.get("reason", ""))
    if not name:
        return reply["read"]
    known = {each.__name__: each for each in (DocumentLocked, DocumentUnreadable, PageUnreadable, TableUnusable)}
    if name in known:
        raise known[name](reason)
    if name == "RowUnusable":
        raise RowUnusable(str(reply["column"]), reason)
    raise _TooCostly(f"ce fichier ne peut pas être lu ({name})")
