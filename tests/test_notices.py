"""The lines that end an answer, whatever the year."""

import pytest

from assistant.answers.draft import Citation, Draft
from assistant.answers.kinds.notices import add_notices
from index.opened import Index


def draft(*sheets: str, kind: str = "examples", abstained: bool = False) -> Draft:
    citations = tuple(
        Citation(
            n=n, sheet=sheet, title="", passage=f"{sheet}/retenir/1", section="", quote="", page=None, access="public"
        )
        for n, sheet in enumerate(sheets, start=1)
    )
    return Draft.model_validate({"kind": kind, "text": "Texte.", "citations": citations, "abstained": abstained})


@pytest.mark.parametrize(
    ("sheets", "year", "words"),
    [
        pytest.param(("1",), 2024, "Cette démarche date de 2019 : vérifiez qu'elle existe encore.", id="one"),
        pytest.param(("1", "3"), 2024, "Ces démarches datent de 2019 : vérifiez", id="same-year"),
        pytest.param(("1", "21"), 2026, "Ces démarches datent de 2018 à 2019 : vérifiez", id="all"),
        pytest.param(("1", "96"), 2025, "les plus anciennes datent de 2019 : vérifiez", id="some"),
        pytest.param(("42",), 2026, "Cette démarche date de 2019 : vérifiez", id="last-of-two-years"),
    ],
)
def test_old_practices_are_said_to_be_old(sheets: tuple[str, ...], year: int, words: str, real_index: Index) -> None:
    assert words in add_notices(draft(*sheets), real_index, "a@b.fr", year).text


def test_recent_practices_need_no_caution(real_index: Index) -> None:
    assert "vérifiez" not in add_notices(draft("1", "96"), real_index, "a@b.fr", 2022).text


def test_members_are_not_told_what_they_can_read(own_members_index: Index) -> None:
    assert "adhérents" not in add_notices(draft("1"), own_members_index, "a@b.fr", 2022).text


def test_an_answer_that_says_nothing_is_left_as_it_is(real_index: Index) -> None:
    nothing = draft("1", kind="nothing", abstained=True)
    assert add_notices(nothing, real_index, "a@b.fr", 2026) == nothing
