"""Tables as spreadsheets, exports and hands spoil them: the right value is read, or staff are told what to do."""

import gzip
from pathlib import Path

import pytest

from ingest.layout import FacetColumn, Files, Identity, Layout, PlaceColumns, SectionColumn, SheetColumns
from ingest.listing import is_copy
from ingest.reading import Reading
from ingest.sheet import Sheet
from ingest.source import read_source
from ingest.table import TableReading, TableUnusable, read_table

LAYOUT = Layout(
    name="ville",
    title="Fiches de la ville",
    files=Files(tables=("*.csv",), sheets=("fiches/*.md",), documents=("*.pdf",)),
    id=Identity(columns=("N°",)),
    columns=SheetColumns(
        title=("Titre",),
        organisation=("Porteur",),
        website=("Site",),
        place=PlaceColumns(
            commune=("Commune",),
            postcode=("Code postal",),
            point=("Coordonnées",),
            latitude=("Latitude",),
            longitude=("Longitude",),
            insee=("INSEE",),
            departement=("Département",),
            region=("Région",),
        ),
    ),
    sections=(
        SectionColumn(key="texte", title="Texte", column=("Texte",)),
        SectionColumn(key="contact", title="Contact", column=("Contact",), contacts=True),
    ),
    facets={"thematique": FacetColumn(title="Thème", column=("Thème",), labels={"EAU": "Eau", "CULTURE": "Culture"})},
)
HEADER = "N°,Titre,Texte,Porteur,Commune\n"


def read(folder: Path, content: str | bytes) -> TableReading:
    """What is read in a table of this content."""
    (folder / "fiches.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(folder / "fiches.csv", LAYOUT)


def read_folder(folder: Path, **files: str | bytes) -> Reading:
    """What is read in a folder of these files."""
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_source(str(folder), LAYOUT)


def texts(sheet: Sheet) -> list[str]:
    return [block.text for section in sheet.sections for block in section.blocks]


def told(reading: Reading | TableReading) -> str:
    """What staff are told, a line each."""
    remarks = [*reading.rejected, *reading.notices]
    return "\n".join(f"{remark.file} l.{remark.row} {remark.column} : {remark.reason}" for remark in remarks)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param('1,A,a,P,\n2,"B,b,P,\n3,C,c,P,\n4,D,d,P,\n', id="no other mark in the file"),
        pytest.param('1,"A","a",P,\n2,B,"b,P,\n3,"C","c",P,\n', id="closed by the next one that opens"),
        pytest.param('1,A,a,P,\n2,"B,b,P,\n3,C,c,P,\n4,D",d,P,\n5,E,e,P,\n', id="closed in the same column below"),
    ],
)
def test_a_quotation_mark_that_swallows_rows_refuses_the_table_with_its_row(rows: str, tmp_path: Path) -> None:
    with pytest.raises(TableUnusable, match=r"ligne 3 : un guillemet ouvert.*cherchez dans cette ligne"):
        read(tmp_path, HEADER + rows)


def test_a_quotation_mark_that_spoils_one_row_alone_leaves_that_row_out(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + '1,"A","a",P,\n2,"B,"b",P,\n3,"C","c",P,\n')
    assert [sheet.title for sheet in reading.sheets] == ["A", "C"]
    assert "fiches.csv l.3  : un guillemet en trop, ou qui manque" in told(reading)


def test_a_text_of_several_lines_with_commas_is_read_as_it_is(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + '1,A,"Un, deux, trois, quatre, cinq\nsix, sept\nhuit",P,\n2,B,b,P,\n')
    assert texts(reading.sheets[0]) == ["Un, deux, trois, quatre, cinq", "six, sept", "huit"]
    assert len(reading.sheets) == 2


def test_words_in_quotation_marks_at_the_start_of_a_cell_keep_them(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + '1,"Le Lab" de Nantes,a,P,\n')
    assert reading.sheets[0].title == '"Le Lab" de Nantes'
    assert "l.2  : guillemet au milieu d'une cellule" in told(reading)


