"""Version folder: one version as files, written aside and sealed with their hashes, read once these are checked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from index.encoding.threads import leave_cores_to_the_model
from index.manifest import (
    IndexCorrupt,
    Manifest,
    VersionUnwritable,
    check_model,
    is_in_two,
    make_manifest,
    readable_by,
)
from index.opened import Index
from index.passage_index import PassageIndex
from index.sheet_index import SheetIndex
from index.signals.questions import QuestionKeys
from ingest.refusal import explain_os_error
from ingest.sheet import Access, Document

DOCUMENTS = "members/documents.jsonl"
_MANIFEST = "manifest.json"  # what visitors' part holds, for whoever answers visitors
_WHOLE = "members/manifest.json"  # what the whole version holds, for members and staff


def new_version_name() -> str:
    """A name that sorts by date, to the microsecond: "20261123-101500-042117"."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"


@contextmanager
def write_version(index_dir: Path, manifest: Manifest, visible: Manifest) -> Iterator[Path]:
    """A folder to write a new version into; sealed with its manifests and renamed into place on leaving.

    `visible` is the manifest of visitors' part.
    Everything is on the disk before the rename: after a power cut the version is whole or absent. If writing fails
    the folder is removed, the versions that were there are as before, and VersionUnwritable is raised.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    aside = index_dir / f".{manifest.version}"
    aside.mkdir()
    try:
        yield aside
        files = {str(path.relative_to(aside)): _hash(path) for path in sorted(aside.rglob("*")) if path.is_file()}
        public = {name: digest for name, digest in files.items() if name.startswith("public/")}
        _write_manifest(aside / _MANIFEST, visible.model_copy(update={"files": public}))
        files[_MANIFEST] = _hash(aside / _MANIFEST)
        (aside / _WHOLE).parent.mkdir(exist_ok=True)
        _write_manifest(aside / _WHOLE, manifest.model_copy(update={"files": files}))
        for path in aside.rglob("*"):
            flush(path)
        aside.rename(index_dir / manifest.version)
        flush(index_dir)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        free = shutil.disk_usage(index_dir).free // 1_000_000
        raise VersionUnwritable(
            f"La nouvelle version n'a pas pu être écrite dans {str(index_dir)!r} ({explain_os_error(error)}) ; celle "
            f"en service est intacte. Il reste {free} Mo sur ce disque : libérez de la place, ou gardez moins de "
            "versions (ASSISTANT_VERSIONS_KEPT)."
        ) from error
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def write_documents(folder: Path, documents: Sequence[Document]) -> None:
    """Keep the members' documents in a version being written, so that the next one need not read them again."""
    path = folder / DOCUMENTS
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(document.model_dump_json() + "\n" for document in documents), encoding="utf-8")


def read_documents(folder: Path) -> list[Document]:
    """The members' documents of a version; none if they cannot be read."""
    try:
        lines = (folder / DOCUMENTS).read_text(encoding="utf-8").split("\n")
        return [Document.model_validate_json(line) for line in lines if line]
    except (OSError, ValueError):
        return []


def note_recall(folder: Path, recall: float | None, golden: str) -> None:
    """Write in the whole manifest of a version what share of these golden questions it answered."""
    manifest = read_manifest(folder, "members").model_copy(update={"recall": recall, "golden": golden})
    _write_manifest(folder / (_WHOLE if is_in_two({"format": manifest.format}) else _MANIFEST), manifest)


def read_manifest(folder: Path, access: Access = "members") -> Manifest:
    """What readers of this access may know of a version, or raise IndexCorrupt or IndexStale.

    For the public, the members' folder is not touched.
    """
    try:
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if access == "members" and is_in_two(content):
            content = json.loads((folder / _WHOLE).read_text(encoding="utf-8"))
        return make_manifest(content, folder.name, access)
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        raise _corrupt(folder, f"{_MANIFEST} : {error}".split("\n")[0]) from error


def open_version(folder: Path, model: str, access: Access) -> Index:
    """Open a version for readers of this access, or raise IndexCorrupt or IndexStale.

    Opened for the public, the members' folder is not touched.
    """
    leave_cores_to_the_model()
    manifest = read_manifest(folder, access)
    check_model(manifest, model)
    _check_files(folder, manifest)
    try:
        parts = [PassageIndex.load(path, model) for path in _present(folder, access, "passages")]
        sheet_parts, questions = load_sheets(folder, access)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise _corrupt(folder, str(error)) from error
    return Index(manifest, sheet_parts, tuple(parts), access, questions)


def load_sheets(folder: Path, access: Access) -> tuple[tuple[SheetIndex, ...], tuple[QuestionKeys, ...]]:
    """The sheets and the questions of a version that readers of this access may see."""
    sheets = [SheetIndex.load(path) for path in _present(folder, access, "sheets")]
    questions = [QuestionKeys.load(path) for path in _present(folder, access, "questions")]
    return tuple(sheets), tuple(questions)


def verify_version(folder: Path) -> Manifest:
    """The manifest of a version once every file of it is checked, or raise IndexCorrupt or IndexStale."""
    manifest = read_manifest(folder, "members")
    _check_files(folder, manifest)
    return manifest


def _present(folder: Path, access: Access, kind: str) -> list[Path]:
    return [folder / part / kind for part in readable_by(access) if (folder / part / kind).is_dir()]


def _check_files(folder: Path, manifest: Manifest) -> None:
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise _corrupt(folder, f"il manque le fichier {name}")
        if _hash(path) != expected:
            raise _corrupt(folder, f"le fichier {name} a changé")


def _write_manifest(path: Path, manifest: Manifest) -> None:
    aside = path.with_name(f".{path.name}")
    aside.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    flush(aside)
    os.replace(aside, path)


def flush(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _corrupt(folder: Path, reason: str) -> IndexCorrupt:
    return IndexCorrupt(f"L'index {folder} est abîmé ({reason}). Lancez : assistant reindex")
