"""Back up: one archive of all that cannot be made again, while the servers go on."""

import shutil
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from assistant.backup.archive import SUFFIXES, ArchiveManifest, ArchiveWrong, write_archive
from assistant.backup.contents import DATABASE, list_files, list_index_files, list_settings_files
from assistant.backup.people import save_people
from assistant.settings import Settings
from assistant.store.database import open_settings_database
from index.versions import verify_version
from ingest.refusal import Refusal


def back_up(settings: Settings, target: Path) -> ArchiveManifest:
    """Write an archive and read it back; its manifest. Raises ArchiveWrong and the database's errors."""
    _check_target(settings, target)
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
        verify_version(settings.index_dir, saved.index)
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
