"""Versions: where those of the index are kept, as the settings say."""

from assistant.settings import Settings, SettingsWrong
from index.postgresql.store import PostgresqlStore
from index.version_store import FolderStore, VersionStore


def open_store(settings: Settings) -> VersionStore:
    """Where answers take their versions from; in PostgreSQL, at the addresses for reading. Raises SettingsWrong."""
    if settings.index == "files":
        return FolderStore(settings.index_dir)
    url = _read_address(settings, "database_url")
    public = _read_address(settings, "database_read_url") or url
    return PostgresqlStore(writer=url, public=public, members=_read_address(settings, "database_members_url") or url)


def open_writing_store(settings: Settings) -> VersionStore:
    """Where versions are made and put in service: a replica would not show at once what was just written."""
    if settings.index == "files":
        return FolderStore(settings.index_dir)
    url = _read_address(settings, "database_url")
    return PostgresqlStore(writer=url, public=url, members=url)


def _read_address(settings: Settings, name: str) -> str:
    """An address of PostgreSQL; "" when it is left empty, which the first one must not be."""
    url: str = getattr(settings, name).get_secret_value()
    if url.startswith("postgresql") or (not url and name != "database_url"):
        return url
    raise SettingsWrong(
        f"Réglage ASSISTANT_{name.upper()} : pour un index dans PostgreSQL (ASSISTANT_INDEX), "
        "écrivez postgresql://utilisateur:mot-de-passe@machine/base."
    )
