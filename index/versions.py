"""Versions of the index on disk: written aside, checked, made current by one atomic step, opened."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field, ValidationError

from index.catalogue import Catalogue
from index.lexicon import Lexicon, build_lexicon
from index.passage_index import PassageIndex
from index.passages import Passages, Sentence
from index.questions import QuestionKeys
from index.sheet_index import SheetIndex
from index.threads import leave_cores_to_the_model
from index.vocabulary import Vocabulary
from ingest.passage import Passage
from ingest.refusal import Refusal, explain_os_error
from ingest.sheet import Access, Document, Facet, Frozen, Sheet

if TYPE_CHECKING:
    from index.encoder import Encoded

FORMAT = 4  # raised when the files change their meaning
_ONE_MANIFEST = 3  # the format before, still read: one manifest told visitors' part and the members' together
_CURRENT = "current"
_REMEMBERED = 20  # versions that were current
_BACKGROUND = 200  # sheets
_MANIFEST = "manifest.json"  # what visitors' part holds, for whoever answers visitors
_WHOLE = "members/manifest.json"  # what the whole version holds, for members and staff
DOCUMENTS = "members/documents.jsonl"


class IndexMissing(Refusal):
    """There is no index yet in the data directory, or no version of that name."""


class IndexCorrupt(Refusal):
    """A file of the index is absent, changed or unreadable."""


class IndexStale(Refusal):
    """The index was made by another model or in another format than this program's."""


class IndexUnreachable(Refusal):
    """The database that keeps the index does not answer, or refuses what is asked."""


class VersionUnwritable(Refusal):
    """A new version could not be written: no room left, or no right to write."""


class FacetLabels(Frozen):
    """A facet as people see it: its title and the label of each code.

    `words` are what people say for a code, `population` the size of the towns it is for.
    """

    title: str
    labels: dict[str, str]
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    population: dict[str, tuple[int, int]] = Field(default_factory=dict)


