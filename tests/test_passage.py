import re

import pytest

from ingest.passage import Passage, split_document, split_sheet
from ingest.sentence import split_sentences
from ingest.sheet import Block, Document, Paragraph, Section, Sheet

SHEET = Sheet(
    id="7",
    title="Plan climat",
    organisation="Grand Poitiers",
    sections=(
        Section(key="retenir", title="À retenir", blocks=(Block(text="Un."), Block(text="Deux.")), joined=True),
        Section(key="presentation", title="Présentation", blocks=(Block(text="Premier."), Block(text="Second."))),
        Section(key="etapes", title="Déroulé", blocks=(Block(text="Vote", label="Mai 2019"),), joined=True),
    ),
)


def test_a_paragraph_is_a_passage_and_bullets_and_steps_stay_together() -> None:
    passages = split_sheet(SHEET)
    assert [(p.id, p.text) for p in passages] == [
        ("7/retenir/1", "Un.\nDeux."),
        ("7/presentation/1", "Premier."),
        ("7/presentation/2", "Second."),
        ("7/etapes/1", "Mai 2019 : Vote"),
    ]
    assert [p.order for p in passages] == [0, 1, 2, 3]
    assert {(p.sheet, p.access, p.page) for p in passages} == {("7", "public", None)}


def test_a_passage_says_where_it_stands() -> None:
    first = split_sheet(SHEET)[0]
    assert (first.section, first.heading, first.key) == (
        "À retenir",
        "Plan climat – Grand Poitiers – À retenir",
        "retenir",
    )


def test_a_passage_has_the_role_of_its_section_whatever_that_is_called() -> None:
    section = Section(key="lecons", title="Leçons", role="lesson", blocks=(Block(text="Un."),))
    assert [passage.role for passage in split_sheet(SHEET.model_copy(update={"sections": (section,)}))] == ["lesson"]


def test_sections_and_passages_of_an_older_index_have_the_role_that_their_keys_stood_for() -> None:
    def without_role(written: str) -> str:
        return re.sub(r',"role":(?:null|"\w+")', "", written)

    section = Section.model_validate_json(without_role(SHEET.sections[2].model_dump_json()))
    assert section.role == "steps"
    passages = [Passage.model_validate_json(without_role(each.model_dump_json())) for each in split_sheet(SHEET)]
    assert [passage.role for passage in passages] == ["lesson", "summary", "summary", "steps"]
    page = Section.model_validate_json('{"key":"page-1","title":"","blocks":[]}')
    assert page.role is None


def test_a_long_paragraph_is_cut_at_its_sentences_and_nothing_is_lost() -> None:
    text = " ".join(f"Phrase numéro {number} sur la concertation menée ici." for number in range(100))
    sheet = SHEET.model_copy(update={"sections": (Section(key="p", title="P", blocks=(Block(text=text),)),)})
    pieces = [passage.text for passage in split_sheet(sheet)]
    assert " ".join(pieces) == text
    assert len(pieces) == 5
    assert all(len(piece.split()) <= 160 for piece in pieces)
    assert [s for piece in pieces for s in split_sentences(piece)] == split_sentences(text)


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    sheet = SHEET.model_copy(update={"sections": (Section(key="p", title="P", blocks=(Block(text="mot " * 400),)),)})
    assert [len(passage.text.split()) for passage in split_sheet(sheet)] == [160, 160, 80]


def test_a_document_gives_members_passages_with_their_pages() -> None:
    document = Document(
        sheet="7",
        file="7.pdf",
        paragraphs=(
            Paragraph(title="Budget", page=1, text="Cent euros."),
            Paragraph(title="Budget", page=1, text="Deux cents."),
            Paragraph(title="Budget", page=2, text="Trois cents."),
            Paragraph(title="", page=2, text="Fin."),
        ),
    )
    passages = split_document(document, SHEET)
    assert [(p.id, p.section, p.page, p.text) for p in passages] == [
        ("7/document/1", "Budget", 1, "Cent euros.\nDeux cents."),
        ("7/document/2", "Budget", 2, "Trois cents."),
        ("7/document/3", "Fiche descriptive", 2, "Fin."),
    ]
    assert {p.access for p in passages} == {"members"}


def test_a_passage_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        split_sheet(SHEET)[0].text = "autre"
