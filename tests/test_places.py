import pytest

from ingest.places import departement_of_postcode, departements, distance_km, is_plausible, same_commune, tidy_commune


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
