"""The CSV reader, on the real sheets and on what people may hand over by mistake."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.layout import Layout, LayoutWrong, read_layout
from ingest.sheet import Block, Place, Sheet
from ingest.table import TableReading, TableUnusable, read_table

GEOCODED = "csv/geocoding/decider-ensemble-ressources-geocoded.csv"
VARIANTS = [GEOCODED, "csv/decider-ensemble-ressources.csv", "csv/geocoding/geocoded.csv"]


@pytest.fixture(scope="module")
def real(corpus: Path, layout: Layout) -> TableReading:
    return read_table(corpus / GEOCODED, layout)


def sheet(reading: TableReading, sheet_id: str) -> Sheet:
    return next(sheet for sheet in reading.sheets if sheet.id == sheet_id)


def blocks(sheet: Sheet, key: str) -> tuple[Block, ...]:
    return next(section.blocks for section in sheet.sections if section.key == key)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_of_the_real_table_gives_its_101_sheets(variant: str, corpus: Path, layout: Layout) -> None:
    reading = read_table(corpus / variant, layout)
    assert (len(reading.sheets), reading.rejected) == (101, ())


def test_ids_are_the_numbers_of_the_pdf_files(real: TableReading) -> None:
    assert [sheet.id for sheet in real.sheets] == [str(number) for number in range(1, 102)]


def test_every_field_of_a_real_row_is_read(real: TableReading) -> None:
    gers = sheet(real, "1")
    assert (gers.title, gers.organisation) == ("Budget Participatif Gersois", "Département du Gers")
    assert (gers.porteur, gers.demarche, gers.thematique) == (("DEP",), ("BP",), ("MTH",))
    assert (gers.source, gers.annee, gers.edition, gers.prize, gers.stars) == ("trophees", 2019, "2019", "Lauréat", 4)
    assert gers.place == Place(
        commune="Auch",
        insee="32013",
        postcode="32000",
        departement="32",
        region="76",
        latitude=43.639783,
        longitude=0.598564,
        population=22428,
    )
    assert (gers.address, gers.website) == ("81 rue de Pessan", "https://www.budgetparticipatif.gers.fr")
    assert gers.logo.endswith("/1.LogoGERS.jpg?raw=true")
    assert (gers.kind, gers.has_document) == ("practice", True)
    assert real.documents["1"] == "1.Fiche_longue-Departement_Gers_2019.pdf"
    assert [section.key for section in gers.sections] == ["retenir", "presentation", "etapes", "porteur"]
    assert [section.role for section in gers.sections] == ["lesson", "summary", "steps", "organisation"]
    assert [section.title for section in gers.sections][2] == "Déroulé du budget participatif"
    assert len(blocks(gers, "retenir")) == 3
    assert len(blocks(gers, "presentation")) == 4
    assert [block.label for block in blocks(gers, "etapes")][:2] == ["Du 02 avril au 30 juin", "Été 2019"]


def test_lost_commas_come_back_in_real_text(real: TableReading) -> None:
    assert blocks(sheet(real, "1"), "presentation")[0].text.startswith("En 2018, le Département du Gers a été")
    assert "5,7 milliards" in blocks(sheet(real, "5"), "porteur")[0].text


def test_no_real_text_keeps_a_decomposed_accent_or_a_double_space(real: TableReading) -> None:
    texts = [block.text for sheet in real.sheets for section in sheet.sections for block in section.blocks]
    assert not [text for text in texts if "\u0301" in text.replace("é\u0301", "") and "e\u0301" in text]
    assert not [text for text in texts if "  " in text or "//" in text.replace("://", "")]


def test_codes_written_in_several_ways_are_the_same(real: TableReading) -> None:
    assert sheet(real, "7").demarche == sheet(real, "20").demarche == ("DC", "PN")
    assert sheet(real, "92").demarche == ("BP", "IP", "PN")


def test_the_barometre_column_of_steps_is_the_team(real: TableReading) -> None:
    bordeaux = sheet(real, "40")
    assert (bordeaux.source, bordeaux.annee, bordeaux.edition, bordeaux.prize) == (
        "barometre",
        None,
        "2016-2018",
        "Cas d'étude",
    )
    assert [section.key for section in bordeaux.sections][2] == "equipe"
    assert all(not block.label for block in blocks(bordeaux, "equipe"))
    assert "https://youtu.be/eHg52-_DGPQ" in bordeaux.links


def test_misspelt_programmes_missing_years_and_disagreeing_years_are_settled_and_reported(real: TableReading) -> None:
    assert (sheet(real, "85").source, sheet(real, "85").annee) == ("trophees", 2021)  # "Tophées"
    assert sheet(real, "96").annee == sheet(real, "100").annee == 2021  # from the file's name
    assert sheet(real, "73").annee == 2021  # the table wins over the file's name
    rows = {notice.row for notice in real.notices if notice.column == "SOURCE"}
    assert rows == {31, 74, 97, 101}


def test_wrong_geocoding_is_left_out_and_reported(real: TableReading) -> None:
    cachan = sheet(real, "50").place
    assert (cachan.commune, cachan.departement, cachan.region) == ("Cachan", "94", "11")
    assert cachan.latitude == pytest.approx(48.79, abs=0.02)  # its town hall's, not Montreuil's
    assert sheet(real, "10").place.departement == "974"  # the row says 67190
    assert sheet(real, "75").place.latitude == pytest.approx(
        48.1, abs=0.03
    )  # the row's point is in the north of France
    assert sheet(real, "31").place.postcode == "09300"


def test_each_real_sheet_gets_its_commune_with_inhabitants_and_a_point(real: TableReading) -> None:
    places = [sheet.place for sheet in real.sheets]
    assert all(place.insee and place.population and place.latitude for place in places)
    ponts_de_ce = sheet(real, "58").place
    assert (ponts_de_ce.commune, ponts_de_ce.insee, ponts_de_ce.population) == ("Les Ponts-de-Cé", "49246", 13149)


def test_communes_are_known_without_geocoding_too(corpus: Path, layout: Layout) -> None:
    reading = read_table(corpus / VARIANTS[1], layout)
    assert all(found.place.insee for found in reading.sheets)
    assert sheet(reading, "10").place.departement == "974"  # Saint-Denis with 67190: name and point agree
    assert sheet(reading, "5").place.insee == "93066"  # La Plaine Saint-Denis, by cedex
    assert sheet(reading, "38").place.insee == "09203"  # no postcode: the point tells which Montels
    assert sheet(reading, "76").place.commune == "Villeurbanne"  # misspelt in the table


def test_steps_whose_marks_were_lost_are_found(real: TableReading) -> None:
    assert [block.label for block in blocks(sheet(real, "14"), "etapes")] == [f"Étape {n}" for n in range(1, 8)]
    assert "6 février 2019" in [block.label for block in blocks(sheet(real, "19"), "etapes")]
    assert "Étape 3" in [block.label.replace("Etape", "Étape") for block in blocks(sheet(real, "25"), "etapes")]


def test_the_columns_of_a_table_may_be_written_otherwise(corpus: Path, layout: Layout) -> None:
    assert [s.key for s in sheet(read_table(corpus / VARIANTS[2], layout), "1").sections][2] == "etapes"


HEADER = [
    "PDF FILE NAME",
    "TITRE DU PROJET",
    "NOM_PORTEUR_PROJET",
    "PRÉSENTATION DU PROJET",
    "CODE DEMARCHE",
    "SITE WEB",
]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A CSV file with these rows under the usual header."""

    def write_rows(*rows: list[str], delimiter: str = ",", encoding: str = "utf-8", header: list[str] = HEADER) -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([header, *rows])
        path = tmp_path / "fiches.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write_rows


