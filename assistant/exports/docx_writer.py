"""Word files: Markdown as a .docx document, with headings, lists and tables that screen readers find their way in."""

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from assistant.wording import MACHINE_MADE
from ingest.repair import drop_unseen

_LANGUAGE = "fr-FR"
_LIST_STYLES = {"bullet_list": "List Bullet", "ordered_list": "List Number"}

_LONGEST_TITLE = 255  # characters of a property of a document
_LINK_COLOR = RGBColor(0x1A, 0x3C, 0x66)
_FOLLOWED = ("https://", "http://", "mailto:")
# A document being written takes megabytes, which the system keeps for the thread that took them: one thread for all
# holds them once, where each of a server's would hold its own.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="word")


def write_docx(markdown: str, title: str) -> bytes:
    """The bytes of a Word document in French. HTML in the text stays text; images become their words.

    One is written at a time; who asks waits for it.
    """
    return _thread.submit(_write, markdown, title).result()


def _write(markdown: str, title: str) -> bytes:
    document = Document()
    document.core_properties.title = _clean(title)[:_LONGEST_TITLE]
    document.core_properties.author = ""
    document.core_properties.comments = MACHINE_MADE
    _set_language(document)
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)
    for node in SyntaxTreeNode(tokens).children:
        _write_block(document, node)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _clean(text: str) -> str:
    return drop_unseen(text)


def _set_language(document: WordDocument) -> None:
    """Readers pronounce, and spelling is checked, in the language of the text."""
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), _LANGUAGE)
    document.core_properties.language = _LANGUAGE


def _write_block(document: WordDocument, node: SyntaxTreeNode) -> None:
    if node.type == "heading":
        _write_words(document.add_heading(level=int(node.tag[1:])), node)
    elif node.type in _LIST_STYLES:
        _write_list(document, node)
    elif node.type == "table":
        _write_table(document, node)
    elif node.type == "blockquote":
        for child in node.children:
            _write_words(document.add_paragraph(style="Quote"), child)
    elif node.type in ("fence", "code_block"):
        document.add_paragraph(_clean(node.content.rstrip()))
    elif node.type != "hr":
        _write_words(document.add_paragraph(), node)


def _write_list(document: WordDocument, node: SyntaxTreeNode, level: int = 1) -> None:
    """Each item's first paragraph bears its mark; what follows it stands under it.

    The numbers are written: Word would count on from one list to the next.
    """
    start = int(str(node.attrs.get("start", 1)))
    for number, item in enumerate(node.children, start=start):
        first = True
        for child in item.children:
            if child.type in _LIST_STYLES:
                _write_list(document, child, level + 1)
                continue
            numbered = node.type == "ordered_list"
            style = "List Continue" if numbered or not first else _LIST_STYLES[node.type]
            paragraph = document.add_paragraph(style=f"{style} {level}" if 1 < level <= 3 else style)
            if numbered and first:
                paragraph.add_run(f"{number}. ")
            _write_words(paragraph, child)
            first = False


def _write_table(document: WordDocument, node: SyntaxTreeNode) -> None:
    """A table whose first row is said to be its header, and is repeated on each page."""
    rows = [row for part in node.children for row in part.children]
    table = document.add_table(rows=len(rows), cols=len(rows[0].children), style="Table Grid")
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, content in zip(row.cells, cells.children, strict=True):
            _write_words(cell.paragraphs[0], content)
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _write_words(paragraph: Paragraph, node: SyntaxTreeNode) -> None:
    """The words of a block, bold and italic where they are."""
    for inline in node.children:
        _write_tokens(paragraph, inline.token.children if inline.token and inline.token.children else [])


def _write_tokens(paragraph: Paragraph, tokens: Sequence[Token]) -> None:
    bold = italic = 0
    address = ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            italic += token.nesting
        elif token.type in ("link_open", "link_close"):
            address = str(token.attrGet("href") or "")
        elif token.type in ("softbreak", "hardbreak"):
            paragraph.add_run("\n" if token.type == "hardbreak" else " ")
        elif token.content:
            run = paragraph.add_run(_clean(token.content))
            run.bold, run.italic = bold > 0, italic > 0
            if address.startswith(_FOLLOWED):
                _link(paragraph, run, address)


def _link(paragraph: Paragraph, run: Run, address: str) -> None:
    """Make of a run a link that one may follow, told by its line and not by its colour alone."""
    run.underline, run.font.color.rgb = True, _LINK_COLOR
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run._r.addprevious(link)
    link.append(run._r)
