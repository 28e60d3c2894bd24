"""How a question asks: the sentence that asks, names left out, and the signs from which its form is learnt."""

import json

import pytest

from assistant.reading.asking import find_asking, hide_names, read_asking
from assistant.reading.read import read_question
from assistant.reading.wanted import FORMS
from assistant.settings import ROOT
from index.opened import Index

QUESTIONS = ROOT / "training" / "questions"


def test_what_asks_is_the_last_sentence_with_a_question_mark() -> None:
    case = "Je suis élue à Foix. Avons-nous le droit de voter ? Pour le reste, qui décide ? Merci !"
    assert find_asking(case) == "Pour le reste, qui décide ?"


def test_what_has_no_question_mark_asks_as_a_whole() -> None:
    assert find_asking("budget participatif. exemples") == "budget participatif. exemples"


def test_a_lone_mark_is_no_sentence() -> None:
    assert find_asking("Qui décide ?\n?") == "Qui décide ?"


def test_names_are_left_out_but_the_first_word() -> None:
    assert hide_names("Pourquoi Rennes et l'Ain ont-ils voté ?") == "Pourquoi Zname et l'Zname ont-ils voté ?"


@pytest.mark.parametrize(
    ("polar", "question"),
    [
        (True, "La ville de Dole a-t-elle payé les jurés ?"),
        (True, "Did the town pay the jurors?"),
        (False, "Qui a payé les jurés ?"),
        (False, "Combien la ville de Dole a-t-elle payé ?"),
        (False, "How much did the town pay?"),
        (False, "Indemnités des jurés"),
    ],
)
def test_what_wants_yes_or_no_has_no_word_that_asks(polar: bool, question: str, real_index: Index) -> None:
    assert read_asking(read_question(question, (), real_index))[0] is polar


def test_the_place_of_a_word_that_asks_is_a_sign(real_index: Index) -> None:
    first, tied = (
        read_asking(read_question(each, (), real_index)) for each in ("Qui a voté ?", "Des communes qui ont voté ?")
    )
    assert len(first) == len(tied)
    assert first != tied


def test_questions_kept_apart_are_learnt_nowhere() -> None:
    def read(name: str) -> list[dict[str, str]]:
        return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]

    learnt = {row["q"].casefold() for row in read("forms.jsonl")}
    kept = read("forms_kept.jsonl")
    assert len(kept) == 120
    assert learnt.isdisjoint(row["q"].casefold() for row in kept)


def test_the_forms_of_answers_are_of_questions_that_are_there() -> None:
    rows = [json.loads(line) for line in (QUESTIONS / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    own = {text: row["form"] for row in rows for text in (row["query"], *row["reworded"])}
    for line in (QUESTIONS / "forms_of_answers.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert row["form"] in FORMS
        assert own[row["q"]] != row["form"]
