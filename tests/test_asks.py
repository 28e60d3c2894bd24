"""All that a message asks of one practice, or of a few, is told thing by thing, or said to be untold."""

import asyncio

import pytest
from conftest import ask_soundly

from assistant.answers.answer import Answer
from assistant.answers.kinds.kind import Case
from assistant.checks.verification import find_faults
from assistant.finding.given import judge_given
from assistant.finding.search import search
from assistant.pipeline import Knowledge, answer
from assistant.reading.asks import Ask, read_asks
from assistant.reading.read import read_of_one
from index.encoding.encoder import Encoder
from index.opened import Index
from language.text import read_text


@pytest.fixture
def shipped(own_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_index, encoder, "contact@exemple.fr")


def ask(question: str, knowledge: Knowledge) -> Answer:
    told = asyncio.run(answer(question, knowledge))
    assert not find_faults(told, knowledge.index)
    return told


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("Qui l'a animé et d'où venait l'argent ?", ("Qui l'a animé", "et d'où venait l'argent ?")),
        (
            "Le coût, la durée et le nombre de votants du vote de Jarny ?",
            ("quel est le coût", "quelle est la durée", "quel est le nombre de votants du vote de Jarny"),
        ),
        ("Rennes : seuils, enveloppe", ("quels sont les seuils", "quelle est l'enveloppe")),
        (
            "Je suis élu. À Dole, combien de votants ? Dites-moi aussi qui a payé.",
            ("combien de votants ?", "Dites-moi aussi qui a payé"),
        ),
        ("combien d'œuvres (et combien de visiteurs ?)", ("combien d'œuvres", "et combien de visiteurs ?")),
        ("Who paid for it? Also, how many voted?", ("Who paid for it?", "Also, how many voted?")),
        ("Give me the cost and the number of voters", ("Give me the cost", "what is the number of voters")),
    ],
)
def test_a_message_is_cut_at_each_thing_that_it_asks(message: str, questions: tuple[str, ...]) -> None:
    assert tuple(each.question for each in read_asks(read_text(message))) == questions


@pytest.mark.parametrize(
    "message",
    [
        "À quelle date les habitants, à Choisy, ont-ils voté ?",
        "Une ville qui a voté et qui a changé",
        "Combien de votants au budget participatif de Jarny ?",
        "Budget participatif des jeunes",
        "Y a-t-il des villes où le maire et les élus ont tiré au sort ?",
    ],
)
def test_one_thing_asked_stays_one(message: str) -> None:
    assert read_asks(read_text(message)) == ()


def test_each_thing_asked_of_a_practice_is_told_under_its_own_words(knowledge: Knowledge) -> None:
    told = ask_soundly(knowledge, "Muttersholtz : qui a payé, et combien de porte-voix ?")
    payers, _, speakers = told.answer.partition("**Combien de porte-voix\u00a0?**")
    assert "**Qui a payé\u00a0?**" in payers
    assert "Fondation de France" in payers
    assert "**20** personnes acceptent" in speakers
    assert told.sheets[0] == "9"


def test_what_the_sheet_does_not_tell_is_said_under_the_words_that_ask_for_it(knowledge: Knowledge) -> None:
    question = "Qui a été le prestataire de Castillon-la-Bataille et quel a été le montant des travaux ?"
    told = ask_soundly(knowledge, question)
    assert "O Tempora" in told.answer
    assert told.answer.split("montant des travaux\u00a0?**")[1].startswith("\n\nLa fiche ne donne pas ce montant.")
    assert not told.abstained


@pytest.mark.xfail(strict=True, reason="since 1 229 questions teach, what is asked of a site is told of its steps")
def test_what_is_said_in_another_way_than_asked_is_told_as_coming_nearest(knowledge: Knowledge) -> None:
    told = ask_soundly(knowledge, "Antony, 3e budget participatif : l'enveloppe est de combien et qui a fait le site ?")
    money, _, maker = told.answer.partition("**Qui a fait le site\u00a0?**")
    assert "La fiche ne donne pas ce montant." in money
    assert maker.lstrip().startswith("Au plus près, la fiche dit\u00a0: «\u00a0CitizenLab")


def test_each_thing_is_named_where_the_sheet_tells_none(knowledge: Knowledge) -> None:
    told = ask_soundly(knowledge, "Sanitas à Tours : combien d'habitants ont participé et combien ont voté ?")
    assert told.abstained
    assert told.answer.count("La fiche ne donne pas ce nombre.") == 2


