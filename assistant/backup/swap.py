"""Swap: what was restored takes the place of what was there, to the end even if the program dies on the way."""

import os
import shutil
from pathlib import Path

from assistant.backup.contents import list_replaced
from assistant.process.occupancy import alone_in

_ASIDE = ".restoring"
_NEW, _OLD = "new", "old"
_REMOVING, _PLACING = "removing", "placing"  # how far the swap is


def make_aside(data_dir: Path) -> Path:
    """An empty folder in the data directory, on the same disk, to prepare there what will take its place."""
    aside = data_dir / _ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    return aside


def swap(aside: Path, new: Path) -> None:
    """Put in place what was prepared in `new`, in the folder aside; what a restoration replaces is removed."""
    new.rename(aside / _NEW)
    (aside / _OLD).mkdir()
    os.sync()  # all is on the disk before anything there is given up
    (aside / _REMOVING).touch()
    _finish(aside)


def finish_swap(data_dir: Path) -> None:
    """Finish a swap that was interrupted, if there is one; or raise DataDirBusy."""
    aside = data_dir / _ASIDE
    if (aside / _REMOVING).exists() or (aside / _PLACING).exists():
        with alone_in(data_dir):
            _finish(aside)


def _finish(aside: Path) -> None:
    """Each step may be begun again: what was moved already is no longer where it is looked for."""
    data_dir = aside.parent
    if (aside / _REMOVING).exists():
        for name in list_replaced(data_dir):
            (data_dir / name).rename(aside / _OLD / name)
        (aside / _REMOVING).rename(aside / _PLACING)
    if (aside / _PLACING).exists():
        for entry in sorted((aside / _NEW).iterdir()):
            entry.rename(data_dir / entry.name)
    shutil.rmtree(aside, ignore_errors=True)
