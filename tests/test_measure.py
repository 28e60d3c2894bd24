"""The measures, by hand and against the scorer that comes with the judged sets."""

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest

from index.filters import Filters
from index.measuring.measure import (
    Ranked,
    ToldFact,
    measure_abstention,
    measure_facts,
    measure_filters,
    measure_ranking,
    measure_search,
    measure_turns,
    ndcg,
    recall,
)


@pytest.fixture(scope="module")
def score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw_rankings(seed: int) -> list[Ranked]:
    """Questions of several kinds with up to 15 relevant sheets of 40; some find nothing."""
    draw = random.Random(seed)
    sheets = [str(number) for number in range(40)]
    rankings = []
    for _ in range(30):
        relevant = {sheet: draw.choice((1, 1, 2, 3)) for sheet in draw.sample(sheets, draw.randint(1, 15))}
        found = tuple(draw.sample(sheets, draw.choice((0, 3, 10, 25))))
        rankings.append(Ranked(found, relevant, draw.choice(("need", "place", "typo"))))
    return rankings


@pytest.mark.parametrize("seed", range(5))
def test_rankings_measure_as_the_scorer_of_the_sets_does(score: ModuleType, seed: int) -> None:
    rankings = draw_rankings(seed)
    judged = [{"id": str(n), "kind": each.kind, "relevant": each.relevant} for n, each in enumerate(rankings)]
    got = {str(n): {"hits": [{"sheet": sheet} for sheet in each.sheets]} for n, each in enumerate(rankings)}
    assert measure_search(rankings).model_dump() == score.score_search(judged, got)


def test_turns_measure_as_the_scorer_of_the_sets_does(score: ModuleType) -> None:
    rankings = draw_rankings(9)
    judged, got = [], {}
    for start in range(0, len(rankings), 3):
        talk = rankings[start : start + 3]
        judged.append({"id": str(start), "turns": [{"relevant": turn.relevant} for turn in talk]})
        got[str(start)] = {"turns": [{"sheets": list(turn.sheets)} for turn in talk]}
    first, later = rankings[::3], [each for n, each in enumerate(rankings) if n % 3]
    assert measure_turns(first, later).model_dump() == score.score_turns(judged, got)


FILTERS = [
    (Filters(porteur=("PV",), demarche=("BP",)), Filters(demarche=("BP",), porteur=("PV",))),
    (Filters(porteur=("PV", "VM")), Filters(porteur=("VM", "PV"))),
    (Filters(), Filters(annee=(2019,), source="trophees")),
    (Filters(departement=("32",), region=("76",)), Filters(departement=("32",))),
    (Filters(), Filters()),
]


def test_filters_measure_as_the_scorer_of_the_sets_does(score: ModuleType) -> None:
    judged = [{"id": str(n), "filters": wanted.to_json()} for n, (_, wanted) in enumerate(FILTERS)]
    got = {str(n): {"filters": found.to_json()} for n, (found, _) in enumerate(FILTERS)}
    expected = {name: value for name, value in score.score_filters(judged, got).items() if name != "missed"}
    assert measure_filters(FILTERS).model_dump() == expected
    assert expected["exact"] == 0.6


FACTS = {
    "thousands": ToldFact("Il y eut **47\u00a0000** votants [1].", {"1"}, ("47 000",), "1"),
    "no-space": ToldFact("47000 votants", {"1"}, ("47 000",), "1"),
    "within-a-year": ToldFact("En 2019, beaucoup.", {"1"}, ("19",), "1"),
    "percent": ToldFact("Soit 98\u202f% des accidents.", {"1"}, ("98 %",), "1"),
    "apostrophe-and-case": ToldFact("À l’École de Ville", {"1"}, ("l'école",), "1"),
    "other-sheet": ToldFact("47 000", {"2", "3"}, ("47 000",), "1"),
    "nothing": ToldFact("", set(), ("47 000",), "1"),
    "two-spellings": ToldFact("deux mille personnes", {"1"}, ("2000", "deux mille"), "1"),
    "pattern-characters": ToldFact("un budget de 1.5 M", {"1"}, ("1x5",), "1"),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_measures_as_the_scorer_of_the_sets_does(score: ModuleType, name: str) -> None:
    told = FACTS[name]
    judged = [{"id": "f", "accept": list(told.accept), "sheet": told.sheet}]
    got = {"f": {"answer": told.answer, "citations": [{"sheet": sheet} for sheet in told.cited]}}
    expected = {key: value for key, value in score.score_facts(judged, got).items() if key != "missed"}
    assert measure_facts([told]).model_dump() == expected


def test_right_facts_are_told_from_wrong_ones() -> None:
    right = {name for name, told in FACTS.items() if told.is_right}
    assert right == {"thousands", "no-space", "percent", "apostrophe-and-case", "other-sheet", "two-spellings"}


def test_the_best_order_is_worth_one_and_another_less() -> None:
    relevant = {"a": 2, "b": 1}
    assert ndcg(Ranked(("a", "b", "c"), relevant)) == 1
    # by hand: (1 + 3 / log2(3)) / (3 + 1 / log2(3))
    assert ndcg(Ranked(("b", "a"), relevant)) == pytest.approx(0.7967, abs=1e-4)
    assert ndcg(Ranked(("c",), relevant)) == 0
    assert ndcg(Ranked((), {})) == 0


def test_sheets_after_the_tenth_do_not_count() -> None:
    others = tuple(f"x{number}" for number in range(10))
    assert recall((*others, "a"), {"a"}) == 0
    assert recall(("a", *others), {"a", "b"}) == 0.5


def test_starting_with_a_lesser_sheet_is_not_starting_well() -> None:
    figures = measure_ranking([Ranked(("b", "a"), {"a": 2, "b": 1}), Ranked(("a",), {"a": 1})])
    assert figures.first_is_best_grade == 0.5
    assert figures.recall10 == 1


def test_abstention_is_the_share_of_questions_declined() -> None:
    assert measure_abstention([True, False, False]).model_dump() == {"n": 3, "abstained": 0.3333}


def test_figures_over_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        measure_ranking([])
