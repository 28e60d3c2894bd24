"""The command line, run as people run it."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SHEETS, make_data_dir, run_assistant

from assistant.settings import Settings


def check_refused(*arguments: str, says: str, **environment: str) -> None:
    """The command ends with code 2 and one clear sentence, without traceback."""
    result = run_assistant(*arguments, **environment)
    assert result.returncode == 2, result.stdout + result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.fixture(scope="module")
def printed(own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `reindex --json` prints when the title of a sheet changed."""
    folder = tmp_path_factory.mktemp("printed")
    sheets = Path(shutil.copytree(SHEETS, folder / "sheets"))
    change_title(sheets)
    data_dir = str(make_data_dir(folder / "var", own_data_dir))
    result = run_assistant("reindex", str(sheets), "--json", ASSISTANT_DATA_DIR=data_dir)
    assert result.returncode == 0, result.stderr
    (folder / "report.json").write_text(result.stdout, encoding="utf-8")
    return folder / "report.json"


def test_reindexing_prints_one_json_report(printed: Path) -> None:
    report = json.loads(printed.read_text(encoding="utf-8"))
    assert report["promoted"] is True
    assert report["sheets"]["total"] >= 30
    assert report["sheets"]["changed"] == 1
    assert report["rejected"] == []


def test_the_report_has_the_shape_of_the_contract(printed: Path, shared: Path) -> None:
    command = [sys.executable, str(shared / "eval" / "shapes.py"), "reindex", str(printed)]
    check = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (check.returncode, check.stdout) == (0, "ok: 1 lines\n")


def change_title(sheets: Path) -> None:
    table = sheets / "csv" / "fiches.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("participatif gersois", "participatif du Gers", 1))


def test_reindexing_tells_staff_what_was_done(own_data_dir: Path, sheets_copy: Path, tmp_path: Path) -> None:
    change_title(sheets_copy)
    data_dir = str(make_data_dir(tmp_path, own_data_dir))
    result = run_assistant("reindex", str(sheets_copy), ASSISTANT_DATA_DIR=data_dir)
    assert result.returncode == 0
    assert "en service" in result.stdout
    assert "1 sous mot de passe" in result.stdout


def test_the_index_can_be_verified(own_data_dir: Path) -> None:
    result = run_assistant("index", "verify", ASSISTANT_DATA_DIR=str(own_data_dir))
    assert result.returncode == 0
    assert "fichiers intacts" in result.stdout


def test_verifying_can_ask_the_golden_questions_of_the_source(own_data_dir: Path, tmp_path: Path) -> None:
    environment = {"ASSISTANT_DATA_DIR": str(own_data_dir)}
    quick = json.loads(run_assistant("index", "verify", "--json", **environment).stdout)
    assert "golden" not in quick
    golden = json.loads(run_assistant("index", "verify", "--ask", "--json", **environment).stdout)["golden"]
    assert golden["asked"] > 0
    assert golden["recall"] == golden["before"]
    file = tmp_path / "mine.yaml"
    file.write_text("- question: une recette de cuisine au fromage\n  sheets: [nulle-part]\n", encoding="utf-8")
    told = run_assistant("index", "verify", "--questions", str(file), **environment).stdout
    assert "fichiers intacts" in told
    assert "Aucune question témoin à poser" in told


def test_search_prints_hits_in_the_shape_of_the_contract(own_data_dir: Path) -> None:
    result = run_assistant(
        "search", "budget participatif", "--top", "3", "--json", ASSISTANT_DATA_DIR=str(own_data_dir)
    )
    found = json.loads(result.stdout)
    assert len(found["hits"]) == 3
    assert set(found["hits"][0]) >= {"sheet", "title", "score", "passage"}
    assert set(found["hits"][0]["passage"]) == {"id", "section", "page", "text", "access"}


def test_ask_answers_people_with_sources(own_data_dir: Path) -> None:
    question = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
    result = run_assistant("ask", question, ASSISTANT_DATA_DIR=str(own_data_dir))
    assert result.returncode == 0
    assert "47 000" in result.stdout.replace("\u00a0", " ")
    assert "[1] " in result.stdout


def test_ask_answers_a_batch_of_questions_and_turns(own_data_dir: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(
        '{"id": 1, "query": "C\'est quoi les Trophées ?"}\n\n{"id": "c", "turns": [{"user": "bonjour"}]}\n'
    )
    result = run_assistant("ask", "--batch", str(batch), ASSISTANT_DATA_DIR=str(own_data_dir))
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["id"], first["kind"]) == ("1", "centre")
    assert (second["id"], second["turns"][0]["kind"]) == ("c", "small_talk")


def test_turns_of_a_batch_follow_one_another(own_data_dir: Path, tmp_path: Path) -> None:
    batch = tmp_path / "turns.jsonl"
    turns = [{"user": "Quel budget participatif dans le Gers ?"}, {"user": "le premier, combien de votants en 2019 ?"}]
    batch.write_text(json.dumps({"id": "c", "turns": turns}))
    result = run_assistant("ask", "--batch", str(batch), ASSISTANT_DATA_DIR=str(own_data_dir))
    first, second = json.loads(result.stdout)["turns"]
    assert second["sheets"][0] == first["sheets"][0]
    assert second["standalone_question"].endswith(" : le premier, combien de votants en 2019 ?")


