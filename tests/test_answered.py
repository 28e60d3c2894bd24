"""What may not answer is told as such, over the 101 real sheets; none of these questions was learned from."""

import asyncio
import json

import pytest

from assistant.answers.answer import Answer
from assistant.answers.kinds.kind import Case
from assistant.assembly.knowledge import Knowledge
from assistant.finding.answered import DOUBTFUL, SURE_WITHOUT, read_model
from assistant.finding.search import Sources, search
from assistant.pipeline import answer
from assistant.reading.read import read_question
from assistant.wording.missing import DOUBT
from index.encoding.encoder import Encoder
from index.opened import Index
from training.checks import QUESTIONS


def ask(question: str, knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(question, knowledge))


@pytest.mark.parametrize(
    "question",
    [
        "Dans une maison d'arrêt, on aimerait que les détenus aient leur mot à dire sur la vie quotidienne. "
        "Qui l'a fait ?",
        "Meudon : la plateforme toute seule leur revient à combien par an ?",
    ],
)
def test_sentences_that_only_come_near_are_told_as_such(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.answer.startswith(DOUBT)
    assert given.citations, "what comes near is still shown"


@pytest.mark.parametrize(
    "question",
    [
        "On aimerait que des non-spécialistes choisissent eux-mêmes les tableaux à montrer au public. Déjà tenté ?",
        "Qui a donné des cours aux habitants, avant ou pendant la démarche, et sous quelle forme ?",
        "budget participatif",
        "Y a-t-il des démarches menées en Guyane ?",
        "Combien d'agents à Rennes ?",
        "Which towns consulted residents during Covid?",
    ],
)
def test_what_answers_is_not_doubted(question: str, knowledge: Knowledge) -> None:
    assert DOUBT not in ask(question, knowledge).answer


def test_of_questions_kept_apart_few_that_are_answered_are_doubted(knowledge: Knowledge) -> None:
    rows = [json.loads(line) for line in (QUESTIONS / "answers_kept.jsonl").read_text(encoding="utf-8").splitlines()]
    doubted: dict[bool, list[bool]] = {True: [], False: []}
    for row in rows[-71:]:  # never learned from, nor chosen on
        given = ask(row["query"], knowledge).answer
        doubted[bool(row.get("absent"))].append(DOUBT in given)
    of_absent, of_answered = (sum(doubted[absent]) / len(doubted[absent]) for absent in (True, False))
    assert of_answered <= 0.2
    assert of_absent >= 2 * of_answered


def test_of_sheets_of_which_nothing_was_taught_nothing_is_doubted(own_index: Index, encoder: Encoder) -> None:
    sources = Sources(own_index, encoder, "")
    for question in ("Qui a installé un parc éolien avec les habitants ?", "des exemples de plan climat"):
        reading = read_question(question, (), own_index)
        assert Case(reading, search(reading, sources), sources).answered is None


def test_the_bounds_and_signs_are_those_that_were_fitted() -> None:
    assert 0 < DOUBTFUL < SURE_WITHOUT < 1
    coefficients = read_model().coefficients
    assert coefficients["answers"] > 0 > coefficients["lacking"]
