"""Versions: where those of the index are kept, as the settings say."""

import logging

from pydantic import SecretStr

from assistant.settings import Settings, SettingsWrong
from index.manifest import IndexCorrupt
from index.opened import Index
from index.storage.folder_store import FolderStore
from index.storage.version_store import VersionStore
from ingest.refusal import Refusal
from ingest.sheet import Access

_log = logging.getLogger(__name__)


def open_store(settings: Settings) -> VersionStore:
    """Where answers take their versions from; in PostgreSQL, at the addresses for reading. Raises SettingsWrong."""
    if settings.index == "files":
        return FolderStore(settings.index_dir)
    url = _need_url(settings)
    public = _check_url("DATABASE_READ_URL", settings.database_read_url) or url
    members = _check_url("DATABASE_MEMBERS_URL", settings.database_members_url) or url
    return _open_postgresql(url, public, members)


def open_writing_store(settings: Settings) -> VersionStore:
    """Where versions are made and put in service: a replica would not show at once what was just written."""
    if settings.index == "files":
        return FolderStore(settings.index_dir)
    url = _need_url(settings)
    return _open_postgresql(url, url, url)


def open_best(store: VersionStore, model: str, access: Access) -> Index:
    """The current version; where its files are spoiled, the newest before it that opens. Raises as `store.open`."""
    try:
        return store.open(model, access)
    except IndexCorrupt as error:
        current = store.current() or ""
        for manifest in store.manifests(access):
            if manifest.version >= current:  # made since, and not chosen
                continue
            try:
                index = store.open(model, access, manifest.version)
            except Refusal:
                continue
            _log.error("Version %s cannot be served, %s is: %s", current, manifest.version, error)
            return index
        raise


def _open_postgresql(writer: str, public: str, members: str) -> VersionStore:
    from index.storage.postgresql.store import PostgresqlStore  # noqa: PLC0415 - with psycopg, for those who use it

    return PostgresqlStore(writer=writer, public=public, members=members)


def _need_url(settings: Settings) -> str:
    return _check_url("DATABASE_URL", settings.database_url, needed=True)


def _check_url(name: str, written: SecretStr, *, needed: bool = False) -> str:
    """An address of PostgreSQL, or "" where none is needed."""
    url = written.get_secret_value()
    if url.startswith("postgresql") or (not url and not needed):
        return url
    raise SettingsWrong(
        f"Réglage ASSISTANT_{name} : pour un index dans PostgreSQL (ASSISTANT_INDEX), "
        "écrivez postgresql://utilisateur:mot-de-passe@machine/base."
    )