def test_things_asked_of_two_practices_are_told_of_each(knowledge: Knowledge) -> None:
    told = ask_soundly(knowledge, "Qui a développé les plateformes d'Angers et de Rennes, et avec quel budget ?")
    who, _, money = told.answer.partition("**Avec quel budget\u00a0?**")
    assert "Open Source Politics" in who
    assert "Cap Collectif" in who
    assert "190 000 euros" in money
    assert {"41", "75"} == set(told.shown)


def test_questions_on_two_places_are_not_asked_of_the_sheet_of_one(shipped: Knowledge) -> None:
    told = ask("Combien de propositions à Rennes ? Combien de personnes ont voté à Paris en 2025 ?", shipped)
    assert "162 395" in told.answer


def test_an_amount_that_no_sentence_bears_is_said_to_be_lacking(shipped: Knowledge) -> None:
    told = ask("À Coutances, la camionnette Tok-Tok : combien d'arrêts, et quel a été le coût ?", shipped)
    assert "**33** arrêts" in told.answer
    assert "La fiche ne donne pas ce montant." in told.answer.split("le coût\u00a0?**")[1]


def test_what_is_asked_of_sheets_at_large_is_not_asked_of_one(knowledge: Knowledge) -> None:
    told = ask_soundly(knowledge, "Quelles villes ont tiré des habitants au sort, et combien de personnes ?")
    assert len(told.shown) > 1


@pytest.mark.parametrize(
    ("sheet", "question", "given"),
    [
        ("17", "Combien de salariés s'y sont mis ?", True),
        ("54", "ça a duré combien de mois cette histoire", True),
        ("35", "Pendant combien de temps le groupe s'est-il réuni ?", True),
        ("11", "pour quel montant de travaux ?", False),
        ("93", "L'enveloppe est de combien d'euros ?", False),
        ("89", "Combien d'habitants ont participé ?", False),
    ],
)
def test_a_figure_is_denied_where_its_sheet_lacks_it_alone(
    sheet: str, question: str, given: bool, knowledge: Knowledge
) -> None:
    asked = Ask(written=question, question=question)
    reading = read_of_one(asked, question, sheet, (), knowledge.index)
    case = Case(reading, search(reading, knowledge), knowledge)
    assert (judge_given(case.read, case.wanted, case.aim) != "no") is given


def test_a_follow_up_is_not_told_that_a_figure_is_lacking_where_it_is_said_in_other_words(knowledge: Knowledge) -> None:
    told = ask_soundly(knowledge, "Qu'a fait Électricité de France ?", "Combien de salariés s'y sont mis ?")
    assert "20 000" in told.answer
    assert "ne donne pas" not in told.answer


@pytest.mark.parametrize("beside", ["Ça va ?", "merci ?", "?", "et toi ?", "et lesquelles ?"])
def test_what_asks_no_thing_beside_what_does_spoils_no_answer(beside: str, knowledge: Knowledge) -> None:
    told = ask_soundly(knowledge, f"Muttersholtz : qui a payé, et combien de porte-voix ? {beside}")
    assert "Fondation de France" in told.answer


@pytest.mark.parametrize("beside", ["et le deuxième ?", "Compare les deux premiers ?", "la fiche 3 ?"])
def test_what_points_at_other_sheets_beside_it_gets_a_sound_answer(beside: str, knowledge: Knowledge) -> None:
    assert ask_soundly(knowledge, f"Muttersholtz : qui a payé, et combien de porte-voix ? {beside}").citations


def test_members_documents_tell_a_visitor_no_thing_asked_of_a_practice(
    own_index: Index, own_members_index: Index, encoder: Encoder
) -> None:
    known = {passage.id for passage in own_index.passages}
    secret = [passage for passage in own_members_index.passages if passage.id not in known]
    told_to_members = 0
    for sheet in {passage.sheet for passage in secret}:
        place = next(each.place.commune or each.title for each in own_index.sheets if each.id == sheet)
        question = f"{place} : quels critères, quelles difficultés, et combien de réunions ?"
        visitor = ask(question, Knowledge(own_index, encoder, "contact@exemple.fr"))
        assert {each.passage for each in visitor.citations} <= known
        assert not [passage for passage in secret if passage.text[:60] in visitor.answer]
        member = ask(question, Knowledge(own_members_index, encoder, "contact@exemple.fr"))
        told_to_members += len({each.passage for each in member.citations} - known)
    assert told_to_members
