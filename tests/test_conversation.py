"""Questions that follow others, over the 101 real sheets."""

import asyncio

import pytest

from assistant.answers.answer import Answer
from assistant.pipeline import Knowledge, answer, answer_turns
from assistant.reading.read import read_question
from assistant.reading.reading import Reading, Turn
from index.filters import Filters
from index.opened import Index

# Participatory budgets of the Gers, of Bailleul and of the Pays d'Étain, in the order shown.
BUDGETS = Turn(query="Qui a mené un budget participatif ?", sheets=("1", "27", "96"))


def follow(question: str, index: Index, *history: Turn, ignored: Filters | None = None) -> Reading:
    return read_question(question, history or (BUDGETS,), index, ignored)


@pytest.mark.parametrize(
    ("question", "only"),
    [
        pytest.param("le deuxième ?", ("27",), id="ordinal"),
        pytest.param("et le dernier, combien de votants ?", ("96",), id="last"),
        pytest.param("le cinquième ?", (), id="none-at-that-place"),
        pytest.param("Celui de Bailleul, qui l'a financé ?", ("27",), id="by-its-place"),
        pytest.param("Et le projet Gersois ?", ("1",), id="by-its-title"),
        pytest.param("ils étaient combien ?", ("1", "27", "96"), id="all-shown"),
    ],
)
def test_a_follow_up_points_at_sheets_shown(question: str, only: tuple[str, ...], real_index: Index) -> None:
    assert follow(question, real_index).only == only


def test_what_an_answer_showed_counts_and_not_what_it_found_beside(real_index: Index) -> None:
    turn = Turn(query="Qui a mené un budget participatif ?", sheets=("1", "27", "96"), shown=("96", "1"))
    assert follow("le deuxième ?", real_index, turn).only == ("1",)


def test_the_sheet_in_focus_stays_until_another_is_pointed_at(real_index: Index) -> None:
    second = Turn(query="celui de Bailleul ?", sheets=("27", "1", "96"))
    assert follow("ça a coûté combien ?", real_index, BUDGETS, second).only == ("27",)
    assert follow("Les élus ont voté ?", real_index, BUDGETS, second).only == ("27",)
    assert follow("et le premier ?", real_index, BUDGETS, second).only == ("27",)
    third = Turn(query="ça a coûté combien ?", sheets=("27", "1", "96"))
    assert follow("et qui les a aidés ?", real_index, BUDGETS, second, third).only == ("27",)


@pytest.mark.parametrize("question", ["avec quel argent ?", "c'est dans quelle ville ?", "pour combien d'habitants ?"])
def test_a_short_question_after_one_sheet_is_asked_of_it(question: str, real_index: Index) -> None:
    before = Turn(query="Une association a-t-elle mobilisé tout un village pour le climat ?", sheets=("9",))
    assert follow(question, real_index, before).only == ("9",)


def test_the_other_one_is_not_the_one_in_focus(real_index: Index) -> None:
    two = Turn(query="Des budgets participatifs en Occitanie ?", sheets=("1", "96"))
    first = Turn(query="le premier, combien de votants ?", sheets=("1", "96"))
    assert follow("et l'autre ?", real_index, two, first).only == ("96",)


def test_a_varied_question_keeps_its_subject_without_the_constraint_replaced(real_index: Index) -> None:
    asked = Turn(query="Quels départements ont mené un budget participatif ?", sheets=("1",))
    sought = follow("et pour une commune plus petite ?", real_index, asked)
    assert sought.context == "Quels ont mené un budget participatif ? pour une commune plus petite ?"
    assert sought.understood.filters.to_json() == {"porteur": ["PV"], "demarche": ["BP"]}
    assert (sought.only, sought.favoured) == ((), ())


@pytest.mark.parametrize(
    "question",
    [
        "Autre sujet : le plan climat",
        "Comment associer les agents d'une collectivité ?",
        "Je cherche des démarches sur l'eau",
        "Qui êtes-vous ?",
    ],
)
def test_another_subject_forgets_what_came_before(question: str, real_index: Index) -> None:
    sought = follow(question, real_index)
    assert (sought.link, sought.context, sought.favoured, sought.only) == ("new", "", (), ())
    assert "BP" not in sought.understood.filters.demarche


def test_thanks_do_not_end_a_conversation(real_index: Index) -> None:
    assert follow("le deuxième ?", real_index, BUDGETS, Turn(query="merci !")).only == ("27",)


def test_a_filter_that_was_removed_does_not_come_back(real_index: Index) -> None:
    removed = Filters(departement=("32",))
    asked = Turn(query="Un budget participatif dans le Gers ?", sheets=("1",), ignored=removed)
    assert follow(asked.query, real_index, asked, ignored=removed).understood.filters.to_json() == {"demarche": ["BP"]}
    assert follow("et avec des jeunes ?", real_index, asked).understood.filters.departement == ()


def test_sheets_of_the_history_that_are_not_there_are_passed_over(real_index: Index) -> None:
    turn = Turn(query="Qui a mené un budget participatif ?", sheets=("999", "27"), shown=("999", "27"))
    assert follow("le premier ?", real_index, turn).only == ("27",)


def converse(knowledge: Knowledge, *questions: str) -> list[Answer]:
    return asyncio.run(answer_turns(questions, knowledge))


def test_a_fact_is_asked_of_the_sheet_in_focus(knowledge: Knowledge) -> None:
    first, second = converse(
        knowledge, "Quel budget participatif dans le Gers ?", "Le premier, combien de personnes ont voté en 2019 ?"
    )
    assert first.sheets[0] == second.sheets[0] == "1"
    assert "47000" in second.answer
    assert {citation.sheet for citation in second.citations} == {"1"}
    assert second.standalone_question.startswith("Budget Participatif Gersois : ")


