"""Database: SQLite in the data directory, or PostgreSQL when its address is given; brought up to date when opened."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from assistant.settings import Settings
from ingest.refusal import Refusal

_MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT = 5  # seconds for another program that writes, or a server far away: people wait meanwhile
_NOTED = "alembic_version"  # the table where Alembic notes what was run
_UPGRADING = 7_305_107  # the number of PostgreSQL's lock, ours alone


class _Newer(Exception):
    """The tables are of a version of the assistant that this one does not know."""


class DatabaseUnusable(Refusal):
    """The database cannot be opened or brought up to date; the message says how to mend it, in French."""


def open_settings_database(settings: Settings) -> Engine:
    """The database of the settings, with today's tables; or raise DatabaseUnusable."""
    chosen = settings.database_url.get_secret_value()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return open_database(chosen or f"sqlite:///{(settings.data_dir / 'assistant.db').resolve()}")


def open_database(url: str) -> Engine:
    """The database at an address of SQLAlchemy's kind, with today's tables; or raise DatabaseUnusable."""
    engine = _connect(url)
    try:
        _upgrade(engine)
    except (SQLAlchemyError, _Newer, OSError) as error:
        engine.dispose()
        raise DatabaseUnusable(_explain(engine, error)) from error
    return engine


def _connect(url: str) -> Engine:
    """An engine whose errors never tell what people wrote."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
            patience = {} if "connect_timeout" in address.query else {"connect_timeout": _WAIT}
            return create_engine(
                address, hide_parameters=True, pool_pre_ping=True, pool_timeout=_WAIT, connect_args=patience
            )
        if address.get_backend_name() != "sqlite" or not address.database:
            raise ArgumentError("neither SQLite nor PostgreSQL")
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseUnusable(
            "Réglage ASSISTANT_DATABASE_URL : écrivez postgresql://utilisateur:mot-de-passe@machine/base, "
            "ou rien pour un fichier SQLite dans le dossier de données."
        ) from error
    opening = partial(_open_sqlite, Path(address.database))
    engine = create_engine(address, hide_parameters=True, creator=opening, pool_timeout=_WAIT)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkout", _check_same_file)
    return engine


def _open_sqlite(file: Path) -> sqlite3.Connection:
    """A connection to a file that is there: SQLite would make an empty one in the place of one taken away."""
    address = f"{file.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=_WAIT, check_same_thread=False)


def _find_inode(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """Which file stands at the address of a connection, None when none does."""
    try:
        found = os.stat(connection.execute("PRAGMA database_list").fetchone()[2])
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _check_same_file(connection: sqlite3.Connection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Leave a file that was replaced or taken away: what would be written in it would be nowhere."""
    if _find_inode(connection) != record.info["inode"]:
        raise DisconnectionError("the file of the database is another")


def _prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    """Readers do not wait for writers, what belongs to someone goes with them, what is deleted is overwritten."""
    record.info["inode"] = _find_inode(connection)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _upgrade(engine: Engine) -> None:
    """Make or change the tables that are not yet as they should be; one program at a time."""
    with _alone(engine) as connection:
        if _find_revision(connection) != _last_revision():
            _migrate(connection)
        connection.commit()


def _find_revision(connection: Connection) -> str | None:
    """The last migration that a database has had, as Alembic notes it."""
    if not connection.dialect.has_table(connection, _NOTED):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_NOTED}")).scalar()  # noqa: S608 - our own word


@cache
def _last_revision() -> str:
    """The last migration, by the number that each file begins with."""
    return max(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("*.py"))


def _migrate(connection: Connection) -> None:
    """Run the migrations that a database lacks, or raise _Newer."""
    from alembic import command  # noqa: PLC0415 - half a second, which most starts need not
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise _Newer from error


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection that no other program upgrades beside."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADING})
            yield connection
        return
    file = Path(engine.url.database or "")
    with file.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file.touch(mode=0o600)
        with engine.connect() as connection:
            yield connection


def _explain(engine: Engine, error: Exception) -> str:
    where = engine.url.render_as_string(hide_password=True)
    if isinstance(error, _Newer):
        return (
            f"La base {where} a été faite par une version plus récente de l'assistant. "
            "Remettez cette version, ou restaurez une sauvegarde."
        )
    if engine.dialect.name == "sqlite":
        return f"La base {where} ne s'ouvre pas. Vérifiez la place libre et les droits de ce fichier et de son dossier."
    return f"La base {where} ne répond pas. Vérifiez qu'elle tourne, et l'adresse ASSISTANT_DATABASE_URL."