def row(number: int, **cells: str) -> list[str]:
    values = dict(
        zip(HEADER, [f"{number}.Fiche", f"Titre {number}", "Mairie", "Un texte.", "BP", "exemple.fr"], strict=True)
    )
    return list((values | {name.replace("_", " "): value for name, value in cells.items()}).values())


def test_latin_1_with_semicolons_is_read_and_said(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1, TITRE_DU_PROJET="Été à Étain"), delimiter=";", encoding="cp1252"), layout)
    assert [sheet.title for sheet in reading.sheets] == ["Été à Étain"]
    assert "UTF-8" in reading.notices[0].reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(encoding: str, write: Write, layout: Layout) -> None:
    assert [sheet.title for sheet in read_table(write(row(1), encoding=encoding), layout).sheets] == ["Titre 1"]


@pytest.mark.parametrize("content", [b"", b"   \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path, layout: Layout) -> None:
    path = tmp_path / "vide.csv"
    path.write_bytes(content)
    with pytest.raises(TableUnusable, match=r"vide\.csv : le fichier est vide"):
        read_table(path, layout)


def test_a_table_without_the_title_column_is_refused_with_the_columns_it_has(write: Write, layout: Layout) -> None:
    path = write(["1", "x"], header=["Numéro", "Nom"])
    with pytest.raises(TableUnusable, match=r"'TITRE DU PROJET'.*introuvable.*'Numéro', 'Nom'"):
        read_table(path, layout)


def test_an_absent_optional_column_is_a_notice(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1)), layout)
    assert len(reading.sheets) == 1
    assert "SOURCE" in {notice.column for notice in reading.notices}


