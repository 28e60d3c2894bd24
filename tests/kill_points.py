"""Reindexes again and again, killed each time at another point, and tells whether the served version stayed intact.

Run as a program: `kill_points.py DATA_DIR SOURCE POINTS`. The model is opened once; each reindexing is a child of this
process that kills itself (SIGKILL, which nothing can catch) when it makes the k-th change to a file of the data
directory, k spread over all the changes that a whole reindexing makes. Prints one JSON line a point.
"""

import json
import os
import re
import signal
import sys
from pathlib import Path

from remembering import RememberingEncoder, find_folder

from assistant.assembly.knowledge import open_settings_encoder
from assistant.reindexing import reindex as module
from assistant.reindexing.progress import Watch
from assistant.settings import ROOT, Settings, read_settings
from index.storage.folder_store import FolderStore

_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "os.truncate"}


def main(data_dir: str, source: str, points: int) -> None:
    # One thread: a child of this process has no others of the model's, and would wait for them.
    os.environ.update(ASSISTANT_DATA_DIR=data_dir, ASSISTANT_SOURCE=source, OMP_NUM_THREADS="1")
    settings = read_settings()
    encoder = RememberingEncoder(open_settings_encoder(settings), find_folder(ROOT / "var" / "encoded"))
    module.open_settings_encoder = lambda _settings: encoder  # the model is not what is tried here
    total = _count_changes(settings)
    for point in range(points):
        at = 1 + point * (total - 1) // (points - 1)
        served = _change_source(settings, point)
        killed = _reindex(settings, at) == signal.SIGKILL
        swapped = FolderStore(settings.index_dir).current() != served
        intact = _is_intact(settings)
        next_run = _reindex(settings, None) == 0 and _is_intact(settings)
        clean = not list(settings.index_dir.glob(".*"))
        line = {"at": at, "of": total, "killed": killed, "intact": intact, "swapped": swapped}
        print(json.dumps({**line, "next_run": next_run, "clean": clean}), flush=True)


def _change_source(settings: Settings, number: int) -> str | None:
    """Change one title, so that the next reindexing has something to do; the version in service until then."""
    table = next(Path(settings.source).rglob("fiches.csv"))
    text = table.read_text(encoding="utf-8")
    table.write_text(re.sub(r"Budget participatif gersois[ \d]*", f"Budget participatif gersois {number}", text))
    return FolderStore(settings.index_dir).current()


def _reindex(settings: Settings, kill_at: int | None, count: Path | None = None) -> int:
    """Reindex in a child; its signal or exit code. `count` receives the number of changes made."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            seen = _watch_changes(settings.data_dir.resolve(), kill_at)
            module.reindex(settings, Watch(None))
            if count:
                count.write_text(str(len(seen)))
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _watch_changes(folder: Path, kill_at: int | None) -> list[str]:
    """Count every file opened for writing, made, renamed or removed below a folder; die at the k-th."""
    seen: list[str] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if not (writes or event in _CHANGES) or not isinstance(arguments[0], str | os.PathLike):
            return
        if str(folder) in os.path.abspath(arguments[0]):
            seen.append(event)
            if len(seen) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return seen


def _count_changes(settings: Settings) -> int:
    count = settings.data_dir / "count.txt"
    _change_source(settings, 1000)
    assert _reindex(settings, None, count) == 0
    return int(count.read_text())


def _is_intact(settings: Settings) -> bool:
    try:
        FolderStore(settings.index_dir).verify()
    except Exception:  # noqa: BLE001 - whatever is wrong is what is looked for
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
