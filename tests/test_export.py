"""Notes to take away: an answer and a list of sheets, in Markdown and in Word's format."""

import asyncio
import gc
import io
import re
from datetime import date

import httpx
import pytest
from docx import Document
from markdown_it.tree import SyntaxTreeNode

from assistant.answers.answer import Answer
from assistant.exports.docx_writer import write_docx
from assistant.exports.export import (
    Letterhead,
    export_answer,
    export_sheets,
    link_contact,
    render_html,
    write_taken_away,
)
from assistant.exports.plain import write_plain
from assistant.pipeline import Knowledge, answer
from assistant.serving.served import settle
from assistant.wording import escape
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.opened import Index

HEAD = Letterhead("Centre de ressources", "contact@exemple.fr", date(2026, 3, 1), "https://fiches.exemple.fr")
QUESTION = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"


@pytest.fixture(scope="module")
def knowledge(own_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_index, encoder, HEAD.contact)


@pytest.fixture(scope="module")
def members_knowledge(own_members_index: Index, encoder: Encoder) -> Knowledge:
    return Knowledge(own_members_index, encoder, HEAD.contact)


@pytest.fixture(scope="module")
def given(knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(QUESTION, knowledge))


def read_words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_note_has_the_question_the_day_the_answer_each_source_and_the_limits(
    given: Answer, knowledge: Knowledge
) -> None:
    note = write_taken_away(QUESTION, given, knowledge.index, HEAD)
    assert note.startswith(f"# {QUESTION}\n")
    assert "Centre de ressources, 1er mars 2026." in note
    assert link_contact(given.answer, HEAD.contact) in note
    sources = note.split("## Sources")[1].split("## Limites")[0]
    for citation in given.citations:
        line = next(line for line in sources.splitlines() if f"[{citation.n}] " in line)
        assert f"**{citation.title}**" in line
        assert citation.section in line
        assert f"<https://fiches.exemple.fr/fiches/{citation.sheet}>" in line
    assert "recopié des fiches" in note.split("## Limites")[1]
    assert "contact@exemple.fr" in note


def test_no_quote_stands_twice_in_a_note_and_each_sheet_is_a_source_once(knowledge: Knowledge) -> None:
    for question in (QUESTION, "Compare le budget participatif du Gers et celui de Jarny", "Pourquoi Saillans ?"):
        given = asyncio.run(answer(question, knowledge))
        note = " ".join(write_taken_away(question, given, knowledge.index, HEAD).replace("**", "").split())
        told, sources = note.split(" ## Sources ")
        for citation in given.citations:
            quote = escape(" ".join(citation.quote.split()))
            assert (quote in told) != (quote in sources), quote
        for sheet in {citation.sheet for citation in given.citations}:
            assert note.count(f"<{HEAD.site}/fiches/{sheet}>") == 1


def test_the_word_file_says_what_the_note_says(given: Answer, knowledge: Knowledge) -> None:
    note = export_answer(QUESTION, given, knowledge.index, HEAD, "docx")
    assert note.name == "reponse-2026-03-01.docx"
    document = Document(io.BytesIO(note.content))
    assert document.paragraphs[0].text == QUESTION
    assert document.paragraphs[0].style.name == "Heading 1"
    words = re.sub(r"\W+", " ", read_words(note.content))
    assert re.sub(r"\W+", " ", given.citations[0].quote) in words
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert any("47 000" in text for text in bold)
    assert document.core_properties.language == "fr-FR"


def test_a_table_keeps_its_cells_and_its_header_is_told_to_screen_readers() -> None:
    content = write_docx("| Fiche | Durée |\n|---|---|\n| **A** [1] | 3 \\| 4 mois |\n", "Comparaison")
    table = Document(io.BytesIO(content)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Fiche", "Durée"], ["A [1]", "3 | 4 mois"]]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert "w:tblHeader" not in table.rows[1]._tr.xml


def links_of(content: bytes) -> dict[str, str]:
    """The addresses that a Word file leads to, by the words that one presses."""
    links = [link for paragraph in Document(io.BytesIO(content)).paragraphs for link in paragraph.hyperlinks]
    return {link.text: link.url for link in links}


def test_a_word_file_leads_to_the_pages_of_its_sheets_their_sites_and_the_centre(
    given: Answer, knowledge: Knowledge
) -> None:
    links = links_of(export_answer(QUESTION, given, knowledge.index, HEAD, "docx").content)
    sheet = knowledge.index.find_sheet(given.citations[0].sheet)
    assert sheet
    assert links[f"{HEAD.site}/fiches/{sheet.id}"] == f"{HEAD.site}/fiches/{sheet.id}"
    assert links[sheet.website] == sheet.website
    assert links[HEAD.contact] == f"mailto:{HEAD.contact}"
    listed = links_of(export_sheets([sheet], Filters(), knowledge.index, HEAD, "docx").content)
    assert listed == links


def test_a_word_file_leads_nowhere_but_to_sites_and_mailboxes() -> None:
    content = write_docx("[a](ftp://x.fr) [b](/fiches/1) [c](https://x.fr) [d](mailto:a@b.fr)", "x")
    assert links_of(content) == {"c": "https://x.fr", "d": "mailto:a@b.fr"}
    assert read_words(content) == "a b c d"


def test_what_is_copied_as_text_has_no_mark_of_markdown_and_the_address_of_each_link(
    given: Answer, knowledge: Knowledge
) -> None:
    text = write_plain(write_taken_away(QUESTION, given, knowledge.index, HEAD))
    assert text.startswith(f"{QUESTION}\n")
    assert not re.search(r"\*\*|^#|[<>`\\]", text, re.MULTILINE)
    assert "47 000" in text
    assert f"Fiche\u00a0: {HEAD.site}/fiches/1" in text
    assert text.rstrip().endswith(f"écrivez à {HEAD.contact}.")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("1. **Un**\n   - deux\n2. *trois*", "1. Un\n  - deux\n2. trois\n"),
        ("| A | B |\n|---|---|\n| 1 | [x](https://x.fr) |", "A | B\n1 | x (https://x.fr)\n"),
        ("> « cité »\n\n<b>x</b> <https://x.fr> <a@b.fr>", "« cité »\n\n<b>x</b> https://x.fr a@b.fr\n"),
        ("-\n", "-\n"),
    ],
    ids=["lists", "table", "quote", "empty"],
)
def test_markdown_is_written_as_the_text_that_it_shows(markdown: str, text: str) -> None:
    assert write_plain(markdown) == text


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Écrivez à c@x.fr.", "Écrivez à <c@x.fr>."),
        (
            "`c@x.fr` <c@x.fr> [e](mailto:c@x.fr) abc@x.fr c@x.frs",
            "`c@x.fr` <c@x.fr> [e](mailto:c@x.fr) abc@x.fr c@x.frs",
        ),
    ],
    ids=["bare", "others"],
)
def test_the_centre_s_own_address_is_a_link_where_it_stands_bare(text: str, linked: str) -> None:
    assert link_contact(text, "c@x.fr") == linked
    assert link_contact(text, "au guichet") == text


