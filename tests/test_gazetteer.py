"""Places in questions: what is named, what only looks like a place, and what tells namesakes apart."""

import time
from itertools import pairwise

import pytest

from index.places.gazetteer import PlaceNamed, distance_to, find_places, name_numbered
from ingest.sheet import Place

NAMED = {
    # communes
    "with-a-preposition": ("Que fait la mairie à Dijon pour la participation ?", ["Dijon"]),
    "at-the-start": ("Brest a-t-elle un budget participatif ?", ["Brest"]),
    "lower-case": ("jury citoyen strasbourg", ["Strasbourg"]),
    "lower-case-without-accent": ("concertation a chambery", ["Chambéry"]),
    "shouted": ("ATELIERS PARTICIPATIFS A PERPIGNAN", ["Perpignan"]),
    "hyphens-forgotten": ("balades urbaines à saint jean de luz", ["Saint-Jean-de-Luz"]),
    "apostrophe-forgotten": ("une votation à villeneuve d ascq", ["Villeneuve-d'Ascq"]),
    "apostrophe-curled": ("les habitants de L’Isle-d’Abeau", ["L'Isle-d'Abeau"]),
    "decomposed-accent": ("un forum a\u0300 Be\u0301ziers", ["Béziers"]),
    "saint-shortened": ("la démocratie locale à St-Brieuc", ["Saint-Brieuc"]),
    "sainte-shortened": ("habitants de Ste Foy lès Lyon", ["Sainte-Foy-lès-Lyon"]),
    "small-town": ("Je cherche ce qu'a fait Ungersheim", ["Ungersheim"]),
    "small-town-in-lower-case": ("ce qui se passe à trémargat", ["Trémargat"]),
    "village-with-its-mayor": ("le maire de Loos-en-Gohelle raconte", ["Loos-en-Gohelle"]),
    "contracted-article": ("Les conseils de quartier du Mans", ["Le Mans"]),
    "contracted-plural": ("le budget participatif des Sables-d'Olonne", ["Les Sables-d'Olonne"]),
    "article-kept": ("des ateliers à La Roche-sur-Yon", ["La Roche-sur-Yon"]),
    "everyday-word-with-a-capital": ("Qui participe à Sens ?", ["Sens"]),
    "everyday-word-with-its-town-hall": ("la mairie de vitré consulte", ["Vitré"]),
    "everyday-word-of-a-city": ("les assemblées citoyennes à tours", ["Tours"]),
    "first-name-and-city": ("forum jeunes de Nancy", ["Nancy"]),
    "two-communes": ("comparer Lorient et Quimper", ["Lorient", "Quimper"]),
    "three-communes": ("Angers, Cholet ou Saumur : qui a fait quoi ?", ["Angers", "Cholet", "Saumur"]),
    "short-name-of-a-town": ("des idées venues de Cherbourg", ["Cherbourg-en-Cotentin"]),
    "former-commune": ("une fresque à Lomme", ["Lomme"]),
    "arrondissement": ("un jardin dans le 13e à Paris", ["Paris"]),
    "mistyped": ("conseil des jeunes à Montpelier", ["Montpellier"]),
    "swapped-letters": ("budget participatif toulosue", ["Toulouse"]),
    "letter-too-many": ("plateforme de la ville de Grennoble", ["Grenoble"]),
    "two-words-mistyped": ("les jeunes de boulogne bilancourt", ["Boulogne-Billancourt"]),
    "postcode-of-one-commune": ("je vis à Bruz (35170)", ["Bruz"]),
    "postcode-said": ("participer, code postal 59000", ["Lille"]),
    "postcode-of-several": ("un atelier au 24250", ["Dordogne"]),
    "postcode-and-name": ("69100 Villeurbanne", ["Villeurbanne"]),
    "english-commune": ("How did Lyon involve young people?", ["Lyon"]),
    "english-everyday-word": ("citizen panels in Nice", ["Nice"]),
    # départements
    "departement": ("ce qui existe dans le Finistère", ["Finistère"]),
    "departement-in-lower-case": ("budget citoyen des landes", []),
    "departement-as-a-word": ("les collèges dans l'Orne", ["Orne"]),
    "departement-as-a-word-in-lower-case": ("concertation dans la creuse", ["Creuse"]),
    "departement-hyphens-forgotten": ("budget participatif seine saint denis", ["Seine-Saint-Denis"]),
    "departement-mistyped": ("budget participatif en haute garone", ["Haute-Garonne"]),
    "departement-mistyped-alone": ("corèze", ["Corrèze"]),
    "departement-letter-lost": ("une marche exploratoire en ile et vilaine", ["Ille-et-Vilaine"]),
    "its-council": ("Le conseil départemental du Nord a-t-il un jury citoyen ?", ["Nord"]),
    "not-the-commune": ("Des démarches en Vienne", ["Vienne"]),
    "number-with-its-article": ("Qui a fait ça dans le 67 ?", ["Bas-Rhin"]),
    "number-at-the-end": ("les communes du 44", ["Loire-Atlantique"]),
    "number-that-is-no-day": ("faire pareil que le 59", ["Nord"]),
    "number-that-may-be-a-day": ("les villages du 24", ["Dordogne"]),
    "number-said-departement": ("département 2B, quelles consultations ?", ["Haute-Corse"]),
    "number-overseas": ("des projets dans le 973", ["Guyane"]),
    "number-as-a-name": ("jeunes et participation 93", ["Seine-Saint-Denis"]),
    # régions, old and new
    "region": ("les lauréats d'Occitanie", ["Occitanie"]),
    "region-hyphens-forgotten": ("auvergne rhone alpes participation", ["Auvergne-Rhône-Alpes"]),
    "region-in-short": ("et en PACA ?", ["Provence-Alpes-Côte d'Azur"]),
    "region-in-english": ("participatory budgets in Brittany", ["Bretagne"]),
    "region-mistyped": ("les exemples de Normendie", ["Normandie"]),
    "former-region": ("des villages d'Auvergne", ["Auvergne"]),
    "former-region-of-two-words": ("en Languedoc-Roussillon", ["Languedoc-Roussillon"]),
    # everyday areas
    "south-west": ("des retours du Sud-Ouest", ["Sud-Ouest"]),
    "south-west-in-lower-case": ("dans le sud ouest", ["Sud-Ouest"]),
    "east": ("des villes de l'Est", ["L'Est"]),
    "south-of-france": ("in the south of France", ["Sud"]),
    "mountains": ("une commune des Pyrénées", ["Pyrénées"]),
    "basque-country": ("au Pays basque", ["Pays basque"]),
    "overseas": ("des exemples ultramarins", ["Outre-mer"]),
    "overseas-in-capitals": ("et dans les DOM-TOM ?", ["Outre-mer"]),
    "island": ("la participation à La Réunion", ["La Réunion"]),
    "island-in-english": ("Reunion Island", ["La Réunion"]),
    "around-paris": ("en petite couronne", ["Petite couronne"]),
    # those who live there
    "bretons": ("que font les communes bretonnes ?", ["Bretagne"]),
    "alsaciens": ("des villages alsaciens", ["Alsace"]),
    "franciliens": ("jeunes franciliennes", ["Île-de-France"]),
    "girondins": ("un budget participatif girondin", ["Gironde"]),
    "lyonnais": ("des lycéens lyonnais", ["Lyon"]),
    "mancelle": ("la jeunesse mancelle", ["Le Mans"]),
    "provencaux": ("des villages provençaux", ["Provence"]),
    "reunionnais": ("les réunionnais et le vote", ["La Réunion"]),
}


