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


def run(command: str, name: str, shared: Path, data_dir: Path) -> dict[str, Any]:
    batch = shared / "eval" / "dev" / f"{name}.jsonl"
    result = run_assistant(command, "--batch", str(batch), ASSISTANT_DATA_DIR=str(data_dir))
    assert result.returncode == 0, result.stderr
    return {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}


def judged(name: str, shared: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (shared / "eval" / "dev" / f"{name}.jsonl").open(encoding="utf-8")]


def test_the_right_sheets_are_found(score: ModuleType, shared: Path, real_data_dir: Path) -> None:
    result = score.score_search(judged("queries", shared), run("search", "queries", shared, real_data_dir))
    assert result["ndcg10"] >= 0.69
    assert result["recall10"] >= 0.67


def test_facts_are_right_and_cited(score: ModuleType, shared: Path, real_data_dir: Path) -> None:
    result = score.score_facts(judged("facts", shared), run("ask", "facts", shared, real_data_dir))
    assert result["right_and_cited"] >= 0.92


def test_questions_out_of_scope_are_declined_and_others_seldom(
    score: ModuleType, shared: Path, real_data_dir: Path
) -> None:
    declined = score.score_abstain(judged("out_of_scope", shared), run("ask", "out_of_scope", shared, real_data_dir))
    wrongly = score.score_abstain(judged("queries", shared), run("ask", "queries", shared, real_data_dir))
    assert declined["abstained"] >= 0.5
    assert wrongly["abstained"] <= 0.05
