"""People: the database as one SQLite file, whichever it is, so that an archive goes from one kind to the other."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, func, insert, select

from assistant.store.database import open_database
from assistant.store.tables import metadata
from ingest.refusal import Refusal

_ROWS = 500  # copied at once


class PeopleThere(Refusal):
    """The database that is to be restored holds something already."""


def save_people(engine: Engine, file: Path) -> Literal["sqlite", "postgresql"]:
    """Write the database as it is at one moment into a new SQLite file, while servers write; the kind it is of."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as source, closing(sqlite3.connect(file)) as target:
            held = source.connection.driver_connection
            assert isinstance(held, sqlite3.Connection)
            held.backup(target)
        make_one_file(file)
        return "sqlite"
    copy = open_database(f"sqlite:///{file}")
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source, copy.begin() as target:
        _copy_rows(source, target)
    copy.dispose()
    make_one_file(file)
    return "postgresql"


def replace_people(file: Path, engine: Engine, *, force: bool) -> None:
    """Replace all that a database holds by what a SQLite file does, all or nothing; or raise PeopleThere."""
    saved = open_database(f"sqlite:///{file}")
    with saved.connect() as source, engine.begin() as target:
        if not force and any(
            target.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        ):
            raise PeopleThere(
                "La base ASSISTANT_DATABASE_URL n'est pas vide. Pour remplacer tout ce qu'elle contient : --force"
            )
        for table in reversed(metadata.sorted_tables):
            target.execute(table.delete())
        _copy_rows(source, target)
    saved.dispose()


def make_one_file(file: Path) -> None:
    """Put into a SQLite file what SQLite keeps beside it while it is open."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def is_intact(file: Path) -> bool:
    """Whether SQLite finds nothing wrong in a file."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _copy_rows(source: Connection, target: Connection) -> None:
    """Every row of our tables, owners before what belongs to them."""
    for table in metadata.sorted_tables:
        for rows in source.execution_options(yield_per=_ROWS).execute(select(table)).partitions():
            target.execute(insert(table), [dict(row._mapping) for row in rows])
