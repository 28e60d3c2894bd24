"""Launcher: starts reindexings from a server, each in a process of its own, when asked and when it is time."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from assistant.process.background import in_background
from assistant.reindexing.runs import ReindexRunning, Run, RunJournal, Trigger
from assistant.settings import Settings

_log = logging.getLogger(__name__)
_LOOK_EVERY = 1.0  # seconds
_ENDS_IN = 10.0  # seconds


class Launcher:
    """The reindexings of a server. The process apart spares the server's memory, and may be killed without harm."""

    def __init__(self, settings: Settings) -> None:
        self._journal = RunJournal(settings.data_dir)
        self._every: timedelta | None = settings.reindex_every
        self._settings = settings
        self._next = time.monotonic() + self._every.total_seconds() if self._every else None
        self._process: subprocess.Popen[bytes] | None = None
        self._run_id = ""
        self._lock = threading.Lock()
        self._pending: Trigger | None = None
        self._stopped = threading.Event()

    def start(self, trigger: Trigger, *, dry_run: bool = False, force: bool = False, plan: str = "") -> Run:
        """Start a reindexing of the sources in service now, or with the tables of a plan; or raise ReindexRunning."""
        with self._lock:
            if self.is_busy():
                raise ReindexRunning("Une réindexation est déjà en cours : attendez qu'elle soit finie.")
            run = self._journal.announce(trigger, dry_run=dry_run, plan=plan)
            self._run_id = run.id
            command = [sys.executable, "-m", "assistant.cli", "reindex", "--json"]
            command += ["--run-id", run.id, "--trigger", trigger]
            command += ["--dry-run"] * dry_run + ["--force"] * force + ["--plan", plan] * bool(plan)
            environment = {**os.environ, "ASSISTANT_DATA_DIR": str(self._settings.data_dir.resolve())}
            # What it prints is in its record; what it says on stderr joins the server's log.
            self._process = subprocess.Popen(  # noqa: S603 - our own program, and no word of anyone else
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
            return run

    def stop(self, run_id: str) -> bool:
        """End a run that was started here: it notes that it was interrupted; False when it is not at work here."""
        with self._lock:
            if run_id != self._run_id or self._process is None or self._process.poll() is not None:
                return False
            self._process.terminate()
            return True

    def request(self, trigger: Trigger) -> Run | None:
        """Start a reindexing now, or as soon as the one at work is over: what was pushed meanwhile is not lost."""
        try:
            return self.start(trigger)
        except ReindexRunning:
            self._pending = trigger
            return None

    def is_busy(self) -> bool:
        """Whether a reindexing is at work, started here or elsewhere."""
        if self._journal.is_busy():
            return True
        alive = self._process is not None and self._process.poll() is None
        run = self._journal.find_run(self._run_id) if alive else None
        return run is not None and run.status == "starting"  # it will take the lock in a moment

    @contextmanager
    def running(self) -> Iterator[None]:
        """While this is open, start what was requested and what is due; on leaving, end what was started."""
        try:
            with in_background("reindexings", self._run, self._stopped.set):
                yield
        finally:
            if self._process and self._process.poll() is None:
                self._process.terminate()  # it notes that it was interrupted and removes what it began
                try:
                    self._process.wait(_ENDS_IN)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_EVERY):
            if self.is_busy():
                continue
            due = self._next is not None and time.monotonic() >= self._next
            if due and self._every:
                self._next = time.monotonic() + self._every.total_seconds()
            trigger: Trigger | None = self._pending or ("schedule" if due else None)
            if trigger:
                self._pending = None
                try:
                    self.start(trigger)
                except (ReindexRunning, OSError) as error:
                    _log.warning("A reindexing could not start: %s", error)
