"""What a person says of themselves is context: it leaves no sheet out; what is asked of the sheets is a bound."""

import asyncio

import pytest

from assistant.answers.answer import Answer
from assistant.answers.bounds import find_bounds
from assistant.checks.verification import find_faults
from assistant.pipeline import Knowledge, answer
from assistant.reading.asker import is_context
from assistant.reading.read import read_question
from index.opened import Index
from language.text import read_text


def ask(question: str, knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(question, knowledge))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("On est une petite ville, qui a fait un jury citoyen ?", "petite ville"),
        ("comment consulter les parents dans notre village ?", "village"),
        ("asso de riverains : on voudrait peser sur un chantier, des exemples ?", "asso"),
        ("petite commune, comment faire venir les jeunes ?", "petite commune"),
        ("Secrétaire de mairie dans un village de montagne, je débute", "village"),
        ("je fais une mission pour une agglo, les jeunes ne viennent pas", "agglo"),
        ("quelles aides quand on est une petite association ?", "association"),
        ("vieillir au village sans partir", "village"),
        ("We are a small town, how do we start?", "small town"),
        ("small charity, how can members decide?", "charity"),
    ],
)
def test_what_the_person_says_to_be_is_context(question: str, words: str) -> None:
    at = question.index(words)
    assert is_context(read_text(question), at, at + len(words))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("je cherche des exemples de petites communes", "petites communes"),
        ("Quelles démarches portées par une association ?", "association"),
        ("budget participatif dans une petite commune, quel montant ?", "petite commune"),
        ("Comment mobiliser les jeunes dans un village ?", "village"),
        ("une association, avant 2018, avec des femmes", "association"),
        ("je travaille sur les petites communes", "petites communes"),
        ("petites communes, comment font-elles ?", "petites communes"),
        ("we are looking for small towns with a youth council", "small towns"),
    ],
)
def test_what_is_asked_of_the_sheets_is_none(question: str, words: str) -> None:
    at = question.index(words)
    assert not is_context(read_text(question), at, at + len(words))


def test_who_asks_leaves_out_no_sheet_that_answers(knowledge: Knowledge) -> None:
    parents = "asso de parents d'élèves : on voudrait que les collégiens donnent leur avis sur la cantine, ça existe ?"
    assert ask(parents, knowledge).shown[0] == "82"
    named = ask("we are a small village, how did Plessé organise its citizen participation?", knowledge)
    assert named.shown[0] == "85"
    sized = ask("Je suis maire d'un bourg de 1 200 habitants, comment Grenoble a organisé sa votation ?", knowledge)
    assert sized.shown[0] == "71"
    assert "\u202f140 habitants" in sized.answer.split("\n\n")[1], "how large it is stands on its line"
    assert not find_faults(sized, knowledge.index)


@pytest.mark.parametrize(
    ("question", "bounded"),
    [
        ("Je suis dans une métropole mais je cherche des exemples de petites communes", True),
        ("on a moins de 3 000 habitants, qui a tiré des citoyens au sort ?", False),
        ("tirage au sort dans une commune de moins de 3 000 habitants", True),
        ("Mon village compte 380 habitants : est-ce réservé aux grandes villes ?", False),
    ],
)
def test_a_bound_is_asked_of_the_sheets(question: str, bounded: bool, real_index: Index) -> None:
    assert bool(list(find_bounds(read_question(question, (), real_index), real_index))) == bounded


def test_near_us_is_around_the_place_where_the_person_is(knowledge: Knowledge) -> None:
    given = ask(
        "On est une association de quartier à Marseille, qu'est-ce qui s'est fait près de chez nous ?", knowledge
    )
    assert given.shown == ("73",)
    assert "Marseille à 33 km" in given.answer
    assert not find_faults(given, knowledge.index)
    far = ask("on est à Guéret, un budget participatif près de chez nous ?", knowledge)
    assert "Aucune de ces fiches ne répond à ce critère : lieu « Guéret »" in far.answer.replace("\u00a0", " ")
    assert "Guéret à 23" in far.answer


def test_no_sheet_is_pointed_at_where_bounds_are_all_that_is_asked(knowledge: Knowledge) -> None:
    given = ask("Y a-t-il des projets en outre-mer dans votre base ?", knowledge)
    assert set(given.shown) == {"10", "14"}
    assert "En dehors de ces limites" not in given.answer


def test_the_sheet_pointed_at_is_quoted(knowledge: Knowledge) -> None:
    given = ask("tirage au sort dans des villages", knowledge)
    pointed = given.answer.split("En dehors de ces limites, plus près du sujet : ")[1]
    assert "par tirage au sort. » [" in pointed.replace("\u00a0", " ")
    assert not find_faults(given, knowledge.index)
