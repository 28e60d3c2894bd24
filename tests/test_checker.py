"""The judge of statements: its model as it is shipped, what it reaches on the judged set, its commands."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import run_assistant
from written import open_checker

from assistant.checks.checker import Judged
from assistant.checks.note import NoteWrong, check_note, read_note
from assistant.checks.support import climb, load
from assistant.exports.docx_writer import write_docx
from assistant.finding.search import Sources
from index.encoding.encoder import Encoder
from index.opened import Index
from index.storage.folder_store import FolderStore

HEADING = "Budget participatif – Ville de Foix – Déroulé du projet"
TEXT = (
    "La ville a réservé 20 000 € aux jeunes de 13 à 17 ans. "
    "Les habitants déposent leurs idées en mars, puis les services les chiffrent. "
    "L'objectif est de toucher ceux qui ne votent pas. Aucun prestataire n'a été retenu."
)


def judge(statement: str) -> Judged:
    return open_checker().judge(statement, [(HEADING, TEXT)])


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        pytest.param("Foix a réservé 30 000 € aux jeunes.", "figure", id="another-figure"),
        pytest.param("La ville a réservé 20 000 € aux jeunes de Toulouse.", "name", id="another-place"),
        pytest.param("L'agence Cap Collectif chiffre les idées en mars.", "name", id="another-organisation"),
    ],
)
def test_a_figure_or_a_name_that_is_not_there_contradicts(statement: str, why: str) -> None:
    judged = judge(statement)
    assert (judged.verdict, judged.why) == ("contradicted", why)


@pytest.mark.parametrize(
    "statement",
    [
        "Les habitants déposent leurs idées en mars.",
        "À Foix, les services chiffrent les idées que les habitants déposent en mars.",
        "La ville de Foix a réservé 20 000 € aux jeunes de 13 à 17 ans.",
    ],
)
def test_what_is_said_is_not_contradicted_and_is_proved_by_its_sentence(statement: str) -> None:
    judged = judge(statement)
    assert judged.verdict != "contradicted"
    assert all(proof.sentence in TEXT for proof in judged.proofs)


@pytest.mark.parametrize("statement", ["", " ", "?", "…", "1", "[", "\u200b", "a" * 900, "é " * 400])
def test_any_text_is_judged(statement: str) -> None:
    assert judge(statement).verdict in ("doubtful", "contradicted")
    assert open_checker().judge(statement, []).verdict == "doubtful"
    assert open_checker().judge(statement, [("", "")]).verdict == "doubtful"


def test_a_forest_is_climbed_to_its_leaves() -> None:
    """One tree: under 0 of the first sign its left leaf, else by the second sign."""
    forest = {
        "roots": np.array([0]),
        "left": np.array([1, 1, 3, 3, 4]),
        "right": np.array([2, 1, 4, 3, 4]),
        "sign": np.array([0, 0, 1, 0, 0]),
        "threshold": np.array([0.0, 0.0, 0.5, 0.0, 0.0]),
        "value": np.array([0.0, -1.0, 0.0, 2.0, 4.0]),
        "start": np.float32(0.25),
        "depth": np.int16(3),
    }
    signs = np.array([[-1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    assert [climb(forest, each) for each in signs] == [-0.75, 2.25, 4.25]


def test_the_shipped_model_reaches_its_figures_on_the_judged_set(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "eval" / "dev" / "statements.jsonl").read_text().splitlines()]
    told: dict[str, list[str]] = {"faithful": [], "unfaithful": []}
    for row in rows:
        passages = [(each["heading"], each["text"]) for each in row["passages"]]
        told[row["label"]].append(open_checker().judge(row["statement"], passages).verdict)
    share = {label: {one: all_.count(one) / len(all_) for one in set(all_)} for label, all_ in told.items()}
    print(share)
    assert share["unfaithful"].get("confirmed", 0.0) <= 0.10
    assert share["faithful"].get("confirmed", 0.0) >= 0.45
    assert share["faithful"].get("contradicted", 0.0) <= 0.10


def test_the_model_is_small_and_its_thresholds_are_in_order() -> None:
    fitted = load()
    assert 0 < fitted.contradicted < fitted.confirmed < 1
    assert len(fitted.names) == len(fitted.centre) == len(fitted.spread)


def test_statements_are_proved_a_line_each(own_data_dir: Path, tmp_path: Path) -> None:
    passages = [{"heading": HEADING, "text": TEXT}]
    stated = {"a": "Les habitants déposent leurs idées en mars.", "b": "Foix a réservé 30 000 € aux jeunes."}
    rows = [{"id": name, "statement": statement, "passages": passages} for name, statement in stated.items()]
    batch = tmp_path / "statements.jsonl"
    batch.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run_assistant("prove", "--batch", str(batch), ASSISTANT_DATA_DIR=str(own_data_dir))
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["id"], each["supported"]) for each in told] == [("a", True), ("b", False)]
    assert told[1]["reason"] == "figure"
    assert all(0 <= each["probability"] <= 1 and each["quotes"] for each in told)
    batch.write_text('{"id": "a", "statement": "x"}\n', encoding="utf-8")
    wrong = run_assistant("prove", "--batch", str(batch), ASSISTANT_DATA_DIR=str(own_data_dir))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "ligne 1" in wrong.stderr


NOTE = """# Note sur le budget participatif

Le premier budget participatif lancé par un département français, en 2018.
Dans le Gers, plus de 58 000 personnes ont voté en 2019, soit 33 % du corps électoral.
La ville de Zurich a dépensé 4 millions de francs pour ses abeilles.
Une phrase sans rien à comparer.
"""


def test_a_note_is_compared_with_the_sheets_sentence_by_sentence(own_data_dir: Path, encoder: Encoder) -> None:
    sources = Sources(FolderStore(own_data_dir / "index").open(encoder.name, "public"), encoder, "")
    exact, wrong, unknown = check_note(NOTE.partition("\n")[2], sources, open_checker())
    assert (exact.verdict, exact.sheet) == ("exact", "1")
    assert (wrong.verdict, wrong.sheet) == ("contradicted", "1")
    assert "47 000" in wrong.quote
    assert (unknown.verdict, unknown.sheet, unknown.quote) == ("unknown", "", "")


@pytest.mark.parametrize("name", ["absent.md", "note.pdf", "broken.docx", "latin.txt"])
def test_a_note_that_cannot_be_read_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name != "absent.md":
        path.write_bytes("été".encode("latin-1"))
    with pytest.raises(NoteWrong, match=name):
        read_note(path)


def test_a_word_file_is_read_with_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "note.docx"
    path.write_bytes(write_docx("# Titre\n\n47 000 personnes.\n\n| a | b |\n|---|---|\n| c | 33 % |\n", "Titre"))
    text = read_note(path)
    assert "47 000 personnes." in text
    assert "33 %" in text


def test_the_command_tells_each_sentence_with_its_sheet(own_data_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    done = run_assistant("check", str(path), "--json", ASSISTANT_DATA_DIR=str(own_data_dir))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"sentence", "verdict", "sheet", "quote"} == set(told[0])
    missing = run_assistant("check", str(tmp_path / "absent.md"), ASSISTANT_DATA_DIR=str(own_data_dir))
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "absent.md" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_no_member_note_is_told_to_a_visitor(own_index: Index, own_members_index: Index, encoder: Encoder) -> None:
    secret = next(each for each in own_members_index.passages if each.access == "members" and len(each.text) > 60)
    told = check_note(f"« {secret.text} »", Sources(own_index, encoder, ""), open_checker())
    assert all(secret.text not in each.quote for each in told)
