"""Occupancy: whether servers work in a data directory, so that a restoration never happens under their feet."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.refusal import Refusal

_FILE = "serving.lock"


class DataDirBusy(Refusal):
    """Someone else is at work in the data directory; the message says who, in French."""


@contextmanager
def serving(data_dir: Path) -> Iterator[None]:
    """Serve from a data directory, as others may beside; or raise DataDirBusy while it is being restored."""
    with _hold(
        data_dir, fcntl.LOCK_SH, "Une sauvegarde est en cours de restauration dans {}. Attendez qu'elle soit finie."
    ):
        yield


@contextmanager
def alone_in(data_dir: Path) -> Iterator[None]:
    """Be alone in a data directory, or raise DataDirBusy while a server works there."""
    with _hold(
        data_dir, fcntl.LOCK_EX, "Un serveur tourne sur le dossier de données {}. Arrêtez-le, puis recommencez."
    ):
        yield


@contextmanager
def _hold(data_dir: Path, kind: int, refusal: str) -> Iterator[None]:
    """The lock of the data directory. The system frees it when the program ends, however it ends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / _FILE).open("a") as lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataDirBusy(refusal.format(repr(str(data_dir)))) from error
        yield
