"""Runs: what each reindexing did or is doing, kept as files that the terminal writes and the pages show."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Literal

from pydantic import Field, ValidationError

from assistant.credentials.private_file import write_private
from index.build import PassageCounts
from index.compare import SheetChange
from index.manifest import FacetLabels
from index.measuring.golden import GoldenResult
from ingest.refusal import Refusal
from ingest.sheet import Facet, Frozen, Remark, Sheet

Trigger = Literal["command", "admin", "api", "webhook", "schedule"]
Status = Literal["starting", "running", "done", "unchanged", "tried", "refused", "failed", "interrupted"]

_KEPT = 100  # runs
_SHEETS, _SHEETS_KEPT = "sheets", 10  # folder of the sheets of dry runs, and of how many
_LONGEST_START = timedelta(minutes=2)
_WRITE_EVERY = 0.3  # seconds between two notes of progress


class ReindexRunning(Refusal):
    """Another reindexing is at work in this data directory."""


class SheetCounts(Frozen):
    """Practices in the new version, against the version before."""

    total: int
    added: int
    changed: int
    removed: int
    unchanged: int


class Documents(Frozen):
    """What became of the members' documents that the sheets announce."""

    read: int
    locked: int
    unreadable: int
    missing: int


class SourceRead(Frozen):
    """A source as it was read, without any secret of its address."""

    address: str
    revision: str = ""


class Report(Frozen):
    """What a reindexing did, or would do. `promoted`: the version named is the one in service."""

    version: str
    promoted: bool
    dry_run: bool = False
    sheets: SheetCounts
    pages: int
    passages: PassageCounts
    rejected: tuple[Remark, ...]
    notices: tuple[Remark, ...]
    documents: Documents
    sources: tuple[SourceRead, ...] = ()
    files: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    absent: tuple[Remark, ...] = ()
    layouts: tuple[str, ...] = ()
    changes: tuple[SheetChange, ...] = ()
    golden: GoldenResult = GoldenResult()
    refusals: tuple[str, ...] = ()
    seconds: dict[str, float]


class Run(Frozen):
    """One reindexing from its start to its end. Times are ISO 8601, UTC."""

    id: str
    trigger: Trigger
    status: Status
    dry_run: bool = False
    plan: str = ""  # of tables brought by the browser, which it tries or puts in service
    started: str
    ended: str = ""
    step: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    error: str = ""
    report: Report | None = None


class KeptSheets(Frozen):
    """The sheets that a dry run would add or change, as they would be, with the labels of their codes."""

    sheets: tuple[Sheet, ...] = ()
    facets: dict[Facet, FacetLabels] = Field(default_factory=dict)


