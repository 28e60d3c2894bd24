"""Tuning: a few steps of real training, and the pairs and questions it learns from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import MODELS, SHEETS

from index.encoding.bundled import prepare_bundled_model
from index.training.pairs import Pair, pair_questions, pair_structure, strip_sheet
from ingest.choice import choose_layout
from ingest.sheet import Sheet
from ingest.source import read_source
from training.checks import is_kept_apart, read_written

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PAIRS = [
    Pair("Qui vérifie les comptes ?", "Des habitants ont examiné les finances de la ville.", "1"),
    Pair("jardin partagé", "Les voisins cultivent ensemble une parcelle.", "2"),
    Pair("aller vers les jeunes", "Une camionnette va de collège en collège.", "3"),
    Pair("tirage au sort", "Des habitants ont examiné les finances de la ville.", "1"),
]


@pytest.fixture(scope="module")
def model() -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer

    folder = prepare_bundled_model(MODELS / "multilingual-e5-small")
    return SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})


@pytest.fixture(scope="module")
def sheets() -> list[Sheet]:
    return read_source(str(SHEETS), choose_layout(SHEETS)).practices


def test_training_lowers_the_loss_and_gives_the_model_back_as_it_was(model: SentenceTransformer) -> None:
    import torch

    from index.training.tuning import Plan, train_adapter

    before = {name: values.clone() for name, values in model.state_dict().items()}
    losses: list[float] = []
    plan = Plan(rate=1e-3, epochs=4, batch=4, tokens=32)
    corrections = train_adapter(model, [PAIRS], plan, lambda _step, _steps, loss: losses.append(loss))
    assert len(losses) == 4
    assert losses[-1] < losses[0]
    assert len(corrections) == 72
    assert all(torch.equal(values, before[name]) for name, values in model.state_dict().items())


def test_training_goes_on_from_an_adapter_made_before(model: SentenceTransformer) -> None:
    from index.training.tuning import Plan, train_adapter

    plan = Plan(rate=1e-3, epochs=3, batch=4, tokens=32)
    losses: list[float] = []
    first = train_adapter(model, [PAIRS], plan, lambda _step, _steps, loss: losses.append(loss))
    train_adapter(model, [PAIRS], plan, lambda _step, _steps, loss: losses.append(loss), first)
    assert losses[3] < losses[0]


def test_the_same_seed_learns_the_same(model: SentenceTransformer) -> None:
    from index.training.tuning import Plan, train_adapter

    plan = Plan(epochs=1, batch=4, tokens=32, seed=3)
    once, again = train_adapter(model, [PAIRS], plan), train_adapter(model, [PAIRS], plan)
    assert all(np.allclose(once[name].down, again[name].down, atol=1e-5) for name in once)


def test_structure_asks_with_titles_and_key_points(sheets: list[Sheet]) -> None:
    sheet = next(each for each in sheets if each.id == "2")
    pairs = pair_structure([sheet])
    assert pairs[0].question == sheet.title
    assert sheet.title not in pairs[0].passage
    assert any("vote" in pair.question for pair in pairs[1:])
    assert all(pair.question not in pair.passage and pair.sheet == "2" for pair in pairs)


def test_a_stripped_sheet_keeps_only_its_paragraphs(sheets: list[Sheet]) -> None:
    stripped = strip_sheet(sheets[0])
    assert (stripped.title, stripped.organisation) == ("", "")
    assert [section.key for section in stripped.sections] == [
        section.key for section in sheets[0].sections if not section.joined
    ]


def test_a_written_question_goes_with_the_passage_that_shares_its_words(sheets: list[Sheet]) -> None:
    (pair,) = pair_questions([("cabinet indépendant et animation", "2"), ("rien", "absent")], sheets)
    assert (pair.sheet, "cabinet" in pair.passage) == ("2", True)


def test_every_written_question_names_a_sheet_and_some_are_kept_apart(sheets: list[Sheet]) -> None:
    written = read_written("sheets")
    assert {sheet for _, sheet in written} == {sheet.id for sheet in sheets}
    assert 0 < sum(is_kept_apart(sheet) for _, sheet in written) < 0.3 * len(written)
    for name in ("sheets", "methods"):
        questions = [question for question, _ in read_written(name)]
        assert len(set(questions)) == len(questions) > 250


def test_no_written_question_resembles_one_of_the_judged_set(shared: Path) -> None:
    import json

    def words(text: str) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", text.lower()))

    lines = [
        json.loads(line)
        for file in ("queries", "facts", "filters", "conversations")
        for line in (shared / "eval" / "dev" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    asked = [line["query"] for line in lines if "query" in line]
    asked += [turn["user"] for line in lines for turn in line.get("turns", [])]
    judged = [words(text) for text in asked]
    for name in ("sheets", "methods"):
        for question, _ in read_written(name):
            mine = words(question)
            assert all(len(mine & each) <= 0.6 * len(mine | each) for each in judged), question
