"""What the form of a question asks for, read in its words alone."""

import pytest

from assistant.reading.form import read_form
from language.text import read_text


@pytest.mark.parametrize(
    "question",
    [
        "Comment mobiliser les habitants d'un quartier ?",
        "comment mieux informer les riverains",
        "coment faire participer les jeunes",
        "Par où commencer pour un conseil de quartier ?",
        "Quelles étapes pour lancer une concertation ?",
        "Quelle est la marche à suivre ?",
        "Comment s'y prendre avec des enfants ?",
        "Que faut-il faire pour toucher les plus précaires ?",
        "des conseils pour animer un atelier",
        "How to run a citizens' jury?",
        "How do we reach young people?",
        "Where should we start?",
    ],
)
def test_a_question_on_how_to_do_asks_for_a_method(question: str) -> None:
    assert read_form(read_text(question)).method


@pytest.mark.parametrize(
    "question",
    [
        "Comment s'appelle le camion de la tournée ?",
        "Comment Rennes a associé ses habitants ?",
        "Comment votre ville a-t-elle fait ?",
        "Qui a fait un budget participatif ?",
        "How many people voted?",
        "How can I contact you?",
        "Combien a coûté la plateforme ?",
    ],
)
def test_other_questions_ask_for_no_method(question: str) -> None:
    assert not read_form(read_text(question)).method


@pytest.mark.parametrize(
    "question",
    [
        "Compare Jarny et Bailleul",
        "peux-tu comparer ces deux projets ?",
        "Quelles différences entre les démarches de Tours et de Lyon ?",
        "quelle diference entre jarny et bailleul",
        "En quoi les deux premiers se distinguent ?",
        "Jarny vs Bailleul",
        "fais-moi un tableau comparatif",
        "et par rapport à celui de Jarny ?",
        "What is the difference between Lyon and Tours?",
        "compare them",
    ],
)
def test_a_comparison_is_recognised(question: str) -> None:
    assert read_form(read_text(question)).comparison


@pytest.mark.parametrize(
    "question",
    [
        "Qui a travaillé sur les transports en commun ?",
        "un tableau de bord des engagements",
        "rassembler les habitants",
        "Des démarches pour faire face à l'indifférence ?",
    ],
)
def test_words_that_only_look_like_a_comparison_ask_for_none(question: str) -> None:
    assert not read_form(read_text(question)).comparison


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Parle-moi de Kingersheim", "kingersheim"),
        ("peux-tu me présenter la fiche Ma plage, demain ?", "ma plage demain"),
        ("Raconte le projet de Fégréac", "de fegreac"),
        ("en savoir plus sur le Débat permanent", "le debat permanent"),
        ("Tell me about Tok-Tok", "tok tok"),
        ("celui qui part d'un jeu, raconte", "celui qui part d un jeu"),
        ("Imagine la cantine", "imagine la cantine"),
    ],
)
def test_a_sheet_is_asked_for_by_its_name(question: str, subject: str) -> None:
    form = read_form(read_text(question))
    assert (form.card, form.subject) == (True, subject)


@pytest.mark.parametrize("question", ["Qui a fait une votation ?", "Je cherche une idée", "Which towns did it?"])
def test_a_question_is_no_bare_name(question: str) -> None:
    assert not read_form(read_text(question)).card


@pytest.mark.parametrize(
    ("question", "counted", "listed"),
    [
        ("Combien de fiches avez-vous ?", "fiches avez vous", None),
        ("Combien d'associations ?", "associations", None),
        ("How many sheets?", "sheets", None),
        ("nombre de lauréats en 2018", "laureats en 2018", None),
        ("Liste des démarches sur la santé", None, "demarches sur la sante"),
        ("toutes les fiches de Bretagne", None, "fiches de bretagne"),
        ("list all the projects", None, "projects"),
        ("Qui a fait une votation ?", None, None),
    ],
)
def test_what_is_counted_or_listed_is_read(question: str, counted: str | None, listed: str | None) -> None:
    form = read_form(read_text(question))
    assert (form.counted, form.listed) == (counted, listed)
