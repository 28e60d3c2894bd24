"""Versions of the index: built, opened, checked, compared; on the project's own sheets."""

import json
import os
from pathlib import Path

import pytest
from conftest import SHEETS, make_data_dir

from index.build import Built, build_index
from index.encoder import Encoder
from index.versions import IndexCorrupt, IndexMissing, IndexStale, current_version, open_index
from ingest.layout import Layout
from ingest.passage import split_sheet
from ingest.source import Reading, read_source


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
def built(reading: Reading, layout: Layout, encoder: Encoder, index_dir: Path) -> Built:
    return build_index(reading, layout, "sheets", encoder, index_dir)


def test_a_version_counts_what_it_holds(built: Built, reading: Reading) -> None:
    assert (built.sheets.total, built.sheets.added, built.pages) == (5, 5, len(reading.pages))
    assert built.passages.public == sum(len(split_sheet(sheet)) for sheet in reading.sheets)
    assert built.passages.total == built.passages.public + built.passages.members


def test_building_again_says_what_changed(
    built: Built, reading: Reading, layout: Layout, encoder: Encoder, index_dir: Path
) -> None:
    first, *others = reading.practices
    changed = Reading(sheets=[first.model_copy(update={"title": "Autre titre"}), *others[:3]])
    again = build_index(changed, layout, "sheets", encoder, index_dir)
    assert again.version != built.version == sorted([built.version, again.version])[0]
    assert again.sheets.model_dump() == {"total": 4, "added": 0, "changed": 1, "removed": 1, "unchanged": 3}
    assert current_version(index_dir) == again.version


def test_public_and_members_passages_stand_in_two_folders(built: Built, reading: Reading, index_dir: Path) -> None:
    folder = index_dir / built.version
    assert reading.documents
    public, members = ((folder / name / "passages.jsonl").read_text(encoding="utf-8") for name in ("public", "members"))
    assert '"access":"members"' not in public
    assert '"access":"public"' not in members
    for document in reading.documents:
        assert document.paragraphs[-1].text not in (folder / "sheets.jsonl").read_text(encoding="utf-8") + public


def test_a_public_reader_never_touches_the_members_folder(built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "members").rename(index_dir / "elsewhere")
    index = open_index(index_dir, encoder.name, "public")
    assert len(index.parts) == 1
    with pytest.raises(IndexCorrupt):
        open_index(index_dir, encoder.name, "members")


def test_only_plain_files_are_written_and_the_manifest_knows_each(built: Built, index_dir: Path) -> None:
    folder = index_dir / built.version
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    assert {Path(name).suffix for name in files} <= {".jsonl", ".json", ".npy", ".npz", ".faiss"}
    assert set(json.loads((folder / "manifest.json").read_text())["files"]) == files


def test_there_is_no_index_at_first(index_dir: Path) -> None:
    with pytest.raises(IndexMissing, match="assistant reindex"):
        open_index(index_dir, "any", "public")


@pytest.mark.parametrize("name", ["public/passages.jsonl", "public/vectors.faiss", "public/tokens.npz", "sheets.jsonl"])
def test_a_file_that_changed_is_refused_by_name(name: str, built: Built, encoder: Encoder, index_dir: Path) -> None:
    path = index_dir / built.version / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(IndexCorrupt, match=f"le fichier {name} a changé"):
        open_index(index_dir, encoder.name, "public")


def test_a_file_that_is_gone_is_refused_by_name(built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "public" / "sentences.npz").unlink()
    with pytest.raises(IndexCorrupt, match=r"il manque le fichier public/sentences\.npz"):
        open_index(index_dir, encoder.name, "public")


@pytest.mark.parametrize("text", ["", "{", '{"format": 1}'])
def test_a_manifest_that_cannot_be_read_is_refused(text: str, built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "manifest.json").write_text(text)
    with pytest.raises(IndexCorrupt, match=r"manifest\.json"):
        open_index(index_dir, encoder.name, "public")


def test_another_format_is_refused(built: Built, encoder: Encoder, index_dir: Path) -> None:
    (index_dir / built.version / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(IndexStale, match="autre format"):
        open_index(index_dir, encoder.name, "public")


def test_another_model_is_refused_with_both_names(built: Built, index_dir: Path) -> None:  # noqa: ARG001 - it is there
    with pytest.raises(IndexStale, match=r"'multilingual-e5-small', les réglages demandent 'autre'"):
        open_index(index_dir, "autre", "public")


class Interrupted(Exception):
    pass


def test_a_build_that_fails_leaves_the_current_version_and_no_rubbish(
    built: Built, reading: Reading, layout: Layout, encoder: Encoder, index_dir: Path
) -> None:
    def interrupt(step: str, *_counts: int) -> None:
        if step == "members":
            raise Interrupted

    with pytest.raises(Interrupted):
        build_index(reading, layout, "sheets", encoder, index_dir, interrupt)
    assert sorted(os.listdir(index_dir)) == sorted([built.version, "current"])
    assert open_index(index_dir, encoder.name, "members").manifest.version == built.version
