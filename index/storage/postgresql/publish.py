"""Publishing: a version written in a folder is copied into tables, checked and listed, in one transaction.

Whatever stops it, the database is as it was before: a version is there whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pgvector import HalfVector
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal
from psycopg.types.json import Jsonb

from index.manifest import Manifest
from index.passage_index import PassageIndex
from index.signals.late import STATISTICS
from index.storage.postgresql.connection import Database, Row, with_vectors
from index.storage.postgresql.passages import EXACT, SENTENCES, SPANS, TOKEN_IDS
from index.storage.postgresql.tables import (
    DIGEST_PASSAGES,
    DIGEST_WORDS,
    HAS_EXTENSION,
    HAS_SCHEMA,
    MAKE_EXTENSION,
    MAKE_LISTS,
    MAKE_NEAREST,
    MAKE_PASSAGES,
    MAKE_ROW_KEY,
    MAKE_SCHEMA,
    MAKE_WORD_KEY,
    MAKE_WORDS,
    SCHEMAS,
    files_table,
    passages_table,
    versions_table,
    words_table,
)
from index.storage.postgresql.words import ROWS, SCORES
from index.version_folder import read_manifest
from ingest.sheet import Access

ACCESSES: tuple[Access, ...] = ("public", "members")
_MEMORY = "512MB"  # for the graph of the vectors, while it is made
_LOCK_LISTS = 7_305_108  # two programs must not make the same schemas at once


def publish(database: Database, folder: Path) -> None:
    """Copy the version in a folder into the database; it is listed there, and not current. Raises IndexUnreachable."""
    manifest = read_manifest(folder, "members")
    files: dict[str, str] = {}
    with database.transaction() as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        _prepare(connection)
        with_vectors(connection)
        for access in ACCESSES:
            files |= _copy_files(connection, folder, manifest, access)
            if (folder / access / "passages").is_dir():
                files |= _copy_passages(connection, folder, manifest, access)
        _list_version(connection, "members", manifest.model_copy(update={"files": files}))
        public = {name: value for name, value in files.items() if name.startswith("public/")}
        visible = read_manifest(folder, "public").model_copy(update={"files": public})
        _list_version(connection, "public", visible)
    # What the planner knows of the tables; nothing depends on it but how fast they are read.
    with database.transaction() as connection:
        for access in ACCESSES:
            if manifest.passages.get(access):
                connection.execute(SQL("ANALYZE {}").format(passages_table(access, manifest.version)))


def digest(connection: Connection[Row], manifest: Manifest, access: Access) -> dict[str, str]:
    """What stands for the content of a version's tables as the database reads them, by name."""
    digests = {}
    tables = {
        "passages": (DIGEST_PASSAGES, passages_table(access, manifest.version)),
        "words": (DIGEST_WORDS, words_table(access, manifest.version)),
    }
    for kind, (query, table) in tables.items():
        (value,) = connection.execute(query.format(table=table)).fetchone() or ("",)
        digests[f"{access}/{kind}"] = str(value)
    return digests


def _prepare(connection: Connection[Row]) -> None:
    """Make the schemas and the lists if they are not there."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_LISTS])
    if not connection.execute(HAS_EXTENSION).fetchone():
        connection.execute(MAKE_EXTENSION)
    for schema in SCHEMAS.values():
        if not connection.execute(HAS_SCHEMA, [schema]).fetchone():
            connection.execute(MAKE_SCHEMA.format(schema=Identifier(schema)))
    connection.execute(MAKE_LISTS)


def _list_version(connection: Connection[Row], access: Access, manifest: Manifest) -> None:
    query = SQL("INSERT INTO {} VALUES (%s, %s)").format(versions_table(access))
    connection.execute(query, (manifest.version, Jsonb(manifest.model_dump(mode="json"))))


def _copy_files(connection: Connection[Row], folder: Path, manifest: Manifest, access: Access) -> dict[str, str]:
    """Copy the files that are read whole: sheets, questions, documents, what the passages have in common."""
    names = [name for name in manifest.files if name.startswith(f"{access}/") and _is_read_whole(name)]
    query = SQL("INSERT INTO {} VALUES (%s, %s, %b)").format(files_table(access))
    for name in names:
        connection.execute(query, (manifest.version, name, (folder / name).read_bytes()))
    return {name: manifest.files[name] for name in names}


def _is_read_whole(name: str) -> bool:
    return "/passages/" not in name or name.endswith(f"/{STATISTICS}")


def _copy_passages(connection: Connection[Row], folder: Path, manifest: Manifest, access: Access) -> dict[str, str]:
    """Copy the passages of one access and their words, then make what finds them."""
    index = PassageIndex.load(folder / access / "passages", manifest.model)
    table, words = passages_table(access, manifest.version), words_table(access, manifest.version)
    connection.execute(MAKE_PASSAGES.format(table=table, dimension=Literal(manifest.dimension)))
    connection.execute(MAKE_WORDS.format(table=words))
    types = ["int4", "text", "text", "halfvec", "bytea", "bytea", "bytea", "bytea"]
    _copy(connection, table, types, _passage_rows(index))
    _copy(connection, words, ["text", "bytea", "bytea"], _word_rows(index))
    connection.execute(MAKE_ROW_KEY.format(table=table))
    connection.execute(MAKE_WORD_KEY.format(table=words))
    if len(index) > EXACT:
        connection.execute(SQL("SET LOCAL maintenance_work_mem = {}").format(Literal(_MEMORY)))
        connection.execute(MAKE_NEAREST.format(table=table))
    return digest(connection, manifest, access)


def _copy(connection: Connection[Row], table: Composed, types: list[str], rows: Iterator[tuple[object, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(SQL("COPY {} FROM STDIN WITH (FORMAT BINARY)").format(table)) as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _passage_rows(index: PassageIndex) -> Iterator[tuple[object, ...]]:
    rows = range(len(index))
    for row, passage, embedded in zip(rows, index.passages, index.recall(rows), strict=True):
        yield (
            row,
            passage.sheet,
            passage.model_dump_json(),
            HalfVector(embedded.vector),
            embedded.codes.tobytes(),
            _bytes(embedded.token_ids, TOKEN_IDS),
            _bytes(embedded.spans, SPANS),
            _bytes(embedded.sentences, SENTENCES),
        )


def _word_rows(index: PassageIndex) -> Iterator[tuple[object, ...]]:
    for posting in index.postings():
        yield posting.word, _bytes(posting.rows, ROWS), _bytes(posting.scores, SCORES)


def _bytes(values: np.ndarray, kind: np.dtype[np.generic]) -> bytes:
    return values.astype(kind).tobytes()
