"""What a question says of the sheets it seeks, weighed for each sheet."""

import math

import numpy as np
import pytest

from assistant.reading.understanding import understand
from index.filters import Filters
from index.opened import Index
from index.places.gazetteer import find_places
from index.ranking.evidence import is_covered, weigh
from index.ranking.fusion import standardise
from index.understood import Understood


def weights_of(question: str, index: Index) -> dict[str, np.ndarray]:
    return weigh(understand(question, index.lexicon), (), index.catalogue)


def test_a_code_that_few_sheets_have_weighs_more_than_one_that_most_have(own_index: Index) -> None:
    def most(**wanted: tuple[str, ...]) -> float:
        said = weigh(Understood(filters=Filters.model_validate(wanted)), (), own_index.catalogue)
        return float(next(iter(said.values())).max())

    assert most(demarche=("IIC",)) > most(demarche=("DC",)) > 0


def test_the_weight_is_the_logarithm_of_how_much_likelier_the_code_makes_a_sheet(own_index: Index) -> None:
    weight = weigh(Understood(filters=Filters(porteur=("PV",))), (), own_index.catalogue)["porteur"]
    having = own_index.catalogue.having("porteur", "PV")
    share = having[own_index.catalogue.practices].mean()
    assert weight[having] == pytest.approx(math.log(0.8 / share))
    assert weight[~having] == pytest.approx(math.log(0.2 / (1 - share)))


def test_a_code_that_no_sheet_has_changes_nothing(own_index: Index) -> None:
    said = weigh(Understood(filters=Filters(thematique=("XXX",))), (), own_index.catalogue)
    assert not said["thematique"].any()


def test_sheets_of_neighbouring_towns_are_of_a_place_when_the_question_says_near(own_index: Index) -> None:
    rows = own_index.catalogue.rows
    near, there = weights_of("près de Grenoble", own_index)["place"], weights_of("à Grenoble", own_index)["place"]
    assert near[rows["35"]] > 0  # the métropole
    assert near[rows["1"]] < 0  # the Gers
    assert (near > 0).sum() >= (there > 0).sum()


def test_towns_of_about_the_size_said_are_likelier(own_index: Index) -> None:
    size = weights_of("commune de 3 000 habitants", own_index)["size"]
    inhabitants = own_index.catalogue.inhabitants
    small, large = inhabitants < 6_000, inhabitants > 100_000
    assert small.any()
    assert large.any()
    assert size[small].min() > 0 > size[large].max()
    assert not size[np.isnan(inhabitants)].any()


def test_the_sheets_of_the_answer_before_are_favoured_in_their_order(own_index: Index) -> None:
    favoured = weigh(Understood(), ("17", "1"), own_index.catalogue)["favoured"]
    rows = own_index.catalogue.rows
    assert favoured[rows["17"]] > favoured[rows["1"]] > 0
    assert np.count_nonzero(favoured) == 2


@pytest.mark.parametrize(
    ("question", "covered"),
    [
        pytest.param("Que fait Perpignan ?", False, id="absent-town"),
        pytest.param("Que fait le Gers ?", True, id="departement"),
        pytest.param("Qu'a fait Millau ?", True, id="town"),
    ],
)
def test_a_place_is_covered_when_a_sheet_is_of_it(question: str, covered: bool, own_index: Index) -> None:
    (place,) = find_places(question)
    assert is_covered(place, own_index.catalogue) is covered


def test_a_signal_that_says_the_same_of_all_sheets_says_nothing() -> None:
    assert not standardise(np.full(5, 0.3)).any()
    assert standardise(np.array([1.0, 2.0, 3.0, 9.0]), np.array([0, 1, 2])).tolist()[1] == 0


def test_sheets_that_contradict_what_is_said_firmly_come_last(real_index: Index) -> None:
    rows, size = real_index.catalogue.rows, {"population_range": (0, 10_000), "bounds": ("size",)}
    bounds = weigh(Understood.model_validate({"filters": {"porteur": ("PV",)}, **size}), (), real_index.catalogue)[
        "bounds"
    ]
    assert bounds[rows["21"]] == 0  # Jarny, 8 200 inhabitants
    assert bounds[rows["27"]] < -50  # Bailleul, 14 600
    assert bounds[rows["1"]] < -50  # the Gers is no town
    assert bounds[rows["96"]] == 0  # an EPCI of small towns, of which the size is not known
    years = Understood.model_validate({"filters": {"annee": (2015, 2016, 2017, 2018)}, "bounds": ("annee",)})
    bounds = weigh(years, (), real_index.catalogue)["bounds"]
    assert bounds[rows["27"]] == 0
    assert bounds[rows["1"]] < -50  # 2019
