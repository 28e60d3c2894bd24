"""Floors on the judged set that comes with the project, over its own sheets: they may only rise."""

import json

import pytest
from conftest import JUDGED

from assistant.evaluation.evaluate import evaluate
from assistant.evaluation.judged_set import read_set
from assistant.evaluation.record import Evaluation
from assistant.pipeline import Knowledge
from index.encoding.encoder import Encoder
from index.opened import Index


@pytest.fixture(scope="module")
def measured(own_index: Index, encoder: Encoder) -> Evaluation:
    """What `assistant evaluate sheets/judged` measures."""
    return evaluate(read_set(JUDGED), Knowledge(own_index, encoder, "contact@exemple.fr"), lambda: None)


def test_the_right_sheets_are_found(measured: Evaluation) -> None:
    assert measured.search is not None
    assert measured.search.n == 40
    assert measured.search.ndcg10 >= 0.89
    assert measured.search.first_is_best_grade >= 0.87
    assert min(measured.search.by_kind.values()) >= 0.78


def test_later_turns_are_about_the_right_sheets(measured: Evaluation) -> None:
    assert measured.turns is not None
    assert measured.turns.later is not None
    assert measured.turns.later.ndcg10 >= 0.85


def test_facts_are_right_and_cited(measured: Evaluation) -> None:
    assert measured.facts is not None
    assert measured.facts.n == 20
    assert measured.facts.right_and_cited >= 0.8


def test_what_questions_imply_is_understood(measured: Evaluation) -> None:
    assert measured.filters is not None
    assert measured.filters.exact >= 0.9


def test_questions_out_of_scope_are_declined_and_others_seldom(measured: Evaluation) -> None:
    assert measured.abstain is not None
    assert measured.wrongly_abstained is not None
    assert measured.abstain.abstained >= 0.73
    assert measured.wrongly_abstained.abstained <= 0.08


@pytest.mark.parametrize("name", ["queries", "facts", "conversations", "out_of_scope", "filters"])
def test_every_line_of_the_set_is_its_own(name: str) -> None:
    rows = [json.loads(line) for line in (JUDGED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    asked = [row["query"] if "query" in row else row["turns"][0]["user"] for row in rows]
    assert len(set(asked)) == len(asked)
