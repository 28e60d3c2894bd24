"""Sentences told almost as a sheet has them: which are the sheet's own, and which have one thing changed."""

from functools import cache

import pytest
from conftest import MODELS

from assistant.checks.alignment import Alignment
from assistant.checks.copies import is_copy
from assistant.checks.passage_text import TextReader
from assistant.checks.support import load
from index.encoding.encoder import open_encoder

HEADING = "Jury citoyen sur l'eau – Ville de Foix – Présentation du projet"
SENTENCES = {
    "jury": "En 2021, la ville a réuni un jury de 24 habitants, parfois accompagnés de leurs enfants.",
    "plan": "Le règlement sera également relu par les services de la commune avant le vote.",
    "aim": "Faire émerger un plan d'économies d'eau avec les agriculteurs de la vallée",
    "crowd": "Au total, 300 avis ont été recueillis et 45 personnes ont suivi les ateliers du samedi.",
    "made": "La charte, rédigée par les associations du canton, a été adoptée par le conseil municipal.",
    "most": "Dans un quartier où la majorité des ménages sont locataires, des permanences ont été tenues le soir.",
}


@cache
def reader() -> TextReader:
    return TextReader(open_encoder("multilingual-e5-small", MODELS), load().mean)


def told(statement: str, source: str) -> bool:
    passages = reader().read_passages([(HEADING, SENTENCES[source])])
    return is_copy(Alignment(reader().read([(statement, "fr")])[0], passages), "")


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        pytest.param("En 2021, la ville a réuni un jury de 24 habitants.", "jury", id="cut"),
        pytest.param("Ville de Foix : le règlement sera relu par les services de la commune.", "plan", id="named"),
        pytest.param("La charte a été rédigée par les associations du canton.", "made", id="under"),
        pytest.param("45 personnes ont suivi les ateliers du samedi à Foix.", "crowd", id="one-of-two-clauses"),
    ],
)
def test_what_leaves_out_only_what_hangs_on_the_rest_is_the_sheets_own(statement: str, source: str) -> None:
    assert told(statement, source)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        pytest.param("Le règlement a été relu par les services de la commune avant le vote.", "plan", id="done"),
        pytest.param("Le jury a fait émerger un plan d'économies d'eau avec les agriculteurs.", "aim", id="result"),
        pytest.param("Au total, 300 personnes ont suivi les ateliers du samedi.", "crowd", id="figure"),
        pytest.param("La charte a été adoptée par les associations du canton.", "made", id="who-did-it"),
        pytest.param(
            "Dans un quartier où tous les ménages sont locataires, des permanences ont été tenues.", "most", id="all"
        ),
        pytest.param(
            "La ville a réuni un jury de 24 habitants toujours accompagnés de leurs enfants.", "jury", id="always"
        ),
        pytest.param("Le règlement ne sera relu que par les services de la commune avant le vote.", "plan", id="only"),
        pytest.param("Le règlement sera relu par les services de la commune sans vote.", "plan", id="denied"),
        pytest.param(
            "La charte, rédigée par la ville de Foix, a été adoptée par le conseil municipal.", "made", id="sheet"
        ),
    ],
)
def test_a_small_word_or_another_subject_makes_it_no_copy(statement: str, source: str) -> None:
    assert not told(statement, source)
