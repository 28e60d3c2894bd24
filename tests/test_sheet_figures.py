"""The figures of a sentence: what each measures, its value, its unit and what it counts. Sentences of real sheets."""

import pytest

from index.aspects.figures import Figure, find_figures
from index.aspects.measured import MEASURED


def read(sentence: str) -> list[tuple[object, ...]]:
    return [_tell(figure) for figure in find_figures(sentence)]


def _tell(figure: Figure) -> tuple[object, ...]:
    value = figure.low if figure.low == figure.high else (figure.low, figure.high)
    return figure.measured, value, f"{figure.unit}/{figure.per}".rstrip("/"), figure.written, figure.counts


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        pytest.param(
            "Elle a recueilli 140 000 votants en 2019.", [("voters", 140_000, "", "140 000 votants", "")], id="voters"
        ),
        pytest.param(
            "La plateforme nécessite 25 000 euros par an pour son développement.",
            [("cost", 25_000, "€/an", "25 000 euros", "")],
            id="a-cost-a-year",
        ),
        pytest.param(
            "La direction a un budget de 50 000 euros, et 20 000 euros sont consacrés chaque année au dispositif.",
            [("cost", 50_000, "€", "50 000 euros", ""), ("cost", 20_000, "€/an", "20 000 euros", "")],
            id="the-year-of-another-cost",
        ),
        pytest.param(
            "Le site a été développé par AND DIGITAL, pour un coût de 10 000 euros.",
            [("cost", 10_000, "€", "10 000 euros", "")],
            id="a-name-is-no-year",
        ),
        pytest.param(
            "Ce budget est doté d’1 million d’euros dont 10 % (100 000 euros) sont destinés aux jeunes.",
            [
                ("cost", 1_000_000, "€", "1 million d’euros", ""),
                ("share", 10, "%", "10 %", ""),
                ("cost", 100_000, "€", "100 000 euros", ""),
            ],
            id="a-share-and-its-amount-are-no-range",
        ),
        pytest.param(
            "Le coût est estimé entre 10 000 et 50 000 euros.",
            [("cost", (10_000, 50_000), "€", "10 000 et 50 000 euros", "")],
            id="a-range",
        ),
        pytest.param(
            "68 jeunes du Val-de-Marne, âgés de 18 à 25 ans et tirés au sort",
            [
                ("participants", 68, "", "68 jeunes", "du Val-de-Marne"),
                ("age", (18, 25), "ans", "18 à 25 ans", ""),
            ],
            id="people-and-their-age",
        ),
        pytest.param(
            "un senior (+ de 60 ans) ou adulte (30 à 59 ans).",
            [("age", 60, "ans", "60 ans", ""), ("age", (30, 59), "ans", "30 à 59 ans", "")],
            id="ages-in-brackets",
        ),
        pytest.param(
            "Lancé pour les 10 ans à venir, il a duré 18 mois.",
            [("duration", 10, "ans", "10 ans", ""), ("duration", 18, "mois", "18 mois", "")],
            id="years-to-come",
        ),
        pytest.param("On la tient pendant 1 an.", [("duration", 1, "ans", "1 an", "")], id="one-unit-a-name"),
        pytest.param(
            "Macouria est une ville de 14 200 habitants située en Guyane.",
            [("inhabitants", 14_200, "", "14 200 habitants", "")],
            id="inhabitants",
        ),
        pytest.param(
            "Cette mobilisation a permis de rencontrer plus de 1000 habitants sur leurs lieux de vie.",
            [("participants", 1000, "", "1000 habitants", "")],
            id="inhabitants-who-took-part",
        ),
        pytest.param(
            "pour une superficie de 6309 kilomètres carrés, dont 7 hectares et 6500m2",
            [
                ("territory", 6309, "km²", "6309 kilomètres carrés", ""),
                ("territory", 7, "ha", "7 hectares", ""),
                ("territory", 6500, "m²", "6500m2", ""),
            ],
            id="areas",
        ),
        pytest.param(
            "née de la fusion de 5 anciennes communautés de communes",
            [("territory", 5, "", "5 anciennes communautés", "de communes")],
            id="an-adjective-is-not-what-is-counted",
        ),
        pytest.param(
            'Organisation des 5 "COP territoriales"',
            [("other", 5, "", '5 "COP territoriales"', "")],
            id="a-name-in-quotes-is-whole",
        ),
        pytest.param("Ouvert 24h/24 et 7j/7 de septembre à janvier", [], id="hours-of-opening"),
        pytest.param("l’égalité 50/50) puis de faciliter leur parole", [], id="a-ratio"),
        pytest.param("le projet 1 qui a donc été retenu", [], id="a-number-that-names"),
        pytest.param("En été, la population est multipliée par 10 et le territoire change.", [], id="a-factor"),
        pytest.param("dont 52 jugées prioritaires dans leur avis", [], id="what-was-named-before"),
        pytest.param("29 juin 2018 : réunion publique", [], id="a-date"),
    ],
)
def test_a_figure_says_what_it_measures(sentence: str, told: list[tuple[object, ...]]) -> None:
    assert read(sentence) == told


def test_what_is_counted_is_never_cut_within_a_word() -> None:
    sentence = (
        "Elle a réuni 80 citoyens volontaires venus des quartiers voisins et de leurs hameaux anticonstitutionnels."
    )
    (figure,) = find_figures(sentence)
    assert sentence[figure.end :].strip().startswith(figure.counts)
    assert figure.counts.split() == sentence[figure.end :].split()[: len(figure.counts.split())]


def test_every_quantity_has_a_name_for_people() -> None:
    from assistant.catalogue.figures import QUANTITIES

    assert tuple(QUANTITIES) == MEASURED