class Manifest(Frozen):
    """What a version holds that its reader may know of, and the SHA-256 of each of these files.

    Two are kept of a version. Visitors' one tells of the public part alone, and says nothing of what it was made from:
    sheets, labels, words and files that are the members' own are in the whole one. `fingerprint` stands for all that
    the version was made from; `probe` is the model's vector for a fixed sentence: a model that gives another is another
    model, whatever its name. `recall` is the share of the staff's golden questions that the version answered, None when
    there were none. `asked` are the addresses that whoever reindexed gave, none when they were those of the settings.
    """

    format: int = FORMAT
    version: str
    created: str  # ISO 8601, UTC
    source: str = ""
    asked: tuple[str, ...] = ()
    layout: str = ""
    model: str
    dimension: int
    practices: int
    pages: int
    passages: dict[Access, int]
    fingerprint: str = ""
    probe: tuple[float, ...] = ()
    recall: float | None = None
    golden: str = ""  # stands for the questions that gave this recall
    rejected: int = 0
    facets: dict[Facet, FacetLabels] = Field(default_factory=dict)
    programmes: dict[str, str] = Field(default_factory=dict)
    programme_words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    vocabulary: Vocabulary = Vocabulary()  # the staff's own, beside the one that comes with the project
    files: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """An opened version: the sheets and the passages that its reader may see, with their signals.

    The parts are the public one alone, or the public one then the members'. What is not there was
    not read from the disk.
    """

    manifest: Manifest
    sheet_parts: tuple[SheetIndex, ...]
    parts: tuple[Passages, ...]
    access: Access
    question_parts: tuple[QuestionKeys, ...] = ()  # none where nobody wrote a question

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every sheet and page."""
        return tuple(sheet for part in self.sheet_parts for sheet in part.sheets)

    @cached_property
    def practices(self) -> tuple[Sheet, ...]:
        """The sheets proper."""
        return tuple(sheet for sheet in self.sheets if sheet.kind == "practice")

    def find_sheet(self, sheet_id: str) -> Sheet | None:
        """The sheet with this id."""
        return self._by_id.get(sheet_id)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The sheets in columns."""
        return Catalogue(self.sheets)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of all parts, end to end. It reads every one: to answer, `read_passages` reads those needed."""
        return tuple(passage for part in self.parts for passage in part.read(range(len(part))))

    @property
    def passage_count(self) -> int:
        """How many passages the reader may see."""
        return sum(map(len, self.parts))

    def read_passages(self, positions: np.ndarray) -> list[Passage]:
        """The passages at these positions, which are in order."""
        parts = self.passages_by_part(positions)
        return [passage for part, own in parts if len(own) for passage in part.read(own.tolist())]

    @cached_property
    def owners(self) -> np.ndarray:
        """The row of each passage's sheet: (passages,)."""
        rows = self.catalogue.rows
        return np.array([rows[sheet] for part in self.parts for sheet in part.sheets], dtype=np.int64)

    @cached_property
    def background(self) -> np.ndarray:
        """Rows of some sheets spread over all, always the same: what a signal usually is is measured on them."""
        return np.unique(np.linspace(0, len(self.sheets) - 1, min(_BACKGROUND, len(self.sheets))).astype(np.int64))

    def scale_closeness(self, cosine: float) -> float:
        """A cosine between a question and a sentence: 0 is what unrelated ones reach, 1 the same said again.

        Both are measured on these sheets, so that it compares between collections and between models.
        """
        unrelated, same = self._closeness
        return (cosine - unrelated) / max(same - unrelated, 1e-6)

    @cached_property
    def _closeness(self) -> tuple[float, float]:
        """The median cosine of a sheet's vector to sentences of other sheets, and to the nearest of its own."""
        (sheets, own), *_ = self.sheets_by_part(self.background)
        (part, rows), *_ = self.passages_by_part(self.passages_of(self.background))
        vectors = np.stack([sheets.read_vector(row) for row in own.tolist()])
        owners, sentences = part.read_vectors(rows)
        cosines = sentences @ vectors.T
        is_own = self.owners[owners][:, None] == self.background[: len(own)][None, :]
        same = np.where(is_own, cosines, -1.0).max(axis=0)
        return float(np.median(cosines[~is_own])) if (~is_own).any() else 0.0, float(np.median(same))

    def passages_of(self, rows: np.ndarray) -> np.ndarray:
        """The positions of the passages of the sheets at these rows, in order: (passages,)."""
        if len(rows) == len(self.sheets):
            return np.arange(self.passage_count)
        order, starts = self._by_owner
        return np.sort(np.concatenate([order[starts[row] : starts[row + 1]] for row in rows.tolist()]))

    def find_passage(self, sheet_id: str, passage_id: str) -> Passage | None:
        """The passage of a sheet with this id, if the reader may see it."""
        row = self.catalogue.rows.get(sheet_id)
        own = [] if row is None else self.read_passages(self.passages_of(np.array([row])))
        return next((passage for passage in own if passage.id == passage_id), None)

    def passages_of_sheet(self, sheet_id: str) -> tuple[Passage, ...]:
        """The passages of one sheet, in reading order."""
        return tuple(self.read_passages(self.passages_of(np.array([self.catalogue.rows[sheet_id]]))))

    @cached_property
    def _by_owner(self) -> tuple[np.ndarray, np.ndarray]:
        """Passages sorted by sheet, and where each sheet's start."""
        order = np.argsort(self.owners, kind="stable")
        return order, np.searchsorted(self.owners[order], np.arange(len(self.sheets) + 1))

    def passages_with(self, word: str) -> np.ndarray:
        """The positions of the passages that have a word, as `split_words` gives it, in order: (found,)."""
        starts = np.cumsum([0, *map(len, self.parts)])
        return np.concatenate([start + part.rows_with(word) for start, part in zip(starts, self.parts, strict=False)])

    def read_sentences(self, rows: np.ndarray, encoded: Encoded) -> dict[str, list[Sentence]]:
        """The sentences of the sheets at these rows by the sheet's id, in reading order, with their cosines."""
        sentences: dict[str, list[Sentence]] = {self.sheets[row].id: [] for row in rows.tolist()}
        for part, own in self.passages_by_part(self.passages_of(np.sort(rows))) if len(rows) else ():
            for sentence in part.read_sentences(own.tolist(), encoded):
                sentences[sentence.passage.sheet].append(sentence)
        return sentences

    def passages_by_part(self, positions: np.ndarray) -> list[tuple[Passages, np.ndarray]]:
        """Each part with its own rows among these positions of passages, in order."""
        return list(zip(self.parts, _split(positions, [len(part) for part in self.parts]), strict=True))

    def sheets_by_part(self, rows: np.ndarray) -> list[tuple[SheetIndex, np.ndarray]]:
        """Each part of the sheets with its own rows among these, in order."""
        return list(zip(self.sheet_parts, _split(rows, [len(part.sheets) for part in self.sheet_parts]), strict=True))

    @cached_property
    def lexicon(self) -> Lexicon:
        """What the words of questions may mean for these sheets."""
        return build_lexicon(self.manifest, self.practices)

    @cached_property
    def _by_id(self) -> dict[str, Sheet]:
        return {sheet.id: sheet for sheet in self.sheets}