def test_a_follow_up_that_no_sheet_answers_is_not_answered_with_the_subject_before(knowledge: Knowledge) -> None:
    _, second = converse(
        knowledge, "Qui a mené un budget participatif ?", "Autre chose : la recette de la tarte aux pommes ?"
    )
    assert (second.kind, second.abstained) == ("nothing", True)


def test_a_page_about_the_centre_can_be_asked_about_further(knowledge: Knowledge) -> None:
    _, second = converse(knowledge, "C'est quoi les Trophées ?", "ils existent depuis quand ?")
    assert (second.kind, second.citations[0].sheet) == ("centre", "decider-ensemble-intro")


def test_filters_set_by_hand_stay_strict_in_a_conversation(knowledge: Knowledge) -> None:
    given = asyncio.run(answer("le premier ?", knowledge, Filters(porteur=("PV",)), [BUDGETS]))
    assert "1" not in given.sheets
    assert given.filters["porteur"] == ["PV"]


@pytest.mark.parametrize(
    ("question", "unclear"),
    [
        pytest.param("compare les deux premiers", False, id="shown"),
        pytest.param("le septième ?", True, id="not-so-many"),
        pytest.param("compare les quatre premiers", True, id="not-four"),
        pytest.param("la quatrième phase a duré combien de temps ?", False, id="of-a-phase"),
    ],
)
def test_a_position_is_that_of_a_sheet_shown_or_is_not_clear(question: str, unclear: bool, real_index: Index) -> None:
    assert follow(question, real_index).unclear is unclear


@pytest.mark.parametrize(
    ("question", "unclear"),
    [
        pytest.param("compare les deux premiers", True, id="two"),
        pytest.param("le premier, combien de votants ?", True, id="one"),
        pytest.param("Quelle ville a été la première ?", False, id="who-was"),
        pytest.param("les deux premiers budgets participatifs de France", False, id="of-something"),
    ],
)
def test_without_anything_shown_a_position_is_not_clear(question: str, unclear: bool, real_index: Index) -> None:
    assert read_question(question, (), real_index).unclear is unclear


def test_what_is_not_clear_is_asked_and_leaves_the_subject(knowledge: Knowledge) -> None:
    asked = [
        "budgets participatifs",
        "compare les deux premiers",
        "et le septième ?",
        "le deuxième, combien de votants ?",
    ]
    shown, compared, unclear, voters = asyncio.run(answer_turns(asked, knowledge))
    assert compared.shown == shown.shown[:2]
    assert (unclear.kind, unclear.sheets, unclear.abstained) == ("clarification", compared.shown, True)
    assert "De quelle fiche" in unclear.answer
    assert voters.sheets[0] == compared.shown[1]


def test_a_follow_up_that_nothing_meets_says_so(knowledge: Knowledge) -> None:
    asked = ["Quels budgets participatifs ?", "et dans une ville de moins de 10 000 habitants ?"]
    small = asyncio.run(answer_turns(asked, knowledge))[1]
    assert small.sheets[0] == "21"
    assert {"1", "27", "43"}.isdisjoint(small.shown)
    assert "à ce critère" not in small.answer
    asked[1] = "et dans une commune de moins de 1 000 habitants ?"
    none = asyncio.run(answer_turns(asked, knowledge))[1]
    assert len(none.shown) == 1
    assert none.answer.startswith("Cette fiche ne répond pas à ce critère : commune de 1\u00a0000 habitants")


@pytest.mark.parametrize(
    "more", ["d'autres exemples ?", "autre chose ?", "Une autre petite commune ?", "any other examples?"]
)
def test_other_examples_are_none_of_those_shown_since_the_subject_is_this_one(more: str, knowledge: Knowledge) -> None:
    first, second, third = asyncio.run(
        answer_turns(["Des budgets participatifs pour les jeunes ?", more, "encore d'autres exemples ?"], knowledge)
    )
    assert first.shown
    assert second.shown
    assert third.shown
    assert not set(first.shown) & set(second.shown)
    assert not {*first.shown, *second.shown} & set(third.shown)


def test_two_are_compared_though_one_was_shown(knowledge: Knowledge) -> None:
    turn = Turn(query="Le budget participatif de Jarny ?", sheets=("21", "27", "96"), shown=("21",))
    compared = asyncio.run(answer("compare les deux", knowledge, None, [turn]))
    assert compared.kind == "comparison"
    assert compared.shown == ("21", "27")


@pytest.mark.parametrize("question", ["Combien de votants ?", "how many people voted?"])
def test_a_figure_asked_without_a_subject_is_that_of_the_sheets_shown(question: str, knowledge: Knowledge) -> None:
    turn = Turn(query="Des budgets participatifs ?", sheets=("1", "27", "96"), shown=("1", "27"))
    told = asyncio.run(answer(question, knowledge, None, [turn]))
    assert {citation.sheet for citation in told.citations} <= {"1", "27"}
    assert "1" in {citation.sheet for citation in told.citations}


def test_how_many_elsewhere_counts_what_the_question_before_did(knowledge: Knowledge) -> None:
    *_, told = asyncio.run(answer_turns(["Combien de votants dans le Gers ?", "et combien à Bailleul ?"], knowledge))
    assert "**530**" in told.answer
    assert {citation.sheet for citation in told.citations} == {"27"}
