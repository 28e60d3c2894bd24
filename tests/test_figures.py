"""Figures in one normal form: what French and English write in many ways."""

import pytest

from assistant.checks.figures import find_figures, is_proof


def read(text: str) -> list[tuple[str, ...]]:
    return [(figure.kind, *(str(part) for part in figure.value)) for figure in find_figures(text)]


@pytest.mark.parametrize(
    "writings",
    [
        pytest.param(("47 000", "47\u00a0000", "47\u202f000", "47.000", "47,000", "47000"), id="thousands"),
        pytest.param(("1,5 hectare", "1.5 hectare"), id="decimals"),
        pytest.param(
            ("1 million d'euros", "un million d’euros", "1 000 000 €", "1 M€", "1000 k€"), id="a-million-euros"
        ),
        pytest.param(("1,5 million d'euros", "1.5 M€", "1 500 000 euros"), id="one-and-a-half-million-euros"),
        pytest.param(("2 milliards", "deux milliards", "2 000 000 000"), id="milliards"),
        pytest.param(("33 %", "33%", "33\u202f%", "33 pour cent", "trente-trois pour cent"), id="shares"),
        pytest.param(("50 %", "la moitié des votants", "1/2 des votants"), id="half"),
        pytest.param(("le tiers", "un tiers", "1/3 des voix"), id="a-third"),
        pytest.param(("deux cents élus", "200 élus", "two hundred people"), id="words"),
        pytest.param(("quatre-vingt-dix", "quatre vingt dix", "90"), id="ninety"),
        pytest.param(("vingt et un", "vingt-et-un", "21"), id="twenty-one"),
        pytest.param(("2e édition", "2ème édition", "deuxième édition", "second edition"), id="ordinals"),
        pytest.param(("12 mars 2019", "12/03/2019", "le douze mars 2019", "2019-03-12", "March 12, 2019"), id="a-date"),
        pytest.param(("1er mai 2020", "01/05/2020", "1 May 2020"), id="the-first-of-may"),
        pytest.param(("18h30", "18 h 30", "18 heures 30"), id="a-time"),
        pytest.param(("2016-2019", "de 2016 à 2019", "entre 2016 et 2019"), id="a-range-of-years"),
        pytest.param(("de 5 à 10 %", "entre 5 % et 10 %"), id="the-unit-of-both"),
        pytest.param(("2 à 3 millions d'euros", "2 M€ à 3 M€"), id="the-scale-of-both"),
        pytest.param(("12 et 13 mars 2019", "le 12 mars 2019 puis le 13 mars 2019"), id="the-month-of-both"),
        pytest.param(("une dizaine d'élus", "une dizaine de maires"), id="about-ten"),
    ],
)
def test_one_figure_written_in_several_ways_is_one_figure(writings: tuple[str, ...]) -> None:
    assert len({tuple(read(writing)) for writing in writings}) == 1
    assert read(writings[0])


@pytest.mark.parametrize(
    "text",
    [
        "un atelier et une réunion",
        "un site neuf",
        "une seconde fois",
        "la Covid-19",
        "le CO2",
        "des tiers-lieux",
        "one day",
    ],
)
def test_what_is_no_figure_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("source", "stated", "proved"),
    [
        pytest.param("33 personnes", "33 %", False, id="a-share-is-not-a-number"),
        pytest.param("33 euros", "33 personnes", False, id="an-amount-is-not-a-number"),
        pytest.param("2019 votants", "en 2019", False, id="a-number-is-not-a-year"),
        pytest.param("le 12 mars 2019", "en 2019", True, id="a-date-has-its-year"),
        pytest.param("le 12 mars 2019", "en mars 2019", True, id="a-date-has-its-month"),
        pytest.param("en 2019", "en mars 2019", False, id="a-year-has-no-month"),
        pytest.param("100 citoyens", "une centaine de citoyens", True, id="exact-is-about"),
        pytest.param("une centaine de citoyens", "100 citoyens", False, id="about-is-not-exact"),
        pytest.param("des centaines de citoyens", "une centaine de citoyens", False, id="hundreds-are-not-a-hundred"),
        pytest.param("plus de 47000 votants", "47 000 votants", True, id="the-bound-may-be-left-out"),
        pytest.param("plus de 47000 votants", "moins de 47 000 votants", False, id="the-bound-is-not-turned-round"),
        pytest.param("2 éditions", "la 2e édition", False, id="a-number-is-not-an-ordinal"),
        pytest.param("Covid-19", "19 citoyens", False, id="the-number-of-a-name"),
        pytest.param("neuf ateliers", "9 ateliers", True, id="nine"),
    ],
)
def test_a_figure_is_proved_by_one_of_its_kind_and_value(source: str, stated: str, proved: bool) -> None:
    wanted = find_figures(stated)
    assert wanted
    assert all(any(is_proof(each, figure) for each in find_figures(source)) for figure in wanted) is proved
