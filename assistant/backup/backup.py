"""Back up: one archive of all that cannot be made again, while the servers go on."""

import errno
import shutil
import sqlite3
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from assistant.backup.archive import SUFFIXES, ArchiveManifest, ArchiveWrong, write_archive
from assistant.backup.contents import DATABASE, list_files, list_index_files, list_settings_files
from assistant.backup.people import save_people
from assistant.settings import Settings
from assistant.store.database import open_settings_database
from index.storage.folder_store import FolderStore
from ingest.refusal import Refusal

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SQLITE_WRITES = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE}
_LITTLE = 1_000_000  # bytes


def back_up(settings: Settings, target: Path) -> ArchiveManifest:
    """Write an archive and read it back; its manifest. Raises ArchiveWrong and the database's errors."""
    _check_target(settings, target)
    try:
        return _write(settings, target)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        if _is_full(error, target.parent):
            raise ArchiveWrong(
                f"Le disque de {str(target.parent)!r} est plein : rien n'est sauvegardé. Libérez de la place, "
                "deux fois celle du dossier de données, ou choisissez un autre disque."
            ) from error
        raise


def _is_full(error: BaseException, folder: Path) -> bool:
    """Whether a write failed for want of room; SQLite says it in its own way."""
    causes = [error, getattr(error, "orig", None)]
    if any(isinstance(each, OSError) and each.errno in _FULL for each in causes):
        return True
    codes = {getattr(each, "sqlite_errorcode", None) for each in causes}
    is_short = bool(codes & _SQLITE_WRITES) and shutil.disk_usage(folder).free < _LITTLE
    return sqlite3.SQLITE_FULL in codes or is_short


def _write(settings: Settings, target: Path) -> ArchiveManifest:
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        aside = Path(folder)
        engine = open_settings_database(settings)
        try:
            kind = save_people(engine, aside / DATABASE)
        finally:
            engine.dispose()
        index, index_files = list_index_files(settings)
        changing = {**list_files(settings.data_dir), **list_settings_files(settings)}
        files = {name: _copy(path, aside / name) for name, path in changing.items()}
        made = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        manifest = ArchiveManifest(made=made, program=version("assistant-participation"), database=kind, index=index)
        # The index last: it is the longest to read, and what is small is there when an archive is looked into.
        return write_archive(target, manifest, {DATABASE: aside / DATABASE, **files, **index_files})


def check_saved_index(settings: Settings, saved: ArchiveManifest) -> None:
    """Raise ArchiveWrong when the index that was saved is spoiled: all else is saved, but earlier archives matter."""
    if saved.index is None:
        return
    try:
        FolderStore(settings.index_dir).verify(saved.index)
    except Refusal as error:
        raise ArchiveWrong(
            f"Tout est sauvegardé, mais l'index l'est tel qu'il est : abîmé. {error} "
            "Puis sauvegardez de nouveau ; d'ici là, gardez les sauvegardes d'avant."
        ) from error


def _check_target(settings: Settings, target: Path) -> None:
    if not target.name.endswith(SUFFIXES):
        raise ArchiveWrong(f"Le nom de l'archive {target.name!r} doit finir par {' ou '.join(SUFFIXES)}.")
    if target.exists():
        raise ArchiveWrong(f"Le fichier {str(target)!r} existe déjà. Choisissez un autre nom : rien n'est remplacé.")
    if not target.parent.is_dir():
        raise ArchiveWrong(f"Le dossier {str(target.parent)!r} n'existe pas. Créez-le d'abord.")
    if not settings.data_dir.is_dir():
        raise ArchiveWrong(f"Il n'y a pas de dossier de données {str(settings.data_dir)!r} à sauvegarder.")


def _copy(path: Path, copy: Path) -> Path:
    """A copy that nobody changes while it is read twice."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, copy)
    return copy
