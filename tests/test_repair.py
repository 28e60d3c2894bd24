import pytest

from ingest.repair import repair_text, tidy
from language.letters import fold


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        pytest.param("En 2018  le Département a voté", "En 2018, le Département a voté", id="comma"),
        pytest.param("de 5 7 milliards d’euros", "de 5,7 milliards d’euros", id="decimal-comma"),
        pytest.param(
            "plus d’1 1 millions d’habitants", "plus d’1,1 millions d’habitants", id="decimal-after-apostrophe"
        ),
        pytest.param("doté de 100 000 euros", "doté de 100 000 euros", id="thousands-stay"),
        pytest.param("on compte 4 400 inscrits", "on compte 4 400 inscrits", id="four-figures-stay"),
        pytest.param("via une  expérimentation", "via une expérimentation", id="no-comma-after-an-article"),
        pytest.param("la citoyenneté)  un principe", "la citoyenneté), un principe", id="comma-after-bracket"),
        pytest.param("C’est dit.  La ville agit", "C’est dit. La ville agit", id="no-comma-after-a-full-stop"),
        pytest.param("Montmagny   Acteurs associés", "Montmagny\nActeurs associés", id="lost-paragraph"),
        pytest.param('Le service ""participation""', 'Le service "participation"', id="doubled-quotes"),
        pytest.param("https:// www.exemple.fr/a", "https://www.exemple.fr/a", id="broken-address"),
        pytest.param("10\u00a0% des voix", "10 % des voix", id="no-break-space"),
        pytest.param("Re\u0301gion", "Région", id="decomposed-accent"),
        pytest.param("parti\u00adcipation", "participation", id="soft-hyphen"),
        pytest.param("", "", id="empty"),
    ],
)
def test_what_the_publishing_tool_broke_is_put_back(broken: str, mended: str) -> None:
    assert repair_text(broken) == mended


def test_repairing_twice_changes_nothing_more() -> None:
    once = repair_text("En 2014  la ville  petite  a lancé 1 4 million d’idées.  Puis   Elle a voté")
    assert repair_text(once) == once


def test_tidying_keeps_runs_of_spaces_since_they_stand_for_commas() -> None:
    assert tidy("a\u00a0 b\r\nc") == "a  b\nc"


def test_names_are_compared_without_case_accents_or_punctuation() -> None:
    assert fold("LES-PONTS-DE-CÉ") == fold("Les Ponts de Cé") == "les ponts de ce"
