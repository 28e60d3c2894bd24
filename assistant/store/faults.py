"""Faults: whether the database answers and can be written, and how its failures are told without what people wrote."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

_PATIENCE = 1.0  # seconds for another program that writes
_OUR_OWN = (IntegrityError, DataError)  # what we sent was wrong, the database is well
_LOST = "ni connexion d'adhérents, ni historique, et les questions ne sont pas gardées."


def is_failure(error: SQLAlchemyError) -> bool:
    """Whether the database failed, rather than what was asked of it."""
    return not isinstance(error, _OUR_OWN)


def name_failure(error: SQLAlchemyError) -> str:
    """A failure for the log: what kind it is, without a word of a query or a row."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return " ".join(str(part) for part in (type(cause).__name__, code) if part)


def find_fault(engine: Engine) -> str:
    """What is wrong with the database at this moment, in French; "" when nothing is. Takes seconds at most."""
    return _find_in_file(sqlite_file(engine)) if engine.dialect.name == "sqlite" else _find_in_server(engine)


def sqlite_file(engine: Engine) -> Path:
    """The file of a SQLite database."""
    return Path(engine.url.database or "")


def _find_in_file(file: Path) -> str:
    if not file.exists():
        return f"Le fichier de la base de données n'est plus là : {_LOST}"
    if not os.access(file, os.W_OK):
        return f"La base de données ne peut pas être écrite : {_LOST}"
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return f"{_explain(error)} : {_LOST}"
    return ""


def _explain(error: sqlite3.Error) -> str:
    code = str(getattr(error, "sqlite_errorname", ""))
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "Un autre programme retient la base de données"
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return "La base de données ne peut pas être écrite"
    if code.startswith("SQLITE_FULL"):
        return "Le disque de la base de données est plein"
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return "Le fichier de la base de données est abîmé, ou n'en est pas une"
    return "La base de données ne répond pas"


def _find_in_server(engine: Engine) -> str:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT version_num FROM alembic_version"))
            closed = connection.scalar(text("SHOW transaction_read_only")) == "on"
    except ProgrammingError:
        return f"La base de données n'a plus ses tables : {_LOST}"
    except SQLAlchemyError:
        return f"La base de données ne répond pas : {_LOST}"
    return f"La base de données ne peut pas être écrite : {_LOST}" if closed else ""
