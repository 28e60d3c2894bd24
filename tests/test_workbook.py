"""Spreadsheets as they are kept: XLSX and ODS are read as the CSV file that one would make of them."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from spreadsheets import Sheets, write_ods, write_xlsx
from test_spoiled_tables import LAYOUT, texts, told

from ingest.source import read_source
from ingest.table import TableUnusable, read_header, read_table

HEADER = ["N°", "Titre", "Texte", "Code postal", "Latitude", "Longitude"]
SHEETS: Sheets = {
    "Notes": [["À faire"], ["Relire"]],
    "Fiches": [
        ["Fiches de la ville"],
        HEADER,
        [12, "Budget <b>participatif</b>", date(2019, 3, 1), 6200, 43.7, 7.25],
        ["", "", "sans titre", "", "", ""],
    ],
}
Write = Callable[[Path, Sheets], None]
WRITERS = {"fiches.xlsx": write_xlsx, "fiches.ods": write_ods}


@pytest.mark.parametrize("name", WRITERS)
def test_a_spreadsheet_is_read_as_its_cells_show_it(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / name, SHEETS)
    reading = read_table(tmp_path / name, LAYOUT)
    (sheet,) = reading.sheets
    assert (sheet.id, sheet.title, texts(sheet)) == ("12", "Budget participatif", ["01/03/2019"])
    assert (sheet.place.postcode, sheet.place.departement) == ("06200", "06")
    assert (sheet.place.latitude, sheet.place.longitude) == (43.7, 7.25)
    assert [remark.row for remark in reading.rejected] == [4]
    assert "feuille lue : « Fiches » ; « Notes » ne l'est pas" in told(reading)
    assert "en-tête trouvé à la ligne 2" in told(reading)
    assert read_header(tmp_path / name, LAYOUT) == HEADER


def test_a_spreadsheet_is_found_in_a_folder_unless_its_csv_lies_beside_it(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "FICHES.XLSX", {"Fiches": [["N°", "Titre", "Texte"], [1, "Classeur", "a"]]})
    assert [sheet.title for sheet in read_source(str(tmp_path), LAYOUT).sheets] == ["Classeur"]
    (tmp_path / "fiches.csv").write_text("N°,Titre,Texte\n1,CSV,a\n", encoding="utf-8")
    reading = read_source(str(tmp_path), LAYOUT)
    assert [sheet.title for sheet in reading.sheets] == ["CSV"]
    assert "fiches.csv l.None  : c'est ce tableau qui est lu, et non FICHES.XLSX" in told(reading)


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    old, new = [*HEADER, "Porteur"], HEADER[:3]
    sheets: Sheets = {"Ancien": [old, [1, "Vieux", "a"]], "Fiches": [new, [1, "Neuf", "a"]]}
    write_xlsx(tmp_path / "f.xlsx", sheets, hidden="Ancien")
    assert [sheet.title for sheet in read_table(tmp_path / "f.xlsx", LAYOUT).sheets] == ["Neuf"]


def write_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b" " * 400_000_000)


@pytest.mark.parametrize(
    ("write", "says"),
    [
        pytest.param(lambda path: path.write_bytes(b"PK\x03\x04 rien"), "ce classeur est abîmé", id="spoiled"),
        pytest.param(lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0 rien"), "mot de passe", id="locked"),
        pytest.param(lambda path: write_xlsx(path, {"Fiches": []}), "ce classeur est vide", id="empty"),
        pytest.param(write_bomb, "dépasse 50 Mo", id="bomb"),
    ],
)
def test_a_spreadsheet_that_cannot_be_read_is_refused_in_words(
    write: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    write(tmp_path / "f.csv")  # whatever its name says
    with pytest.raises(TableUnusable, match=says):
        read_table(tmp_path / "f.csv", LAYOUT)
