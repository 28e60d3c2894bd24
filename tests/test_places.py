import pytest

from ingest.communes import commune, communes_named, communes_of_postcode
from ingest.place_completion import complete_place, find_commune
from ingest.places import departement_of_postcode, departements, distance_km, is_plausible, same_commune, tidy_commune
from ingest.sheet import Place


@pytest.mark.parametrize(
    ("postcode", "departement"),
    [
        ("32000", "32"),
        ("9300", "09"),  # a spreadsheet ate the zero
        ("20000", "2A"),
        ("20200", "2B"),
        ("97490", "974"),
        ("97355", "973"),
        ("98800", ""),
        ("", ""),
        ("ABCDE", ""),
    ],
)
def test_a_postcode_tells_its_departement(postcode: str, departement: str) -> None:
    assert departement_of_postcode(postcode) == departement


def test_there_are_101_departements_each_with_its_region() -> None:
    known = departements()
    assert len(known) == 101
    assert len({departement.region for departement in known.values()}) == 18
    assert (known["32"].name, known["32"].region, known["32"].region_name) == ("Gers", "76", "Occitanie")


def test_a_point_far_from_its_departement_is_not_plausible() -> None:
    assert is_plausible("35", 48.11, -1.68)
    assert not is_plausible("35", 50.33, 3.2)


def test_paris_and_lyon_are_some_392_kilometres_apart() -> None:
    assert distance_km(48.8566, 2.3522, 45.7640, 4.8357) == pytest.approx(392, abs=2)


def test_communes_in_capitals_are_written_as_usual() -> None:
    assert tidy_commune("SAINT-JEAN-DE-MONTS") == "Saint-Jean-de-Monts"
    assert tidy_commune("Jarny") == "Jarny"


def test_two_spellings_of_a_commune_are_the_same() -> None:
    assert same_commune("LA PLAINE SAINT-DENIS", "Saint-Denis")
    assert not same_commune("CACHAN", "Montreuil")


def test_every_commune_of_france_is_known_with_a_plausible_point() -> None:
    codes = {found.code for name in ("Lille", "Saint-Denis", "Ay-Champagne", "Y") for found in communes_named(name)}
    assert {"59350", "93066", "97411", "51030", "80829"} <= codes
    rennes = commune("35238")
    assert rennes
    assert (rennes.name, rennes.departement, rennes.postcodes) == ("Rennes", "35", ("35000", "35200", "35700"))
    assert 200_000 < rennes.population < 300_000
    assert distance_km(rennes.latitude, rennes.longitude, 48.117, -1.678) < 5


def test_no_commune_of_the_reference_lies_outside_its_departement() -> None:
    known = [
        (code, found)
        for code in departements()
        for number in range(1, 1000)
        if (found := commune(f"{code}{number:0{5 - len(code)}}"))
    ]
    assert len(known) > 34_000
    outside = [found.name for code, found in known if not is_plausible(code, found.latitude, found.longitude)]
    assert outside == []


def test_a_former_commune_is_found_with_the_code_of_the_one_it_joined() -> None:
    lomme = communes_named("lomme")[0]
    assert (lomme.name, lomme.code) == ("Lomme", "59350")


def test_a_postcode_serves_its_communes() -> None:
    assert [found.name for found in communes_of_postcode("35170")] == ["Bruz"]
    assert communes_of_postcode("99999") == ()


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Place(commune="LES PONTS DE CE"), "49246"),
        (Place(commune="ST DENIS CEDEX", departement="93"), "93066"),
        (Place(commune="Saint-Denis", postcode="97400", departement="974"), "97411"),
        (Place(commune="Villeurbane", postcode="69100", departement="69"), "69266"),
        (Place(postcode="35170", departement="35"), "35047"),
        (Place(commune="Paris 13e", postcode="75013", departement="75"), "75056"),
    ],
    ids=lambda value: value.commune or value.postcode if isinstance(value, Place) else value,
)
def test_a_commune_is_found_from_what_a_table_says_of_it(place: Place, code: str) -> None:
    found = find_commune(place)
    assert found
    assert found.code == code


@pytest.mark.parametrize(
    "place",
    [Place(), Place(commune="Saint-Denis"), Place(commune="Atlantide", departement="29"), Place(postcode="24250")],
    ids=["nothing", "namesakes", "unknown", "postcode-of-several"],
)
def test_a_doubtful_commune_is_not_guessed(place: Place) -> None:
    assert find_commune(place) is None
    assert complete_place(place) == place


def test_what_was_written_of_a_place_stays() -> None:
    written = Place(commune="RENNES", postcode="35000", departement="35", region="53", latitude=48.11, longitude=-1.67)
    completed = complete_place(written)
    assert (completed.commune, completed.insee, completed.latitude) == ("Rennes", "35238", 48.11)
