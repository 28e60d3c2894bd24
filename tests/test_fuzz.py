"""Whatever a file or a message holds, it is read or refused in words. Thorough: make fuzz."""

import os
import re
import tempfile
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from assistant.catalogue.selection import read_selection
from assistant.checks.figures import find_figures
from assistant.exports.docx_writer import write_docx
from assistant.exports.export import render_html
from assistant.reading.declined import read_declined
from assistant.reading.follow_up import read_follow_up
from assistant.reading.message import read_centre, tidy_question
from assistant.reading.understanding import understand
from assistant.settings import ROOT
from index.filters import FilterKey
from index.lexicon import Lexicon
from index.measuring.golden import read_golden
from index.opened import Index
from index.signals.lexical import split_words
from index.vocabulary import read_vocabulary
from ingest.layout import read_layout
from ingest.markdown import PageUnreadable, read_headings, read_page, read_text_sheet
from ingest.passage import split_sheet
from ingest.pdf import DocumentLocked, DocumentUnreadable, read_pdf
from ingest.questions import read_question_file
from ingest.refusal import Refusal
from ingest.repair import mask_contacts, repair_text
from ingest.row import RowUnusable
from ingest.sentence import split_sentences
from ingest.source_list import read_source_list
from ingest.table import read_header, read_table
from language.numbers import write_digits
from language.text import read_text

_RUNS = int(os.environ.get("FUZZ_RUNS", "60"))
# Shrinking what fails is for whoever looks at it; each run is short, and files are few.
settings.register_profile(
    "fuzz",
    max_examples=_RUNS,
    deadline=None,
    derandomize=_RUNS <= 60,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink] if _RUNS > 60 else [Phase.explicit, Phase.generate],
)
settings.load_profile("fuzz")

_AWKWARD = [
    "\0", "\ufeff", "\u202e", "\u2028", "\ud7ff", "\x0b", "\r", '"', '""', "'", "\t", ";", ",", "\n\n", "---\n", "[[",
    "]]", "{", "}", "%", "\\", "/../", "<script>", "&#0;", "💥", "e\u0301" * 50, "𝔸", "１２", "٣", "²", "½", "1e999",
    "-0", "nan", "null", "true", "~", "!!python/object:os.system", "&a [*a]", "*a", "<<: *a", "0x7f", "2026-13-45",
    "a" * 5000, " " * 500,
]  # fmt: skip
_text = st.one_of(st.text(max_size=300), st.sampled_from(_AWKWARD), st.lists(st.sampled_from(_AWKWARD)).map("".join))


@st.composite
def spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """A real file with pieces cut out, doubled, moved, or replaced by awkward ones."""
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 1, 2, 7, 60, 900])))
        piece = draw(st.one_of(_text.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=40)))
        other = content[end : end + 80] if draw(st.booleans()) else piece
        content = content[:start] + other + content[end:]
    return content


