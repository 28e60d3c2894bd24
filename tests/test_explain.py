"""How an answer came about: on the command line, and on the page of the staff, over the project's own sheets."""

import asyncio
import json
import re

import pytest
from conftest import run_assistant

from assistant.explaining.explain import Explanation, explain_after, explanation_to_json
from assistant.explaining.telling import LABELS, summarise, tell_held, tell_reading
from assistant.pipeline import Knowledge
from assistant.wording import EVIDENCE
from index.encoding.encoder import Encoder
from index.opened import Index

KEYS = {"reading", "forms", "sheets", "sentences", "answer"}
FACT = "Combien de personnes ont voté au budget participatif du Gers ?"


def explain(question: str, index: Index, encoder: Encoder, *before: str) -> Explanation:
    return asyncio.run(explain_after(before, question, Knowledge(index, encoder, "contact@exemple.fr")))


def test_the_forms_tried_are_told_with_why_each_was_left(own_index: Index, encoder: Encoder) -> None:
    tried = explain(FACT, own_index, encoder).forms
    assert [each.form for each in tried][-1] == "fact"
    assert tried[-1].taken
    assert all(each.reason and not each.taken for each in tried[:-1])


def test_what_ranked_a_sheet_adds_up_to_its_score(own_index: Index, encoder: Encoder) -> None:
    sheets = explain(FACT, own_index, encoder).sheets
    assert sheets
    for sheet in sheets:
        assert sum(sheet.evidence.values()) == pytest.approx(sheet.score, abs=0.01)
        assert set(sheet.evidence) <= set(EVIDENCE)


def test_the_sentences_that_the_answer_quotes_are_marked(own_index: Index, encoder: Encoder) -> None:
    explanation = explain(FACT, own_index, encoder)
    cited = [each.quote for each in explanation.sentences if each.cited]
    assert cited == [citation.quote for citation in explanation.answer.citations]


def test_why_a_detail_was_not_found_is_said_of_the_sentences(own_index: Index, encoder: Encoder) -> None:
    explanation = explain("Combien de temps a duré la concertation de Coutances ?", own_index, encoder)
    told = {tell_held(each, explanation.reading) for each in explanation.sentences}
    assert "pas reconnue comme une durée" in told
    assert summarise(explanation).startswith("La question demande une durée. Première fiche : ")
    unasked = explain("Des exemples de budget participatif", own_index, encoder)
    assert {tell_held(each, unasked.reading) for each in unasked.sentences} == {""}


def test_how_likely_it_must_be_that_the_sheets_answer_is_said(own_index: Index, encoder: Encoder) -> None:
    tried = explain("Quelle est la recette de la tarte aux pommes ?", own_index, encoder).forms[-1]
    assert re.search(r"sujet : 0,0\d pour 0,06", tried.reason)


def test_a_question_that_follows_others_is_explained_with_them(own_index: Index, encoder: Encoder) -> None:
    reading = explain("et en Savoie ?", own_index, encoder, "Des exemples de budget participatif").reading
    told = dict(tell_reading(reading, own_index.manifest))
    assert told["Lien avec ce qui précède"] == "désigne des fiches montrées"
    assert told["Lieux"] == "Savoie"


def test_a_verb_that_only_asks_is_no_word_to_look_for(own_index: Index, encoder: Encoder) -> None:
    told = [
        explain(f"Combien de fiches {verb} le tirage au sort ?", own_index, encoder).reading.listed
        for verb in ("mentionnent", "évoquent", "abordent", "décrivent")
    ]
    assert [each and each.unsaid for each in told] == [("tirage", "sort")] * len(told)


def test_every_name_has_words_for_staff(own_index: Index, encoder: Encoder) -> None:
    explanation = explain(FACT, own_index, encoder)
    assert {each.form for each in explanation.forms} <= set(LABELS)
    assert explanation_to_json(explanation).keys() == KEYS


def test_the_command_prints_one_json_value(own_data_dir: object) -> None:
    done = run_assistant("explain", FACT, "--json", ASSISTANT_DATA_DIR=str(own_data_dir))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.keys() == KEYS
    assert {"form", "taken", "reason"} == told["forms"][0].keys()
    assert {"sheet", "score", "evidence"} <= told["sheets"][0].keys()
    assert {"sheet", "passage", "quote", "aspects", "score"} <= told["sentences"][0].keys()
    assert told["answer"]["kind"] == "fact"
    shown = run_assistant("explain", "et en Savoie ?", "--after", FACT, ASSISTANT_DATA_DIR=str(own_data_dir))
    assert shown.returncode == 0, shown.stderr
    assert "Formes essayées" in shown.stdout
    empty = run_assistant("explain", " ", ASSISTANT_DATA_DIR=str(own_data_dir))
    assert (empty.returncode, empty.stdout) == (2, "")