def test_members_see_pages_of_documents_and_visitors_do_not(own_data_dir: Path) -> None:
    arguments = ["search", "Revenir aux mêmes endroits pour raconter ce que les paroles ont changé", "--json"]
    public = json.loads(run_assistant(*arguments, ASSISTANT_DATA_DIR=str(own_data_dir)).stdout)
    member = json.loads(run_assistant(*arguments, "--as", "member", ASSISTANT_DATA_DIR=str(own_data_dir)).stdout)
    assert {hit["passage"]["access"] for hit in public["hits"]} == {"public"}
    assert "members" in {hit["passage"]["access"] for hit in member["hits"]}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("", "est vide", id="empty"),
        pytest.param("a,b\n1,2\n", "'TITRE DU PROJET'", id="missing-columns"),
        pytest.param("TITRE DU PROJET,À RETENIR\n,\n", "n'a que son en-tête", id="no-rows"),
    ],
)
def test_a_bad_table_is_refused(content: str, says: str, tmp_path: Path) -> None:
    table = tmp_path / "fiches.csv"
    table.write_text(content, encoding="utf-8")
    check_refused("reindex", str(table), says=says, ASSISTANT_DATA_DIR=str(tmp_path / "data"))
    assert not (tmp_path / "data" / "index").exists()


def test_no_source_no_table_no_layout_are_refused(tmp_path: Path) -> None:
    check_refused("reindex", "nulle-part", says="introuvable")
    check_refused("reindex", str(tmp_path), says="aucun tableau")
    check_refused("reindex", str(SHEETS), "--pdf-dir", "nulle-part", says="Dossier de PDF 'nulle-part' introuvable")
    check_refused("reindex", str(SHEETS), "--layout", "inconnue", says="Mise en page 'inconnue' inconnue")


def test_searching_without_an_index_says_what_to_run(tmp_path: Path) -> None:
    check_refused("search", "budget", says="assistant reindex", ASSISTANT_DATA_DIR=str(tmp_path))


def test_a_corrupt_index_is_refused(own_data_dir: Path, tmp_path: Path) -> None:
    folder = make_data_dir(tmp_path / "d") if (tmp_path / "d").mkdir() is None else tmp_path
    shutil.copytree(own_data_dir / "index", folder / "index")
    version = (folder / "index" / "current").read_text()
    (folder / "index" / version / "public" / "passages" / "passages.jsonl").write_text("{")
    check_refused("ask", "budget", says="est abîmé", ASSISTANT_DATA_DIR=str(folder))


def test_another_model_than_the_indexs_is_refused(own_data_dir: Path) -> None:
    environment = {"ASSISTANT_DATA_DIR": str(own_data_dir), "ASSISTANT_EMBEDDING_MODEL": "autre/modele"}
    check_refused("ask", "budget", says="les réglages demandent 'autre/modele'", **environment)


def test_a_wrong_model_is_refused(tmp_path: Path) -> None:
    environment = {"ASSISTANT_DATA_DIR": str(tmp_path), "ASSISTANT_EMBEDDING_MODEL": "autre/modele"}
    check_refused("reindex", "--json", says="ne s'ouvre pas", **environment)


def test_a_data_directory_that_cannot_be_written_is_refused() -> None:
    check_refused("reindex", says="ne peut pas être écrit", ASSISTANT_DATA_DIR="/proc/assistant")


def test_a_broken_model_file_is_refused_with_how_to_mend_it(own_data_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(own_data_dir / "index", tmp_path / "index")
    name = Settings().model_name
    model = Path(shutil.copytree(own_data_dir / "models" / name, tmp_path / "models" / name))
    (model / "model.safetensors").write_bytes(b"\0" * 1000)
    check_refused("ask", "budget", says="Supprimez", ASSISTANT_DATA_DIR=str(tmp_path))


def test_a_misspelt_setting_is_told(own_data_dir: Path) -> None:
    environment = {"ASSISTANT_DATA_DIR": str(own_data_dir), "ASSISTANT_PROT": "9"}
    result = run_assistant("index", "verify", **environment)
    assert (result.returncode, "Réglage inconnu, ignoré : ASSISTANT_PROT" in result.stderr) == (0, True)


def test_an_address_of_another_machine_is_refused_with_its_own_advice(tmp_path: Path) -> None:
    check_refused("serve", "--host", "192.0.2.1", says="ASSISTANT_HOST", ASSISTANT_DATA_DIR=str(tmp_path))


def test_a_taken_port_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        check_refused("serve", "--port", str(port), says=f"127.0.0.1:{port}", ASSISTANT_DATA_DIR=str(tmp_path))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ASSISTANT_PORT", "abc"),
        ("ASSISTANT_LLM_TIMEOUT", "-1"),
        ("ASSISTANT_PDF_PASSWORDS", "{"),
        ("ASSISTANT_LLM", "x:y"),
        ("ASSISTANT_LLM", "openai:x"),
        ("ASSISTANT_REINDEX_EVERY", "souvent"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(setting: str, value: str, own_data_dir: Path) -> None:
    check_refused("ask", "budget", says=setting, **{"ASSISTANT_DATA_DIR": str(own_data_dir), setting: value})


@pytest.mark.parametrize("line", ["pas du json", '{"query": "x"}', '{"id": 1}', "[]"])
def test_a_wrong_line_of_questions_is_refused_with_its_number(line: str, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(f'{{"id": "1", "query": "x"}}\n{line}\n')
    check_refused("ask", "--batch", str(batch), says="ligne 2")


def test_a_missing_question_is_refused() -> None:
    check_refused("ask", says="Écrivez une question")
    check_refused("search", "  ", says="Écrivez une question")