def check(read: Callable[[Path], object], name: str, content: bytes, *known: type[Exception]) -> None:
    """Nothing but our own refusals comes out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            read(path)
        except (Refusal, *known) as error:
            if not str(error):
                raise


def read_bytes(path: str) -> bytes:
    return (ROOT / path).read_bytes()


TABLE = next((ROOT / "sheets").rglob("*.csv"))
SHEET = next((ROOT / "sheets").rglob("*.md"))
LAYOUT = ROOT / "ingest" / "layouts" / "decider-ensemble.toml"
QUESTIONS = b"questions:\n  - fiche: '1'\n    questions:\n      - Comment faire voter les jeunes ?\n"
SOURCES = (
    b'[[source]]\naddress = "fiches"\nlayout = "decider-ensemble"\naccess = "members"\npdf_passwords = {"*" = "x"}\n'
)
VOCABULARY = b'[[entry]]\nterm = "budget participatif"\nothers = ["BP"]\n'
PDFS = sorted((ROOT / "sheets").rglob("*.pdf"))


@given(spoiled(TABLE.read_bytes()))
def test_a_table_is_read_or_refused(content: bytes) -> None:
    layout = read_layout("decider-ensemble")

    def read(path: Path) -> None:
        read_header(path, layout)
        for sheet in read_table(path, layout).sheets:
            split_sheet(sheet)

    check(read, "fiches.csv", content)


@given(st.binary(max_size=2000))
def test_any_bytes_for_a_table_are_read_or_refused(content: bytes) -> None:
    check(partial(read_table, layout=read_layout("decider-ensemble")), "fiches.csv", content)


@given(spoiled(SHEET.read_bytes()))
@example(b"---\ndate: 2026-13-45\n---\n# Titre\n")
def test_a_markdown_file_is_read_or_refused(content: bytes) -> None:
    layout = read_layout("multibao")
    check(partial(read_text_sheet, layout=layout), "fiche.md", content, PageUnreadable, RowUnusable)
    check(read_page, "introduction.md", content, PageUnreadable)
    check(read_headings, "introduction.md", content, PageUnreadable)


@given(spoiled(LAYOUT.read_bytes()))
def test_a_layout_is_read_or_refused(content: bytes) -> None:
    check(lambda path: read_layout(str(path)), "a.toml", content)


@given(spoiled(SOURCES))
def test_a_list_of_sources_is_read_or_refused(content: bytes) -> None:
    check(read_source_list, "sources.toml", content)


@given(spoiled(VOCABULARY))
def test_a_vocabulary_is_read_or_refused(content: bytes) -> None:
    check(read_vocabulary, "vocabulaire.toml", content)


@given(spoiled(QUESTIONS))
@example(b"- question: 2026-13-45\n  sheets: ['1']\n")
@example(b"[" * 20_000)
def test_a_file_of_questions_is_read_or_refused(content: bytes) -> None:
    sheets = {sheet.id: sheet for sheet in read_table(TABLE, read_layout("decider-ensemble")).sheets[:2]}
    check(partial(read_question_file, sheets=sheets), "questions.yaml", content)
    check(read_golden, "questions.yaml", content)


@pytest.mark.parametrize("pdf", PDFS[:2], ids=lambda path: path.name[:20])
def test_a_pdf_is_read_or_told_unreadable(pdf: Path) -> None:
    @given(spoiled(pdf.read_bytes()))
    def run(content: bytes) -> None:
        check(read_pdf, "a.pdf", content, DocumentLocked, DocumentUnreadable)

    run()


@given(_text)
@example("33 % de 12,5 k€ le 31/02/2020 à 25h99")
def test_any_text_is_repaired_cut_and_its_figures_found(text: str) -> None:
    assert isinstance(mask_contacts(repair_text(text)), str)
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())
    find_figures(text)
    write_digits(text)
    split_words(text)


@given(text=_text)
def test_any_message_is_understood_without_an_error(text: str, lexicon: Lexicon) -> None:
    question = tidy_question(text)
    understood = understand(question, lexicon)
    assert understood.filters.to_json() is not None
    text = read_text(question)
    read_follow_up(text)
    read_declined(question)
    read_centre(text)


@given(_text)
def test_any_answer_becomes_html_without_live_markup_and_a_word_file(text: str) -> None:
    html = render_html(f"Une phrase.\n\n{text}")
    assert not re.search(r"<(?:script|img|iframe)|<[^>]+(?:javascript:| on\w+=)", html, re.IGNORECASE)
    docx.Document(BytesIO(write_docx(text, "Note")))


@given(st.lists(st.tuples(st.sampled_from(["q", "porteur", "annee", "page", "vue", "tri", "région", "x"]), _text)))
def test_any_address_of_the_list_is_a_selection(parameters: list[tuple[str, str]]) -> None:
    known: dict[FilterKey, list[str]] = {"porteur": ["PV", "VM"], "annee": ["2019"]}
    selection = read_selection(QueryParams(parameters), known)
    again = read_selection(QueryParams(selection.address(page=selection.page).partition("?")[2]), known)
    assert again == selection


@pytest.fixture(scope="session")
def lexicon(real_index: Index) -> Lexicon:
    return real_index.lexicon
