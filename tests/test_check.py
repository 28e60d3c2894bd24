"""A note beside the sheets: what is told of each sentence, how its file is read, its command."""

import io
import json
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run_assistant
from written import open_checker

from assistant.checks.note import check_note, cut_note, states_something, sum_up
from assistant.checks.note_figures import write_figure
from assistant.checks.note_file import LARGEST_FILE, LONGEST_NOTE, NoteWrong, read_content, read_note
from assistant.checks.note_quotes import find_quoted, find_quotes
from assistant.checks.note_verdict import Checked
from assistant.exports.docx_writer import write_docx
from assistant.finding.search import Sources
from index.encoding.encoder import Encoder
from index.opened import Index

NOTE = """# Note sur le budget participatif

Le premier budget participatif lancé par un département français, en 2018.
Dans le Gers, plus de 58 000 personnes ont voté en 2019, soit 33 % du corps électoral.
La ville de Zurich a dépensé 4 millions de francs pour ses abeilles.
Une phrase sans rien à comparer.
"""


@pytest.fixture(scope="module")
def sources(own_index: Index, encoder: Encoder) -> Sources:
    return Sources(own_index, encoder, "")


def check(text: str, sources: Sources) -> list[Checked]:
    return check_note(text, sources, open_checker())


def check_one(sentence: str, sources: Sources) -> Checked:
    (told,) = check(sentence, sources)
    return told


def test_a_note_is_compared_with_the_sheets_sentence_by_sentence(sources: Sources) -> None:
    exact, wrong, unknown = check(NOTE, sources)
    assert (exact.verdict, exact.sheet) == ("exact", "1")
    assert (wrong.verdict, wrong.sheet, wrong.why) == ("contradicted", "1", "figure")
    assert wrong.told == "Plus de 47 000 personnes"
    assert wrong.told in wrong.quote
    assert unknown == Checked(sentence=unknown.sentence, verdict="unknown")
    summed = sum_up(NOTE, [exact, wrong, unknown])
    assert summed.counts == {"exact": 1, "supported": 0, "contradicted": 1, "unknown": 1}
    assert summed.unchecked == 1, "a heading is no sentence"


@pytest.mark.parametrize(
    ("sentence", "sheet", "told"),
    [
        pytest.param("Dans le Gers, la première édition a fait remonter 3 000 idées.", "1", "un millier", id="number"),
        pytest.param(
            "Les Landes ont confié 2,5 millions d'euros au choix des habitants.", "17", "1,5 million", id="sum"
        ),
        pytest.param("L'Assemblée citoyenne de Paris a été créée en octobre 2019.", "20", "octobre 2021", id="year"),
        pytest.param(
            "À Millau, le cabinet Deloitte a apporté l'expertise financière.", "2", "Michel Klopfer", id="who"
        ),
        pytest.param("À Saillans, la liste a perdu en 2014 par 416 voix contre 434.", "10", "15 mars 2020", id="day"),
        pytest.param("La commission citoyenne des Landes compte trente membres.", "17", "vingt membres", id="in-words"),
    ],
)
def test_what_a_named_practice_tells_otherwise_is_contradicted_with_its_own_value(
    sentence: str, sheet: str, told: str, sources: Sources
) -> None:
    checked = check_one(sentence, sources)
    assert (checked.verdict, checked.sheet) == ("contradicted", sheet)
    assert told in checked.told
    assert checked.told in checked.quote


@pytest.mark.parametrize(
    ("sentence", "sheet"),
    [
        ("Le budget participatif de Rennes représente 3,5 millions d'euros.", "14"),
        ("Dans les Landes, 52 908 personnes ont voté en novembre 2019.", "17"),
        ("La Convention citoyenne pour l'Occitanie a rédigé près de 300 propositions.", "16"),
        ("Les membres de l'Assemblée citoyenne de Paris sont indemnisés 44 euros par demi-journée.", "20"),
    ],
)
def test_what_its_sheet_says_in_other_words_is_supported_whatever_other_sheets_say(
    sentence: str, sheet: str, sources: Sources
) -> None:
    checked = check_one(sentence, sources)
    assert (checked.verdict, checked.sheet, checked.told) == ("supported", sheet, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "À Rennes, le métro a coûté 1,2 milliard d'euros.",
        "Dans les Landes, 327 communes composent le département.",
        "Le Département des Landes a été créé en 1790.",
        "Le Sénat compte 348 sénateurs.",
        "En France, 35 000 communes existent, dont 40 % ont un conseil citoyen.",
        "Le budget participatif de Clermont-Ferrand a réuni 12 500 votants en 2018.",
        "La ville de Brest organise un conseil citoyen dans chaque quartier.",
    ],
)
def test_what_no_sheet_tells_is_unknown_and_not_contradicted_by_a_figure_of_another_thing(
    sentence: str, sources: Sources
) -> None:
    assert check_one(sentence, sources) == Checked(sentence=sentence, verdict="unknown")


