"""Beside the text of a PDF: the values of its form, which are read, and what is not, which is told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_ushort, create_string_buffer

import pypdfium2
from pypdfium2 import raw

_NOTES = (raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FREETEXT)
_FIELDS = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_LONGEST_VALUE = 20_000  # bytes
_MOST_ANNOTATIONS = 2_000  # of a page
_SOME, _MUCH = 0.02, 0.3  # of a document's letters


def read_fields(page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None) -> list[str]:
    """The filled fields of a page, each with its name."""
    if form is None:
        return []
    fields = []
    for number in range(_count_annotations(page)):
        with _open_annotation(page, number) as annotation:
            if raw.FPDFAnnot_GetFormFieldType(form, annotation) in _FIELDS:
                name = _read_string(raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation)
                name = name or _read_string(raw.FPDFAnnot_GetFormFieldName, form, annotation)
                value = _read_string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
                fields += [f"• {name} : {value}"] if value.strip() else []
    return fields


def count_notes(page: pypdfium2.PdfPage) -> int:
    """How many notes and comments stand on a page."""
    found = 0
    for number in range(_count_annotations(page)):
        with _open_annotation(page, number) as annotation:
            found += raw.FPDFAnnot_GetSubtype(annotation) in _NOTES
    return found


def list_attachments(document: pypdfium2.PdfDocument) -> list[str]:
    """The names of the files that a document carries."""
    return [document.get_attachment(number).get_name() for number in range(min(20, document.count_attachments()))]


def tell_beside(texts: Sequence[str], notes: int, attachments: Sequence[str]) -> Iterator[str]:
    """What of a document is not read, or badly, and how to mend it, in French."""
    empty = [number for number, text in enumerate(texts, start=1) if not text.strip()]
    if empty:
        shown = ", ".join(map(str, empty[:5])) + (", …" if len(empty) > 5 else "")
        verb = "pages" if len(empty) > 1 else "page"
        yield (
            f"{len(empty)} {verb} sur {len(texts)} sans texte (n° {shown}) : numérisées en image ? Elles ne sont pas "
            "lues : refaites le PDF depuis le traitement de texte, ou passez-le à la reconnaissance de caractères"
        )
    if (share := share_of_garbage(texts)) > _SOME:
        yield (
            f"{share:.0%} des caractères de ce PDF n'ont pas de sens (police abîmée) : refaites-le depuis le "
            "traitement de texte"
        )
    if notes:
        yield f"{notes} note(s) ou commentaire(s) posés sur les pages ne sont pas lus : mettez-les dans le texte"
    if attachments:
        yield f"fichiers joints au PDF, qui ne sont pas lus : {', '.join(attachments)}. Déposez-les à part"


def is_garbage(texts: Sequence[str]) -> bool:
    """Whether so many letters have no meaning that nothing of the text can be trusted."""
    return share_of_garbage(texts) > _MUCH


def share_of_garbage(texts: Sequence[str]) -> float:
    """The share of characters that a font shows and that are no letter of any writing."""
    seen = [letter for text in texts for letter in text if not letter.isspace()]
    return sum("\ue000" <= letter <= "\uf8ff" or letter == "\ufffd" for letter in seen) / max(1, len(seen))


def _count_annotations(page: pypdfium2.PdfPage) -> int:
    return min(_MOST_ANNOTATIONS, int(raw.FPDFPage_GetAnnotCount(page)))


@contextmanager
def _open_annotation(page: pypdfium2.PdfPage, number: int) -> Iterator[object]:
    annotation = raw.FPDFPage_GetAnnot(page, number)
    try:
        yield annotation
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _read_string(read: object, form: object, annotation: object) -> str:
    """What PDFium writes in a buffer of its own 16-bit letters."""
    assert callable(read)
    size = min(_LONGEST_VALUE, read(form, annotation, None, 0))
    buffer = create_string_buffer(size + 2)
    read(form, annotation, (c_ushort * (len(buffer) // 2)).from_buffer(buffer), size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", errors="replace")
