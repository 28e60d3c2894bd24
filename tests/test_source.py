from pathlib import Path

import pytest

from ingest.layout import Layout
from ingest.source import SourceUnusable, read_source
from ingest.table import TableUnusable


def test_the_real_folder_gives_its_sheets_its_documents_and_the_centres_page(corpus: Path, layout: Layout) -> None:
    reading = read_source(str(corpus), layout)
    assert (len(reading.practices), len(reading.pages), len(reading.rejected)) == (101, 1, 0)
    counts = reading.document_counts
    assert (counts.read, counts.locked, counts.unreadable, counts.missing) == (32, 3, 0, 66)
    assert {notice.file for notice in reading.notices if "mot de passe" in notice.reason} == {
        "1.Fiche_longue-Departement_Gers_2019.pdf",
        "9.FFiche_longue-CPIE_2019.pdf",
        "14.Fiche_longue-Macouria_2019.pdf",
    }


def test_the_geocoded_table_is_preferred_and_extracts_are_left_out(corpus: Path, layout: Layout) -> None:
    reading = read_source(str(corpus), layout)
    assert {n.file for n in reading.notices if n.file.endswith(".csv")} == {"decider-ensemble-ressources-geocoded.csv"}


def test_a_file_can_be_the_source(corpus: Path, layout: Layout) -> None:
    assert len(read_source(str(corpus / "csv" / "decider-ensemble-ressources.csv"), layout).practices) == 101


def test_a_source_that_is_not_there_is_refused(layout: Layout) -> None:
    with pytest.raises(SourceUnusable, match=r"'nulle-part' introuvable"):
        read_source("nulle-part", layout)


def test_a_folder_without_table_is_refused_with_what_was_looked_for(tmp_path: Path, layout: Layout) -> None:
    with pytest.raises(SourceUnusable, match="aucun tableau"):
        read_source(str(tmp_path), layout)


def test_a_table_with_its_header_alone_is_refused(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "fiches.csv").write_text("TITRE DU PROJET,À RETENIR\n", encoding="utf-8")
    with pytest.raises(TableUnusable, match="n'a que son en-tête"):
        read_source(str(tmp_path), layout)


def test_the_page_of_the_centre_keeps_its_sections(corpus: Path, layout: Layout) -> None:
    page = read_source(str(corpus), layout).pages[0]
    assert (page.id, page.kind) == ("decider-ensemble-intro", "page")
    assert [section.title for section in page.sections] == [
        "Bienvenue sur le centre de ressources de Décider ensemble !",
        "D’où viennent les exemples de démarches de participation proposées sur cette plateforme ?",
        "Découvrez toutes les initiatives menées par Décider ensemble !",
        "Ses principales initiatives",
    ]
    assert "https://www.deciderensemble.com" in page.links


def test_a_page_that_is_not_text_is_reported_and_the_sheets_go_on(sheets_copy: Path, layout: Layout) -> None:
    (sheets_copy / "markdown" / "autre.md").write_bytes(b"\xff\xfe\xfa")
    (sheets_copy / "markdown" / "vide.md").write_text("", encoding="utf-8")
    reading = read_source(str(sheets_copy), layout)
    assert [(remark.file, remark.reason.split()[-1]) for remark in reading.rejected] == [
        ("autre.md", "UTF-8"),
        ("vide.md", "vide"),
    ]
    assert len(reading.practices) >= 30