def _split(positions: np.ndarray, lengths: Sequence[int]) -> list[np.ndarray]:
    """Sorted positions in things laid end to end, as positions in each of them."""
    ends = np.cumsum(lengths)
    pieces = np.split(positions, np.searchsorted(positions, ends)[:-1])
    return [piece - end + length for piece, end, length in zip(pieces, ends, lengths, strict=True)]


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
            _flush(path)
        aside.rename(index_dir / manifest.version)
        _flush(index_dir)
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


def note_recall(index_dir: Path, version: str, recall: float | None, golden: str) -> None:
    """Write in the whole manifest of a version what share of these golden questions it answered."""
    folder = index_dir / version
    manifest = read_manifest(folder, "members").model_copy(update={"recall": recall, "golden": golden})
    _write_manifest(folder / (_WHOLE if manifest.format == FORMAT else _MANIFEST), manifest)


def promote(index_dir: Path, version: str) -> None:
    """Make a version the current one, by one atomic step."""
    _point(index_dir, put_first(version, _served_versions(index_dir)))


def current_version(index_dir: Path) -> str | None:
    """The name of the current version, or None when there is no index."""
    return next(iter(_served_versions(index_dir)), None)


def _served_versions(index_dir: Path) -> list[str]:
    """The current version, then those that were current before it, newest first."""
    try:
        return (index_dir / _CURRENT).read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return []


def _point(index_dir: Path, versions: Sequence[str]) -> None:
    pointer = index_dir / f".{_CURRENT}-{secrets.token_hex(4)}"
    try:
        pointer.write_text("\n".join(versions), encoding="utf-8")
        _flush(pointer)
        os.replace(pointer, index_dir / _CURRENT)
    except BaseException:
        pointer.unlink(missing_ok=True)
        raise


def list_versions(index_dir: Path, access: Access = "members") -> list[Manifest]:
    """The manifests of the versions on the disk, newest first; those that cannot be read are left out.

    The whole ones, as staff see them; for whoever answers visitors, theirs.
    """
    manifests = []
    for folder in sorted(index_dir.glob("[0-9]*"), reverse=True):
        try:
            manifests.append(read_manifest(folder, access))
        except (IndexCorrupt, IndexStale):
            continue
    return manifests


def roll_back(index_dir: Path, model: str, version: str | None = None) -> Manifest:
    """Make a version current again, by default the one that was before this one, once its files are checked.

    Raises IndexMissing, IndexCorrupt or IndexStale; the current version then stays.
    """
    names = [manifest.version for manifest in list_versions(index_dir)]
    served = choose_served(_served_versions(index_dir), names, version)
    manifest = verify_version(index_dir, served[0])
    check_model(manifest, model)
    read_manifest(index_dir / served[0], "public")  # it must be one that visitors can be answered from
    _point(index_dir, served)
    return manifest


def choose_served(served: Sequence[str], kept: Sequence[str], version: str | None) -> list[str]:
    """The version to go back to, then those that were current before it; or raise IndexMissing.

    `served` is the current version, then those before it; without a `version` it is the last one of those still `kept`.
    """
    before = [name for name in served[1:] if name in kept]
    wanted = version or next(iter(before), None)
    if wanted is None:
        raise IndexMissing("Aucune des versions gardées n'a été en service avant celle-ci.")
    if wanted not in kept:
        known = ", ".join(kept) or "aucune"
        raise IndexMissing(f"Version {wanted!r} inconnue ou illisible. Versions gardées : {known}.")
    # What was left is no place to come back to: going back once more goes one further.
    return before if version is None else put_first(version, served)


def put_first(version: str, served: Sequence[str]) -> list[str]:
    """The versions that were current, newest first, once this one is."""
    return [version, *(name for name in served if name != version)][:_REMEMBERED]


def verify_version(index_dir: Path, version: str | None = None) -> Manifest:
    """The manifest of a version (the current one by default) once every file is checked, or raise as `open_index`."""
    if version and not (index_dir / version).is_dir():
        kept = ", ".join(manifest.version for manifest in list_versions(index_dir)) or "aucune"
        raise IndexMissing(f"Version {version!r} inconnue. Versions gardées : {kept}.")
    folder = index_dir / (version or _needed_version(index_dir))
    manifest = read_manifest(folder, "members")
    _check_files(folder, manifest)
    return manifest


