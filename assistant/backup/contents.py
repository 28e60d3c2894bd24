"""Contents: what of a data directory is worth keeping, and what is made again by itself."""

from pathlib import Path

from assistant.settings import ROOT, Settings
from index.storage.folder_store import FolderStore

DATABASE = "assistant.db"
INDEX = "index"
RESTORED_SETTINGS = "restored-settings"
# Prepared from its package, fetched again, computed again, copied at each start. All else is kept, so that what is
# added to the product one day is not forgotten here. The index has its own rule: the version in service.
_MADE_AGAIN = frozenset({"models", "sources", "cache", "chat", "compressed", INDEX, RESTORED_SETTINGS})
_BESIDE = ("-wal", "-shm", "-journal")
_TRANSIENT = (".lock", *_BESIDE)


def list_replaced(data_dir: Path) -> list[str]:
    """The names in a data directory that a restoration replaces, with what SQLite keeps beside its file."""
    beside = {f"{DATABASE}{suffix}" for suffix in _BESIDE}
    return sorted(each.name for each in data_dir.iterdir() if each.name in (INDEX, *beside) or _is_kept(each))


def is_empty(data_dir: Path) -> bool:
    """Whether a data directory holds nothing that a restoration would remove."""
    entries = [data_dir / name for name in list_replaced(data_dir)]
    return not any(entry.is_file() or _files(entry) for entry in entries)


def list_files(data_dir: Path) -> dict[str, Path]:
    """The files to keep, by their name in the archive; the database apart, since it is written meanwhile."""
    entries = [each for each in sorted(data_dir.iterdir()) if _is_kept(each) and each.name != DATABASE]
    files = [path for entry in entries for path in ([entry] if entry.is_file() else _files(entry))]
    return {f"data/{path.relative_to(data_dir).as_posix()}": path for path in files}


def list_index_files(settings: Settings) -> tuple[str | None, dict[str, Path]]:
    """The version in service and its files, which never change, by their name in the archive.

    None when there is no index, or when it is in PostgreSQL: a reindexing makes it again from the sources.
    """
    version = FolderStore(settings.index_dir).current() if settings.index == "files" else None
    folder = settings.index_dir / (version or "")
    files = _files(folder) if version else []
    return version, {f"data/{INDEX}/{version}/{path.relative_to(folder).as_posix()}": path for path in files}


def list_settings_files(settings: Settings) -> dict[str, Path]:
    """The files by which settings were chosen, here and where settings name them; the product's own are left out."""
    named = [Path(".env"), Path(settings.source), Path(settings.layout), settings.golden]
    texts = [path for path in named if path and path.suffix in ("", ".toml", ".yaml", ".yml") and path.is_file()]
    prompts = [] if settings.prompts_dir.resolve().is_relative_to(ROOT) else _files(settings.prompts_dir)
    return {f"settings/{path.name}": path for path in (*texts, *prompts)}


def _is_kept(entry: Path) -> bool:
    if entry.is_symlink() or entry.name.startswith(".") or entry.name.endswith(_TRANSIENT):
        return False
    return entry.name not in _MADE_AGAIN


def _files(folder: Path) -> list[Path]:
    """The files of a folder that are not links, nor being written."""
    found = (path for path in sorted(folder.rglob("*")) if not path.name.startswith("."))
    return [path for path in found if path.is_file() and not path.is_symlink()]
