"""Twins: a question without accents, or in other letters, is read as its accented twin; Spanish ones are read too."""

import pytest

from assistant.reading.understanding import understand
from index.opened import Index
from index.understood import Understood

TWINS = [
    ("Des budgets participatifs à Lyon", "des budgets participatifs a lyon"),
    ("Que se passe-t-il près de Lyon ?", "que se passe t il pres de lyon ?"),
    ("Des conseils citoyens dans le Bas-Rhin", "des conseils citoyens dans le bas rhin"),
    ("Des exemples en Haute-Savoie", "DES EXEMPLES EN HAUTE SAVOIE"),
    ("Un jury citoyen à Nîmes ou à Béziers ?", "un jury citoyen a nimes ou a beziers ?"),
    ("La mairie de Saint-Étienne consulte-t-elle ?", "la mairie de st etienne consulte t elle ?"),
    ("Les jeunes des Côtes-d'Armor", "les jeunes des cotes d armor"),
    ("Et en Île-de-France ?", "et en ile de france ?"),
    ("Grenoble et sa métropole", "grenoble et sa metropole"),
    ("Dans le département de l'Hérault", "dans le departement de l herault"),
    ("Et à Orléans et aux alentours ?", "et a orleans et aux alentours ?"),
    ("Les démarches de Provence-Alpes-Côte d'Azur", "les demarches de provence alpes cote d azur"),
    ("Des démarches à partir de l'année 2018", "des demarches a partir de l annee 2018"),
    ("Les deux dernières éditions des Trophées", "les deux dernieres editions des trophees"),
    ("Ce qui s'est fait après 2019", "ce qui s est fait apres 2019"),
    ("Les lauréats de 2017 à 2019", "LES LAUREATS DE 2017 A 2019"),
    ("Jusqu’à 2018, quels exemples ?", "jusqu'a 2018, quels exemples ?"),
    ("Un village de 2 000 âmes", "un village de 2000 ames"),
    ("Une commune d'à peu près trois mille habitants", "une commune d a peu pres trois mille habitants"),
    ("Des communes au-delà de 10 000 habitants", "des communes au dela de 10.000 habitants"),
    ("Une ville de quatre-vingt mille habitants", "une ville de quatre vingt mille habitants"),
    ("Une agglomération de 1,5 million d'habitants", "une agglomeration de 1,5 million d habitants"),
]

Reading = tuple[list[str], bool, tuple[int, ...], tuple[int, int] | None]


def read(understood: Understood) -> Reading:
    """The places, whether around them counts too, the years, and the numbers of inhabitants."""
    near = any(place.near for place in understood.places)
    names = [place.name for place in understood.places]
    return names, near, understood.filters.annee, understood.population_range


@pytest.mark.parametrize(("accented", "plain"), TWINS, ids=[plain for _, plain in TWINS])
def test_a_question_without_its_accents_is_read_alike(accented: str, plain: str, real_index: Index) -> None:
    expected = read(understand(accented, real_index.lexicon))
    assert expected[0] or expected[2] or expected[3]
    assert read(understand(plain, real_index.lexicon)) == expected


@pytest.mark.parametrize(
    ("question", "places", "near", "years", "inhabitants"),
    [
        ("¿Qué presupuestos participativos hay en Bretaña?", ["Bretagne"], False, (), None),
        ("¿Y en Normandía?", ["Normandie"], False, (), None),
        ("ejemplos cerca de Lyon", ["Lyon"], True, (), None),
        ("¿Qué hace el ayuntamiento de Burdeos?", ["Bordeaux"], False, (), None),
        ("jóvenes de Marsella y sus alrededores", ["Marseille"], True, (), None),
        ("¿Qué proyectos hubo entre 2018 y 2020?", [], False, (2018, 2019, 2020), None),
        ("los premios de 2019 en la Gironda", ["Gironde"], False, (2019,), None),
        ("un municipio de 3 000 habitantes", [], False, (), (3000, 3000)),
        ("ciudades de más de veinte mil habitantes en Córcega", ["Corse"], False, (), (20_000, 100_000_000)),
        ("Un pueblo de dos mil quinientos habitantes cerca de Estrasburgo", ["Strasbourg"], True, (), (2500, 2500)),
        ("en bretana, antes de 2017", ["Bretagne"], False, (2016,), None),
        ("¿Y en el 33?", ["Gironde"], False, (), None),
    ],
)  # fmt: skip
def test_a_question_in_spanish_is_understood(
    question: str,
    places: list[str],
    near: bool,
    years: tuple[int, ...],
    inhabitants: tuple[int, int] | None,
    real_index: Index,
) -> None:
    assert read(understand(question, real_index.lexicon)) == (places, near, years, inhabitants)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("dans le 33", ["Gironde"]),
        ("DANS LE 33 ?", ["Gironde"]),
        ("et dans le 33, des jeunes ?", ["Gironde"]),
        ("dans 33 % des cas", []),
        ("dans le 33 % des votants", []),
        ("33 habitants", []),
        ("le 12 mars", []),
    ],
)
def test_a_number_is_a_departement_or_counts(question: str, places: list[str], real_index: Index) -> None:
    assert [place.name for place in understand(question, real_index.lexicon).places] == places
