"""The centre's notes: their files, what replaces what, and which of them a text names."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from conftest import run_assistant

from assistant.notes.note import Law, Note, find_problems
from assistant.notes.note_file import NoteUnusable, read_note, write_note
from assistant.notes.shelf import SHIPPED, Library, Shelf
from assistant.settings import ROOT
from assistant.staff.notes import keep_note, restore_note, take_shipped, withdraw_note

TODAY = date(2026, 11, 29)
GOOD = """---
terme: Café citoyen
autres: [cafés citoyens]
english: citizens' café
genre: notion
liees: [concertation]
---
Une rencontre ouverte, dans un café.

## In English
An open meeting in a café.
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The notes that come with the product, and a folder of staff that is not there yet."""
    return Shelf(tmp_path / "notions")


def write(shelf: Shelf, name: str, text: str) -> None:
    assert shelf.own
    shelf.own.mkdir(exist_ok=True)
    (shelf.own / name).write_text(text, encoding="utf-8")


def library() -> Library:
    return Shelf().library()


def test_the_notes_that_come_with_the_product_are_all_right() -> None:
    notes = library()
    assert notes.unusable == ()
    assert [remark for remark in notes.remarks(TODAY) if remark.kind != "stale"] == []
    assert len(notes.of_genre("notion")) >= 60
    assert len(notes.of_genre("obligation")) >= 20
    assert all(note.text_en and note.english for note in notes.notes.values())


def test_every_link_between_shipped_notes_is_written_in_both() -> None:
    notes = library().notes
    links = [(slug, each) for slug, note in notes.items() for each in note.related]
    assert [(slug, each) for slug, each in links if slug not in notes[each].related] == []


def test_the_notes_are_installed_with_the_packages() -> None:
    import tomllib

    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert SHIPPED == ROOT / "notions"
    assert "notions" in setuptools["packages"]
    assert "*.md" in setuptools["package-data"]["notions"]
    assert "!notions" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_a_file_is_read_field_by_field() -> None:
    text = GOOD.replace(
        "---\nUne",
        'question: "En faut-il un ?"\ndroit:\n  - texte: Code du café\n    article: L1-2\n    dit: "Oui : un."\n'
        "verifie: 2026-11-28\n---\nUne",
    )
    note, hints = read_note("cafe-citoyen", text.encode(), TODAY)
    assert hints == ()
    assert note == Note(
        slug="cafe-citoyen",
        term="Café citoyen",
        others=("cafés citoyens",),
        english="citizens' café",
        genre="notion",
        related=("concertation",),
        question="En faut-il un ?",
        laws=(Law(text="Code du café", article="L1-2", says="Oui : un."),),
        checked=date(2026, 11, 28),
        text="Une rencontre ouverte, dans un café.",
        text_en="An open meeting in a café.",
    )


def test_what_is_written_is_read_again_as_it_was() -> None:
    for note in library().notes.values():
        assert read_note(note.slug, write_note(note).encode(), TODAY)[0] == note
    odd = Note(slug="x", term="- [a]: *b* #c", others=("oui", "12", "2026-01-01"), text="---\n\n# d\n\n`e`")
    assert read_note("x", write_note(odd).encode(), TODAY)[0] == odd


@pytest.mark.parametrize(
    ("spoiled", "reason"),
    [
        (GOOD.replace("---\n", "", 1), "entre deux lignes"),
        (GOOD.replace("terme: Café citoyen", "terme: Café : citoyen"), "guillemets droits"),
        (GOOD.replace("terme: Café citoyen\n", ""), "terme"),
        (GOOD.replace("genre: notion", "genre: recette"), "notion ou obligation"),
        (GOOD.replace("genre: notion", "genre: obligation"), "répond à une question"),
        (GOOD.replace("genre: notion", "genre: notion\ndroit: L1-2"), "« droit » est une liste"),
        (GOOD.replace("genre: notion", "genre: notion\ndroit: [{texte: Code, dit: Oui}]"), "la date à laquelle"),
        (GOOD.replace("genre: notion", "genre: notion\nverifie: 2031-01-01"), "dans le futur"),
        (GOOD.replace("genre: notion", "genre: notion\nverifie: 2026-13-45"), "2026-11-29"),
        (GOOD.replace("Une rencontre ouverte, dans un café.\n", ""), "en français"),
        (GOOD.replace("[concertation]", "[../secret]"), "../secret"),
        (GOOD.replace("[cafés citoyens]", "*alias"), "ne se lisent pas"),
        ("x" * 70_000, "trop gros"),
    ],
    ids=lambda value: value[:30] if len(value) < 60 else "",
)
def test_a_file_that_is_wrong_is_refused_with_what_to_mend(spoiled: str, reason: str) -> None:
    with pytest.raises(NoteUnusable, match=reason.replace("(", r"\(").replace(".", r"\.")):
        read_note("cafe-citoyen", spoiled.encode(), TODAY)


def test_a_bad_file_of_staff_costs_nothing_but_itself(shelf: Shelf) -> None:
    before = len(shelf.library().notes)
    write(shelf, "cafe-citoyen.md", GOOD)
    write(shelf, "concertation.md", "pas une note")
    write(shelf, "Mal Nommée.md", GOOD)
    (shelf.own / "binaire.md").write_bytes(b"\xff\xfe\x00")  # type: ignore[operator]
    notes = shelf.library()
    assert len(notes.notes) == before + 1
    assert notes.entries["concertation"].state == "shipped"
    assert {remark.file for remark in notes.unusable} == {"concertation", "Mal Nommée.md", "binaire"}


def test_a_note_of_staff_takes_the_place_of_the_shipped_one_until_that_is_taken_back(shelf: Shelf) -> None:
    shipped = shelf.library().notes["concertation"]
    keep_note(shelf, shipped.model_copy(update={"text": "Chez nous, on en parle avant."}))
    assert shelf.library().notes["concertation"].text == "Chez nous, on en parle avant."
    assert shelf.library().entries["concertation"].state == "changed"
    take_shipped(shelf, "concertation")
    assert shelf.library().notes["concertation"] == shipped


def test_a_note_is_withdrawn_and_restored_with_its_text(shelf: Shelf) -> None:
    withdraw_note(shelf, "concertation")
    notes = shelf.library()
    assert "concertation" not in notes.notes
    assert notes.entries["concertation"].withdrawn
    assert "concertation" not in [each.slug for each in notes.names.find("la concertation")]
    assert all(each.slug != "concertation" for each in notes.related(notes.notes["consultation"]))
    restore_note(shelf, "concertation")
    assert "concertation" in shelf.library().notes


def test_a_file_that_changes_is_read_again_and_no_other_time(shelf: Shelf) -> None:
    write(shelf, "cafe-citoyen.md", GOOD)
    first = shelf.library()
    assert shelf.library() is first
    write(shelf, "cafe-citoyen.md", GOOD.replace("Une rencontre", "Des rencontres"))
    assert shelf.library().notes["cafe-citoyen"].text.startswith("Des rencontres")
    os.remove(shelf.own / "cafe-citoyen.md")  # type: ignore[operator]
    assert "cafe-citoyen" not in shelf.library().notes


def test_what_leads_out_of_the_folder_is_not_written(shelf: Shelf) -> None:
    for slug in ("../x", "a/b", "", "A", ".x", "a--b"):
        with pytest.raises(AssertionError):
            withdraw_note(shelf, slug)


def test_a_name_that_two_notes_bear_a_lost_link_and_an_old_check_are_told(shelf: Shelf) -> None:
    text = GOOD.replace("[cafés citoyens]", "[Budget  participatif]").replace("[concertation]", "[nulle-part]")
    write(shelf, "cafe-citoyen.md", text)
    told = [remark for remark in shelf.library().remarks(TODAY) if remark.kind == "warning"]
    assert [remark.file for remark in told] == ["cafe-citoyen"] * 2
    assert "« Budget participatif » est déjà un mot de la note « budget-participatif »" in told[0].reason
    assert "« nulle-part »" in told[1].reason
    old = {remark.file for remark in shelf.library().remarks(date(2028, 1, 1)) if remark.kind == "stale"}
    assert "obligation-conseil-de-quartier" in old


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Les conseils des quartiers", ["conseil-de-quartier"]),
        ("une enquête-publique et le P.L.U", ["enquete-publique"]),
        ("CONCERTATION PREALABLE", ["concertation-prealable"]),
        ("concertation puis consultation des électeurs", ["concertation", "consultation-des-electeurs"]),
        ("plus de 80 000 habitants", []),
        ("la maitrise d’œuvre et la maîtrise d'ouvrage", ["maitrise-d-oeuvre", "maitrise-d-ouvrage"]),
        ("participatory budgeting", ["budget-participatif"]),
        ("des citizens' juries", []),
        ("rien de cela", []),
    ],
)
def test_notes_are_named_without_accents_case_hyphens_or_plurals_the_longest_first(text: str, slugs: list[str]) -> None:
    assert [each.slug for each in library().names.find(text)] == slugs


def test_a_name_is_found_where_it_is_written() -> None:
    text = "Qu’est-ce qu’un Conseil  de quartier ?"
    [found] = library().names.find(text)
    assert text[found.start : found.end] == "Conseil  de quartier"


def test_what_nobody_sees_is_refused() -> None:
    note = Note(slug="x", term="Mot", text="Une note\u202e.")
    assert [problem.field for problem in find_problems(note, TODAY)] == ["text"]


def test_the_command_says_what_is_wrong_with_the_notes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "notions").mkdir(parents=True)
    (data / "notions" / "cassee.md").write_text("rien", encoding="utf-8")
    told = run_assistant("notions", "check", "--json", ASSISTANT_DATA_DIR=str(data))
    assert told.returncode == 0, told.stderr
    remarks = json.loads(told.stdout)["remarks"]
    assert [(each["file"], each["kind"]) for each in remarks if each["kind"] != "stale"] == [("cassee", "error")]
    plain = run_assistant("notions", "check", "--strict", ASSISTANT_DATA_DIR=str(data))
    assert plain.returncode == 3
    assert "cassee : Le fichier ne commence pas par les champs" in plain.stdout