class RunJournal:
    """The runs of a data directory. Whoever holds its lock is the only one to change the index."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "runs"
        self._lock = data_dir / "reindex.lock"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one to change this data directory's index, or raise ReindexRunning."""
        with self._hold():
            yield

    def announce(self, trigger: Trigger, *, dry_run: bool = False, plan: str = "") -> Run:
        """The record of a run that another process is about to begin."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return RunNote(self._folder, _new_run(trigger, "starting", "", dry_run=dry_run, plan=plan)).run

    def _hold(self) -> IO[str]:
        """The lock of this data directory, held until it is closed. The system frees it if the program dies."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = self._lock.open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise ReindexRunning(
                "Une réindexation est déjà en cours dans ce dossier de données. Attendez qu'elle soit finie "
                "(suivez-la dans /admin), puis recommencez."
            ) from error
        return lock

    @contextmanager
    def open_run(
        self, trigger: Trigger, run_id: str = "", *, dry_run: bool = False, plan: str = ""
    ) -> Iterator["RunNote"]:
        """Begin a run, alone in this data directory; or raise ReindexRunning. Errors are noted and pass through."""
        try:
            holding = self._hold()
        except ReindexRunning as error:
            if run_id:  # announced, and overtaken by another
                RunNote(self._folder, _new_run(trigger, "running", run_id, dry_run=dry_run, plan=plan)).fail(error)
            raise
        with holding:
            self._forget_oldest()
            note = RunNote(self._folder, _new_run(trigger, "running", run_id, dry_run=dry_run, plan=plan))
            try:
                yield note
            except BaseException as error:
                note.fail(error)
                raise

    def list_runs(self) -> list[Run]:
        """Every run kept, newest first."""
        return list(self.iterate_runs())

    def iterate_runs(self) -> Iterator[Run]:
        """The runs kept, newest first, each read when it is asked for."""
        for path in sorted(self._folder.glob("*.json"), reverse=True):
            if run := self._read(path):
                yield self._as_it_is(run)

    def find_run(self, run_id: str) -> Run | None:
        """The run with this id."""
        if not run_id.replace("-", "").isalnum():
            return None
        run = self._read(self._folder / f"{run_id}.json")
        return self._as_it_is(run) if run else None

    def read_sheets(self, run_id: str) -> KeptSheets:
        """The sheets that a dry run would add or change; none when they are not kept."""
        try:
            return KeptSheets.model_validate_json((self._folder / _SHEETS / f"{run_id}.json").read_bytes())
        except (OSError, ValidationError):
            return KeptSheets()

    def is_busy(self) -> bool:
        """Whether a reindexing is at work now."""
        try:
            with self._lock.open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def _as_it_is(self, run: Run) -> Run:
        """A run that says it is at work although nobody holds the lock was interrupted."""
        late = datetime.now(UTC) - datetime.fromisoformat(run.started) > _LONGEST_START
        gone = run.status == "running" or (run.status == "starting" and late)
        return run.model_copy(update={"status": "interrupted"}) if gone and not self.is_busy() else run

    def _read(self, path: Path) -> Run | None:
        try:
            return Run.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None

    def _forget_oldest(self) -> None:
        for path in sorted(self._folder.glob("*.json"), reverse=True)[_KEPT:]:
            path.unlink(missing_ok=True)
        for path in sorted(self._folder.glob(f"{_SHEETS}/*.json"), reverse=True)[_SHEETS_KEPT:]:
            path.unlink(missing_ok=True)
        for path in self._folder.glob(".*"):
            path.unlink(missing_ok=True)


class RunNote:
    """The record of the run at work, on the disk as soon as something is known."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.run = run
        self._path = folder / f"{run.id}.json"
        self._step_started = self._written = 0.0
        self._write()

    def note_step(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done, how far it is, and how long is left at this pace."""
        now = time.monotonic()
        if step != self.run.step:
            self._step_started, self._written = now, 0.0
        left = (now - self._step_started) * (total - done) / done if done else None
        changes = {"step": step, "done": done, "total": total, "seconds_left": None if left is None else round(left, 1)}
        self.run = self.run.model_copy(update=changes)
        if now - self._written >= _WRITE_EVERY:
            self._written = now
            self._write()

    def keep_sheets(self, kept: KeptSheets) -> None:
        """Keep the sheets that this dry run would add or change, for staff to see."""
        folder = self._path.parent / _SHEETS
        folder.mkdir(exist_ok=True, mode=0o700)
        write_private(folder / self._path.name, kept.model_dump_json())

    def finish(self, status: Status, report: Report) -> None:
        """Note the report; the run is over."""
        error = " ".join(report.refusals)
        self._end({"status": status, "report": report, "error": error})

    def fail(self, error: BaseException) -> None:
        """Note why the run ended before its time; a run already finished stays as it is."""
        if self.run.status == "running":
            known = isinstance(error, Refusal | OSError)
            text = str(error) if known else f"Erreur inattendue ({type(error).__name__}) : voyez le journal du serveur."
            self._end({"status": "interrupted" if isinstance(error, KeyboardInterrupt) else "failed", "error": text})

    def _end(self, changes: dict[str, object]) -> None:
        self.run = self.run.model_copy(update={**changes, "ended": _now(), "step": "", "seconds_left": None})
        self._write()

    def _write(self) -> None:
        aside = self._path.with_name(f".{self._path.name}")
        try:
            aside.write_text(self.run.model_dump_json(), encoding="utf-8")
            os.replace(aside, self._path)
        except OSError:
            # A full disk must not hide why the run failed; the terminal still tells.
            aside.unlink(missing_ok=True)


def _new_run(trigger: Trigger, status: Status, run_id: str, *, dry_run: bool, plan: str = "") -> Run:
    """A run that begins; its id sorts by date, to the microsecond."""
    run_id = run_id or f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    return Run(id=run_id, trigger=trigger, status=status, dry_run=dry_run, plan=plan, started=_now())


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
