"""Folder: where Chainlit's files stand: one for each server, that nobody else on the machine may read.

Servers may share a data directory, and each rewrites its own. A server that is killed leaves its folder: the next one
to start removes it, by the lock that the system freed.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

_ALIVE = "alive.lock"  # held while the server lives
_STARTING = "starting.lock"  # held while folders are made or removed
_DIRECTORY, _FILE = 0o700, 0o600


def make_folder() -> Path:
    """A new private folder for this process, removed when it ends; what dead servers left is removed first."""
    parent = _open_parent()
    with _lock(parent / _STARTING, wait=True):
        for left in parent.iterdir():
            _remove_if_dead(left)
        folder = Path(tempfile.mkdtemp(dir=parent))
        alive = _lock(folder / _ALIVE, wait=True)
    atexit.register(_remove, folder, alive)
    return folder


def make_private(folder: Path) -> None:
    """Close a folder and all that it holds to everyone else."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(_DIRECTORY if path.is_dir() else _FILE)


def _open_parent() -> Path:
    """The folder of all our servers, of this user alone; another one where somebody else made something of its name."""
    parent = Path(tempfile.gettempdir()) / f"assistant-chat-{os.getuid()}"
    try:
        parent.mkdir(_DIRECTORY)
    except FileExistsError:
        if parent.is_symlink() or not parent.is_dir() or parent.stat().st_uid != os.getuid():
            return Path(tempfile.mkdtemp(prefix="assistant-chat-"))
        parent.chmod(_DIRECTORY)
    return parent


def _remove_if_dead(left: Path) -> None:
    if not left.is_dir() or left.is_symlink():
        return
    try:
        alive = _lock(left / _ALIVE, wait=False)
    except BlockingIOError:
        return
    _remove(left, alive)


def _remove(folder: Path, alive: IO[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    alive.close()


def _lock(path: Path, *, wait: bool) -> IO[str]:
    """A file that this process alone holds, until it is closed; or raise BlockingIOError."""
    held = path.open("a")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        held.close()
        raise
    return held