def test_the_line_that_excel_reads_for_itself_is_passed_over(tmp_path: Path) -> None:
    reading = read(tmp_path, "sep=;\nN°;Titre;Texte\n1;A;a\n2;;b\n")
    assert [sheet.title for sheet in reading.sheets] == ["A"]
    assert reading.rejected[0].row == 3  # Excel does not show the line


def test_lines_of_title_above_the_header_are_told_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    reading = read(tmp_path, "Fiches de la ville,,\n,,\nN°,Titre,Texte\n1,A,a\n2,,b\n")
    assert [sheet.title for sheet in reading.sheets] == ["A"]
    assert reading.rejected[0].row == 5
    assert "en-tête trouvé à la ligne 3" in told(reading)


def test_one_byte_that_is_not_utf_8_spoils_its_cell_alone_and_is_told(tmp_path: Path) -> None:
    content = (HEADER + "1,Été à Étain,a,P,\n2,Br").encode() + b"\xe9" + b"al,b,P,\n"
    reading = read(tmp_path, content)
    assert [sheet.title for sheet in reading.sheets] == ["Été à Étain", "Bréal"]
    assert "l.3 Titre : caractère abîmé, qui n'est pas en UTF-8 : lu 'Bréal'" in told(reading)


@pytest.mark.parametrize("nothing", ["nan", "NULL", "None", "#REF!", "#N/A", "#VALEUR!", "#NOM?", "Err:502"])
def test_what_a_spreadsheet_shows_for_nothing_is_an_empty_cell_and_told(nothing: str, tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + f"1,A,a,{nothing},{nothing}\n2,B,b,{nothing},\n")
    assert (reading.sheets[0].organisation, reading.sheets[0].place.commune) == ("", "")
    assert f"l.2 Porteur : {nothing!r} compté comme une cellule vide (2 lignes : 2, 3)" in told(reading)


def test_html_in_a_cell_becomes_the_text_that_it_shows_and_is_told(tmp_path: Path) -> None:
    html = (
        '<p>Le conseil &amp; Cie,&nbsp;avec <a href=""https://x.fr/a"">lien</a></p><!-- note -->'
        "<script>alert(1)</script><ul><li>Un</li><li>Deux</li></ul>&lt;b&gt;&eacute;crit&lt;/b&gt;"
    )
    reading = read(tmp_path, f'N°,Titre,Texte\n1,A,"{html}"\n')
    assert texts(reading.sheets[0]) == ["Le conseil & Cie, avec lien (https://x.fr/a)", "- Un", "- Deux", "écrit"]
    assert reading.sheets[0].links == ("https://x.fr/a",)
    assert "l.2 Texte : du HTML est devenu du texte" in told(reading)


def test_signs_that_are_no_html_stay(tmp_path: Path) -> None:
    text = "moins de <18 ans, a < b & c, AT&T, https://x.fr/?a=1&copy=2, <nom de la ville>"
    reading = read(tmp_path, f'N°,Titre,Texte\n1,A,"{text}"\n')
    assert texts(reading.sheets[0]) == [text]
    assert "HTML" not in told(reading)


def test_two_columns_of_the_same_name_are_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "N°,Titre,Texte,texte\n1,A,a,b\n")
    assert texts(reading.sheets[0]) == ["a"]
    assert "Texte : 2 colonnes portent ce nom : seule la première est lue" in told(reading)


def test_a_number_with_a_slash_is_a_whole_id(tmp_path: Path) -> None:
    reading = read(tmp_path, "N°,Titre,Texte\n2020/12,A,a\n2021/12,B,b\n")
    assert [sheet.id for sheet in reading.sheets] == ["2020-12", "2021-12"]


def test_codes_on_lines_of_their_own_are_several(tmp_path: Path) -> None:
    assert read(tmp_path, 'N°,Titre,Texte,Thème\n1,A,a,"EAU\nCULTURE"\n').sheets[0].thematique == ("EAU", "CULTURE")


