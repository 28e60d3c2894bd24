"""What a question wants to be told, and in which form: in French and in English."""

import pytest

from assistant.reading.read import read_question
from assistant.reading.wanted import FORMS, Wanted, WantedForm, describe_aspects, read_wanted
from index.aspects.aspects import ASPECTS, Aspect
from index.encoding.encoder import Encoder
from index.opened import Index


def want(question: str, index: Index, encoder: Encoder) -> Wanted:
    return read_wanted(read_question(question, (), index), encoder)


@pytest.mark.parametrize(
    ("form", "question"),
    [
        ("why", "Quelles raisons ont poussé à créer une instance citoyenne ?"),
        ("why", "Why was the platform created?"),
        ("who", "Qui finance la concertation ?"),
        ("who", "Who leads the citizen panels?"),
        ("duration", "Combien de temps a duré la concertation ?"),
        ("duration", "How long did the consultation last?"),
        ("yesno", "Peut-on voter en ligne ?"),
        ("yesno", "Can residents vote online?"),
        ("advice", "Quels conseils donnez-vous pour toucher les jeunes ?"),
        ("advice", "What advice do you have for reaching young people?"),
        ("figures", "Combien dépensent les communes pour concerter ?"),
        ("figures", "How much do towns spend on consultation?"),
        ("examples", "Des exemples d'ateliers avec des enfants ?"),
        ("examples", "Examples of workshops with children?"),
        ("method", "Comment organiser un budget participatif ?"),
        ("method", "How do we organise a participatory budget?"),
        ("count", "Combien de fiches sur la santé ?"),
        ("count", "How many sheets are about health?"),
        ("share", "Quelle part des démarches concerne l'environnement ?"),
        ("extreme", "Quelle est la plus grosse enveloppe ?"),
    ],
)
def test_the_form_that_a_question_wants_is_the_likeliest(
    form: WantedForm, question: str, real_index: Index, encoder: Encoder
) -> None:
    assert want(question, real_index, encoder).form == form


@pytest.mark.parametrize(
    ("aspect", "question"),
    [
        ("moyens", "Combien dépensent les communes pour concerter ?"),
        ("moyens", "How much do towns spend on consultation?"),
        ("calendrier", "Combien de temps a duré la concertation ?"),
        ("enseignement", "Quelles leçons tirer des réunions publiques ?"),
        ("difficulte", "Quelles difficultés pour mobiliser les habitants ?"),
        ("public", "Des exemples d'ateliers avec des enfants ?"),
        ("objectif", "Quelles raisons ont poussé à créer une instance citoyenne ?"),
        ("recrutement", "Qui a été tiré au sort ?"),
    ],
)
def test_what_a_question_wants_to_be_told_is_read(
    aspect: Aspect, question: str, real_index: Index, encoder: Encoder
) -> None:
    assert aspect in describe_aspects(want(question, real_index, encoder).aspects, 0.5)


def test_forms_come_the_likeliest_first_and_their_chances_make_one(real_index: Index, encoder: Encoder) -> None:
    wanted = want("Pourquoi avoir créé une plateforme ?", real_index, encoder)
    chances = list(wanted.forms.values())
    assert set(wanted.forms) == set(FORMS)
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1.0, abs=0.002)
    assert wanted.chance("why", "who") == pytest.approx(wanted.forms["why"] + wanted.forms["who"])
    assert len(wanted.aspects) == len(ASPECTS)
    assert all(0 <= chance <= 1 for chance in wanted.aspects)


def test_aspects_are_named_the_likeliest_first() -> None:
    chances = tuple(0.9 if name == "effet" else 0.6 if name == "public" else 0.1 for name in ASPECTS)
    assert describe_aspects(chances, 0.5) == ["effet", "public"]
    assert describe_aspects(chances, 0.95) == []