def test_numbered_lists_keep_their_numbers_and_what_stands_under_an_item() -> None:
    words = read_words(write_docx("1. Un\n\n   Suite\n2. Deux\n\nTexte\n\n1. Autre\n   - point\n", "x"))
    assert words.splitlines() == ["1. Un", "Suite", "2. Deux", "Texte", "1. Autre", "point"]


@pytest.mark.parametrize(
    "poison", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[clic](javascript:x)"]
)
def test_active_text_of_a_question_stays_text(poison: str, given: Answer, knowledge: Knowledge) -> None:
    note = write_taken_away(f"{poison} budget", given, knowledge.index, HEAD)
    html = render_html(note)
    assert not re.search(r"<(script|img)\b", html)
    linked = {re.match(r"[a-z]+:(?://[^/]+)?", link)[0] for link in re.findall(r'<a href="([^"]*)', html)}  # type: ignore[index]
    assert linked <= {HEAD.site, "mailto:", "https://budgetparticipatif.gers.fr"}
    assert poison in read_words(export_answer(poison, given, knowledge.index, HEAD, "docx").content)


def test_an_answer_that_cites_members_documents_says_not_to_pass_it_on(members_knowledge: Knowledge) -> None:
    question = "Selon quels critères choisir les lieux d'arrêt de la camionnette Tok-Tok ?"
    given = asyncio.run(answer(question, members_knowledge))
    access = {citation.access for citation in given.citations}
    note = write_taken_away("?", given, members_knowledge.index, HEAD)
    assert ("ne la diffusez pas" in note) == ("members" in access)
    assert "members" in access, "this question is answered from the document"
    assert "réservé aux adhérents" in note


def test_a_list_of_sheets_tells_its_filters_and_every_sheet(knowledge: Knowledge) -> None:
    filters = Filters(annee=(2019,))
    sheets = [sheet for sheet in knowledge.index.practices if filters.accept(sheet)]
    words = read_words(export_sheets(sheets, filters, knowledge.index, HEAD, "docx").content)
    assert words.startswith("Fiches : 2019")
    assert f"{len(sheets)} fiches." in words
    assert all(" ".join(sheet.title.split()) in " ".join(words.split()) for sheet in sheets)


def test_the_interface_gives_the_same_notes_as_files(server: str) -> None:
    for form, ending in (("markdown", "md"), ("docx", "docx")):
        reply = httpx.post(f"{server}/api/ask", params={"format": form}, json={"query": QUESTION}, timeout=60)
        assert reply.status_code == 200
        assert f'.{ending}"' in reply.headers["content-disposition"]
        assert "47 000" in (reply.text if form == "markdown" else read_words(reply.content))
        listed = httpx.get(f"{server}/api/sheets", params={"format": form, "annee": 2019}, timeout=30)
        assert "Budget participatif gersois" in (listed.text if form == "markdown" else read_words(listed.content))


def test_a_note_answers_one_question(server: str) -> None:
    body = {"turns": [{"user": "Bonjour"}]}
    reply = httpx.post(f"{server}/api/ask", params={"format": "docx"}, json=body, timeout=30)
    assert reply.status_code == 422
    assert "une seule question" in reply.text


def test_documents_are_not_kept_once_written_however_much_the_server_holds() -> None:
    held = [[number] for number in range(1_000_000)]
    gc.collect()  # they count from now on
    settle()
    for _ in range(20):
        write_docx("- **Une fiche** de la liste\n" * 100, "Fiches")
    kept = sum(isinstance(each, SyntaxTreeNode) for each in gc.get_objects())
    assert held
    assert kept < 5_000, "of 20 documents of 700 nodes"
