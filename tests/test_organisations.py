"""Organisations that a question names: by name, by initials, or by what many are called; on the real sheets."""

import asyncio

import pytest

from assistant.finding.organisations import find_organisations
from assistant.pipeline import Knowledge, answer
from index.opened import Index
from language.text import read_text

SNCF = {"SNCF Gares et Connexions", "SNCF Réseau"}


def owners(question: str, knowledge: Knowledge) -> set[str]:
    given = asyncio.run(answer(question, knowledge))
    assert not given.abstained
    sheets = [knowledge.index.find_sheet(sheet) for sheet in given.shown]
    return {sheet.organisation for sheet in sheets if sheet}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        pytest.param("Que fait la SNCF ?", SNCF, id="initials-of-a-group"),
        pytest.param("la sncf et ses voisins", SNCF, id="in-small-letters"),
        pytest.param("Que fait SNCF Réseau ?", {"SNCF Réseau"}, id="the-whole-name-alone"),
        pytest.param("Que fait RTE ?", {"RTE"}, id="a-name-of-initials"),
        pytest.param("What did RTE do?", {"RTE"}, id="in-english"),
        pytest.param("Que fait Rennes ?", set(), id="a-town-is-a-place"),
        pytest.param("une porte ouverte", set(), id="no-part-of-a-word"),
        pytest.param("Quels budgets participatifs ?", set(), id="none"),
    ],
)
def test_the_organisations_that_a_question_names_are_found(question: str, named: set[str], real_index: Index) -> None:
    assert set(find_organisations(read_text(question), real_index)) == named


def test_a_group_that_is_named_has_every_sheet_of_hers_shown(knowledge: Knowledge) -> None:
    given = asyncio.run(answer("la SNCF", knowledge))
    own = {sheet.id for sheet in knowledge.index.practices if "SNCF" in sheet.organisation}
    assert len(own) > 1
    assert set(given.sheets) == own
    assert owners("la SNCF", knowledge) == SNCF


@pytest.mark.parametrize("question", ["Que fait RTE ?", "What does RTE do to consult people?"])
def test_one_organisation_that_is_named_is_answered_by_its_own_sheet(question: str, knowledge: Knowledge) -> None:
    assert owners(question, knowledge) == {"RTE"}


def test_what_is_asked_of_a_group_is_answered_by_its_sheets_alone(knowledge: Knowledge) -> None:
    assert owners("Que fait la SNCF ?", knowledge) <= SNCF


def test_a_comparison_keeps_the_other_side(knowledge: Knowledge) -> None:
    given = asyncio.run(answer("Compare la SNCF et Kingersheim", knowledge))
    assert "3" in given.sheets
