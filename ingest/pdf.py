"""PDF reader: a members' document becomes titled paragraphs with their pages."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from ingest.decoding import NotText, check_brought
from ingest.pdf_beside import count_notes, is_garbage, list_attachments, read_fields, tell_beside
from ingest.pdf_columns import order_columns
from ingest.repair import is_address, mask_contacts, repair_text, tidy
from ingest.sheet import Paragraph
from language.shapes import DIGITS, WORD

# The entry that marks an encrypted file stands in clear in the trailer (ISO 32000-1, 7.5.5).
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_BULLETS = ("▪", "•", "●", "◦", "‣", "➢", "✓", "–", "-", "o ")
_SOFT_HYPHEN = re.compile(r"[\ufffe\u00ad]\s*")

# What a practice sheet never reaches: a file made to exhaust the machine is told instead of read.
_MOST_BYTES, _MOST_PAGES, _MOST_CHARACTERS = 100_000_000, 1_000, 5_000_000

_GAP, _LIKE = 0.25, 0.85  # of a line's height; of the narrowest space that the line has: a wider gap is a space too

_LOOKED_AT, _UPRIGHT = 200, 0.1  # characters of a turned page; radians

_READER = b"3"  # raised when this module reads otherwise than before: documents are then read again


class DocumentLocked(Exception):
    """The PDF is encrypted, and no password was configured for it or the one configured is refused."""


class DocumentUnreadable(Exception):
    """The file is not a PDF that can be read, or it holds no text."""


@dataclass(frozen=True)
class PdfReading:
    """What a document held: titled paragraphs in reading order, and what of it is not read, in French."""

    paragraphs: tuple[Paragraph, ...]
    remarks: tuple[str, ...] = ()


def read_pdf(path: Path, password: str | None = None) -> PdfReading:
    """The text of a document, or raise DocumentLocked or DocumentUnreadable.

    A locked file is never opened without the password that its owner configured, not even to try
    an empty one. E-mail addresses and telephone numbers are masked: they belong to persons, and
    no answer may recite them.
    """
    _check_lock(_read_content(path), password)
    try:
        pages, remarks = _read_pages(path, password)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentLocked("le mot de passe indiqué est refusé") from error
        raise DocumentUnreadable(_explain(error)) from error
    paragraphs = tuple(_read_paragraphs(_drop_running_lines(pages)))
    if not paragraphs:
        raise DocumentUnreadable("ce PDF ne contient pas de texte (document numérisé en image ?)")
    return PdfReading(paragraphs, remarks)


def digest_pdf(path: Path, password: str | None = None) -> str:
    """What stands for the content of a file and the way it is read here; or raise DocumentLocked or DocumentUnreadable.

    A file that is locked has none without its password, even if it was read with one before.
    """
    content = _read_content(path)
    _check_lock(content, password)
    return hashlib.sha256(_READER + (password or "").encode() + content).hexdigest()


def is_locked(path: Path) -> bool:
    """Whether a PDF asks for a password."""
    return _ENCRYPTED.search(path.read_bytes()) is not None


def unlock_pdf(path: Path, password: str) -> bytes:
    """The content of a locked PDF without its lock, or raise DocumentLocked."""
    try:
        document = pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError as error:
        raise DocumentLocked("le mot de passe indiqué est refusé") from error
    try:
        content = io.BytesIO()
        document.save(content, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
        return content.getvalue()
    finally:
        document.close()


def _read_content(path: Path) -> bytes:
    if path.stat().st_size > _MOST_BYTES:
        raise DocumentUnreadable(f"ce PDF dépasse {_MOST_BYTES // 1_000_000} Mo")
    content = path.read_bytes()
    try:
        check_brought(content)
    except NotText as error:
        raise DocumentUnreadable(str(error)) from error
    return content


def _check_lock(content: bytes, password: str | None) -> None:
    if _ENCRYPTED.search(content) and password is None:
        raise DocumentLocked(
            "protégé par un mot de passe : indiquez-le dans les réglages. S'il ne l'est que contre la modification, "
            'indiquez un mot de passe vide ("")'
        )


def _explain(error: pypdfium2.PdfiumError) -> str:
    """PDFium's words in French."""
    if "security" in str(error).lower():
        return "ce PDF est protégé d'une manière qui n'est pas connue ici : enregistrez-le sans protection"
    return "ce PDF est abîmé, ou ce n'en est pas un : exportez-le à nouveau depuis le traitement de texte"


