"""Restore: what an archive holds takes the place of what there is, all or nothing, while no server works there."""

import shutil
from pathlib import Path

from assistant.assembly.knowledge import prepare_data_dir
from assistant.backup.archive import ArchiveManifest, ArchiveWrong, read_archive
from assistant.backup.contents import DATABASE, INDEX, RESTORED_SETTINGS, is_empty
from assistant.backup.people import is_intact, make_one_file, replace_people
from assistant.backup.swap import finish_swap, make_aside, swap
from assistant.process.occupancy import alone_in
from assistant.reindexing.runs import RunJournal
from assistant.settings import Settings
from assistant.store.database import open_database, open_settings_database
from index.storage.folder_store import FolderStore
from ingest.refusal import Refusal

_DATA, _SETTINGS = "data", "settings"


class RestoreRefused(Refusal):
    """Something is there that would be lost; the message says how to insist, in French."""


def restore(settings: Settings, archive: Path, *, force: bool = False) -> ArchiveManifest:
    """Put back what an archive holds, over an empty data directory or by force; its manifest.

    Raises ArchiveWrong, DataDirBusy, ReindexRunning, RestoreRefused and the database's errors; all is then as before.
    """
    prepare_data_dir(settings)
    finish_swap(settings.data_dir)
    with alone_in(settings.data_dir), RunJournal(settings.data_dir).alone():
        if not force and not is_empty(settings.data_dir):
            raise RestoreRefused(
                f"Le dossier de données {str(settings.data_dir)!r} n'est pas vide. Pour remplacer l'index, les comptes "
                "et la base qu'il contient par ceux de la sauvegarde : --force"
            )
        aside = make_aside(settings.data_dir)
        try:
            manifest = _prepare(settings, archive, aside)
            if settings.database_url.get_secret_value():
                _replace_database(settings, aside / DATABASE, force=force)
            else:
                (aside / DATABASE).rename(aside / _DATA / DATABASE)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        swap(aside, aside / _DATA)
        return manifest


def _prepare(settings: Settings, archive: Path, aside: Path) -> ArchiveManifest:
    """Check and unpack an archive, its database brought up to date."""
    manifest = read_archive(archive, aside)
    data, people = aside / _DATA, aside / DATABASE
    data.mkdir(exist_ok=True)
    if not people.is_file() or not is_intact(people):
        raise ArchiveWrong(f"L'archive {str(archive)!r} ne peut pas servir : sa base est abîmée. Rien n'a été changé.")
    open_database(f"sqlite:///{people}").dispose()
    make_one_file(people)
    if manifest.index:
        FolderStore(data / INDEX).promote(manifest.index)
    if (aside / _SETTINGS).is_dir():
        shutil.rmtree(settings.data_dir / RESTORED_SETTINGS, ignore_errors=True)
        (aside / _SETTINGS).rename(data / RESTORED_SETTINGS)
    return manifest


def _replace_database(settings: Settings, people: Path, *, force: bool) -> None:
    engine = open_settings_database(settings)
    try:
        replace_people(people, engine, force=force)
    finally:
        engine.dispose()
