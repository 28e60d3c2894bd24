"""Floors on the judged set that comes with the project, over its own sheets: they may only rise."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import JUDGED, run_assistant


@pytest.fixture(scope="module")
def figures(own_data_dir: Path) -> dict[str, Any]:
    """What `assistant evaluate sheets/judged` measures."""
    done = run_assistant("evaluate", str(JUDGED), "--json", ASSISTANT_DATA_DIR=str(own_data_dir))
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_right_sheets_are_found(figures: dict[str, Any]) -> None:
    assert figures["search"]["n"] == 40
    assert figures["search"]["ndcg10"] >= 0.89
    assert figures["search"]["first_is_best_grade"] >= 0.87
    assert min(figures["search"]["by_kind"].values()) >= 0.78


def test_later_turns_are_about_the_right_sheets(figures: dict[str, Any]) -> None:
    assert figures["turns"]["later"]["ndcg10"] >= 0.85


def test_facts_are_right_and_cited(figures: dict[str, Any]) -> None:
    assert figures["facts"]["n"] == 20
    assert figures["facts"]["right_and_cited"] >= 0.8


def test_what_questions_imply_is_understood(figures: dict[str, Any]) -> None:
    assert figures["filters"]["exact"] >= 0.9


def test_questions_out_of_scope_are_declined_and_others_seldom(figures: dict[str, Any]) -> None:
    assert figures["abstain"]["abstained"] >= 0.73
    assert figures["wrongly_abstained"]["abstained"] <= 0.08


@pytest.mark.parametrize("name", ["queries", "facts", "conversations", "out_of_scope", "filters"])
def test_every_line_of_the_set_is_its_own(name: str) -> None:
    rows = [json.loads(line) for line in (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    asked = [row["query"] if "query" in row else row["turns"][0]["user"] for row in rows]
    assert len(set(asked)) == len(asked)