@pytest.mark.parametrize("name", ["FICHES.CSV", "fiches.csv.gz"])
def test_a_table_is_found_whatever_its_ending(name: str, tmp_path: Path) -> None:
    content = (HEADER + "1,A,a,P,\n").encode()
    reading = read_folder(tmp_path, **{name: gzip.compress(content) if name.endswith("gz") else content})
    assert [sheet.title for sheet in reading.sheets] == ["A"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(gzip.compress(HEADER.encode())[:-9], "abîmé ou incomplet", id="cut"),
        pytest.param(gzip.compress(b"a" * 60_000_000), "dépasse 50 Mo", id="bomb"),
        pytest.param(b"version https://git-lfs.github.com/spec/v1\noid sha256:a\n", "git lfs pull", id="pointer"),
    ],
)
def test_a_file_that_is_not_the_table_is_refused_with_what_to_do(content: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(TableUnusable, match=says):
        read(tmp_path, content)


ONE = HEADER + "1,Neuf,a,P,\n"


@pytest.mark.parametrize("copy", ["fiches - Copie.csv", "Copie de fiches.csv", "fiches (1).csv", "fiches_copy.csv"])
def test_a_copy_left_beside_its_table_is_known(copy: str, tmp_path: Path) -> None:
    assert is_copy(tmp_path / copy, [tmp_path / "fiches.csv"])
    assert not is_copy(tmp_path / copy, [tmp_path / "autres.csv", tmp_path / "avant" / "fiches.csv"])
    assert not is_copy(tmp_path / "fiches 2.csv", [tmp_path / "fiches.csv"])


def test_a_copy_left_beside_its_table_never_wins_and_is_told(tmp_path: Path) -> None:
    reading = read_folder(tmp_path, **{"fiches - Copie.csv": ONE.replace("Neuf", "Vieux"), "fiches.csv": ONE})
    assert [sheet.title for sheet in reading.sheets] == ["Neuf"]
    assert "fiches.csv l.None  : copie laissée de côté : fiches - Copie.csv" in told(reading)


def test_two_tables_of_the_same_sheets_are_told_once(tmp_path: Path) -> None:
    rows = HEADER + "".join(f"{number},Titre {number},t,P,\n" for number in range(1, 8))
    reading = read_folder(tmp_path, **{"a.csv": rows, "b.csv": rows})
    assert len(reading.sheets) == 7
    assert [(remark.file, remark.reason) for remark in reading.rejected] == [
        (
            "b.csv",
            "mêmes fiches que dans un tableau déjà lu (7 sur 7 : 1, 2, 3, 4, 5, …) : elles ne sont lues que là. "
            "Gardez un seul des tableaux, ou donnez à ces fiches d'autres identifiants",
        )
    ]


def test_the_table_that_is_read_is_named_when_another_lies_beside_it(tmp_path: Path) -> None:
    files = LAYOUT.files.model_copy(update={"tables": ("*-geocoded.csv", "*.csv")})
    for name in ("fiches.csv", "fiches-geocoded.csv"):
        (tmp_path / name).write_text(ONE, encoding="utf-8")
    first = read_source(str(tmp_path), LAYOUT.model_copy(update={"files": files})).notices[0]
    assert (first.file, first.reason) == (
        "fiches-geocoded.csv",
        "c'est ce tableau qui est lu, et non fiches.csv : ce que vous y changez n'a pas d'effet",
    )


def place(folder: Path, names: str, cells: str) -> tuple[Sheet, str]:
    reading = read(folder, f"N°;Titre;Texte;{names}\n1;A;a;{cells}\n")
    return reading.sheets[0], told(reading)


@pytest.mark.parametrize(
    ("cell", "commune", "postcode", "insee"),
    [
        ("6200.0", "Nice", "06200", "06088"),
        ("1000.0", "Bourg-en-Bresse", "01000", "01053"),
        ("1000,0", "Bourg-en-Bresse", "01000", "01053"),
        ("06 200", "Nice", "06200", "06088"),
        ("6200", "Nice", "06200", "06088"),
        ("F-06200", "Nice", "06200", "06088"),
        ("29200 Brest", "", "29200", "29019"),
    ],
)
def test_a_postcode_that_a_spreadsheet_spoiled_is_put_right(
    cell: str, commune: str, postcode: str, insee: str, tmp_path: Path
) -> None:
    found = place(tmp_path, "Code postal;Commune", f"{cell};{commune}")[0].place
    assert (found.postcode, found.insee, found.departement) == (postcode, insee, insee[:2])


@pytest.mark.parametrize(
    ("cell", "name"),
    [("29019", "Brest"), ("1053", "Bourg-en-Bresse"), ("1053.0", "Bourg-en-Bresse"), ("2a004", "Ajaccio")],
)
def test_the_code_of_a_commune_tells_it(cell: str, name: str, tmp_path: Path) -> None:
    found = place(tmp_path, "INSEE", cell)[0].place
    assert (found.commune, found.departement) == (
        name,
        cell.upper().zfill(4 + cell.count("."))[:2] if cell[0] != "1" else "01",
    )


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("Coordonnées", "48.39, -4.486"),
        ("Coordonnées", "48,39 ; -4,486"),
        ("Coordonnées", "48,39, -4,486"),
        ("Coordonnées", "[48.39,-4.486]"),
        ("Coordonnées", "POINT(-4.486 48.39)"),
        ("Latitude", "48.39, -4.486"),
        ("Latitude;Longitude", '48,39";"-4,486'),
    ],
)
def test_a_point_is_read_however_it_is_written(names: str, cells: str, tmp_path: Path) -> None:
    found = place(tmp_path, f"Commune;{names}", f'Brest;"{cells}"')[0].place
    assert (found.latitude, found.longitude) == (48.39, -4.486)


