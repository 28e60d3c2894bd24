"""The form of a follow-up, French and English: what ties it to the questions before it."""

import pytest

from assistant.reading.follow_up import FollowUp, read_follow_up
from language.text import read_text


@pytest.mark.parametrize(
    ("question", "link"),
    [
        pytest.param("et pour les très petites communes ?", "vary", id="other-size"),
        pytest.param("Et en Normandie ?", "vary", id="other-place"),
        pytest.param("plutôt avec des lycéens", "vary", id="rather"),
        pytest.param("même question mais pour un bailleur social", "vary", id="same-question"),
        pytest.param("Autre territoire : la montagne ?", "vary", id="other-territory"),
        pytest.param("non, pas en ligne, plutôt dans la rue", "vary", id="correction"),
        pytest.param("et si personne ne vient ?", "vary", id="if"),
        pytest.param("sans réunion publique", "vary", id="without"),
        pytest.param("et les seniors ?", "vary", id="other-public"),
        pytest.param("What about rural areas?", "vary", id="english-what-about"),
        pytest.param("and in a bigger town?", "vary", id="english-and"),
        pytest.param("celui de Lyon, il date de quand ?", "narrow", id="the-one-of"),
        pytest.param("Lesquels ont été récompensés ?", "narrow", id="which-ones"),
        pytest.param("Parmi ces exemples, lequel est le plus récent ?", "narrow", id="among"),
        pytest.param("il y en a un qui a duré plus d'un an ?", "narrow", id="is-there-one"),
        pytest.param("y en a-t-il dans le Nord ?", "narrow", id="any-in-a-place"),
        pytest.param("seulement ceux menés par une association", "narrow", id="only"),
        pytest.param("La plus ancienne, c'est laquelle ?", "narrow", id="superlative"),
        pytest.param("raconte-moi le troisième", "narrow", id="ordinal"),
        pytest.param("which of these had online voting?", "narrow", id="english-which-of-these"),
        pytest.param("the last one, how long did it take?", "narrow", id="english-ordinal"),
        pytest.param("ils étaient combien ?", "ask", id="how-many-were-they"),
        pytest.param("Combien ça a coûté ?", "ask", id="cost"),
        pytest.param("et ils ont tiré au sort comment ?", "ask", id="they"),
        pytest.param("qui les a accompagnés ?", "ask", id="them"),
        pytest.param("Cette démarche a-t-elle été évaluée ?", "ask", id="this-approach"),
        pytest.param("how much did it cost?", "ask", id="english-it"),
        pytest.param("Les habitants étaient-ils payés ?", "ask", id="inversion"),
        pytest.param("Autre question : comment financer une concertation ?", "new", id="other-question"),
        pytest.param("rien à voir : les jurys citoyens en santé", "new", id="nothing-to-do"),
        pytest.param("Je cherche des exemples de plateformes en ligne", "new", id="i-look-for"),
        pytest.param("Merci ! Avez-vous des démarches sur l'eau ?", "new", id="thanks-then-other"),
        pytest.param("Comment associer les agents quand ils travaillent la nuit ?", "open", id="pronoun-of-its-own"),
        pytest.param("budget participatif", "new", id="keywords"),
        pytest.param("Quel était le budget ?", "open", id="definite"),
        pytest.param("Les élus étaient présents ?", "open", id="yes-or-no"),
    ],
)
def test_the_form_of_a_question_says_how_it_is_tied(question: str, link: str) -> None:
    assert read_follow_up(read_text(question)).link == link


@pytest.mark.parametrize(
    ("question", "position"),
    [
        ("le deuxième ?", 2),
        ("et le premier, il a coûté combien ?", 1),
        ("parle-moi de la dernière", -1),
        ("La 3e a duré combien de temps ?", 3),
        ("l'exemple 4", 4),
        ("the second one, please", 2),
        ("Comment s'est passée la première réunion ?", 0),
        ("la deuxième phase, c'était quand ?", 0),
        ("en 2019 ?", 0),
    ],
)
def test_an_ordinal_points_at_a_sheet_unless_it_counts_something_else(question: str, position: int) -> None:
    assert read_follow_up(read_text(question)).position == position


@pytest.mark.parametrize(
    ("question", "text", "rejected"),
    [
        ("non, pas les élus, plutôt les agents", "les agents", "les élus"),
        ("et pour les jeunes, sauf les lycéens ?", "pour les jeunes, ?", "les lycéens"),
        ("Les jeunes n'ont pas voté ?", "Les jeunes n'ont pas voté ?", ""),
        ("rather than a city, a county", "a county", "a city"),
    ],
)
def test_what_is_not_wanted_is_not_searched(question: str, text: str, rejected: str) -> None:
    follow_up = read_follow_up(read_text(question))
    assert (follow_up.text, follow_up.rejected) == (text, rejected)


def test_courtesy_and_ties_are_left_out_of_what_is_searched() -> None:
    assert read_follow_up(read_text("ok merci. Et pour les familles ?")).text == "pour les familles ?"


def test_the_other_ones_are_those_that_were_not_in_focus() -> None:
    assert read_follow_up(read_text("et l'autre ?")) == FollowUp(
        link="narrow", text="l'autre ?", others=True, single=True
    )
    assert read_follow_up(read_text("les deux autres ?")).others
