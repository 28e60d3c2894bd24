"""What is computed or listed is exact, over the 101 real sheets: counts with names, shares, tools, lists."""

import asyncio

import pytest

from assistant.answers.answer import Answer
from assistant.checks.verification import find_faults
from assistant.finding.shares import find_whole, read_turnout
from assistant.pipeline import Knowledge, answer
from assistant.reading.counting import leave_figure, leave_names
from assistant.reading.superlative import read_superlative
from index.aspects.begun import find_begun
from index.aspects.figures import find_figures
from index.encoding.encoder import Encoder
from index.opened import Index
from language.text import read_text


def ask(question: str, knowledge: Knowledge) -> Answer:
    given = asyncio.run(answer(question, knowledge))
    assert find_faults(given, knowledge.index) == []
    return given


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Combien de fiches viennent d'une région, et lesquelles ?", "Combien de fiches viennent d'une région"),
        ("How many associations are in your database? List them.", "How many associations"),
        ("Combien d'entreprises figurent dans vos fiches ?", "Combien d'entreprises"),
    ],
)
def test_what_asks_for_names_is_no_text_to_find(question: str, left: str) -> None:
    assert leave_names(read_text(question))[0].written.rstrip(" ,.?") == left


def test_a_question_that_counts_nothing_keeps_its_words() -> None:
    question = read_text("Quelles communes, et lesquelles ont voté ?")
    assert leave_names(question) == (question, False)


