"""A message that asks several questions is read as several, and each gets its answer."""

import asyncio

import pytest

from assistant.answers.answer import Answer
from assistant.checks.verification import find_faults
from assistant.explaining.explain import explain
from assistant.pipeline import Knowledge, answer, answer_turns, work_out
from assistant.reading.message import LONGEST_READING
from assistant.reading.parts import read_parts
from index.encoding.budget import Budget
from index.encoding.encoder import Encoder
from index.opened import Index
from language.text import read_text


@pytest.fixture
def knowledge(own_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_index, encoder, "contact@exemple.fr")


def ask(question: str, knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(question, knowledge))


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("Combien de votants, et de combien était-il doté ?", ("Combien de votants", "et de combien était-il doté ?")),
        ("À Tours combien de réunions et qui les animait", ("À Tours combien de réunions", "et qui les animait")),
        ("C'est quoi un jury citoyen ? Est-ce obligatoire ?", ("C'est quoi un jury citoyen ?", "Est-ce obligatoire ?")),
        ("How many voted and how much did it cost?", ("How many voted", "and how much did it cost?")),
        (
            "On est 5 000 habitants. Comment lancer un budget participatif ? Combien ça coûte ?",
            ("On est 5 000 habitants. Comment lancer un budget participatif ?", "Combien ça coûte ?"),
        ),
    ],
)
def test_each_question_of_a_message_is_a_part(message: str, parts: tuple[str, ...]) -> None:
    assert read_parts(read_text(message)) == parts


@pytest.mark.parametrize(
    "message",
    [
        "Comment toucher les jeunes et les personnes âgées ?",
        "Comment savoir combien de personnes viendront ?",
        "Depuis que la ville a changé de maire, y a-t-il eu moins de réunions ?",
        "À quelle date les habitants, à Choisy, ont-ils voté ?",
        "Des collègues qui doutent : quels bénéfices leur montrer ?",
        "Comment mobiliser les jeunes ? Est-ce que vous avez des exemples ?",
        "Combien de fiches parlent de climat, et lesquelles ?",
        "Which towns did it, and which of them are small?",
    ],
)
def test_one_question_stays_one(message: str) -> None:
    assert read_parts(read_text(message)) == ()


def test_each_question_gets_its_figure_under_its_own_words(knowledge: Knowledge) -> None:
    asked = "Combien de propositions la première saison du budget participatif de Rennes a-t-elle reçues ?"
    told = ask(f"{asked} Combien de personnes ont voté à celui de Paris en 2025 ?", knowledge)
    first, _, second = told.answer.partition("**Combien de personnes ont voté à celui de Paris en 2025\u00a0?**")
    assert "**992**" in first
    assert "**162 395**" in second
    assert "162 395" not in first
    assert not find_faults(told, knowledge.index)


def test_what_no_sheet_tells_of_one_question_is_said_beside_the_answer_to_the_other(knowledge: Knowledge) -> None:
    told = ask(
        "Combien de personnes ont voté au budget participatif de Paris en 2025 et combien de pays l'imitent ?",
        knowledge,
    )
    assert not told.abstained
    assert "**162 395**" in told.answer
    assert "**Combien de pays l'imitent\u00a0?**\n\nLa fiche ne donne pas ce nombre." in told.answer


@pytest.mark.parametrize(
    "message",
    [
        "Combien de personnes ont voté à Paris en 2025, combien de projets ont été retenus, et combien ça coûte ?",
        "Y a-t-il un budget participatif à Rennes et comment ça marche ?",
        "Quels départements ont un budget participatif et combien d'argent ?",
    ],
)
def test_several_questions_are_answered_within_the_budget_of_visitors(message: str, knowledge: Knowledge) -> None:
    worked = asyncio.run(work_out(message, knowledge, budget=Budget(LONGEST_READING)))
    assert len(worked.parts) > 1


def test_a_quote_has_one_number_however_many_questions_it_answers(knowledge: Knowledge) -> None:
    told = ask("Combien de votants à Paris en 2025 et combien de projets retenus en 2025 à Paris ?", knowledge)
    quotes = [citation.quote for citation in told.citations]
    assert [citation.n for citation in told.citations] == list(range(1, len(quotes) + 1))
    assert len(set(quotes)) == len(quotes)
    assert not find_faults(told, knowledge.index)


def test_staff_are_told_how_each_question_was_answered(knowledge: Knowledge) -> None:
    question = "C'est quoi un budget participatif ? Combien de personnes ont voté à celui de Paris en 2025 ?"
    explained = asyncio.run(explain(question, knowledge))
    assert [(part.question, part.form) for part in explained.parts] == [
        ("C'est quoi un budget participatif ?", "definition"),
        ("Combien de personnes ont voté à celui de Paris en 2025 ?", "fact"),
    ]


def test_the_time_of_every_question_is_told(knowledge: Knowledge) -> None:
    told = ask("Combien de votants à Paris en 2025 ? Combien de projets retenus à Paris en 2025 ?", knowledge)
    steps = sum(seconds for step, seconds in told.seconds.items() if step != "total")
    assert steps == pytest.approx(told.seconds["total"], rel=0.3)


def test_what_is_least_is_what_a_question_on_it_is_about(knowledge: Knowledge) -> None:
    told = ask("Quelle est la plus petite commune de vos fiches et combien d'habitants a-t-elle ?", knowledge)
    asked = asyncio.run(answer_turns(["Quelle est la plus petite commune ?", "Quand a-t-elle commencé ?"], knowledge))
    assert told.shown[0] == asked[0].shown[0]
    assert asked[1].sheets[0] == asked[0].shown[0]


def test_members_documents_answer_no_part_of_a_visitors_message_nor_come_near_it(
    own_index: Index, own_members_index: Index, encoder: Encoder
) -> None:
    visitors = Knowledge(own_index, encoder, "contact@exemple.fr")
    members = Knowledge(own_members_index, encoder, "contact@exemple.fr")
    known = {passage.id for passage in own_index.passages}
    for message in (
        "Quels supports ont été construits pour la tournée Tok-Tok, et comment ils se prennent en main ?",
        "Combien coûte le plateau de jeu de la tournée Tok-Tok, et en combien de minutes se prend-il en main ?",
    ):
        told, whole = ask(message, visitors), ask(message, members)
        assert {citation.passage for citation in told.citations} <= known
        assert not {citation.passage for citation in whole.citations} <= known