def test_a_row_without_title_is_refused_with_its_row_number_and_the_others_go_on(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1), row(2, TITRE_DU_PROJET=" "), row(3)), layout)
    assert [sheet.id for sheet in reading.sheets] == ["1", "3"]
    assert [(remark.row, remark.column) for remark in reading.rejected] == [(3, "TITRE DU PROJET")]


def test_empty_rows_are_passed_over_but_counted_as_a_spreadsheet_counts(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1), [""] * 6, row(2, PRÉSENTATION_DU_PROJET="")), layout)
    assert [remark.row for remark in reading.rejected] == [4]


def test_the_second_of_two_equal_ids_is_refused(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1), row(1, TITRE_DU_PROJET="Autre")), layout)
    assert [sheet.title for sheet in reading.sheets] == ["Titre 1"]
    assert "déjà celui de la ligne 2" in reading.rejected[0].reason


def test_a_10_megabyte_cell_is_refused_and_the_others_go_on(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1), row(2, PRÉSENTATION_DU_PROJET="a" * 10_000_000)), layout)
    assert [sheet.id for sheet in reading.sheets] == ["1"]
    assert (reading.rejected[0].row, reading.rejected[0].column) == (3, "PRÉSENTATION DU PROJET")
    assert "guillemet" in reading.rejected[0].reason


def test_a_row_with_a_cell_too_many_is_refused(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1), [*row(2), "en trop"]), layout)
    assert [remark.row for remark in reading.rejected] == [3]


def test_an_unknown_code_is_left_out_and_said(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1, CODE_DEMARCHE="BP - XX")), layout)
    assert reading.sheets[0].demarche == ("BP",)
    assert "'XX'" in reading.notices[-1].reason


def test_addresses_in_a_text_are_not_cut_at_their_slashes(write: Write, layout: Layout) -> None:
    text = "Voir https://exemple.fr/a.//  Puis le site http://b.fr"
    read = read_table(write(row(1, PRÉSENTATION_DU_PROJET=text)), layout).sheets[0]
    assert [block.text for block in blocks(read, "presentation")] == [
        "Voir https://exemple.fr/a.",
        "Puis le site http://b.fr",
    ]
    assert read.links == ("https://exemple.fr/a", "http://b.fr")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://a.fr", "pas une adresse"])
def test_an_address_that_is_not_a_web_page_is_no_link(address: str, write: Write, layout: Layout) -> None:
    assert read_table(write(row(1, SITE_WEB=address)), layout).sheets[0].website == ""


def test_a_row_without_file_name_has_an_id_from_its_organisation_and_title(write: Write, layout: Layout) -> None:
    reading = read_table(write(row(1, PDF_FILE_NAME="", TITRE_DU_PROJET="Fête à l’école")), layout)
    assert reading.sheets[0].id == "mairie-fete-a-l-ecole"


def test_an_unknown_layout_is_refused_with_those_that_exist() -> None:
    with pytest.raises(LayoutWrong, match=r"'inconnue'.*decider-ensemble"):
        read_layout("inconnue")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("title = ", "TOML", id="not-toml"),
        pytest.param('name = "x"\nid = {columns = ["N"]}', "title", id="missing-keys"),
        pytest.param('name = "x"\nfoo = 1', "foo", id="unknown-key"),
    ],
)
def test_a_wrong_layout_file_is_refused_with_the_place(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "mise-en-page.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LayoutWrong, match=reason):
        read_layout(str(path))
