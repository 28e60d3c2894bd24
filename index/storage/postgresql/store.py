"""Versions in PostgreSQL: built in a folder that is thrown away, published, made current, opened by any machine."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL
from psycopg.types.json import Jsonb
from pydantic import ValidationError

from index.build import Built
from index.encoding.threads import leave_cores_to_the_model
from index.manifest import (
    IndexCorrupt,
    IndexMissing,
    IndexStale,
    IndexUnreachable,
    Manifest,
    check_model,
    is_in_two,
    make_manifest,
    readable_by,
)
from index.opened import Index
from index.signals.late import load_statistics
from index.storage.postgresql.connection import Database, Row
from index.storage.postgresql.passages import StoredPassages
from index.storage.postgresql.publish import ACCESSES, digest, publish
from index.storage.postgresql.tables import files_table, passages_table, versions_table, words_table
from index.storage.version_store import choose_served, put_first
from index.version_folder import DOCUMENTS, load_sheets
from ingest.refusal import Refusal
from ingest.sheet import Access, Document

_LOCK_RUN = 7_305_109  # held by the one machine that changes the versions


class StoreBusy(Refusal):
    """Another machine is changing the versions."""


@dataclass(frozen=True)
class PostgresqlStore:
    """Versions in a database. Each access is read through an address of its own, whose role may read no more than it.

    `writer` is the address whose role makes the tables; it may be the same one. Those of readers may be of replicas.
    """

    writer: str
    public: str
    members: str

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the database's lock, which is freed if this program dies; or raise StoreBusy."""
        with self._writer.transaction() as connection:
            connection.execute("SET LOCAL statement_timeout = 0")
            (free,) = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK_RUN]).fetchone() or (False,)
            if not free:
                raise StoreBusy("Une réindexation est en cours sur une autre machine. Attendez qu'elle soit finie.")
            yield

    def build(self, build: Callable[[Path], Built]) -> Built:
        """Let it be written in a folder of its own, copy it into the database, throw the folder away."""
        with tempfile.TemporaryDirectory(prefix="index-") as folder:
            built = build(Path(folder))
            publish(self._writer, Path(folder) / built.version)
        return built

    def promote(self, version: str) -> None:
        """Make a version the current one."""
        with self._writer.transaction() as connection:
            self._point(connection, put_first(version, self._read_served(connection)))

    def current(self) -> str | None:
        """The name of the current version, as those who answer visitors see it."""
        with self._public.transaction() as connection:
            return next(iter(self._read_served(connection)), None)

    def manifests(self, access: Access = "members") -> list[Manifest]:
        """What readers of this access may know of the versions, newest first; those of another format are left out."""
        with self._reader(access).transaction() as connection:
            if not _has_lists(connection):
                return []
            rows = connection.execute("SELECT version FROM index_public.versions ORDER BY version DESC").fetchall()
            return [manifest for (version,) in rows if (manifest := _try_manifest(connection, version, access))]

    def open(self, model: str, access: Access, version: str | None = None) -> Index:
        """A version for readers of this access. Opened for the public, nothing of the members' is asked."""
        leave_cores_to_the_model()
        database = self._reader(access)
        with database.transaction() as connection:
            manifest = self._read_manifest(connection, access, version)
            check_model(manifest, model)
            with tempfile.TemporaryDirectory(prefix="index-") as folder:
                for part in readable_by(access):
                    _write_files(connection, manifest, part, Path(folder))
                # Files that are read piece by piece stay open: they outlive the folder.
                sheets, questions = load_sheets(Path(folder), access)
                statistics = {
                    part: load_statistics(Path(folder) / part / "passages")[1:]
                    for part in readable_by(access)
                    if manifest.passages.get(part)
                }
        passages = [StoredPassages(database, part, manifest, *each) for part, each in statistics.items()]
        return Index(manifest, sheets, tuple(passages), access, questions)

    def read_documents(self, version: str) -> list[Document]:
        """The members' documents of a version; none if they cannot be read."""
        query = SQL("SELECT content FROM {} WHERE version = %s AND name = %s").format(files_table("members"))
        try:
            rows = self._members.read(query, [version, DOCUMENTS])
            lines = bytes(rows[0][0]).decode().split("\n") if rows else []
            return [Document.model_validate_json(line) for line in lines if line]
        except (IndexUnreachable, ValueError):
            return []

    def note_recall(self, version: str, recall: float | None, golden: str) -> None:
        """Write in the whole manifest of a version what share of these golden questions it answered."""
        with self._writer.transaction() as connection:
            table = versions_table("members" if is_in_two(_find_content(connection, version)) else "public")
            query = SQL("UPDATE {} SET manifest = manifest || %s::jsonb WHERE version = %s").format(table)
            connection.execute(query, (Jsonb({"recall": recall, "golden": golden}), version))

    def verify(self, version: str | None = None) -> Manifest:
        """The manifest of a version once its tables are what was published; or raise as `open`."""
        with self._writer.transaction() as connection:
            connection.execute("SET LOCAL statement_timeout = 0")
            manifest = self._read_manifest(connection, "members", version)
            found: dict[str, str] = {}
            for access in ACCESSES:
                found |= _hash_files(connection, manifest, access)
                if manifest.passages.get(access):
                    found |= digest(connection, manifest, access)
        for name, expected in manifest.files.items():
            if found.get(name) != expected:
                raise _corrupt(manifest.version, f"{name} a changé ou n'y est plus")
        return manifest

    def roll_back(self, model: str, version: str | None = None) -> Manifest:
        """Make a version current again, by default the one that was before this one, once it is checked."""
        names = [manifest.version for manifest in self.manifests()]
        with self._writer.transaction() as connection:
            served = choose_served(self._read_served(connection), names, version)
        manifest = self.verify(served[0])
        check_model(manifest, model)
        with self._writer.transaction() as connection:
            self._read_manifest(connection, "public", served[0])  # it must be one that visitors can be answered from
            self._point(connection, served)
        return manifest

    def remove(self, version: str) -> None:
        """Forget a version, its tables and its files at once."""
        with self._writer.transaction() as connection:
            for access in ACCESSES:
                if access == "public" or _has_whole_list(connection):
                    query = SQL("DELETE FROM {} WHERE version = %s").format(versions_table(access))
                    connection.execute(query, [version])
                connection.execute(SQL("DELETE FROM {} WHERE version = %s").format(files_table(access)), [version])
                for table in (passages_table(access, version), words_table(access, version)):
                    connection.execute(SQL("DROP TABLE IF EXISTS {}").format(table))

    def clean(self, keep: int) -> None:
        """Remove the oldest versions beyond `keep`; the current one always stays. Interrupted runs leave nothing."""
        with self._writer.transaction() as connection:
            if not _has_lists(connection):
                return
            current = next(iter(self._read_served(connection)), None)
            rows = connection.execute("SELECT version FROM index_public.versions ORDER BY version DESC").fetchall()
        for name in [name for (name,) in rows if name != current][max(0, keep - 1) :]:
            self.remove(name)

    @cached_property
    def _writer(self) -> Database:
        return Database(self.writer)

    @cached_property
    def _public(self) -> Database:
        return Database(self.public)

    @cached_property
    def _members(self) -> Database:
        return Database(self.members)

    def _reader(self, access: Access) -> Database:
        return self._public if access == "public" else self._members

    def _read_manifest(self, connection: Connection[Row], access: Access, version: str | None) -> Manifest:
        wanted = version or next(iter(self._read_served(connection)), None)
        if wanted is None:
            raise IndexMissing("Il n'y a pas encore d'index dans la base. Lancez : assistant reindex")
        try:
            return _find_manifest(connection, wanted, access)
        except (ValueError, AttributeError, ValidationError) as error:
            raise _corrupt(wanted, "son manifeste est illisible") from error

    def _read_served(self, connection: Connection[Row]) -> list[str]:
        """The current version, then those that were current before it, newest first."""
        if not _has_lists(connection):
            return []
        row = connection.execute("SELECT versions FROM index_public.current").fetchone()
        return list(row[0]) if row else []

    def _point(self, connection: Connection[Row], versions: list[str]) -> None:
        connection.execute(
            "INSERT INTO index_public.current VALUES (true, %s) ON CONFLICT (only_one) DO UPDATE SET versions = %s",
            (versions, versions),
        )


