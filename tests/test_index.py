"""Versions of the index: built, opened, checked, compared; on the project's own sheets."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
from conftest import SHEETS, make_data_dir

from index.build import Built, build_index
from index.encoding.encoder import Encoder
from index.manifest import IndexCorrupt, IndexMissing, IndexStale
from index.passages import indexed_text
from index.ranking.retrieval import retrieve
from index.storage.folder_store import FolderStore
from index.version_folder import read_manifest
from ingest.layout import Layout
from ingest.passage import split_sheet
from ingest.reading import Reading
from ingest.sheet import Block
from ingest.source import read_source


@pytest.fixture(scope="module")
def reading(layout: Layout) -> Reading:
    """Five sheets, the pages and the documents: enough, and quick to build."""
    whole = read_source(str(SHEETS), layout, passwords={"*": "fiche-exemple"})
    whole.sheets = [*whole.practices[:5], *whole.pages]
    kept = {sheet.id for sheet in whole.sheets}
    whole.documents = [document for document in whole.documents if document.sheet in kept]
    return whole


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return make_data_dir(tmp_path) / "index"


@pytest.fixture
def built(reading: Reading, encoder: Encoder, index_dir: Path) -> Built:
    built = build_index(reading, "sheets", encoder, index_dir)
    FolderStore(index_dir).promote(built.version)
    return built


def test_a_version_counts_what_it_holds(built: Built, reading: Reading, index_dir: Path) -> None:
    manifest = read_manifest(index_dir / built.version)
    assert (manifest.practices, manifest.pages) == (5, len(reading.pages))
    assert built.passages.public == sum(len(split_sheet(sheet)) for sheet in reading.sheets)
    assert built.passages.total == built.passages.public + built.passages.members == built.passages.embedded


def build_again(reading: Reading, encoder: Encoder, index_dir: Path) -> Built:
    previous = FolderStore(index_dir).open(encoder.name, "members")
    built = build_index(reading, "sheets", encoder, index_dir, previous=previous)
    FolderStore(index_dir).promote(built.version)
    return built


def test_what_did_not_change_is_not_embedded_again(
    built: Built, reading: Reading, encoder: Encoder, index_dir: Path
) -> None:
    again = build_again(reading, encoder, index_dir)
    assert again.version > built.version
    assert (again.passages.embedded, again.passages.reused) == (0, built.passages.total)


def test_only_the_passages_of_a_changed_sheet_are_embedded(
    built: Built, reading: Reading, encoder: Encoder, index_dir: Path
) -> None:
    first, *others = reading.sheets
    section = first.sections[-1]
    blocks = (*section.blocks, Block(text="Une phrase de plus."))
    longer = first.model_copy(
        update={"sections": (*first.sections[:-1], section.model_copy(update={"blocks": blocks}))}
    )
    changed = Reading(sheets=[longer, *others], documents=reading.documents)
    again = build_again(changed, encoder, index_dir)
    new = {p.text for p in split_sheet(longer)} - {p.text for p in split_sheet(first)}
    assert again.passages.embedded == len(new) > 0
    assert again.passages.total - built.passages.total in (0, 1)


def test_an_index_made_step_by_step_finds_what_one_made_at_once_finds(
    built: Built, reading: Reading, encoder: Encoder, index_dir: Path, tmp_path: Path
) -> None:
    fewer = Reading(sheets=reading.sheets[1:], documents=[])
    build_again(fewer, encoder, index_dir)
    build_again(reading, encoder, index_dir)
    whole = build_index(reading, "sheets", encoder, tmp_path / "other")
    step = FolderStore(index_dir).open(encoder.name, "members")
    once = FolderStore(tmp_path / "other").open(encoder.name, "members", whole.version)
    assert built.passages.total == sum(step.manifest.passages.values())
    for question in ("budget participatif", "Comment associer les jeunes ?", "Qui a réuni un panel de citoyens ?"):
        # Texts read beside other texts are rounded otherwise where numbers are short (bfloat16): scores, not ranks.
        ours = {hit.sheet.id: hit.score for hit in retrieve(question, step, encoder, k=100)}
        theirs = {hit.sheet.id: hit.score for hit in retrieve(question, once, encoder, k=100)}
        assert ours == pytest.approx(theirs, abs=0.3)


def test_another_model_of_the_same_name_gives_its_vectors_anew(
    built: Built, reading: Reading, encoder: Encoder, index_dir: Path
) -> None:
    manifest = read_manifest(index_dir / built.version, "members")
    other = manifest.model_copy(update={"probe": tuple(reversed(manifest.probe))})
    (index_dir / built.version / "members" / "manifest.json").write_text(other.model_dump_json())
    assert build_again(reading, encoder, index_dir).passages.reused == 0


def test_a_sheet_for_members_is_nowhere_in_the_public_part(reading: Reading, encoder: Encoder, index_dir: Path) -> None:
    first, *others = reading.sheets
    hidden = first.model_copy(update={"access": "members"})
    built = build_index(Reading(sheets=[hidden, *others]), "sheets", encoder, index_dir)
    public = FolderStore(index_dir).open(encoder.name, "public", built.version)
    members = FolderStore(index_dir).open(encoder.name, "members", built.version)
    assert public.find_sheet(first.id) is None
    assert members.find_sheet(first.id) == hidden
    assert first.id not in {hit.sheet.id for hit in retrieve(first.title, public, encoder, k=100)}
    assert retrieve(first.title, members, encoder)[0].sheet.id == first.id
    for path in (index_dir / built.version / "public").rglob("*.jsonl"):
        assert first.title not in path.read_text(encoding="utf-8")


def test_public_and_members_passages_stand_in_two_folders(built: Built, reading: Reading, index_dir: Path) -> None:
    folder = index_dir / built.version
    assert reading.documents
    public, members = (
        (folder / name / "passages" / "passages.jsonl").read_text(encoding="utf-8") for name in ("public", "members")
    )
    sheets = (folder / "public" / "sheets" / "sheets.jsonl").read_text(encoding="utf-8")
    assert '"access":"members"' not in public
    assert '"access":"public"' not in members
    for document in reading.documents:
        assert document.paragraphs[-1].text not in sheets + public


def test_a_public_reader_never_touches_the_members_folder(built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "members").rename(index_dir / "elsewhere")
    index = FolderStore(index_dir).open(encoder.name, "public")
    assert len(index.parts) == 1
    with pytest.raises(IndexCorrupt):
        FolderStore(index_dir).open(encoder.name, "members")


def test_only_plain_files_are_written_and_the_manifest_knows_each(built: Built, index_dir: Path) -> None:
    folder = index_dir / built.version
    manifest = "members/manifest.json"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {manifest}
    assert {Path(name).suffix for name in files} <= {".jsonl", ".json", ".npy", ".npz", ".faiss"}
    assert set(json.loads((folder / manifest).read_text())["files"]) == files
    assert set(json.loads((folder / "manifest.json").read_text())["files"]) == {
        name for name in files if name.startswith("public/")
    }


def find_starts(folder: Path) -> np.ndarray:
    """The row of the passage, the start, the end and the first token of each visitors' sentence of a version."""
    with np.load(folder / "public" / "passages" / "sentences.npz") as arrays:
        return np.asarray(arrays["spans"])


