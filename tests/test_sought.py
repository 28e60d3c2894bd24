"""What a question asks to be given, and how it is said that no sheet gives it."""

import pytest

from assistant.reading.sought import find_sought
from assistant.wording.missing import say_missing
from language.text import read_text

SAID = {
    ("Combien de signatures faut-il pour une votation ?", "fr"): "Aucune fiche ne donne ce nombre de signatures.",
    ("Combien d'arbres ont été plantés à Antony ?", "fr"): (
        "Aucune fiche ne donne le nombre d'arbres qui ont été plantés à Antony."
    ),
    ("Quel est le montant du budget participatif d'Antony ?", "fr"): (
        "Aucune fiche ne donne le montant du budget participatif d'Antony."
    ),
    ("Avez-vous un modèle de règlement à télécharger ?", "fr"): (
        "Aucune fiche ne contient de modèle de règlement à télécharger."
    ),
    (
        "Avez-vous des exemples de participation de détenus ?",
        "fr",
    ): "Aucune fiche ne parle de participation de détenus.",
    ("Qui est le maire de Kingersheim ?", "fr"): "Aucune fiche ne dit qui est le maire de Kingersheim.",
    ("Combien a coûté la tournée Tok-Tok ?", "fr"): "Aucune fiche ne dit ce que coûte la tournée Tok-Tok.",
    ("combien a coûté la concertation de Castillon la Bataille", "fr"): (
        "Aucune fiche ne dit ce que coûte la concertation de Castillon la Bataille."
    ),
    ("À Castillon-la-Bataille, combien a coûté la concertation ?", "fr"): "Aucune fiche ne donne ce coût.",
    ("Quelle indemnité les citoyens touchent-ils ?", "fr"): "Aucune fiche ne précise cette indemnité.",
    ("Combien de temps cela a-t-il duré ?", "fr"): "Aucune fiche ne dit combien de temps cela prend.",
    ("How many signatures are needed?", "en"): "No sheet gives the number of signatures that are needed.",
    ("Do you have a template contract?", "en"): "No sheet holds any template contract.",
}


@pytest.mark.parametrize(("question", "language"), SAID)
def test_what_no_sheet_gives_is_named_in_the_words_of_the_question(question: str, language: str) -> None:
    sought = find_sought(read_text(question, language))
    assert sought
    assert say_missing(sought, language) == SAID[question, language]


@pytest.mark.parametrize("question", ["Comment mobiliser les jeunes ?", "Pourquoi tirer au sort ?", "Tok-Tok"])
def test_a_question_that_asks_for_nothing_to_be_given_names_nothing(question: str) -> None:
    assert find_sought(read_text(question, "fr")) is None


def test_what_is_only_a_part_of_what_may_exist_is_not_named() -> None:
    assert find_sought(read_text("Y a-t-il une concertation que des jeunes ont menée ?", "fr")) is None
