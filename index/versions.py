"""Versions of the index on disk: written aside, checked, made current by one atomic step, opened."""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from index.lexical import Lexical
from index.passage_index import PassageIndex
from index.vectors import Vectors
from ingest.refusal import Refusal
from ingest.sheet import Access, Facet, Frozen, Sheet

FORMAT = 1  # raised when the files change their meaning
_CURRENT = "current"
_MANIFEST = "manifest.json"


class IndexMissing(Refusal):
    """There is no index yet in the data directory."""


class IndexCorrupt(Refusal):
    """A file of the index is absent, changed or unreadable."""


class IndexStale(Refusal):
    """The index was made by another model or in another format than this program's."""


class FacetLabels(Frozen):
    """A facet as people see it: its title and the label of each code."""

    title: str
    labels: dict[str, str]


class Manifest(Frozen):
    """What a version holds, and the SHA-256 of each of its files."""

    format: int = FORMAT
    version: str
    created: str  # ISO 8601, UTC
    source: str
    layout: str
    model: str
    dimension: int
    practices: int
    pages: int
    passages: dict[Access, int]
    facets: dict[Facet, FacetLabels] = Field(default_factory=dict)
    programmes: dict[str, str] = Field(default_factory=dict)
    files: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """An opened version: the sheets with their signals, and the passages that its reader may see.

    `parts` holds the public passages alone, or the public ones then the members'. What is not there
    was not read from the disk.
    """

    manifest: Manifest
    sheets: tuple[Sheet, ...]
    vectors: Vectors
    lexical: Lexical
    parts: tuple[PassageIndex, ...]

    def find_sheet(self, sheet_id: str) -> Sheet | None:
        """The sheet with this id."""
        return next((sheet for sheet in self.sheets if sheet.id == sheet_id), None)


def new_version_name() -> str:
    """A name that sorts by date: "20261123-101500-3f2a"."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


@contextmanager
def write_version(index_dir: Path, manifest: Manifest) -> Iterator[Path]:
    """A folder to write a new version into; sealed with its manifest and renamed into place on leaving.

    If writing fails the folder is removed and the versions that were there are as before.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    aside = index_dir / f".{manifest.version}"
    aside.mkdir()
    try:
        yield aside
        files = {str(path.relative_to(aside)): _hash(path) for path in sorted(aside.rglob("*")) if path.is_file()}
        sealed = manifest.model_copy(update={"files": files})
        (aside / _MANIFEST).write_text(sealed.model_dump_json(indent=1), encoding="utf-8")
        aside.rename(index_dir / manifest.version)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def promote(index_dir: Path, version: str) -> None:
    """Make a version the current one, by one atomic step."""
    pointer = index_dir / f".{_CURRENT}-{secrets.token_hex(4)}"
    pointer.write_text(version, encoding="utf-8")
    os.replace(pointer, index_dir / _CURRENT)


def current_version(index_dir: Path) -> str | None:
    """The name of the current version, or None when there is no index."""
    try:
        return (index_dir / _CURRENT).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def open_index(index_dir: Path, model: str, access: Access) -> Index:
    """Open the current version for readers of this access, or raise IndexMissing, IndexCorrupt or IndexStale.

    Opened for the public, the members' folder is not touched.
    """
    version = current_version(index_dir)
    if version is None:
        raise IndexMissing(f"Il n'y a pas encore d'index dans {index_dir}. Lancez : assistant reindex")
    folder = index_dir / version
    manifest = read_manifest(folder)
    if manifest.model != model:
        raise IndexStale(
            f"L'index {version} a été fait avec le modèle {manifest.model!r}, les réglages demandent {model!r}. "
            "Lancez : assistant reindex"
        )
    _check_files(folder, manifest, access)
    try:
        sheets = [
            Sheet.model_validate_json(line)
            for line in (folder / "sheets.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        parts = [PassageIndex.load(folder / "public")]
        if access == "members" and manifest.passages.get("members"):
            parts.append(PassageIndex.load(folder / "members"))
        vectors, lexical = Vectors.load(folder / "sheets"), Lexical.load(folder / "sheets")
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise _corrupt(folder, str(error)) from error
    return Index(manifest, tuple(sheets), vectors, lexical, tuple(parts))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version, or raise IndexCorrupt or IndexStale."""
    try:
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if content.get("format") != FORMAT:
            raise IndexStale(f"L'index {folder.name} est d'un autre format. Lancez : assistant reindex")
        return Manifest.model_validate(content)
    except (OSError, ValueError, ValidationError) as error:
        raise _corrupt(folder, f"{_MANIFEST} : {error}".split("\n")[0]) from error


def read_sheets(index_dir: Path) -> dict[str, Sheet]:
    """The sheets of the current version by id, to compare with; empty if there is none that can be read."""
    version = current_version(index_dir)
    try:
        lines = (index_dir / (version or "") / "sheets.jsonl").read_text(encoding="utf-8").splitlines()
        return {sheet.id: sheet for sheet in map(Sheet.model_validate_json, lines)}
    except (OSError, ValueError):
        return {}


def _check_files(folder: Path, manifest: Manifest, access: Access) -> None:
    for name, expected in manifest.files.items():
        if name.startswith("members/") and access == "public":
            continue
        path = folder / name
        if not path.is_file():
            raise _corrupt(folder, f"il manque le fichier {name}")
        if _hash(path) != expected:
            raise _corrupt(folder, f"le fichier {name} a changé")


def _corrupt(folder: Path, reason: str) -> IndexCorrupt:
    return IndexCorrupt(f"L'index {folder} est abîmé ({reason}). Lancez : assistant reindex")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
