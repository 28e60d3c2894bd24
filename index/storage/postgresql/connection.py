"""Connection to the PostgreSQL that keeps the index: one address, one role, a few connections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from pgvector.psycopg import register_vector
from psycopg.sql import Composed
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from index.manifest import IndexUnreachable

Query = LiteralString | Composed
Row = tuple[Any, ...]

_WAIT = 5  # seconds for a connection
_LONGEST_READ = 15_000  # milliseconds of a question to the database
_OPTIONS = {
    # 0.9915 of the 10 nearest of 100 000 are found in 5 ms; with 200, 0.9775 in 4.4; with 800, 0.9965 in 8.2.
    "hnsw.ef_search": 400,
    "hnsw.iterative_scan": "relaxed_order",  # a filter that keeps few still finds as many as are asked for
    "hnsw.max_scan_tuples": 100_000,
    "enable_seqscan": "off",  # the planner thinks that a filter keeps one in 200, and would read the whole table
    "statement_timeout": _LONGEST_READ,
    "jit": "off",  # compiling costs more than these short questions
}


class Database:
    """One address of PostgreSQL. Connections are made when needed, and again after the database was away."""

    def __init__(self, url: str) -> None:
        try:
            address = make_url(url).set(drivername="postgresql+psycopg")
        except ArgumentError as error:
            raise IndexUnreachable("L'adresse de la base de l'index est mal écrite. Voyez .env.example.") from error
        options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
        wait = {"connect_timeout": _WAIT, "tcp_user_timeout": 1000 * _WAIT, "keepalives_idle": 60, "options": options}
        self._engine: Engine = create_engine(
            address, hide_parameters=True, pool_pre_ping=True, pool_timeout=_WAIT, connect_args=wait
        )
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")  # two messages fewer a question
        self._shown = address.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[Row]]:
        """A connection whose work is kept whole, or undone if this ends badly; raises IndexUnreachable."""
        with self._connection(self._engine) as connection:
            yield connection

    def read(self, query: Query, values: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        """The rows that a query gives, read as bytes rather than as text; or raise IndexUnreachable."""
        with self._connection(self._reading) as connection:
            return connection.execute(query, values or None, binary=True).fetchall()

    @contextmanager
    def _connection(self, engine: Engine) -> Iterator[psycopg.Connection[Row]]:
        try:
            with engine.begin() as pooled:
                connection = pooled.connection.driver_connection
                assert isinstance(connection, psycopg.Connection)
                yield connection
        except (OperationalError, NoConnectionFree, psycopg.Error) as error:
            raise IndexUnreachable(self._explain(error)) from error

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._engine.dispose()

    def _explain(self, error: Exception) -> str:
        cause = error.orig if isinstance(error, OperationalError) else error
        if isinstance(cause, psycopg.errors.InsufficientPrivilege):
            return f"La base de l'index ({self._shown}) refuse cette lecture à ce rôle."
        if isinstance(cause, psycopg.errors.UndefinedTable):
            return f"Cette version de l'index n'est plus dans la base {self._shown}."
        if isinstance(cause, psycopg.OperationalError | NoConnectionFree):
            return f"La base de l'index ({self._shown}) ne répond pas. Réessayez dans un instant."
        return f"La base de l'index ({self._shown}) n'a pas pu faire ce qui était demandé ({type(cause).__name__})."


def with_vectors(connection: psycopg.Connection[Row]) -> psycopg.Connection[Row]:
    """The connection, once it knows how vectors are written."""
    register_vector(connection)
    return connection
