"""Several sources in one index."""

from pathlib import Path

import pytest
from conftest import SHEETS

from ingest.source import SourceUnusable, read_sources
from ingest.source_list import Source, SourceListWrong, read_source_list


def test_a_list_gives_each_source_its_layout_access_and_passwords(tmp_path: Path) -> None:
    (tmp_path / "fiches").mkdir()
    path = tmp_path / "sources.toml"
    path.write_text(
        '[[source]]\naddress = "fiches"\nlayout = "cooptech"\naccess = "members"\nprefix = "coop"\n'
        '[source.pdf_passwords]\n"*" = "secret"\n[[source]]\naddress = "https://exemple.fr/f.git#main"\n',
        encoding="utf-8",
    )
    first, second = read_source_list(path)
    assert (first.address, first.layout, first.access, first.prefix) == (
        str(tmp_path / "fiches"),
        "cooptech",
        "members",
        "coop",
    )
    assert first.pdf_passwords["*"].get_secret_value() == "secret"
    assert "secret" not in repr(first)
    assert second.address == "https://exemple.fr/f.git#main"


@pytest.mark.parametrize(
    "text", ["", "x", '[[source]]\nadress = "a"\n', '[[source]]\naddress = "a"\naccess = "tous"\n']
)
def test_a_list_that_is_wrong_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceListWrong, match="Liste de sources"):
        read_source_list(path)


def test_the_real_sheets_and_the_methods_are_read_together(shared: Path, tmp_path: Path) -> None:
    corpora = [Source(address=str(shared / "corpus" / name)) for name in ("decider-ensemble", "multibao-methods")]
    reading = read_sources(corpora, tmp_path)
    assert (len(reading.practices), len(reading.pages), len(reading.rejected)) == (183, 2, 0)
    assert [layout.name for layout in reading.layouts] == ["decider-ensemble", "multibao"]
    assert len({sheet.id for sheet in reading.sheets}) == 185


def test_ids_that_clash_are_told_and_a_prefix_parts_them(tmp_path: Path) -> None:
    twice = [Source(address=str(SHEETS)), Source(address=str(SHEETS / "csv" / "fiches.csv"))]
    clash = read_sources(twice, tmp_path)
    assert len(clash.practices) == len(clash.rejected) == 35
    assert "donnez un prefix" in clash.rejected[0].reason
    parted = read_sources([twice[0], twice[1].model_copy(update={"prefix": "bis"})], tmp_path)
    assert (len(parted.practices), parted.rejected) == (70, [])
    assert {"1", "bis-1"} <= {sheet.id for sheet in parted.practices}


def test_everything_of_a_source_for_members_is_theirs(tmp_path: Path) -> None:
    reading = read_sources([Source(address=str(SHEETS), access="members")], tmp_path)
    assert {sheet.access for sheet in reading.sheets} == {"members"}


def test_one_source_that_cannot_be_had_stops_all(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="introuvable"):
        read_sources([Source(address=str(SHEETS)), Source(address=str(tmp_path / "absent"))], tmp_path)
    with pytest.raises(SourceUnusable, match="Dossier de PDF"):
        read_sources([Source(address=str(SHEETS), pdf_dir=str(tmp_path / "absent"))], tmp_path)


def test_a_document_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    first = read_sources([Source(address=str(SHEETS))], tmp_path)
    assert first.documents
    marked = {
        document.digest: document.model_copy(update={"paragraphs": document.paragraphs[:1]})
        for document in first.documents
    }
    again = read_sources([Source(address=str(SHEETS))], tmp_path, marked)
    assert [len(document.paragraphs) for document in again.documents] == [1] * len(first.documents)


def test_a_document_read_with_a_password_is_not_known_without_it(tmp_path: Path) -> None:
    opened = read_sources([Source(address=str(SHEETS), pdf_passwords={"*": "fiche-exemple"})], tmp_path)
    known = {document.digest: document for document in opened.documents}
    closed = read_sources([Source(address=str(SHEETS))], tmp_path, known)
    assert (opened.document_counts.locked, closed.document_counts.locked) == (0, 1)
    assert len(closed.documents) == len(opened.documents) - 1


def test_a_document_that_no_sheet_announces_is_told(sheets_copy: Path, tmp_path: Path) -> None:
    pdf = next(sheets_copy.rglob("*.pdf"))
    (pdf.parent / "Note interne.pdf").write_bytes(pdf.read_bytes())
    notices = read_sources([Source(address=str(sheets_copy))], tmp_path).notices
    assert [notice.file for notice in notices if "aucune fiche ne l'annonce" in notice.reason] == ["Note interne.pdf"]
