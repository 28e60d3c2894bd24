"""Questions that sheets answer: read from a column, a front matter or a file that staff edit; wrong ones are told."""

import csv
from pathlib import Path

import pytest
from conftest import SHEETS

from index.measuring.golden import read_golden
from ingest.layout import Layout, read_layout
from ingest.markdown import read_text_sheet
from ingest.questions import QUESTION_FILE, QuestionReading, SheetQuestion, choose_keys, read_question_file
from ingest.reading import Reading, prefix_ids
from ingest.sheet import Sheet
from ingest.source import read_source

KNOWN = {
    "1": Sheet(id="1", title="Le budget du Gers"),
    "27": Sheet(id="27", title="Un jury"),
    "m": Sheet(id="m", title="Note interne", access="members"),
}


@pytest.fixture(scope="module")
def own(layout: Layout) -> Reading:
    return read_source(str(SHEETS), layout)


def read(text: str, folder: Path) -> QuestionReading:
    path = folder / QUESTION_FILE
    path.write_text(text, encoding="utf-8")
    return read_question_file(path, KNOWN)


def with_cell(cell: str, sheets_copy: Path, layout: Layout) -> Reading:
    """The own sheets, the first with this cell in the column of questions."""
    path = sheets_copy / "csv" / "fiches.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "Questions"])
        writer.writeheader()
        writer.writerows([{**rows[0], "Questions": cell}, *rows[1:]])
    (sheets_copy / QUESTION_FILE).unlink()
    return read_source(str(sheets_copy), layout)


def test_each_of_the_projects_sheets_has_two_to_four_questions_of_its_own(own: Reading) -> None:
    counts = {sheet.id: 0 for sheet in own.practices}
    for question in own.questions:
        if question.sheet in counts:
            counts[question.sheet] += 1
    assert len(counts) == 35
    assert {2, 3, 4} >= set(counts.values())
    assert not [notice for notice in own.notices if notice.file == QUESTION_FILE]


def test_a_golden_question_is_no_search_key(own: Reading) -> None:
    golden = own.golden[0].read_text(encoding="utf-8")
    assert not [question.text for question in own.questions if question.text in golden]