@pytest.mark.parametrize(("question", "names"), NAMED.values(), ids=NAMED.keys())
def test_the_places_of_a_question_are_found(question: str, names: list[str]) -> None:
    assert [place.name for place in find_places(question)] == names


@pytest.mark.parametrize(
    "question",
    [
        "Bonjour, comment lancer un budget participatif ?",
        "Comment faire venir les jeunes en réunion ?",
        "Une réunion publique est-elle obligatoire ?",
        "Réunion de quartier : qui anime ?",
        "venir à la réunion de lancement",
        "les habitants du nord du quartier",
        "au sud de la commune",
        "Notre agglo est toute neuve",
        "Quel pays est le plus avancé ?",
        "Une démarche pas trop chère, moins cher si possible",
        "vendre un lot de terrain",
        "dans le lot de questions",
        "la somme des voix",
        "retrousser les manches",
        "une cuillère à café ou de la crème",
        "aller vers les publics éloignés",
        "un conseil citoyen en quartier prioritaire",
        "le sens de la participation",
        "une rue à sens unique",
        "deux tours de scrutin, puis vote",
        "un tour de table",
        "à l'aube du projet",
        "allier écologie et social",
        "on creuse le sujet",
        "Contes et légendes du quartier",
        "Un vote en ligne ou sur papier ?",
        "Quelle aide pour les petites villes ?",
        "à la campagne",
        "le ministère, l'accueil et les étapes",
        "les comités de parcelles",
        "en moyenne combien de votants",
        "des villes moyennes",
        "le centre de ressources",
        "revitaliser le centre-bourg",
        "entre midi et deux",
        "du 12 mars au 30 juin",
        "dans les 30 jours",
        "35000 habitants et 12 conseillers",
        "un budget de 35000 €",
        "article 93 de la loi",
        "il y en aura d'autres",
        "Le dom juan de la commune",
        "la fiche 42",
        "plus de 60 ans",
        "a nice example of citizen assembly",
        "What is a citizens' jury?",
        "le port du masque en réunion",
        "la gare du Nord et la gare de l'Est",
        "Un exemple en Grande-Bretagne ?",
        "la démocratie en Afrique du Sud",
        "une idée de Bruno Latour",
        "En somme, qui décide ?",
        "une note de 10 sur 10",
        "rendez-vous le 24",
        "avant le 15, sur le site",
        "la maison de quartier Saint-Michel",
        "le collège Saint-Exupéry",
        "les rives de Loire",
        "un vin de champagne et des petits fours",
        "le budget participatif de Montréal",
        "les accords de Paris",
        "un pot de miel et du sel",
        "la charte, le bilan, la salle et le parc",
        "",
        "?!",
    ],
)
def test_a_question_without_place_has_none(question: str) -> None:
    assert find_places(question) == ()