@pytest.mark.parametrize(
    ("names", "cells", "says"),
    [
        ("Commune;Département", "Brest;35", "commune Brest (29) ; département 35 (35). département laissé vide"),
        ("Commune;Code postal", "Brest;35000", "code postal 35000 (35) ; commune Brest (29). département laissé vide"),
        (
            "Code postal;Département",
            "29200;35",
            "code postal 29200 (29) ; département 35 (35). département laissé vide",
        ),
    ],
)
def test_cells_that_contradict_are_told_and_no_departement_is_chosen(
    names: str, cells: str, says: str, tmp_path: Path
) -> None:
    sheet, remarks = place(tmp_path, names, cells)
    assert (sheet.place.departement, sheet.place.region) == ("", "")
    assert f"ces cellules se contredisent : {says} : corrigez celle qui est fausse" in remarks


def test_four_figures_of_another_country_are_no_departement_of_france(tmp_path: Path) -> None:
    assert place(tmp_path, "Commune;Code postal", "Bruxelles;1000")[0].place.departement == ""
    assert place(tmp_path, "Commune;Code postal", "Bourg en Bresses;1000")[0].place.departement == "01"


def test_what_two_cells_agree_on_is_kept_against_the_third(tmp_path: Path) -> None:
    sheet, remarks = place(tmp_path, "Commune;Code postal;Département", "Brest;35000;29")
    assert (sheet.place.departement, sheet.place.insee) == ("29", "29019")
    assert "département 29 gardé" in remarks


def test_a_commune_whose_postcode_is_of_the_next_departement_stays_in_its_own(tmp_path: Path) -> None:
    assert place(tmp_path, "Code postal;Commune", "05160;Pontis")[0].place.departement == "04"


@pytest.mark.parametrize(
    ("names", "cells", "codes"),
    [
        ("Région", "Midi-Pyrénées", ("", "76")),
        ("Région", "Nord-Pas de Calais", ("", "32")),
        ("Département", "Bretagne", ("", "53")),
        ("Département", "Finistère (29)", ("29", "53")),
        ("Département", "29 - Finistère", ("29", "53")),
        ("Département", "1", ("01", "84")),
        ("Département", "29.0", ("29", "53")),
    ],
)
def test_departements_and_regions_are_known_as_they_are_written(
    names: str, cells: str, codes: tuple[str, str], tmp_path: Path
) -> None:
    sheet, remarks = place(tmp_path, names, cells)
    assert (sheet.place.departement, sheet.place.region) == codes
    assert "Laissé de côté" not in remarks


