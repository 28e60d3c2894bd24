import pytest

from assistant.finding.quantities import find_held
from assistant.reading.asked import Quantity, read_asked


@pytest.mark.parametrize(
    ("question", "quantity"),
    [
        ("Combien de personnes ont voté ?", "count"),
        ("combien d arrets a fait la tournée", "count"),
        ("Combien a coûté la plateforme ?", "money"),
        ("Quelle somme la ville consacre-t-elle au budget ?", "money"),
        ("Quel pourcentage d'habitants a participé ?", "share"),
        ("Combien de temps a duré la démarche ?", "duration"),
        ("Depuis quelle année la ville le fait-elle ?", "date"),
        ("Quand ont-ils voté ?", "date"),
        ("Comment s'appelle le triporteur ?", "name"),
        ("Qui a animé les ateliers de Muttersholtz ?", "name"),
        ("How many people voted?", "count"),
        ("Le budget participatif de Jarny s'élève à combien ?", "money"),
        ("Combien de budget pour les jeunes ?", "money"),
        ("Combien de projets du budget participatif ont été votés ?", "count"),
        ("Combien était le budget participatif de Jarny ?", "money"),
        ("En quelle année a commencé le budget participatif de Rennes ?", "date"),
    ],
)
def test_what_a_question_asks_for_is_read(question: str, quantity: Quantity) -> None:
    asked = read_asked(question)
    assert asked is not None
    assert asked.quantity == quantity


@pytest.mark.parametrize(
    "question",
    [
        "Comment mobiliser les jeunes ?",
        "Qui a associé des enfants ?",
        "des exemples en Bretagne",
        "Quels budgets participatifs ?",
    ],
)
def test_a_question_for_examples_asks_for_no_fact(question: str) -> None:
    assert read_asked(question) is None


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        pytest.param("Combien de votants ?", "En 2019, plus de 47 000 votants.", "47 000", id="count"),
        pytest.param("Combien de votants ?", "En 2019 les votants sont nombreux.", None, id="a-year-counts-nothing"),
        pytest.param("Combien de votants ?", "33 % du corps (47000 votants)", "47000", id="a-share-is-no-count"),
        pytest.param("Combien de joueurs ?", "1500 personnes ont joué.", "1500", id="persons-by-another-word"),
        pytest.param("Combien de projets ?", "1500 personnes ont joué.", None, id="another-thing"),
        pytest.param("Combien d'arrêts ?", "Du 2 au 30 septembre, 33 arrêts.", "33", id="a-day-counts-nothing"),
        pytest.param("Combien a coûté le site ?", "Il a coûté 10 000 euros en 2018.", "10 000 euros", id="money"),
        pytest.param("Combien a coûté le site ?", "Le site compte 10 000 inscrits.", None, id="no-money"),
        pytest.param("Quel budget ?", "Un budget de 1,2 million d’euros.", "1,2 million d’euros", id="millions"),
        pytest.param("Quelle part ?", "Soit 14 % de la population.", "14 %", id="share"),
        pytest.param("Combien de temps ?", "La démarche a duré 18 mois.", "18 mois", id="duration"),
        pytest.param("À quelle date ?", "Vote le 17 mars 2018.", "17 mars 2018", id="date"),
        pytest.param("À quelle date ?", "Le quartier compte 2000 habitants.", None, id="two-thousand-is-no-year"),
        pytest.param("Combien de citoyens ?", "Étape 2 : panel de citoyens", None, id="a-step-counts-nothing"),
        pytest.param("Étape de combien ?", "De 2002 à 2009, rien.", None, id="bare-years-count-nothing"),
        pytest.param("Combien de secteurs ?", "divisée en seize secteurs", "seize", id="in-words"),
    ],
)
def test_the_figure_that_answers_is_found_in_the_sentence(question: str, sentence: str, held: str | None) -> None:
    asked = read_asked(question)
    assert asked is not None
    found = find_held(sentence, asked)
    assert (sentence[found.start : found.end] if found else None) == held


def test_a_share_of_something_else_fits_less() -> None:
    asked = read_asked("Quel est le pourcentage de femmes ?")
    assert asked is not None
    other = find_held("35 femmes et 33 hommes, 54 % d’étudiants", asked)
    same = find_held("Le panel compte 51 % de femmes", asked)
    assert other is not None
    assert same is not None
    assert other.fit < 0.5 < same.fit