def test_a_true_figure_of_another_thing_or_of_another_practice_is_not_supported(sources: Sources) -> None:
    told = check("Dans le Gers, 52 908 personnes ont voté en 2019.\nÀ Rennes, 11 500 projets étaient au vote.", sources)
    assert [each.verdict for each in told] == ["contradicted", "contradicted"]


def test_a_sentence_is_about_the_practice_that_the_heading_or_the_sentence_before_names(sources: Sources) -> None:
    heading = "# Budget participatif de Rennes"
    text = f"{heading}\n\nLa première saison a reçu 992 propositions.\n\nEn 2025, elle a réuni 20 000 votants."
    right, wrong = check(text, sources)
    assert (right.verdict, right.sheet) == ("supported", "14")
    assert (wrong.verdict, wrong.sheet, wrong.told) == ("contradicted", "14", "10 000 votants")


def test_a_quote_is_exact_altered_or_found_nowhere(sources: Sources) -> None:
    quote = "Vincent Beillard devient maire et forme un binôme avec la {} adjointe, Annie Morin"
    exact, altered, nowhere = check(
        f"À Saillans, « {quote.format('première')} ».\nÀ Saillans, « {quote.format('deuxième')} ».\n"
        "« La participation est un sport de combat qui se joue à plusieurs », écrit un auteur.",
        sources,
    )
    assert (exact.verdict, exact.sheet) == ("exact", "10")
    assert (altered.verdict, altered.why, altered.told) == ("contradicted", "quote", quote.format("première"))
    assert nowhere.verdict == "unknown"


def test_an_exact_quote_does_not_save_a_wrong_figure_beside_it(sources: Sources) -> None:
    said = "Dix-neuf électeurs sont recrutés par tirage au sort dans les différents bureaux de vote"
    told = check_one(f"À Millau, l'audit citoyen a coûté 62 000 euros : « {said} ».", sources)
    assert (told.verdict, told.told) == ("contradicted", "26 000 euros")


def test_an_exact_quote_does_not_vouch_for_a_figure_that_its_sheet_does_not_have(sources: Sources) -> None:
    said = "Vincent Beillard devient maire et forme un binôme avec la première adjointe, Annie Morin"
    assert check_one(f"Devant 2 400 spectateurs, « {said} ».", sources).verdict == "unknown"


def test_a_wrong_name_is_told_of_the_practice_named_before_but_a_place_elsewhere_is_not(sources: Sources) -> None:
    sentences = (
        "Dans le Gers, le budget participatif date de 2018.",
        "Des ateliers ouverts à tous ont eu lieu à Vic-Fezensac puis à Condom.",
        "À Lyon, 33 % des habitants ont voté en 2019.",
    )
    _, wrong, elsewhere = check("\n".join(sentences), sources)
    assert (wrong.verdict, wrong.why, wrong.told) == ("contradicted", "name", "Gimont")
    assert elsewhere.verdict == "unknown"


def test_a_few_words_of_a_sheet_are_not_a_sentence_of_it(sources: Sources) -> None:
    told = check_one("Octobre 2019.", sources)
    assert told.verdict != "exact"


@pytest.mark.parametrize(
    ("sentence", "states"),
    [
        ("Le coût est de 26 000 euros.", True),
        ("Rennes l'a fait aussi.", True),
        ("Il faudrait associer davantage les habitants.", False),
        ("Nous retenons trois leviers.", False),
        ("Combien de Gersois ont voté en 2019 ?", False),
    ],
)
def test_only_what_states_something_is_compared(sentence: str, states: bool) -> None:
    assert states_something(sentence) == states


def test_bullets_numbers_and_emphasis_are_left_out_of_sentences() -> None:
    text = "## Le Gers\n- **33 %** ont voté.\n2. Une idée. Une autre.\n\n> cité\n***\n"
    assert cut_note(text) == [
        ("Le Gers", True),
        ("33 % ont voté.", False),
        ("Une idée.", False),
        ("Une autre.", False),
        ("cité", False),
    ]


def test_quotes_are_found_with_the_words_that_a_text_has_in_their_place() -> None:
    assert find_quotes("Il parle de « tours de France » et de « la loi des plus forts ici ».") == [
        "la loi des plus forts ici"
    ]
    text = "Un rapport dit que la loi des plus faibles ici ne vaut rien."
    found = find_quoted("la loi des plus forts ici", [text, "rien"])
    assert found
    assert (found.text, found.exact) == ("la loi des plus faibles ici", False)
    assert find_quoted("tout autre chose que ce texte", [text]) is None


def test_a_figure_is_written_as_its_sentence_writes_it() -> None:
    from assistant.checks.figures import find_figures

    sentence = "Dix-neuf habitants, 1,5 million d'euros, 33 % des inscrits, le 15 mars 2020."
    assert [write_figure(figure, sentence) for figure in find_figures(sentence)] == [
        "Dix-neuf habitants",
        "1,5 million d'euros",
        "33 % des inscrits",
        "15 mars 2020",
    ]