def test_a_file_gives_texts_and_what_staff_know_of_them(tmp_path: Path) -> None:
    text = """
1:
  - Qui a voté le premier ?
  - question: Que dit le modèle ?
    origin: model
  - {question: "Que garder du modèle ?", origin: model, accepted: true}
  - {question: "Que refuser du modèle ?", origin: model, accepted: non}
"27": Une seule question ?
m:
  - question: Que savent les adhérents ?
    access: public
"""
    reading = read(text, tmp_path)
    assert reading.notices == []
    assert reading.questions == [
        SheetQuestion(sheet="1", text="Qui a voté le premier ?"),
        SheetQuestion(sheet="1", text="Que dit le modèle ?", origin="model", state="proposed"),
        SheetQuestion(sheet="1", text="Que garder du modèle ?", origin="model"),
        SheetQuestion(sheet="1", text="Que refuser du modèle ?", origin="model", state="rejected"),
        SheetQuestion(sheet="27", text="Une seule question ?"),
        SheetQuestion(sheet="m", text="Que savent les adhérents ?", access="members"),
    ]


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        pytest.param("999:\n  - Qui est là ?", 1, "aucune fiche n'a l'identifiant '999'", id="unknown-sheet"),
        pytest.param("01:\n  - Qui est là ?", 1, "aucune fiche n'a l'identifiant '01'", id="ids-are-kept-as-written"),
        pytest.param("1:\n  - Qui vote ?\n  -\n", 3, "question vide", id="empty"),
        pytest.param(f"1:\n  - {'très ' * 50}long ?", 2, "trop longue, 256 caractères pour 200 au plus", id="long"),
        pytest.param("1:\n  - Qui <b>vote</b> ici ?", 2, "écrivez-la en texte simple", id="html"),
        pytest.param("1:\n  - Qui lit https://exemple.fr ?", 2, "écrivez-la en texte simple", id="link"),
        pytest.param("1:\n  - Faut-il écrire à a.b@exemple.fr ?", 2, "appartiennent à des personnes", id="contact"),
        pytest.param("1:\n  - Budget participatif : combien ?", 2, "entre guillemets si elle contient", id="unquoted"),
        pytest.param("1:\n  - question: Qui est là ?\n    accepted: bof", 2, "valeurs possibles", id="unknown-value"),
        pytest.param("1:\n  - [[Qui est là]]", 2, "une question ne peut avoir que", id="nested"),
        pytest.param("1:\n - Qui est là ?\n- Et là ?\n", 3, "pas du YAML correct", id="not-yaml"),
        pytest.param("- Qui est là ?", 1, "l'identifiant d'une fiche suivi de", id="no-ids"),
        pytest.param("[" * 5000, 1, "pas du YAML correct", id="endless"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line_and_how_to_mend_it(
    text: str, row: int | None, reason: str, tmp_path: Path
) -> None:
    reading = read(text, tmp_path)
    (notice,) = reading.notices
    assert (notice.file, notice.row) == (QUESTION_FILE, row)
    assert reason in notice.reason


def test_a_file_in_another_encoding_or_empty_is_no_crash(tmp_path: Path) -> None:
    assert read("", tmp_path) == QuestionReading()
    (tmp_path / QUESTION_FILE).write_bytes("1: Où êtes-vous passés ?".encode("cp1252"))
    (notice,) = read_question_file(tmp_path / QUESTION_FILE, KNOWN).notices
    assert "UTF-8" in notice.reason


def test_a_column_gives_questions_on_lines_or_between_slashes(sheets_copy: Path, layout: Layout) -> None:
    reading = with_cell("- Qui  vote ici ?\n2. Dès quel âge ? // Combien de votants ?", sheets_copy, layout)
    texts = [question.text for question in reading.questions if question.sheet == "1"]
    assert texts == ["Qui vote ici ?", "Dès quel âge ?", "Combien de votants ?"]


@pytest.mark.parametrize(("wrong", "says"), [("voir www.exemple.fr", "dans une question"), ("<script>", "HTML")])
def test_a_wrong_cell_is_told_with_its_row_and_column(wrong: str, says: str, sheets_copy: Path, layout: Layout) -> None:
    reading = with_cell(f"Qui vote ici ? // {wrong}", sheets_copy, layout)
    notice = next(notice for notice in reading.notices if notice.column.upper() == "QUESTIONS")
    assert (notice.file, notice.row) == ("fiches.csv", 2)
    assert says in notice.reason
    assert [question.text for question in reading.questions] == ["Qui vote ici ?"]


def test_the_front_matter_of_a_text_gives_questions_that_its_sections_do_not_show(tmp_path: Path) -> None:
    path = tmp_path / "methode.md"
    listed = "---\nquestions:\n  - Où s'asseoir ?\n  - Et après-demain ?\n---\n# Le cercle\n\nOn se réunit.\n"
    path.write_text(listed, encoding="utf-8")
    reading = read_text_sheet(path, read_layout("multibao"))
    assert [question.text for question in reading.questions] == ["Où s'asseoir ?", "Et après-demain ?"]
    assert "asseoir" not in reading.sheet.model_dump_json()


def test_ids_of_golden_questions_are_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("- question: Qui vote ici ?\n  sheets: [0012, 01000, 27]\n", encoding="utf-8")
    assert [question.sheets for question in read_golden(tmp_path / "t.yaml")] == [("0012", "01000", "27")]


def test_keys_are_each_once_staffs_first_without_the_rejected_ones() -> None:
    def ask(text: str, **fields: str) -> SheetQuestion:
        return SheetQuestion.model_validate({"sheet": "1", "text": text, **fields})

    model = ask("Qui vote ?", origin="model", state="proposed")
    staff = ask("Qui vote ?")
    refused = ask("Où voter ?", origin="model", state="rejected")
    kept = ask("Comment voter ?", origin="model")
    assert choose_keys([model, kept, refused, ask("ou voter"), staff]) == (staff, kept)


def test_more_than_twenty_questions_on_a_sheet_are_told_and_not_read(sheets_copy: Path) -> None:
    lines = "".join(f"  - Question numéro {number} ?\n" for number in range(25))
    (sheets_copy / QUESTION_FILE).write_text(f"2:\n{lines}", encoding="utf-8")
    reading = read_source(str(sheets_copy), read_layout("decider-ensemble"))
    assert len(choose_keys(reading.questions)) == 20
    assert [notice.file for notice in reading.notices if "25 questions" in notice.reason] == ["fiche 2"]


def test_questions_follow_their_sheets_when_ids_are_prefixed(own: Reading, layout: Layout) -> None:
    prefixed = prefix_ids(read_source(str(SHEETS), layout), "x")
    assert {question.sheet for question in prefixed.questions} == {f"x-{each.sheet}" for each in own.questions}
