"""Typos: words that nobody writes are read as those they stand for, and no other word is touched."""

import pytest

from assistant.settings import ROOT
from index.typos import Speller
from ingest.layout import Layout
from ingest.source import read_source


@pytest.fixture(scope="module")
def speller(layout: Layout) -> Speller:
    """Knows the words of the project's own sheets."""
    sheets = read_source(str(ROOT / "sheets"), layout).practices
    texts = [block.text for sheet in sheets for section in sheet.sections for block in section.blocks]
    return Speller([*texts, *(sheet.organisation for sheet in sheets)], ["tirage au sort", "plateforme participative"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("comision", "commission", id="letters-not-doubled"),
        pytest.param("habitents", "habitants", id="same-sound"),
        pytest.param("koncertation", "concertation", id="same-sound-of-the-first-letter"),
        pytest.param("réunoin", "réunion", id="swapped-letters"),
        pytest.param("partcipation", "participation", id="lost-letter"),
        pytest.param("quuartier", "quartier", id="doubled-letter"),
        pytest.param("platforme", "plateforme", id="word-of-the-trade"),
        pytest.param("doné", "donné", id="short-word-of-the-same-sound"),
        pytest.param("Comune", "Commune", id="capital-of-a-sentence"),
        pytest.param("tps", "temps", id="written-in-short"),
        pytest.param("Cmt", "Comment", id="written-in-short-with-a-capital"),
    ],
)
def test_a_typo_is_mended(written: str, meant: str, speller: Speller) -> None:
    assert [mend.word for mend in speller.mend(f"{written} des gens")] == [meant]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("les etudiants et la democratie", id="no-accents"),
        pytest.param("un rendez-vous à la mairie de Kingersheim", id="name"),
        pytest.param("le projet CONSERTER", id="capitals"),
        pytest.param("l'ANRU, la DDTM et le CCAS", id="acronyms"),
        pytest.param("des ados dans une agglo, le perso", id="clipped"),
        pytest.param("nous requalifierions la vélorution", id="new-word"),
        pytest.param("des éléphants et des girafes", id="right-words-that-the-sheets-lack"),
        pytest.param("en 2019, 3000 euros", id="figures"),
        pytest.param("aux vu ete", id="short"),
        pytest.param("Jarny vs Allonnes, par DS", id="short-words-that-mean-something-else"),
    ],
)
def test_a_right_word_stays(question: str, speller: Speller) -> None:
    assert speller.mend(question) == []


def test_places_are_protected(speller: Speller) -> None:
    question = "à comune"
    assert speller.mend(question, [(2, 8)]) == []
    assert [(mend.start, mend.end) for mend in speller.mend(question)] == [(2, 8)]


def test_a_mend_says_where_it_stands(speller: Speller) -> None:
    mend = speller.mend("un projet partcipatif")[0]
    assert (mend.start, mend.end, mend.word) == (10, 21, "participatif")
