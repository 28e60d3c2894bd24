"""Floors on the judged development set, with its own scorer: they may only rise."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import run_assistant


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


def run(command: str, names: list[str], shared: Path, data_dir: Path, folder: Path) -> dict[str, Any]:
    """What a command gives for several files at once, by the ids of their lines, which are all different."""
    batch = folder / f"{command}.jsonl"
    texts = [(shared / "eval" / "dev" / f"{name}.jsonl").read_text(encoding="utf-8") for name in names]
    batch.write_text("".join(texts), encoding="utf-8")
    result = run_assistant(command, "--batch", str(batch), ASSISTANT_DATA_DIR=str(data_dir))
    assert result.returncode == 0, result.stderr
    return {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}


@pytest.fixture(scope="module")
def found(shared: Path, real_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run("search", ["queries", "filters"], shared, real_data_dir, tmp_path_factory.mktemp("search"))


@pytest.fixture(scope="module")
def told(shared: Path, real_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    names = ["queries", "facts", "out_of_scope", "conversations"]
    return run("ask", names, shared, real_data_dir, tmp_path_factory.mktemp("ask"))


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