def _has_lists(connection: Connection[Row]) -> bool:
    """Whether something was ever published here."""
    row = connection.execute("SELECT to_regclass('index_public.current') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _has_whole_list(connection: Connection[Row]) -> bool:
    """Whether something was published here since manifests are kept in two."""
    row = connection.execute("SELECT to_regclass('index_members.versions') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _find_manifest(connection: Connection[Row], version: str, access: Access) -> Manifest:
    """What readers of this access may know of a version; for the public, nothing of the members' is asked."""
    content = _find_content(connection, version)
    if access == "members" and is_in_two(content):
        content = _find_content(connection, version, access)
    return make_manifest(content, version, access)


def _find_content(connection: Connection[Row], version: str, access: Access = "public") -> dict[str, Any]:
    query = SQL("SELECT manifest FROM {} WHERE version = %s").format(versions_table(access))
    row = connection.execute(query, [version]).fetchone()
    if row is None:
        raise IndexMissing(f"La version {version!r} n'est pas dans la base de l'index.")
    content: dict[str, Any] = row[0]
    return content


def _try_manifest(connection: Connection[Row], version: str, access: Access) -> Manifest | None:
    try:
        return _find_manifest(connection, version, access)
    except (IndexMissing, IndexStale, ValueError, AttributeError):
        return None


def _read_files(connection: Connection[Row], version: str, access: Access) -> list[tuple[str, bytes]]:
    query = SQL("SELECT name, content FROM {} WHERE version = %s").format(files_table(access))
    return [(name, bytes(content)) for name, content in connection.execute(query, [version], binary=True)]


def _hash_files(connection: Connection[Row], manifest: Manifest, access: Access) -> dict[str, str]:
    files = _read_files(connection, manifest.version, access)
    return {name: hashlib.sha256(content).hexdigest() for name, content in files}


def _write_files(connection: Connection[Row], manifest: Manifest, access: Access, folder: Path) -> None:
    """Write the files of one access into a folder, each of them checked; or raise IndexCorrupt."""
    files = dict(_read_files(connection, manifest.version, access))
    expected = {name for name in manifest.files if name.startswith(f"{access}/") and "." in name}
    for name in expected:
        if hashlib.sha256(files.get(name, b"")).hexdigest() != manifest.files[name]:
            raise _corrupt(manifest.version, f"{name} a changé ou n'y est plus")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name])


def _corrupt(version: str, reason: str) -> IndexCorrupt:
    return IndexCorrupt(f"La version {version} est abîmée dans la base ({reason}). Lancez : assistant reindex")
