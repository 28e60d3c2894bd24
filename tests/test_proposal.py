"""Tables of which nothing is known: what is proposed of their columns, the layout that makes, and what it reads."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import run_assistant
from spreadsheets import write_xlsx

from ingest.column_plan import ColumnPlan, PlanWrong, compose_layout
from ingest.confined import FileReader
from ingest.layout import Layout, read_layout
from ingest.layout_file import write_layout
from ingest.proposal import propose_plan
from ingest.reading import Reading
from ingest.sheet import Block
from ingest.source import read_source
from ingest.table import TableUnusable

TEXT = "Éplucher et couper la veille, faire revenir dans une grande marmite, puis servir bien chaud à la tablée."
HEADER = ["N°", "Nom de la recette", "Association", "Ville", "CP", "Type de plat", "Régime", "Durée", "Préparation"]
RECIPES = [
    ["R1", "Soupe de courge", "La Tablée", "Rennes", "35000", "Entrée", "végétarien, de saison", "30 min", f"1 {TEXT}"],
    ["R2", "Dhal de lentilles", "Court-bouillon", "Brest", "29200", "Plat", "végétarien", "1 h", f"2 {TEXT}"],
    ["R3", "Ratatouille", "La Tablée", "Nice", "06000", "Plat", "de saison", "1 h", f"3 {TEXT}"],
    ["R4", "Compote", "La Tablée", "Rennes", "35000", "Dessert", "végétarien, Sans gluten", "20 min", f"4 {TEXT}"],
    ["R5", "Gaspacho", "Court-bouillon", "Auch", "32000", "Entrée", "sans gluten, végétarien", "15 min", f"5 {TEXT}"],
    ["R6", "Clafoutis", "La Tablée", "Lyon", "69001", "Dessert", "végétarien", "45 min", f"6 {TEXT}"],
]
ODD = {"Lien": "https://cuisine.example/{}", "Courriel": "atelier{}@cuisine.example", "Année": "202{}", "Vide": ""}


@pytest.fixture(scope="module")
def reader() -> Iterator[FileReader]:
    with FileReader() as reader:
        yield reader


def write_csv(path: Path, rows: list[list[str]], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def recipes(folder: Path) -> Path:
    rows = [[*row, *(value.format(number) for value in ODD.values())] for number, row in enumerate(RECIPES, start=1)]
    return write_csv(folder / "recettes.csv", [["Carnet de recettes"], [*HEADER, *ODD], *rows], encoding="cp1252")


def propose(path: Path, reader: FileReader) -> dict[str, ColumnPlan]:
    return {plan.column: plan for plan in propose_plan(reader.read_sketch(path))}


def read(path: Path, layout: Layout, reader: FileReader) -> Reading:
    return read_source(str(path), layout, reader=reader)


def plan(**parts: str) -> list[ColumnPlan]:
    said = ({"column": column, "part": part, "title": column} for column, part in parts.items())
    return [ColumnPlan.model_validate(each) for each in said]


def compose(**parts: str) -> Layout:
    return compose_layout(plan(**parts), "essai", "Essai", titles_differ=True)


def test_each_column_of_a_table_of_another_trade_is_recognised(tmp_path: Path, reader: FileReader) -> None:
    plans = propose(recipes(tmp_path), reader)
    assert {column: plan.part for column, plan in plans.items()} == {
        "N°": "id",
        "Nom de la recette": "title",
        "Association": "organisation",
        "Ville": "commune",
        "CP": "postcode",
        "Type de plat": "demarche",
        "Régime": "thematique",
        "Durée": "fact",
        "Préparation": "steps",
        "Lien": "website",
        "Courriel": "",
        "Année": "year",
        "Vide": "",
    }
    assert plans["Régime"].separator == ","


def test_a_proposed_layout_reads_its_table_and_finds_the_values_of_its_filters(
    tmp_path: Path, reader: FileReader
) -> None:
    path = recipes(tmp_path)
    layout = compose_layout(list(propose(path, reader).values()), "recettes", "Recettes", titles_differ=True)
    reading = read(path, layout, reader)
    soup = reading.practices[0]
    assert (soup.id, soup.title, soup.organisation, soup.annee) == ("R1", "Soupe de courge", "La Tablée", 2021)
    assert (soup.place.commune, soup.place.departement) == ("Rennes", "35")
    assert (soup.demarche, soup.thematique) == (("entree",), ("vegetarien", "de-saison"))
    assert soup.website == "https://cuisine.example/1"
    assert soup.sections[-1].blocks == (Block(label="Durée", text="30 min"),)
    found = reading.layouts[0].facets
    assert found["thematique"].labels == {
        "vegetarien": "végétarien",
        "de-saison": "de saison",
        "sans-gluten": "Sans gluten",
    }
    assert {each.code: each.count for each in reading.values if each.facet == "thematique"} == {
        "vegetarien": 5,
        "de-saison": 2,
        "sans-gluten": 2,
    }
    assert "@" not in "".join(sheet.model_dump_json() for sheet in reading.sheets)


def test_a_layout_written_to_a_file_is_read_as_it_was(tmp_path: Path, reader: FileReader) -> None:
    path = recipes(tmp_path)
    layout = compose_layout(list(propose(path, reader).values()), 'des "guillemets"', "Été \\ \t", titles_differ=True)
    file = tmp_path / "layout.toml"
    file.write_text(write_layout(layout), encoding="utf-8")
    assert read_layout(str(file)) == layout


@pytest.mark.parametrize("name", ["decider-ensemble", "cooptech", "multibao"])
def test_a_delivered_layout_is_written_and_read_again(name: str, tmp_path: Path) -> None:
    file = tmp_path / "layout.toml"
    file.write_text(write_layout(read_layout(name)), encoding="utf-8")
    assert read_layout(str(file)) == read_layout(name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_parted_though_none_of_their_names_is_known(
    delimiter: str, tmp_path: Path, reader: FileReader
) -> None:
    rows = [["Zorg", "Blib, ou bien", "Quux"], ["un; deux", "b", "c"], ["d", "e", "f"]]
    sketch = reader.read_sketch(write_csv(tmp_path / "t.csv", rows, delimiter))
    assert [column.name for column in sketch.columns] == rows[0]
    assert sketch.first == (("un; deux", "b", "c"), ("d", "e", "f"))


def test_the_sheet_of_a_workbook_with_usual_names_is_the_one_sketched(tmp_path: Path, reader: FileReader) -> None:
    path = tmp_path / "classeur.xlsx"
    write_xlsx(path, {"Lisez-moi": [["Ce classeur", "vient d'ailleurs"]], "Projets": [HEADER, *RECIPES]})
    sketch = reader.read_sketch(path)
    assert ([column.name for column in sketch.columns], sketch.rows) == (HEADER, 6)
    assert "feuille lue : « Projets »" in sketch.remarks[0].reason


def test_points_of_whole_regions_and_what_a_geocoder_wrote_are_not_read(tmp_path: Path, reader: FileReader) -> None:
    header = ["Nom", "Texte", "latitude", "longitude", "BAN_city"]
    rows = [[f"n{row}", f"{row} {TEXT}", "48.84", "2.56", "Noisy-le-Grand"] for row in range(8)]
    plans = propose(write_csv(tmp_path / "t.csv", [header, *rows]), reader)
    assert [plans[name].part for name in header[2:]] == ["", "", ""]


def test_an_empty_table_cannot_be_sketched(tmp_path: Path, reader: FileReader) -> None:
    (tmp_path / "vide.csv").touch()
    with pytest.raises(TableUnusable, match="le fichier est vide"):
        reader.read_sketch(tmp_path / "vide.csv")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"Texte": "text"}, "Aucune colonne n'est le titre"),
        ({"Nom": "title"}, "Aucune colonne n'est un texte"),
        ({"Nom": "title", "=x": "text"}, "commence par « = »"),
    ],
)
def test_a_plan_without_title_or_text_says_what_to_choose(parts: dict[str, str], told: str) -> None:
    with pytest.raises(PlanWrong, match=told):
        compose(**parts)


def test_rows_of_the_same_title_are_told_apart_by_what_stands_beside() -> None:
    plans = plan(Nom="title", Ville="commune", T="text")
    assert compose_layout(plans, "x", "X", titles_differ=False).id.columns == ("Nom + Ville",)
    assert compose_layout(plans, "x", "X", titles_differ=True).id.columns == ("Nom",)


def test_columns_are_joined_and_constants_stand_in_every_row(tmp_path: Path, reader: FileReader) -> None:
    rows = [
        ["Prénom", "Nom", "But", "Suite", "Qui"],
        ["Ada", "Li", "Un but", "Une suite", ""],
        ["Jo", "", "B", "", "Moi"],
    ]
    layout = read_layout(str(write_toml(tmp_path)))
    one, two = read(write_csv(tmp_path / "t.csv", rows), layout, reader).practices
    assert (one.id, one.title, one.organisation) == ("ada-li", "Ada Li", "Ville de Lyon")
    assert (two.id, two.title, two.organisation) == ("Jo", "Jo", "Moi")
    assert [block.text for block in one.sections[0].blocks] == ["Un but", "Une suite"]
    assert one.place.departement == "69"


def write_toml(folder: Path) -> Path:
    path = folder / "l.toml"
    path.write_text(
        'name = "l"\ntitle = "L"\n[files]\ntables = ["*.csv"]\n[id]\ncolumns = ["Prénom + Nom"]\npattern = "^(.+)$"\n'
        '[columns]\ntitle = ["Prénom + Nom"]\norganisation = ["Qui", "= Ville de Lyon"]\n'
        '[columns.place]\ndepartement = ["= 69"]\n'
        '[[sections]]\nkey = "but"\ntitle = "But"\ncolumn = ["But + Suite"]\nseparator = "//"\n',
        encoding="utf-8",
    )
    return path


def test_a_column_of_too_many_values_is_no_filter_and_that_is_told(tmp_path: Path, reader: FileReader) -> None:
    rows = [["Nom", "Texte", "Thème"], *([f"n{row}", "du texte", f"thème {row}"] for row in range(101))]
    reading = read(write_csv(tmp_path / "t.csv", rows), compose(Nom="title", Texte="text", Thème="thematique"), reader)
    assert reading.layouts[0].facets == {}
    assert {sheet.thematique for sheet in reading.sheets} == {()}
    assert [(each.column, each.reason[:24]) for each in reading.notices] == [("Thème", "101 valeurs différentes,")]


@pytest.mark.parametrize(
    ("cell", "annee", "edition"),
    [
        ("2019", 2019, "2019"),
        ("12/03/2021", 2021, "2021"),
        ("2019.0", 2019, "2019"),
        ("2019 - 2021", None, "2019-2021"),
    ],
)
def test_the_year_is_read_of_its_own_column(
    cell: str, annee: int | None, edition: str, tmp_path: Path, reader: FileReader
) -> None:
    rows = [["Nom", "Texte", "Fait le"], ["n", "du texte", cell]]
    layout = compose(**{"Nom": "title", "Texte": "text", "Fait le": "year"})
    sheet = read(write_csv(tmp_path / "t.csv", rows), layout, reader).sheets[0]
    assert (sheet.annee, sheet.edition) == (annee, edition)


def test_a_cell_without_a_year_is_told(tmp_path: Path, reader: FileReader) -> None:
    rows = [["Nom", "Texte", "Fait le"], ["n", "du texte", "bientôt"]]
    layout = compose(**{"Nom": "title", "Texte": "text", "Fait le": "year"})
    notice = read(write_csv(tmp_path / "t.csv", rows), layout, reader).notices[0]
    assert (notice.row, notice.column) == (2, "Fait le")
    assert "aucune année dans 'bientôt'" in notice.reason


def test_a_layout_check_groups_what_it_says_and_counts_the_values_found(tmp_path: Path) -> None:
    layout = compose(Nom="title", Texte="text", Genre="thematique", An="year")
    (tmp_path / "l.toml").write_text(write_layout(layout), encoding="utf-8")
    rows = [[f"n{row}", f"texte {row}", "Vert" if row % 3 else "Bleu", "bientôt"] for row in range(9)]
    table = write_csv(tmp_path / "t.csv", [["Nom", "Texte", "Genre", "An"], *rows, ["", "sans nom", "Vert", "2020"]])
    told = run_assistant("layout", "check", str(tmp_path / "l.toml"), str(table)).stdout
    told = " ".join(told.split())
    assert "À vérifier (9) : t.csv, ligne 2, 3, 4 …, colonne 'An' : aucune année dans 'bientôt'" in told
    assert "Écarté (1) : t.csv, ligne 11, colonne 'Nom' : la cellule est vide" in told
    assert "valeurs trouvées (2) : Vert (6), Bleu (3)" in told
    assert "Genre : Bleu" in told
