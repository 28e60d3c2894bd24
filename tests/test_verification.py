"""Verification of whole answers: tampered ones have faults, those of the product have none."""

import pytest
from conftest import JUDGED
from judged_answers import JudgedAnswers, ask_all

from assistant.answers.draft import Citation, Draft
from assistant.checks.verification import find_faults, find_text_faults, mend_draft
from assistant.notes.shelf import Shelf
from assistant.pipeline import Knowledge
from assistant.wording import escape, quote
from index.encoding.encoder import Encoder
from index.opened import Index
from ingest.passage import Passage

NOTES = tuple(Shelf().library().notes.values())


def passage_of(index: Index, words: str) -> Passage:
    return next(passage for passage in index.passages if words in passage.text)


def cite(passage: Passage, text: str, n: int = 1) -> Citation:
    return Citation(
        n=n,
        sheet=passage.sheet,
        title="",
        passage=passage.id,
        section=passage.section,
        quote=text,
        page=passage.page,
        access=passage.access,
    )


@pytest.fixture(scope="module")
def gers(real_index: Index) -> Passage:
    return passage_of(real_index, "47000 votants")


@pytest.fixture(scope="module")
def sentence(gers: Passage) -> str:
    return next(line for line in gers.text.split("\n") if "47000 votants" in line)


def reasons(text: str, citations: list[Citation], index: Index, *, written: bool = False) -> list[str]:
    found = find_text_faults(text, citations, index, [citation.sheet for citation in citations], "", written=written)
    return [fault.reason for fault in found]


def test_a_quote_with_its_mark_has_no_fault(gers: Passage, sentence: str, real_index: Index) -> None:
    assert reasons(quote(escape(sentence), 1), [cite(gers, sentence)], real_index) == []


def test_each_fault_is_found(gers: Passage, sentence: str, real_index: Index) -> None:
    good = quote(escape(sentence), 1)
    cited = cite(gers, sentence)
    changed = sentence.replace("47000", "74000")
    assert reasons(good, [cite(gers, changed)], real_index) == ["quote not verbatim", "not the quote"]
    assert reasons(quote(escape(changed), 1), [cited], real_index) == ["not the quote"]
    assert reasons(f"{good} [2]", [cited], real_index) == ["unknown mark"]
    assert reasons("Aucune preuve.", [cited], real_index) == ["unused citation"]
    assert reasons(good, [cited.model_copy(update={"passage": "1/document/1"})], real_index) == ["unknown passage"]
    assert reasons(good, [cited.model_copy(update={"access": "members"})], real_index) == ["unknown passage"]
    assert reasons("Avec 74 000 votants [1].", [cited], real_index) == ["figure unproved"]
    assert reasons("Avec 47 000 votants [1].", [cited], real_index) == []


def test_a_figure_without_a_citation_is_a_fault_unless_the_catalogue_has_it(real_index: Index) -> None:
    assert reasons("Il y a eu 47 000 votants.", [], real_index) == ["figure unproved"]
    assert reasons("Les coûts ont baissé de 33 %.", [], real_index) == ["figure unproved"]
    assert reasons("Voici 5 exemples.", [], real_index) == []
    text = "2 fiches : commune de 5 000 habitants au plus"
    assert find_text_faults(text, [], real_index, [], "communes de moins de 5000 habitants") == []
    assert find_text_faults(text, [], real_index, [], "petites communes") != []
    assert find_text_faults("**Fiche** – Trophées 2019, 4 étoiles", [], real_index, ["1"], "") == []
    assert find_text_faults("**Fiche** – Trophées 2017, 4 étoiles", [], real_index, ["1"], "") != []


def test_a_division_that_is_shown_proves_what_it_gives_and_nothing_else(
    gers: Passage, sentence: str, real_index: Index
) -> None:
    assert reasons("Soit 12 % des fiches (12 ÷ 101).", [], real_index) == []
    assert reasons("Soit 13 % des fiches (12 ÷ 101).", [], real_index) == ["figure unproved"]
    assert reasons("Soit 12 % des fiches.", [], real_index) == ["figure unproved"]
    assert reasons("Soit 100 % des fiches (12 ÷ 0).", [], real_index) == ["figure unproved"]
    # Its terms are figures too: each is proved for itself.
    assert reasons("Soit 50 % (4 321 ÷ 8 642).", [], real_index) == ["figure unproved"]
    cited = [cite(gers, sentence)]
    assert reasons("Soit 470 votants par jour (47 000 ÷ 100) [1].", cited, real_index) == []
    # A language model's words are proved by quotes alone.
    assert reasons("Soit 470 votants par jour (47 000 ÷ 100) [1].", cited, real_index, written=True) != []


def test_each_cell_of_a_table_has_its_own_citation(gers: Passage, sentence: str, real_index: Index) -> None:
    cited = [cite(gers, sentence)]
    assert reasons("| Votants | 47 000 votants [1] |", cited, real_index) == []
    assert reasons("| 47 000 votants | autre [1] |", cited, real_index) == ["figure unproved"]


def test_every_sentence_of_a_language_model_has_a_mark(gers: Passage, sentence: str, real_index: Index) -> None:
    text = "Le Gers a réuni des votants. Avec 47 000 votants [1]."
    assert reasons(text, [cite(gers, sentence)], real_index, written=True) == ["no citation"]


def test_a_visitor_has_no_members_passage_and_a_member_has(own_index: Index, own_members_index: Index) -> None:
    secret = next(passage for passage in own_members_index.passages if passage.access == "members")
    text = secret.text.split("\n")[0]
    assert reasons(quote(escape(text), 1), [cite(secret, text)], own_members_index) == []
    assert reasons(quote(escape(text), 1), [cite(secret, text)], own_index) == ["unknown passage"]


def test_faulty_lines_are_left_out_and_the_log_has_none_of_their_words(
    gers: Passage, sentence: str, real_index: Index, caplog: pytest.LogCaptureFixture
) -> None:
    good = quote(escape(sentence), 1)
    draft = Draft(kind="examples", text=f"{good}\n\nEt 74 000 autres.", citations=(cite(gers, sentence),))
    mended = mend_draft(draft, real_index, ["1"], "")
    assert mended == draft.model_copy(update={"text": good})
    assert "figure unproved" in caplog.text
    assert "74" not in caplog.text
    wrong = draft.model_copy(update={"citations": (cite(gers, "Inventé."),)})
    assert mend_draft(wrong, real_index, ["1"], "") is None


@pytest.mark.parametrize("access", ["public", "members"])
def test_100_answers_from_the_own_sheets_have_no_fault(
    access: str, own_index: Index, own_members_index: Index, encoder: Encoder
) -> None:
    index = own_index if access == "public" else own_members_index
    judged = JudgedAnswers(Knowledge(index, encoder, "contact@exemple.fr"))
    answers = ask_all(JUDGED, judged)
    assert len(answers) >= 100
    assert sum(len(each.citations) for each in answers) >= 250
    assert [fault for each in answers for fault in find_faults(each, index, NOTES)] == []
    assert not [line for line in judged.logged if "Faults" in line]
    if access == "public":
        assert {citation.access for each in answers for citation in each.citations} == {"public"}