@pytest.mark.parametrize(
    "question",
    [
        "Combien de vos fiches sont portées par un département, et lesquels ?",
        "Combien de conseils départementaux figurent dans vos fiches et quels sont leurs noms ?",
    ],
)
def test_departements_are_counted_by_their_place_and_named(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.form == "count"
    assert sorted(given.listed, key=int) == ["1", "16", "19", "30", "59", "61", "63", "82", "83", "98"]
    assert "**5\u00a0départements** : Gers (1), Gironde (1), Haute-Garonne (4)" in given.answer


def test_a_share_is_a_share_of_something() -> None:
    wholes = {
        "33% du corps électoral a voté": "voters",
        "soit 14 % de la population ont participé": "inhabitants",
        "plus de 6% du budget d’investissement de la ville": "money",
        "83% des écoles élémentaires de Paris": None,
        "désigné à 50% par le vote citoyen": None,
    }
    assert {text: find_whole(text, find_figures(text)[0]) for text in wholes} == wholes


def test_a_turnout_is_of_people_alone() -> None:
    assert read_turnout(read_text("le taux de participation")) == {"voters", "inhabitants"}
    assert read_turnout(read_text("Quelle part de la population a participé ?")) == {"inhabitants"}
    assert not read_turnout(read_text("Quelle part du budget va au budget participatif ?"))


def test_the_best_is_the_most_of_a_share_only() -> None:
    best = read_superlative(read_text("Quel budget participatif a eu le meilleur taux de participation ?"))
    assert best is not None
    assert (best.column, best.least) == ("share", False)
    assert read_superlative(read_text("Les meilleurs exemples de participation")) is None


def test_the_highest_turnout_comes_first_and_a_slip_is_told_as_such(knowledge: Knowledge) -> None:
    given = ask("Quel budget participatif a eu le meilleur taux de participation ?", knowledge)
    assert given.shown == ("1", "87")
    assert "**33%**" in given.answer.split("\n\n")[0]
    assert "sûrement une erreur" in given.answer
    assert "6%" not in given.answer


def test_the_smallest_town_is_so_by_the_number_that_is_shown(knowledge: Knowledge) -> None:
    given = ask("Quelle est la plus petite commune de vos fiches ?", knowledge)
    assert given.shown[0] == "9"
    assert "**2100 habitants**" in given.answer.split("\n\n")[0]


def test_what_compares_by_its_own_word_is_not_what_stands_after_it() -> None:
    for question, column in {
        "c koi le plus vieux budget participatif ?": "year",
        "le budget participatif le plus ancien": "year",
        "qui fait participer depuis le plus longtemps ?": "year",
        "le plus gros budget participatif": "cost",
        "la démarche la plus longue": "duration",
    }.items():
        asked = read_superlative(read_text(question))
        assert asked is not None
        assert asked.column == column, question


def test_since_when_someone_is_in_office_is_not_since_when_a_practice_is() -> None:
    assert find_begun("Depuis son lancement en 2009, le budget participatif s’est ouvert.") == 2009
    assert find_begun("Le maire depuis 1989, ancien mineur, fait équiper la piscine.") is None
    assert find_begun("La ville adhère dès 1991 à l'association.") is None
    assert find_begun("En 2018, le budget a augmenté.") is None


def test_the_oldest_of_sheets_with_the_year_of_their_beginning_goes_by_it(own_index: Index, encoder: Encoder) -> None:
    first = ask("Quelle est la plus ancienne démarche ?", Knowledge(own_index, encoder, ""))
    assert first.kind == "extreme"
    oldest = min(sheet.last_year for sheet in own_index.practices if sheet.last_year)
    assert f"**{oldest}**" in first.answer.split("\n")[0]


@pytest.mark.parametrize(
    ("question", "first", "year"),
    [
        ("Quel est le plus vieux budget participatif de vos fiches ?", "21", "2009"),
        ("Quelle est la plus ancienne démarche ?", "75", "1980"),
    ],
)
def test_the_oldest_is_what_says_since_when_it_is(question: str, first: str, year: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.kind == "extreme"
    assert given.sheets[0] == first
    assert f"**{year}**" in given.answer.split("\n")[0]


@pytest.mark.parametrize(
    ("question", "sheets"),
    [
        (
            "Which cities used Cap Collectif for their online platform?",
            ["7", "8", "42", "47", "49", "64", "75", "90", "92"],
        ),
        ("Quelles collectivités ont fait appel à Open Source Politics ?", ["41", "44", "45", "63", "65"]),
        ("qui utilise decidim ?", ["63"]),
    ],
)
def test_who_employs_a_tool_is_told_by_the_sentences_that_name_it(
    question: str, sheets: list[str], knowledge: Knowledge
) -> None:
    given = ask(question, knowledge)
    assert given.kind == "users"
    assert sorted(given.shown, key=int) == sheets


def test_a_figure_of_each_is_read_apart_from_what_is_listed() -> None:
    rest, figure = leave_figure(read_text("Liste des fiches sur la santé avec le nombre de participants svp"))
    assert rest.written == "Liste des fiches sur la santé"
    assert figure is not None
    assert (figure.quantity, figure.counted) == ("count", ("particip",))
    assert leave_figure(read_text("Quel est le montant ?"))[1] is None


def test_a_list_tells_the_figure_of_each_or_that_its_sheet_gives_none(knowledge: Knowledge) -> None:
    given = ask(
        "quelles communes de moins de 10 000 habitants ont un budget participatif ? avec le montant svp", knowledge
    )
    assert "**250 000€**" in given.answer
    assert "Un quart" not in given.answer
    assert {"86", "96"} <= set(given.shown)
    given = ask("Liste des démarches portées par des bailleurs sociaux, avec leur budget", knowledge)
    assert given.answer.count("la fiche ne le dit pas") == 2


def test_a_comparison_puts_what_is_asked_first_and_names_the_other_sheets(knowledge: Knowledge) -> None:
    given = ask("Compare le budget participatif de Jarny et celui d'Antony : montants et déroulement", knowledge)
    rows = [line for line in given.answer.split("\n") if line.startswith("| **")]
    assert [row.split("**")[1] for row in rows[:2]] == ["Budget", "Déroulé"]
    given = ask("comparer Grenoble et Rennes", knowledge)
    assert "Autres fiches sur Grenoble" in given.answer
    assert "41 projets lauréats" in given.answer


def test_those_who_took_part_come_before_those_who_sit_on_a_board(knowledge: Knowledge) -> None:
    given = ask("combien d'habitants ont participé à Imagine le Grand Annecy ?", knowledge)
    assert "**4 000**" in given.answer.split("\n\n")[0]


@pytest.mark.parametrize(
    ("question", "sheets", "said"),
    [
        ("Quels départements ont mené une démarche auprès des collégiens ?", ["16", "59", "82"], "« collégiens »"),
        ("Combien de fiches parlent d'un conseil de quartier ?", ["21", "33", "42", "51", "75", "78"], "quartier »"),
    ],
)
def test_what_is_less_than_a_theme_is_listed_by_what_sheets_say(
    question: str, sheets: list[str], said: str, knowledge: Knowledge
) -> None:
    given = ask(question, knowledge)
    assert sorted(given.listed, key=int) == sheets
    assert said in given.answer.replace("\u00a0", " ")
    assert "Dans la rubrique entière, d'autres fiches n'écrivent pas ces mots" in given.answer


def test_a_theme_by_its_own_name_is_counted_by_the_catalogue(knowledge: Knowledge) -> None:
    given = ask("combien en environnement ?", knowledge)
    assert (len(given.listed), "rubrique entière" in given.answer) == (14, False)


def test_what_no_sheet_within_says_is_told_and_not_replaced_by_its_theme(knowledge: Knowledge) -> None:
    given = ask("Quelles associations ont travaillé sur le handicap ?", knowledge)
    assert given.answer.startswith("Aucune des 101 fiches ne répond à tous ces critères")
    assert given.listed == ("15", "36")


def test_either_of_two_kinds_of_organisation_is_meant(knowledge: Knowledge) -> None:
    given = ask("Quelles métropoles ou communautés urbaines ont concerté sur leur plan climat ?", knowledge)
    assert given.listed == ("60", "7")
    assert "«\u00a0métropole ou communauté urbaine\u00a0»" in given.answer


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Le conseil municipal intergénérationnel, c'est où ?", "Cette démarche est portée par **Centre Communal"),
        (
            "Qui est derrière #DansMaVille ?",
            "Cette démarche est portée par **Mediacités**, à **Sèvres (Hauts-de-Seine),",
        ),
        ("Who is behind Muttersholtz 2050?", "This practice is run by **Maison de la Nature"),
    ],
)
def test_who_carries_a_practice_and_where_is_told_first(question: str, opening: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.answer.startswith(opening)
    assert len(given.shown) == 1


def test_a_duration_is_that_of_the_practice_and_not_of_who_runs_it(knowledge: Knowledge) -> None:
    given = ask("combien de tps a duré la concertation des vétérinaires sur les cochons et les volailes", knowledge)
    first = given.citations[0].quote
    assert ("18 mois" in first, "30 ans" in first) == (True, False)


def test_a_word_without_a_note_is_told_by_the_sheet_that_says_its_meaning(knowledge: Knowledge) -> None:
    given = ask("c'est quoi un nudge ?", knowledge)
    assert given.answer.startswith("Le centre n'a pas de note sur ce mot")
    assert "« coup de pouce »" in given.citations[0].quote


def test_where_and_who_asked_together_are_each_told_by_the_catalogue(knowledge: Knowledge) -> None:
    given = ask("#DansMaVille, c'est dans quelle ville et qui porte ça ?", knowledge)
    assert given.answer.count("Cette démarche est portée par **Mediacités**") >= 1
    assert "Au plus près" not in given.answer
