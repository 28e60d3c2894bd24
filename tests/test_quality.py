"""The judged questions on the real sheets, each asked once: floors, no fault in an answer, what a change changes."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import run_assistant
from judged_answers import JudgedAnswers, ask_all

from assistant.checks.verification import find_faults
from assistant.notes.shelf import Shelf
from assistant.pipeline import Knowledge
from index.encoding.encoder import Encoder
from index.opened import Index
from tools.characterise import FILE, characterise, compare, read_file

_SLACK = 0.01  # of the values: sums of floats differ between processors, and two sheets as good may change places


@pytest.fixture(scope="module")
def score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged(name: str, shared: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (shared / "eval" / "dev" / f"{name}.jsonl").open(encoding="utf-8")]


@pytest.fixture(scope="module")
def found(shared: Path, real_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `search --batch` gives for two files at once, by the ids of their lines, which are all different."""
    batch = tmp_path_factory.mktemp("search") / "search.jsonl"
    batch.write_text("".join(json.dumps(row) + "\n" for name in ("queries", "filters") for row in judged(name, shared)))
    result = run_assistant("search", "--batch", str(batch), ASSISTANT_DATA_DIR=str(real_data_dir))
    assert result.returncode == 0, result.stderr
    return {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}


@pytest.fixture(scope="module")
def told(shared: Path, judged_answers: JudgedAnswers) -> dict[str, Any]:
    """What `ask --batch` would give, of answers that other tests look at too; test_cli asks it itself."""
    rows = [row for name in ("queries", "facts", "out_of_scope", "conversations") for row in judged(name, shared)]
    return {row["id"]: ask(row, judged_answers) for row in rows}


def ask(row: dict[str, Any], judged_answers: JudgedAnswers) -> dict[str, Any]:
    asked = [turn["user"] for turn in row["turns"]] if "turns" in row else [row["query"]]
    given = [each.model_dump(mode="json") for each in judged_answers.ask(asked)]
    return {"id": row["id"], "turns": given} if "turns" in row else {"id": row["id"], **given[0]}


def test_the_right_sheets_are_found(score: ModuleType, shared: Path, found: dict[str, Any]) -> None:
    result = score.score_search(judged("queries", shared), found)
    assert result["ndcg10"] >= 0.8
    assert result["first_is_best_grade"] >= 0.72
    assert result["recall10"] >= 0.78
    assert min(result["by_kind"].values()) >= 0.7


def test_what_questions_imply_is_understood(score: ModuleType, shared: Path, found: dict[str, Any]) -> None:
    assert score.score_filters(judged("filters", shared), found)["exact"] >= 0.9


def test_facts_are_right_and_cited(score: ModuleType, shared: Path, told: dict[str, Any]) -> None:
    assert score.score_facts(judged("facts", shared), told)["right_and_cited"] >= 0.92


def test_later_turns_are_about_the_right_sheets(score: ModuleType, shared: Path, told: dict[str, Any]) -> None:
    assert score.score_turns(judged("conversations", shared), told)["later"]["ndcg10"] >= 0.7


def test_questions_out_of_scope_are_declined_and_others_seldom(
    score: ModuleType, shared: Path, told: dict[str, Any]
) -> None:
    assert score.score_abstain(judged("out_of_scope", shared), told)["abstained"] >= 0.88
    assert score.score_abstain(judged("queries", shared), told)["abstained"] <= 0.05


def test_200_answers_have_no_fault(shared: Path, real_index: Index, judged_answers: JudgedAnswers) -> None:
    answers = ask_all(shared / "eval" / "dev", judged_answers)
    assert len(answers) >= 200
    assert sum(len(each.citations) for each in answers) >= 500
    assert [
        fault for each in answers for fault in find_faults(each, real_index, tuple(Shelf().library().notes.values()))
    ] == []
    assert not [line for line in judged_answers.logged if "Faults" in line]  # nor was a line left out for one
    assert {citation.access for each in answers for citation in each.citations} == {"public"}


def test_every_judged_question_is_read_and_answered_as_before(
    real_index: Index, encoder: Encoder, shared: Path, judged_answers: JudgedAnswers
) -> None:
    folders = [shared / "eval" / "dev", shared / "eval" / "dev2"]
    lines = list(characterise(folders, Knowledge(real_index, encoder, ""), judged_answers.ask))
    differing = compare(read_file(), lines)
    known = sum(len(line) for line in lines)
    told = "\n".join(differing)
    assert not [each for each in differing if " reading." in each], told
    assert len(differing) <= _SLACK * known, f"{told}\nRight? Write {FILE.name} anew: see tools/characterise.py"


def test_what_differs_is_told_question_by_question() -> None:
    line = {"id": "a", "reading": {"link": "ask"}, "form": "fact", "sheets": ["1"]}
    known = {"a": {**line, "reading": {}, "sheets": ["1", "2"]}}
    assert compare(known, [line]) == ["a sheets: ['1', '2'] -> ['1']", "a reading.link: None -> ask"]
    assert compare({"a": line}, [line]) == []
