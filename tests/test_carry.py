"""What was understood is carried from one question to the next, over the real sheets' codes."""

import pytest

from assistant.reading.carry import carry, compare_sizes
from assistant.reading.understanding import understand
from index.opened import Index
from index.understood import Understood
from language.text import read_text


def follow(earlier: str, later: str, index: Index) -> Understood:
    """What holds after two questions."""
    first, second = understand(earlier, index.lexicon), understand(later, index.lexicon)
    return carry(first, compare_sizes(read_text(later), first, second, index.lexicon.population))


@pytest.mark.parametrize(
    ("earlier", "later", "filters"),
    [
        pytest.param(
            "un budget participatif dans le Gers",
            "et en Savoie ?",
            {"demarche": ["BP"], "departement": ["73"]},
            id="place",
        ),
        pytest.param(
            "un budget participatif en Bretagne",
            "et dans le Nord ?",
            {"demarche": ["BP"], "departement": ["59"]},
            id="wider",
        ),
        pytest.param(
            "des départements", "et une commune plus petite ?", {"porteur": ["PV"]}, id="smaller-than-no-town"
        ),
        pytest.param("une ville moyenne", "et dans une plus grande ville ?", {"porteur": ["GV"]}, id="bigger"),
        pytest.param("une petite commune", "and in a bigger town?", {"porteur": ["VM", "GV"]}, id="all-bigger"),
        pytest.param("des départements", "et les villes ?", {"porteur": ["PV", "VM", "GV"]}, id="any-town"),
        pytest.param("une petite commune en 2019", "et en 2021 ?", {"porteur": ["PV"], "annee": [2021]}, id="year"),
        pytest.param("une petite commune", "avec des enfants plus grands ?", {"porteur": ["PV"]}, id="not-a-town"),
    ],
)
def test_a_new_value_replaces_the_old_one_and_the_rest_stays(
    earlier: str, later: str, filters: dict[str, list[str]], real_index: Index
) -> None:
    held = follow(earlier, later, real_index).filters.to_json()
    assert {key: held[key] for key in held if key != "thematique"} == filters


def test_a_way_of_taking_part_is_replaced_by_another(real_index: Index) -> None:
    assert follow("une consultation en ligne", "et sans internet ?", real_index).online is False
    assert follow("une consultation en ligne", "et à Lyon ?", real_index).online is True


@pytest.mark.parametrize(
    ("later", "bounds"),
    [
        pytest.param("et dans une ville de moins de 10 000 habitants ?", ("size",), id="at-most"),
        pytest.param("plutôt entre 2015 et 2018", ("annee",), id="years"),
        pytest.param("et dans une commune d'environ 5 500 habitants ?", (), id="about"),
        pytest.param("et en 2019 ?", (), id="one-year"),
    ],
)
def test_a_size_or_years_with_ends_are_set_firmly(later: str, bounds: tuple[str, ...], real_index: Index) -> None:
    assert follow("Quels budgets participatifs ?", later, real_index).bounds == bounds


def test_what_was_set_firmly_holds_until_it_is_replaced(real_index: Index) -> None:
    small = follow("Quels budgets participatifs ?", "et dans une ville de moins de 10 000 habitants ?", real_index)
    assert carry(small, understand("et pour les jeunes ?", real_index.lexicon)).bounds == ("size",)
    assert carry(small, understand("et dans les départements ?", real_index.lexicon)).bounds == ()