@pytest.mark.parametrize(
    "sentence", ["", " ", "?", "« »", "#", "« " * 500, '"' * 999, "À " * 400, "1 " * 900, "a" * 5000]
)
def test_any_text_is_compared_in_a_moment(sentence: str, sources: Sources) -> None:
    start = time.perf_counter()
    check(sentence, sources)
    assert time.perf_counter() - start < 10


def test_a_note_that_is_too_long_is_refused_with_its_length(sources: Sources) -> None:
    with pytest.raises(NoteWrong, match=f"{LONGEST_NOTE + 1} caractères"):
        check("a" * (LONGEST_NOTE + 1), sources)


def test_no_member_note_is_told_to_a_visitor(own_members_index: Index, sources: Sources) -> None:
    secrets = [each for each in own_members_index.passages if each.access == "members" and len(each.text) > 60]
    assert secrets
    for secret in secrets:
        for told in check(f"« {secret.text} »\n{secret.heading} : {secret.text}", sources):
            assert told.quote not in secret.text or told.quote == ""
            assert not told.told or told.told in told.quote


# --- files ---


@pytest.mark.parametrize("name", ["absent.md", "note.pdf", "broken.docx", "latin.txt"])
def test_a_note_that_cannot_be_read_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name != "absent.md":
        path.write_bytes("été".encode("latin-1"))
    with pytest.raises(NoteWrong, match=name):
        read_note(path)


def test_a_word_file_is_read_with_its_headings_and_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "note.docx"
    path.write_bytes(write_docx("# Le Gers\n\n47 000 *personnes*.\n\n| a | b |\n|---|---|\n| c | 33 % |\n", "Titre"))
    lines = read_note(path).splitlines()
    assert "# Le Gers" in lines
    assert "47 000 personnes." in lines
    assert "33 %" in lines


def word(document: str, **parts: str) -> bytes:
    """A Word file whose main part is this XML."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", document)
        for name, part in parts.items():
            package.writestr(f"word/{name}.xml", part)
    return content.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def test_a_word_file_gives_what_people_read_once_in_its_order() -> None:
    document = (
        f"<w:document {W} {MC}><w:body>"
        "<w:p><w:r><w:t>Un</w:t><w:tab/><w:t>deux</w:t><w:delText>retiré</w:delText></w:r></w:p>"
        "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>cadre</w:t></w:r></w:p></mc:Choice>"
        "<mc:Fallback><w:p><w:r><w:t>cadre</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
        "</w:body></w:document>"
    )
    notes = f"<w:footnotes {W}><w:footnote><w:p><w:r><w:t>en bas</w:t></w:r></w:p></w:footnote></w:footnotes>"
    assert read_content("a.DOCX", word(document, footnotes=notes)) == "Un deux\ncadre\nen bas"


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: word(f"<w:document {W}>" + " " * 200_000_000), id="bomb"),
        pytest.param(lambda: word(f"<w:document {W}><w:t>" + "a" * 30_000_000), id="long-text"),
        pytest.param(
            lambda: word(f"<!DOCTYPE a [{ENTITIES}]><w:document {W}><w:t>&e8;</w:t></w:document>"), id="entities"
        ),
        pytest.param(
            lambda: word(
                f'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document {W}><w:t>&e;</w:t></w:document>'
            ),
            id="outside",
        ),
        pytest.param(lambda: word(f"<w:document {W}><w:p>"), id="cut-xml"),
        pytest.param(lambda: word(f"<w:document {W}/>")[:60], id="cut-zip"),
        pytest.param(lambda: b"PK\x03\x04" + b"\0" * 100, id="no-zip"),
        pytest.param(lambda: b"", id="empty"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0" * 40, id="old-or-locked"),
        pytest.param(lambda: b"a" * (LARGEST_FILE + 1), id="heavy"),
    ],
)
def test_a_hostile_or_damaged_word_file_is_refused_within_bounds(make: Callable[[], bytes]) -> None:
    content = make()
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(NoteWrong):
        read_content("note.docx", content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - start < 5
    assert peak < 40_000_000


def test_a_text_file_may_bear_the_mark_that_windows_adds() -> None:
    assert read_content("note.txt", "\ufeffété".encode()) == "été"
    with pytest.raises(NoteWrong, match="UTF-8"):
        read_content("note.txt", "été".encode("utf-16"))


# --- command ---


def test_the_command_tells_each_sentence_with_its_sheet(own_data_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    done = run_assistant("check", str(path), "--json", ASSISTANT_DATA_DIR=str(own_data_dir))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [each["verdict"] for each in told] == ["exact", "contradicted", "unknown"]
    assert set(told[0]) == {"sentence", "verdict", "sheet", "quote", "told", "why"}
    spoken = run_assistant("check", str(path), ASSISTANT_DATA_DIR=str(own_data_dir)).stdout
    assert "CONTREDIT" in spoken
    assert "la fiche dit : Plus de 47 000 personnes" in spoken
    missing = run_assistant("check", str(tmp_path / "absent.md"), ASSISTANT_DATA_DIR=str(own_data_dir))
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "absent.md" in missing.stderr
    assert "Traceback" not in missing.stderr