@pytest.mark.parametrize(
    ("names", "cells", "says"),
    [
        ("Région", "Bavière", "Région : 'Bavière' : aucune région ne se nomme ainsi"),
        ("Département", "Baden", "Département : 'Baden' : aucun département ne se nomme ainsi"),
        ("Commune;INSEE", "Brest;29232", "INSEE : le code INSEE 29232 est celui de Quimper, et non de Brest"),
        ("Commune;Code postal", "Bruxelles;1000", "Code postal : '1000' n'est le code postal de 'Bruxelles' ni avec"),
        ("INSEE", "99999", "INSEE : '99999' : aucune commune n'a ce code INSEE"),
        ("Latitude;Longitude", "nord;x", "Latitude : coordonnées illisibles, 'nord' et 'x'"),
        (
            "Département;Région",
            "29;Occitanie",
            "Région : 'Occitanie' n'est pas la région du département (Finistère) : Bretagne",
        ),
    ],
)
def test_a_place_that_cannot_be_known_is_told(names: str, cells: str, says: str, tmp_path: Path) -> None:
    assert says in place(tmp_path, names, cells)[1]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("https://x.fr/mon site/page.html", "https://x.fr/mon%20site/page.html"),
        ("https://x.fr (mairie)", "https://x.fr"),
    ],
)
def test_an_address_with_a_space_is_kept_whole(cell: str, shown: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"N°,Titre,Texte,Site\n1,A,a,{cell}\n").sheets[0].website == shown


CONTACTS = [
    "06 12 34 56 78", "06.12.34.56.78", "0612345678", "06-12-34-56-78", "06/12/34/56/78", "06 12 345 678",
    "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "+33(0)612345678", "(+33) 6 12 34 56 78", "0033 6 12 34 56 78",
    "0033612345678", "+32 2 123 45 67", "+590 690 12 34 56", "jean@ville.fr", "jean (at) ville.fr", "jean[at]ville.fr",
    "jean @ ville.fr", "jean AT ville DOT fr", "jean arobase ville.fr", "jean (at) ville (point) fr", "jean(à)ville.fr",
]  # fmt: skip


@pytest.mark.parametrize("contact", CONTACTS)
def test_contacts_of_persons_are_masked_in_every_form(contact: str, tmp_path: Path) -> None:
    sheet = read(tmp_path, f"N°;Titre;Texte;Porteur\n1;Voir {contact};Appeler {contact} le soir;{contact}\n").sheets[0]
    mark = "[téléphone masqué]" if contact[-1].isdigit() else "[adresse masquée]"
    assert (sheet.title, texts(sheet), sheet.organisation) == (f"Voir {mark}", [f"Appeler {mark} le soir"], mark)


def test_figures_that_are_no_telephones_stay(tmp_path: Path) -> None:
    text = (
        "En 2018 2019 2020 2021 2022, 10 000 habitants, 0,5 %, du 01/02/2019 03.04.2020 au 05/06/2021 12 ateliers, "
        "1 200 000 €, +1 200 000 €, codes 01000 01100, SIRET 552 100 554 00013, https://x.fr/doc/0612345678.pdf"
    )
    assert texts(read(tmp_path, f"N°;Titre;Texte\n1;A;{text}\n").sheets[0]) == [text]


def test_the_column_of_the_organisations_own_contacts_is_read_as_it_is(tmp_path: Path) -> None:
    sheet = read(tmp_path, "N°;Titre;Texte;Contact\n1;A;a;accueil@ville.fr 02 98 00 00 00\n").sheets[0]
    assert texts(sheet) == ["a", "accueil@ville.fr 02 98 00 00 00"]
