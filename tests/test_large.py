"""A collection too large to score every sheet: what a first search finds is scored as it is in a small one."""

import numpy as np
import pytest

from assistant.reading.understanding import understand
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.opened import Index
from index.ranking import retrieval
from index.ranking.retrieval import retrieve

QUESTIONS = ("budget participatif des jeunes", "Qu'a fait l'Isère ?", "plan climat avec les habitants")


@pytest.mark.parametrize("question", QUESTIONS)
def test_candidates_give_the_first_hits_that_scoring_every_sheet_gives(
    question: str, own_members_index: Index, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    understood = understand(question, own_members_index.lexicon)
    every = retrieve(question, own_members_index, encoder, k=3, understood=understood)
    monkeypatch.setattr(retrieval, "_ALL", 10)
    monkeypatch.setattr(retrieval, "_FOUND", 20)
    found = retrieve(question, own_members_index, encoder, k=3, understood=understood)
    assert {hit.sheet.id for hit in found} == {hit.sheet.id for hit in every}


def test_a_narrow_filter_still_gives_all_that_it_accepts(
    own_members_index: Index, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "_ALL", 10)
    monkeypatch.setattr(retrieval, "_FOUND", 5)
    filters = Filters(porteur=("RG",))
    hits = retrieve("recette de cuisine", own_members_index, encoder, filters, k=10)
    wanted = np.flatnonzero(own_members_index.catalogue.accept(filters, pages=False))
    assert {hit.sheet.id for hit in hits} == {own_members_index.sheets[row].id for row in wanted}


def test_what_a_hit_is_worth_is_the_sum_of_what_each_thing_adds(own_index: Index, encoder: Encoder) -> None:
    understood = understand(QUESTIONS[1], own_index.lexicon)
    for hit in retrieve(QUESTIONS[1], own_index, encoder, understood=understood):
        assert hit.score == pytest.approx(sum(hit.evidence.values()), abs=0.01)
        assert "place" in hit.evidence
