"""Layouts: chosen by the columns, or checked by staff."""

from pathlib import Path

import pytest
from conftest import SHEETS, run_assistant

from ingest.choice import LayoutUnknown, choose_layout
from ingest.layout import LayoutWrong, read_layout
from ingest.source import read_source


@pytest.mark.parametrize(
    ("folder", "name"),
    [("decider-ensemble", "decider-ensemble"), ("multibao-methods", "multibao"), ("cooptech", "cooptech")],
)
def test_the_columns_decide_which_layout_reads_a_source(folder: str, name: str, shared: Path) -> None:
    assert choose_layout(shared / "corpus" / folder).name == name


def test_the_own_sheets_are_recognised_as_a_folder_and_as_a_file() -> None:
    assert choose_layout(SHEETS).name == "decider-ensemble"
    assert choose_layout(SHEETS / "csv" / "fiches.csv").name == "decider-ensemble"


def test_when_no_layout_fits_the_near_misses_are_listed(tmp_path: Path) -> None:
    table = tmp_path / "fiches.csv"
    table.write_text("TITRE DU PROJETS,A RETENIRR,AUTRE\na,b,c\n", encoding="utf-8")
    with pytest.raises(LayoutUnknown) as refused:
        choose_layout(table)
    assert "« decider-ensemble » à qui il manque 'TITRE DU PROJET' (vous avez 'TITRE DU PROJETS' ?)" in str(
        refused.value
    )
    assert "assistant layout check" in str(refused.value)


def test_texts_that_are_no_sheets_are_not_taken_for_methods(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n\n## Réunion du 3\nBla.\n", encoding="utf-8")
    with pytest.raises(LayoutUnknown):
        choose_layout(tmp_path)


def test_the_directory_of_cooperatives_is_read_with_regions_and_without_addresses_of_persons(shared: Path) -> None:
    reading = read_source(str(shared / "corpus" / "cooptech"), read_layout("cooptech"))
    assert (len(reading.practices), reading.rejected) == (159, [])
    assert {sheet.place.region for sheet in reading.practices} >= {"11", "53", "84", "93"}
    assert all(not sheet.place.commune for sheet in reading.practices)
    assert not [sheet for sheet in reading.practices if "@" in sheet.model_dump_json()]
    assert sum("SCIC" in sheet.porteur for sheet in reading.practices) == 20


def test_checking_a_layout_tells_what_is_found_missing_unused_and_shows_three_sheets(tmp_path: Path) -> None:
    layout = tmp_path / "ma-ville.toml"
    layout.write_text(
        'name = "ma-ville"\ntitle = "Fiches de ma ville"\n[files]\ntables = ["*.csv"]\n[id]\ncolumns = ["N°"]\n'
        '[columns]\ntitle = ["Intitulé"]\nwebsite = ["Lien"]\n[[sections]]\nkey = "presentation"\n'
        'title = "Présentation"\ncolumn = ["Résumé"]\n',
        encoding="utf-8",
    )
    (tmp_path / "t.csv").write_text(
        "N°,Intitulé,Résumé,Budget\n1,Un,Texte un\n2,Deux,Texte deux\n3,Trois,Texte trois\n4,Quatre,Texte quatre\n",
        encoding="utf-8",
    )
    result = run_assistant("layout", "check", str(layout), str(tmp_path), ASSISTANT_DATA_DIR=str(tmp_path / "d"))
    assert result.returncode == 0, result.stderr
    assert "Colonnes trouvées (3) : N°, Intitulé, Résumé" in result.stdout
    assert "Parties qui resteraient vides : website (« Lien »)" in result.stdout
    assert "Colonnes non lues (1) : Budget" in result.stdout
    assert "4 fiches lues" in result.stdout
    assert [line for line in result.stdout.splitlines() if line.startswith("Fiche ")] == [
        "Fiche lu : t.csv",
        "Fiche 1",
        "Fiche 2",
        "Fiche 3",
    ][1:]
    assert "Présentation : Texte trois" in result.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("name = ", "TOML correct", id="not-toml"),
        pytest.param('name = "x"\ntitre = "y"\n', "cette clé", id="unknown-key"),
        pytest.param("a = 1\nb = = 2\n", "ligne 2, caractère", id="place"),
        pytest.param('name = "x"\ntitle = "x"\n[files]\ntables = "*.csv"\n', "une liste est attendue", id="not-a-list"),
    ],
)
def test_a_layout_that_is_wrong_says_which_key_in_french(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LayoutWrong, match=says):
        read_layout(str(path))
