"""Near copies that the checker learns from, and the signs that tell a copy from one with a thing changed."""

import pytest
from conftest import MODELS

from assistant.checks.alignment import Alignment
from assistant.checks.passage_text import TextReader
from assistant.checks.recast import read_recast
from assistant.checks.support import load
from index.encoding.encoder import open_encoder
from training.labelled import KEPT, read_kept, read_labelled
from training.near_copies import make_copies

HEADING = "Budget participatif – Ville de Foix – Déroulé du projet"
TEXT = (
    "En 2019, la ville a réservé 20 000 € aux jeunes de 13 à 17 ans de tous les quartiers. "
    "Les habitants déposent leurs idées en mars, puis les services de la commune les chiffrent. "
    "L'objectif est de toucher les personnes qui ne votent pas, notamment les plus jeunes."
)


def signs(statement: str) -> dict[str, float]:
    reader = TextReader(open_encoder("multilingual-e5-small", MODELS), load().mean)
    return read_recast(Alignment(reader.read([(statement, "fr")])[0], reader.read_passages([(HEADING, TEXT)])))


def test_copies_are_as_many_true_as_false_and_each_false_one_differs_from_its_true_one() -> None:
    copies = [copy for _, copy in make_copies({"1": [(HEADING, TEXT)]})]
    true, false = ([copy.statement for copy in copies if copy.supported is which] for which in (True, False))
    assert len(true) == len(false) >= 2
    assert not set(true) & set(false)
    assert all(copy.passages[0] == (HEADING, TEXT) for copy in copies)


def test_the_same_seed_makes_the_same_copies() -> None:
    assert list(make_copies({"1": [(HEADING, TEXT)]}, 3)) == list(make_copies({"1": [(HEADING, TEXT)]}, 3))


def test_words_that_are_said_and_hang_together_as_there_are_told_from_those_that_do_not() -> None:
    said, other = signs("Les habitants déposent leurs idées en mars."), signs("Les élus déposent leurs vélos en mars.")
    assert said["said"] == 1
    assert said["links kept"] == 1
    assert other["said"] < 1
    assert other["unsaid nouns"] >= 1


def test_an_aim_that_is_told_as_done_loses_its_aim() -> None:
    assert signs("La ville touche les personnes qui ne votent pas.")["loses aim"] >= 1
    assert signs("L'objectif est de toucher les personnes qui ne votent pas.")["loses aim"] == 0


@pytest.mark.usefixtures("shared")
def test_nothing_is_learned_from_the_sheets_of_the_statements_kept_apart() -> None:
    assert KEPT.exists()
    apart = {passage for row in read_kept() for passage in row.passages}
    learned = [row for row in read_labelled() if row.kind != "wrong passage"]
    assert not [row for row in learned if apart & set(row.passages) and not row.group.startswith("g")]
    assert {row.kind[0] for row in read_kept()} == {"a", "b"}
