"""Follow-ups rewritten by a language model: what keeps to the conversation is searched, the rest is not."""

import asyncio

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from written import model_at, model_of

from assistant.answers.answer import Answer
from assistant.llm.model import LanguageModel
from assistant.llm.rewriting import is_faithful
from assistant.pipeline import Knowledge, answer
from assistant.reading.reading import Turn
from index.encoding.encoder import Encoder
from index.opened import Index

TOLD = "- Qui a mené un budget participatif ?\n  1. Budget participatif gersois (Département du Gers)"
HISTORY = (Turn(query="Qui a mené un budget participatif ?", sheets=("1", "17")),)


@pytest.mark.parametrize(
    ("written", "faithful"),
    [
        pytest.param("Combien de votants pour le Budget participatif gersois ?", True, id="known"),
        pytest.param("Combien de votants au budget participatif du Gers ?", True, id="inflected"),
        pytest.param("Combien de votants à Toulouse ?", False, id="name-nobody-said"),
        pytest.param("Combien de votants parmi les 191000 habitants du Gers ?", False, id="figure-nobody-said"),
        pytest.param("Le climat, la mobilité, le logement et la santé des votants", False, id="words-nobody-said"),
        pytest.param("Qui a mené un budget participatif ?", False, id="question-lost"),
        pytest.param("", False, id="nothing"),
        pytest.param("budget participatif votants " * 50, False, id="too-long"),
    ],
)
def test_a_rewriting_says_nothing_that_nobody_said(written: str, *, faithful: bool) -> None:
    assert is_faithful(written, "et combien de votants ?", TOLD) is faithful


def ask(question: str, index: Index, encoder: Encoder, model: LanguageModel) -> Answer:
    return asyncio.run(answer(question, Knowledge(index, encoder, "", model), history=HISTORY))


def scripted(*replies: str) -> LanguageModel:
    """A model that gives these replies."""
    chat = GenericFakeChatModel(messages=iter([AIMessage(content=reply) for reply in replies]))
    return model_of(chat)


def test_a_good_rewriting_is_the_standalone_question(own_index: Index, encoder: Encoder) -> None:
    model = scripted("Combien de votants au Budget participatif gersois ?", "Plus de 47 000 votants [1].")
    given = ask("et combien de votants pour le premier ?", own_index, encoder, model)
    assert given.standalone_question == "Combien de votants au Budget participatif gersois ?"
    assert given.sheets[0] == "1"


def test_a_rewriting_that_invents_gives_way_to_the_rules(own_index: Index, encoder: Encoder) -> None:
    model = scripted("Combien de votants à Marseille en 2031 ?", "Plus de 47 000 votants [1].")
    given = ask("et combien de votants pour le premier ?", own_index, encoder, model)
    assert given.standalone_question == "Budget participatif gersois : combien de votants pour le premier ?"


def test_a_model_that_is_not_there_leaves_the_rules(own_index: Index, encoder: Encoder) -> None:
    model = model_at("http://127.0.0.1:9/v1")
    assert ask("le deuxième, qui l'a financé ?", own_index, encoder, model).sheets[0] == "17"


def test_a_question_that_follows_nothing_is_not_rewritten(own_index: Index, encoder: Encoder) -> None:
    model = scripted("Plus de 47 000 votants ont participé en 2019 [1].")
    given = ask("Autre sujet : combien de votants dans le Gers en 2019 ?", own_index, encoder, model)
    assert (given.mode, given.standalone_question) == ("llm", "combien de votants dans le Gers en 2019 ?")