def only(question: str) -> PlaceNamed:
    (place,) = find_places(question)
    return place


def test_every_field_of_a_commune_is_filled() -> None:
    question = "Que se passe-t-il à grenoble, ou pas loin ?"
    place = only(question)
    assert question[place.start : place.end] == "grenoble"
    assert (place.name, place.kind, place.communes) == ("Grenoble", "commune", ("38185",))
    assert (place.departements, place.regions, place.near) == (("38",), ("84",), True)
    assert place.population
    assert 150_000 < place.population < 170_000
    assert (place.latitude, place.longitude) == (pytest.approx(45.19, abs=0.02), pytest.approx(5.73, abs=0.02))


def test_a_region_covers_its_departements_and_has_no_point() -> None:
    assert only("les communes corses") == PlaceNamed(
        start=13, end=19, name="Corse", kind="region", departements=("2A", "2B"), regions=("94",)
    )


def test_an_area_covers_departements_of_several_regions() -> None:
    place = only("dans le Sud-Ouest")
    assert {"32", "33", "64"} <= set(place.departements)
    assert place.regions == ("76", "75")


@pytest.mark.parametrize(
    "question",
    [
        "près de Rennes",
        "Lille et sa métropole",
        "aux alentours de Nantes",
        "dans l'agglomération de Metz",
        "l'agglomération grenobloise",
        "Bordeaux Métropole",
        "le Grand Lyon",
        "le bassin de vie de Roanne",
        "du côté de Vannes",
        "Toulouse ou à côté",
        "Annecy et ses environs",
        "la région de Tours",
        "near Dijon",
        "Amiens and around",
    ],
)
def test_around_a_town_is_understood(question: str) -> None:
    assert only(question).near


@pytest.mark.parametrize("question", ["à Rennes", "la ville de Nantes", "en région Bretagne", "Lille et Roubaix"])
def test_in_a_place_is_not_around_it(question: str) -> None:
    assert not any(place.near for place in find_places(question))


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("à Saint-Denis", ("97411", "93066")),  # as big as each other
        ("à Saint-Denis, sur l'île de la Réunion", ("97411",)),
        ("Saint-Denis (93)", ("93066",)),
        ("Saint-Denis en Seine-Saint-Denis", ("93066",)),
        ("à Montreuil", ("93048",)),  # far bigger than the others
        ("Montreuil (28)", ("28267",)),
        ("Grigny (69)", ("69096",)),  # now Grigny-sur-Rhône
        ("À Sens dans l'Yonne", ("89387",)),
    ],
)
def test_namesakes_are_told_apart(question: str, codes: tuple[str, ...]) -> None:
    assert find_places(question)[0].communes == codes


def test_a_departement_beside_its_commune_only_locates_it() -> None:
    assert [place.name for place in find_places("Montreuil dans le 93")] == ["Montreuil"]
    assert [place.name for place in find_places("Montreuil et le Val-de-Marne")] == ["Montreuil", "Val-de-Marne"]


def test_the_longest_name_wins_and_none_overlaps() -> None:
    places = find_places("de Seine-Saint-Denis à Pays de la Loire par le Val-de-Marne")
    assert [place.name for place in places] == ["Seine-Saint-Denis", "Pays de la Loire", "Val-de-Marne"]
    assert all(one.end <= other.start for one, other in pairwise(places))


def test_the_distance_to_a_sheet_is_in_kilometres() -> None:
    grenoble = only("à Grenoble")
    assert distance_to(grenoble, Place(latitude=45.157, longitude=5.859)) == pytest.approx(10, abs=1)
    assert distance_to(grenoble, Place()) is None
    assert distance_to(only("en Isère"), Place(latitude=45.157, longitude=5.859)) is None


def test_a_long_question_takes_a_few_milliseconds() -> None:
    question = "Dans notre commune près de Rennes, comment associer les habitants à la révision du plan local ? " * 10
    find_places("Rennes")
    start = time.thread_time()
    assert len(find_places(question)) == 10
    assert time.thread_time() - start < 0.2


def test_a_place_said_by_its_number_is_sought_by_its_name() -> None:
    assert name_numbered("dans le 33 et le 40 ?") == "dans le Gironde et le Landes ?"
    assert name_numbered("33 % des jeunes à Lyon") == "33 % des jeunes à Lyon"