def _read_pages(path: Path, password: str | None) -> tuple[list[list[str]], tuple[str, ...]]:
    """The lines of each page, and what of the document is not read."""
    document, texts, length, notes = pypdfium2.PdfDocument(path, password=password), list[str](), 0, 0
    try:
        if len(document) > _MOST_PAGES:
            raise DocumentUnreadable(f"ce PDF a plus de {_MOST_PAGES} pages")
        if document.get_formtype():
            document.init_forms()
        for page in document:
            _straighten(page)
            texts.append("\n".join([_read_text(page.get_textpage()), *read_fields(page, document.formenv)]))
            notes += count_notes(page)
            length += len(texts[-1])
            if length > _MOST_CHARACTERS:
                raise DocumentUnreadable(f"ce PDF a plus de {_MOST_CHARACTERS // 1_000_000} millions de caractères")
        remarks = tuple(tell_beside(texts, notes, list_attachments(document)))
    finally:
        document.close()
    if is_garbage(texts):
        raise DocumentUnreadable(next(remark for remark in remarks if "police" in remark))
    return [[line.strip() for line in tidy(_join_hyphens(text)).split("\n") if line.strip()] for text in texts], remarks


def _straighten(page: pypdfium2.PdfPage) -> None:
    """Lay a page back that was turned with its upright text: its lines would come last first."""
    if page.get_rotation():
        text = page.get_textpage()
        angles = [raw.FPDFText_GetCharAngle(text, place) for place in range(min(_LOOKED_AT, text.count_chars()))]
        if sum(abs(angle) < _UPRIGHT for angle in angles) * 2 > len(angles):
            page.set_rotation(0)


def _read_text(page: pypdfium2.PdfTextPage) -> str:
    """The text of a page, columns one after the other. Headings in capitals get the spaces that they have to the eye
    and not in the file.
    """
    text: str = page.get_text_range()
    if len(text) != page.count_chars():  # a character in several pieces: places do not correspond
        return text
    lines, start = order_columns(text.splitlines(keepends=True), page.get_charbox), 0
    if lines != text.splitlines(keepends=True):
        return "".join(lines)
    for place, line in enumerate(lines):
        lines[place] = _space(page, line, start) if _is_heading(line) else line
        start += len(line)
    return "".join(lines)


def _space(page: pypdfium2.PdfTextPage, line: str, start: int) -> str:
    letters = [(place, letter) for place, letter in enumerate(line, start=start) if not letter.isspace()]
    boxes = [page.get_charbox(place) for place, _ in letters]  # left, bottom, right, top
    gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
    spaced = [after[0] - before[0] > 1 for before, after in pairwise(letters)]
    height = max(top - bottom for _, bottom, _, top in boxes)
    written = [gap for gap, is_spaced in zip(gaps, spaced, strict=True) if is_spaced]
    least = max(_GAP * height, _LIKE * min(written, default=height))
    parts = [" " * (is_spaced or gap > least) for gap, is_spaced in zip(gaps, spaced, strict=True)]
    return "".join(letter + after for (_, letter), after in zip(letters, [*parts, "\n"], strict=True))


def _join_hyphens(text: str) -> str:
    """Words cut at the end of a line are joined; in a web address the hyphen was a real one."""
    return _SOFT_HYPHEN.sub(lambda found: "-" if is_address(text, found.start()) else "", text)


def _drop_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Pages without page numbers nor the lines that come back on most pages (numbers aside)."""
    seen = Counter(key for lines in pages for key in {_without_digits(line) for line in lines})
    often = {key for key, count in seen.items() if count >= 2 and count * 2 > len(pages)}
    return [[line for line in lines if not line.isdigit() and _without_digits(line) not in often] for lines in pages]


def _without_digits(line: str) -> str:
    return DIGITS.sub("", line).strip()


def _read_paragraphs(pages: list[list[str]]) -> Iterable[Paragraph]:
    """Paragraphs: a line goes on until a sentence ends, a bullet starts or a heading comes."""
    title = ""
    for number, lines in enumerate(pages, start=1):
        paragraph: list[str] = []
        after_heading = False
        for line in lines:
            if _is_heading(line):
                yield from _make_paragraph(title, number, paragraph)
                paragraph = []
                title = f"{title} {line}" if after_heading else line
                after_heading = True
                continue
            if line.startswith(_BULLETS) or (paragraph and _ends(paragraph[-1]) and line[0].isupper()):
                yield from _make_paragraph(title, number, paragraph)
                paragraph = []
            paragraph.append(line)
            after_heading = False
        yield from _make_paragraph(title, number, paragraph)


def _is_heading(line: str) -> bool:
    letters = [c for c in line if c.isalpha()]
    return 4 <= len(letters) <= 110 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)


def _ends(line: str) -> bool:
    return line.endswith((".", "!", "?", "»", ";", ":"))


def _make_paragraph(title: str, page: int, lines: list[str]) -> Iterable[Paragraph]:
    written = " ".join(lines)
    bullet = next((each for each in _BULLETS if written.startswith(each)), "")
    text = repair_text(written.removeprefix(bullet).lstrip("\ufe0f "))
    if WORD.search(text):
        clean = " ".join(title.split())
        yield Paragraph(title=clean.capitalize() if clean else "", page=page, text=mask_contacts(text))