def test_each_sentence_starts_at_the_token_that_the_model_reads_first(
    built: Built, encoder: Encoder, index_dir: Path
) -> None:
    index = FolderStore(index_dir).open(encoder.name, "public")
    texts = [indexed_text(passage) for passage in index.passages]
    offsets = encoder.find_offsets(texts)
    for row, start, _, first in find_starts(index_dir / built.version).tolist():
        place = len(index.passages[row].heading) + 1 + start
        assert offsets[row][first, 1] > place
        assert first == 0 or offsets[row][first - 1, 1] <= place


def test_a_version_that_does_not_say_so_is_read_and_told_so_by_the_next_one(
    built: Built, reading: Reading, encoder: Encoder, index_dir: Path
) -> None:
    exact = find_starts(index_dir / built.version)
    make_older(index_dir / built.version)
    (hit, *_) = retrieve("Qui a voté ?", FolderStore(index_dir).open(encoder.name, "public"), encoder)
    assert all(0 < each.late <= each.late_headed <= 1 for each in hit.sentences)
    again = build_again(reading, encoder, index_dir)
    assert again.passages.embedded == 0
    np.testing.assert_array_equal(find_starts(index_dir / again.version), exact)


def make_older(folder: Path) -> None:
    """Write a version as it was in format 4, without first tokens."""
    changed = {}
    for path in folder.rglob("sentences.npz"):
        with np.load(path) as arrays:
            kept = dict(arrays)
        np.savez(path, **(kept | {"spans": kept["spans"][:, :3]}))
        changed[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    for name in ("manifest.json", "members/manifest.json"):
        content = json.loads((folder / name).read_text()) | {"format": 4}
        content["files"] |= {each: digest for each, digest in changed.items() if each in content["files"]}
        (folder / name).write_text(json.dumps(content))
        changed[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_there_is_no_index_at_first(index_dir: Path) -> None:
    with pytest.raises(IndexMissing, match="assistant reindex"):
        FolderStore(index_dir).open("any", "public")


@pytest.mark.parametrize(
    "name",
    [
        "public/passages/passages.jsonl",
        "public/passages/vectors.faiss",
        "public/passages/tokens.npy",
        "public/sheets/sheets.jsonl",
    ],
)
def test_a_file_that_changed_is_refused_by_name(name: str, built: Built, encoder: Encoder, index_dir: Path) -> None:
    path = index_dir / built.version / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(IndexCorrupt, match=f"le fichier {name} a changé"):
        FolderStore(index_dir).open(encoder.name, "public")


def test_a_file_that_is_gone_is_refused_by_name(built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "public" / "passages" / "sentences.npz").unlink()
    with pytest.raises(IndexCorrupt, match=r"il manque le fichier public/passages/sentences\.npz"):
        FolderStore(index_dir).open(encoder.name, "public")


@pytest.mark.parametrize("text", ["", "{", '{"format": 3}'])
def test_a_manifest_that_cannot_be_read_is_refused(text: str, built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "manifest.json").write_text(text)
    with pytest.raises(IndexCorrupt, match=r"manifest\.json"):
        FolderStore(index_dir).open(encoder.name, "public")


def test_another_format_is_refused(built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(IndexStale, match="autre format"):
        FolderStore(index_dir).open(encoder.name, "public")


def test_another_model_is_refused_with_both_names(built: Built, index_dir: Path) -> None:  # noqa: ARG001 - it is there
    with pytest.raises(IndexStale, match=r"'multilingual-e5-small\+participation-\w+', les réglages demandent 'autre'"):
        FolderStore(index_dir).open("autre", "public")


class Interrupted(Exception):
    pass


def test_a_build_that_fails_leaves_the_current_version_and_no_rubbish(
    built: Built, reading: Reading, encoder: Encoder, index_dir: Path
) -> None:
    def interrupt(step: str, *_counts: int) -> None:
        if step == "members":
            raise Interrupted

    with pytest.raises(Interrupted):
        build_index(reading, "sheets", encoder, index_dir, interrupt)
    assert sorted(os.listdir(index_dir)) == sorted([built.version, "current"])
    assert FolderStore(index_dir).open(encoder.name, "members").manifest.version == built.version