def remove_version(index_dir: Path, version: str) -> None:
    """Forget a version. Renamed first, so that one half removed is never taken for a whole one."""
    doomed = index_dir / f".removed-{version}"
    (index_dir / version).rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def clean_versions(index_dir: Path, keep: int) -> None:
    """Remove what interrupted runs left, and the oldest versions beyond `keep`; the current one always stays.

    To be called by the only program that writes here.
    """
    for leftover in index_dir.glob(".*"):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    current = current_version(index_dir)
    names = sorted((folder.name for folder in index_dir.glob("[0-9]*") if folder.is_dir()), reverse=True)
    for name in [name for name in names if name != current][max(0, keep - 1) :]:
        remove_version(index_dir, name)


def open_index(index_dir: Path, model: str, access: Access, version: str | None = None) -> Index:
    """Open a version, the current one by default, for readers of this access.

    Opened for the public, the members' folder is not touched. Raises IndexMissing, IndexCorrupt or IndexStale.
    """
    leave_cores_to_the_model()
    folder = index_dir / (version or _needed_version(index_dir))
    manifest = read_manifest(folder, access)
    check_model(manifest, model)
    _check_files(folder, manifest)
    try:
        parts = [PassageIndex.load(path) for path in _present(folder, access, "passages")]
        sheet_parts, questions = load_sheets(folder, access)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise _corrupt(folder, str(error)) from error
    return Index(manifest, sheet_parts, tuple(parts), access, questions)


def load_sheets(folder: Path, access: Access) -> tuple[tuple[SheetIndex, ...], tuple[QuestionKeys, ...]]:
    """The sheets and the questions of a version that readers of this access may see."""
    sheets = [SheetIndex.load(path) for path in _present(folder, access, "sheets")]
    questions = [QuestionKeys.load(path) for path in _present(folder, access, "questions")]
    return tuple(sheets), tuple(questions)


def readable_by(access: Access) -> tuple[Access, ...]:
    """What readers of this access may read: members also what the public may."""
    return ("public", "members") if access == "members" else ("public",)


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


def is_in_two(content: dict[str, Any]) -> bool:
    """Whether visitors' manifest of a version, written so, is not the whole one."""
    return content.get("format") == FORMAT


def make_manifest(content: dict[str, Any], version: str, access: Access) -> Manifest:
    """The manifest that was written so, for readers of this access; raises IndexStale, ValueError or AttributeError."""
    if content.get("format") not in (FORMAT, _ONE_MANIFEST):
        raise IndexStale(f"L'index {version} est d'un autre format. Lancez : assistant reindex")
    manifest = Manifest.model_validate(content)
    return _hide_members(manifest) if access == "public" and not is_in_two(content) else manifest


def _hide_members(manifest: Manifest) -> Manifest:
    """What visitors may know of a version that one manifest tells of, or raise IndexStale.

    Where some sheets are the members' own, the words of their sources cannot be told from the others any more.
    """
    if any(name.startswith("members/sheets/") for name in manifest.files):
        raise IndexStale(
            f"L'index {manifest.version} a été fait quand les mots des sources réservées aux adhérents servaient aussi "
            "aux visiteurs. Lancez : assistant reindex"
        )
    return Manifest(
        **manifest.model_dump(
            include={"format", "version", "created", "model", "dimension", "practices", "pages", "probe"}
        ),
        passages={"public": manifest.passages.get("public", 0)},
        facets=manifest.facets,
        programmes=manifest.programmes,
        programme_words=manifest.programme_words,
        vocabulary=manifest.vocabulary,
        files={name: digest for name, digest in manifest.files.items() if name.startswith("public/")},
    )


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


def _needed_version(index_dir: Path) -> str:
    version = current_version(index_dir)
    if version is None:
        raise IndexMissing(f"Il n'y a pas encore d'index dans {index_dir}. Lancez : assistant reindex")
    return version


def _present(folder: Path, access: Access, kind: str) -> list[Path]:
    return [folder / part / kind for part in readable_by(access) if (folder / part / kind).is_dir()]


def check_model(manifest: Manifest, model: str) -> None:
    """Raise IndexStale if another model made the vectors of a version."""
    if manifest.model != model:
        raise IndexStale(
            f"L'index {manifest.version} a été fait avec le modèle {manifest.model!r}, les réglages demandent "
            f"{model!r}. Lancez : assistant reindex"
        )


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
    _flush(aside)
    os.replace(aside, path)


def _flush(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _corrupt(folder: Path, reason: str) -> IndexCorrupt:
    return IndexCorrupt(f"L'index {folder} est abîmé ({reason}). Lancez : assistant reindex")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
