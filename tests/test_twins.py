"""Twins: a question without accents, or in other letters, is read as its accented twin; Spanish ones are read too."""

import pytest

from assistant.reading.read import read_question
from assistant.reading.reading import Turn
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

Read = tuple[list[str], bool, tuple[int, ...], tuple[int, int] | None]


def read(understood: Understood) -> Read:
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


FOLLOW_UPS = [
    ("Et le deuxième ?", "Et le deuxieme ?"),
    ("parle-moi de la première", "parle moi de la premiere"),
    ("c'était quand ?", "c'etait quand ?"),
    ("L'année d'après ?", "l annee d apres ?"),
    ("Raconte les deux premières", "raconte les deux premieres"),
    ("Le troisième, ça a coûté combien ?", "le troisieme, ca a coute combien ?"),
    ("Et à Rennes, qui l'a organisé ?", "et a rennes, qui l a organise ?"),
    ("Où ça s'est passé ?", "ou ca s est passe ?"),
    ("Même question pour les lycéens", "meme question pour les lyceens"),
    ("Plutôt près de Lyon", "plutot pres de lyon"),
    ("À quelle période était-ce ?", "a quelle periode etait ce ?"),
    (
        "Parmi ces démarches, laquelle a duré le plus longtemps ?",
        "parmi ces demarches, laquelle a dure le plus longtemps",
    ),
    ("Et dans une commune plus peuplée ?", "et dans une commune plus peuplee ?"),
    ("D'après eux, qu'est-ce qui a raté ?", "d apres eux, qu est ce qui a rate ?"),
    ("Résume la dernière", "resume la derniere"),
    ("Quels étaient les élus associés ?", "quels etaient les elus associes ?"),
    ("Très bien, et côté budget ?", "tres bien, et cote budget ?"),
    ("Non, sans réunion, dans les écoles", "non, sans reunion, dans les ecoles"),
    ("Combien d'électeurs ont participé là-bas ?", "combien d electeurs ont participe la bas ?"),
    ("Détaille-moi les étapes", "detaille moi les etapes"),
]
BEFORE = (Turn(query="Des exemples de budget participatif", sheets=("1", "21", "27"), shown=("1", "21", "27")),)


@pytest.mark.parametrize(("accented", "plain"), FOLLOW_UPS, ids=[plain for _, plain in FOLLOW_UPS])
def test_a_follow_up_without_its_accents_holds_on_alike(accented: str, plain: str, own_index: Index) -> None:
    read = [read_question(question, BEFORE, own_index) for question in (accented, plain)]
    ties = [(each.link, each.only, each.single, each.unclear, each.favoured) for each in read]
    asked = [
        (each.form.method, each.form.comparison, each.form.told, each.fact and each.fact.quantity) for each in read
    ]
    assert (ties[0], asked[0]) == (ties[1], asked[1])


@pytest.mark.parametrize(
    ("question", "link", "only"),
    [
        ("¿Y el segundo?", "narrow", ("21",)),
        ("háblame de la primera", "narrow", ("1",)),
        ("¿y en Bretaña?", "narrow", ()),
        ("¿Cómo lo hicieron?", "ask", ("1", "21", "27")),
    ],
)
def test_a_follow_up_in_spanish_holds_on_too(question: str, link: str, only: tuple[str, ...], own_index: Index) -> None:
    read = read_question(question, BEFORE, own_index)
    assert (read.link, read.only) == (link, only)
