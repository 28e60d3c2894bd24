"""Starts `assistant` as processes of their own that need not import it again: children of one that has.

Run as a program by each worker of the tests: `nursery.py SOCKET FOLDER`. It imports what every command and every
server imports, opens the model and waits. For each request it becomes two (fork), and the child is from then on what
`python -m assistant.cli` would be: with its own arguments, environment, working directory, files, signals, memory and
end. What is asked of a start itself is tested without this (test_imports, test_settings, test_bundled, test_upgrade).
"""

import contextlib
import gc
import json
import os
import re
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from filelock import FileLock

_LONGEST = 1 << 20  # bytes of a request
# Chainlit itself reads its environment when it is imported.
_IMPORTED = ("assistant.cli.explaining", "assistant.web.server", "alembic.command", "literalai", "socketio")
# Read by us, or written by libraries of PyTorch's that a test imported.
_READ_LATER = re.compile(r"ASSISTANT_|PYTHONUNBUFFERED$|PYTEST_|ORT_DISABLE_TELEMETRY$|KMP_|TORCHINDUCTOR_")


class Child:
    """A process that a nursery started, with what subprocess.Popen has of use to tests."""

    def __init__(self, command: str, told: socket.socket) -> None:
        self.args, self._told = command, told
        self.returncode: int | None = None
        self.pid = int(self._read(None) or 0)
        assert self.pid, "the nursery is gone"

    def poll(self) -> int | None:
        """How it ended, None while it has not: minus its signal, when one ended it."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; or raise subprocess.TimeoutExpired."""
        if self._look(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it has not ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and (line := self._read(timeout)) is not None:
            status = int(line) if line else signal.SIGKILL  # the nursery is gone
            self.returncode = os.waitstatus_to_exitcode(status)
            self._told.close()
        return self.returncode

    def _read(self, timeout: float | None) -> bytes | None:
        """What the nursery says next, None when it says nothing in time."""
        ready, _, _ = select.select([self._told], [], [], timeout)
        return self._told.recv(100) if ready else None


class Nursery:
    """The process from which children are made, started when the first one is asked for."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._environment = folder, dict(environment)
        self._asked: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def has_read(self, environment: Mapping[str, str]) -> bool:
        """Whether what an interpreter and its libraries read of their environment is in this one as it is in that."""
        read = {name: value for name, value in environment.items() if not _READ_LATER.match(name)}
        return read == {name: value for name, value in self._environment.items() if not _READ_LATER.match(name)}

    def start(
        self, arguments: list[str], environment: Mapping[str, str], cwd: Path, files: tuple[int, int, int]
    ) -> Child:
        """Start `assistant` with these arguments; its input, output and errors are these files."""
        if self._asked is None:
            self._asked, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            command = [sys.executable, "-P", __file__, str(theirs.fileno()), str(self._folder)]
            # One thread: a child has no others of the model's, and would wait for them.
            environ = {**self._environment, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
            self._process = subprocess.Popen(command, env=environ, pass_fds=[theirs.fileno()])
            theirs.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = json.dumps({"arguments": arguments, "environment": dict(environment), "cwd": str(cwd)}).encode()
        socket.send_fds(self._asked, [request], [*files, theirs.fileno()])
        theirs.close()
        return Child(f"assistant {' '.join(arguments)}", ours)

    def close(self) -> None:
        """End the process, and its children with it."""
        if self._asked and self._process:
            self._asked.close()
            self._process.wait()


def _prepare(folder: Path) -> None:
    """Import and open what every child would."""
    from assistant.assembly.knowledge import open_settings_encoder
    from assistant.chat.light import without_what_is_left_aside
    from assistant.finding.outside import prepare_outside
    from assistant.finding.taught import read_taught
    from assistant.notes.shelf import SHIPPED, Shelf
    from assistant.settings import Settings
    from index.encoding import encoder
    from index.typos import _dictionary
    from ingest.communes import _by_name
    from language.grammar import LANGUAGES, read_section, sections
    from language.parser import parse

    with without_what_is_left_aside():
        for name in _IMPORTED:
            import_module(name)
    _dictionary()
    _by_name()
    for language in LANGUAGES:
        parse("je vote", language)
        for name in sections(language):
            read_section(name, language).compiled  # noqa: B018 - kept once read, as what follows is
    read_taught().memory._rarity  # noqa: B018

    sys.path.append(str(Path(__file__).parent))
    from remembering import RememberingEncoder

    del sys.path[-1]
    stock = encoder.open_encoder
    settings = Settings(data_dir=Path(__file__).parent.parent / "var")
    with FileLock(folder.parent / "model.lock"):
        opened = RememberingEncoder(open_settings_encoder(settings), folder)
    # As every server does before it serves.
    prepare_outside(opened)
    for note in Shelf(None, SHIPPED).library().of_genre("obligation"):
        opened.encode_questions((note.question, note.english))
    place = (settings.models_dir / opened.name).resolve()

    def open_encoder(model: str, models_dir: Path, adapter: str = "") -> encoder.Encoder:
        name = encoder.name_model(model, encoder.find_adapter(model, adapter))
        is_ours = name == opened.name and (models_dir / name).resolve() == place
        return opened if is_ours else stock(model, models_dir, adapter)

    encoder.open_encoder = open_encoder


def _serve(asked: socket.socket) -> dict[str, Any] | None:
    """Make the children that are asked for, and tell how they end; in a child what it is to be, None at the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    alive: dict[int, socket.socket] = {}
    gc.collect()
    gc.freeze()
    assert threading.active_count() == 1, "a child has none of the threads of its parent"
    open_ = True
    while open_ or alive:
        ready, _, _ = select.select([woken, *([asked] if open_ else [])], [], [])
        if woken in ready:
            os.read(woken, 1000)
            _tell_ended(alive)
        if asked not in ready:
            continue
        content, files, _, _ = socket.recv_fds(asked, _LONGEST, 4)
        if not content:
            open_ = False
            for child in alive:
                os.kill(child, signal.SIGKILL)
            continue
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            for each in (asked, *alive.values()):
                each.detach()  # closed with the others: nothing may close their numbers later
            _take(files[:3])
            return dict(json.loads(content))
        alive[child] = socket.socket(fileno=files[3])
        alive[child].send(str(child).encode())
        for file in files[:3]:
            os.close(file)
    return None


def _tell_ended(alive: dict[int, socket.socket]) -> None:
    while alive:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        with alive.pop(child) as told, contextlib.suppress(OSError):
            told.send(str(status).encode())


def _take(files: list[int]) -> None:
    """In a child: these are its input, output and errors, and it has no other file."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _become(child: dict[str, Any]) -> None:
    """What an interpreter does with its environment when it starts."""
    os.environ.clear()
    os.environ.update(child["environment"])
    os.chdir(child["cwd"])
    sys.path[:] = [path for path in sys.path if path]
    unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    sys.stdin = os.fdopen(0, encoding=sys.stdin.encoding, closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding=sys.stdout.encoding, closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding=sys.stderr.encoding, errors="backslashreplace", closefd=False)
    sys.stdout.reconfigure(write_through=unbuffered)
    sys.argv = ["assistant", *child["arguments"]]
    time.tzset()
    gc.enable()


if __name__ == "__main__":
    gc.disable()
    _prepare(Path(sys.argv[2]))
    if wanted := _serve(socket.socket(fileno=int(sys.argv[1]))):
        _become(wanted)
        runpy.run_module("assistant.cli", run_name="__main__", alter_sys=True)
