"""Documents: the members' PDF files that sheets announce, found by their names and read."""

from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from ingest.confined import FileReader
from ingest.layout import Layout
from ingest.listing import list_files
from ingest.pdf import DocumentLocked, DocumentUnreadable, PdfReading, digest_pdf
from ingest.reading import Reading
from ingest.repair import tidy
from ingest.sheet import Document, Remark

KnownDocuments = Mapping[str, Document]  # by digest


def read_documents(
    folder: Path,
    layout: Layout,
    announced: Mapping[str, str],
    passwords: Mapping[str, str],
    known: KnownDocuments,
    reading: Reading,
    reader: FileReader,
) -> None:
    """Read each announced document that is there; those that are locked, unreadable or absent are counted."""
    present = {document_key(path.name): path for path in list_files(folder, layout.files.documents)}
    counts = reading.document_counts
    owners: dict[str, str] = {}
    for sheet_id, name in announced.items():
        path = present.get(document_key(name))
        if path is None:
            counts.missing += 1
            reading.absent.append(Remark(file=name, row=None, column="", reason=f"annoncé par la fiche {sheet_id}"))
            continue
        owner = owners.setdefault(path.name, sheet_id)
        if owner != sheet_id:
            reason = f"annoncé aussi par la fiche {sheet_id} ; laissé à la fiche {owner}, la première à l'annoncer"
            reading.notices.append(Remark(file=path.name, row=None, column="", reason=reason))
            counts.missing += 1
            continue
        _read_document(path, sheet_id, find_password(path, passwords), known, reading, reader)
    lone = present.keys() - {document_key(name) for name in announced.values()}
    _note_lone(sorted(present[key].name for key in lone), reading)


def _read_document(
    path: Path, sheet_id: str, password: str | None, known: KnownDocuments, reading: Reading, reader: FileReader
) -> None:
    """Add a document, or why it cannot be read."""
    counts = reading.document_counts
    try:
        digest = digest_pdf(path, password)
        same = known.get(digest)
        read = PdfReading(same.paragraphs, same.remarks) if same else reader.read_pdf(path, password)
    except DocumentLocked as error:
        counts.locked += 1
        reading.notices.append(Remark(file=path.name, row=None, column="", reason=str(error)))
    except DocumentUnreadable as error:
        counts.unreadable += 1
        reading.rejected.append(Remark(file=path.name, row=None, column="", reason=str(error)))
    else:
        counts.read += 1
        document = Document(
            sheet=sheet_id, file=path.name, digest=digest, paragraphs=read.paragraphs, remarks=read.remarks
        )
        reading.documents.append(document)
        reading.notices += [Remark(file=path.name, row=None, column="", reason=reason) for reason in read.remarks]


def _note_lone(names: list[str], reading: Reading) -> None:
    """Tell of the files that no sheet announces."""
    if names:
        shown = ", ".join(names[:5]) + (f" et {len(names) - 5} autres" if len(names) > 5 else "")
        reason = "aucune fiche ne l'annonce, il n'est pas lu : vérifiez son nom, ou le lien dans le tableau"
        reading.notices.append(Remark(file=shown, row=None, column="", reason=reason))


def find_password(path: Path, passwords: Mapping[str, str]) -> str | None:
    """The password of a document, None without one: that of the first pattern that its name has."""
    return next((word for pattern, word in passwords.items() if fnmatch(tidy(path.name), pattern)), None)


def document_key(name: str) -> str:
    """A file name without its extension, however many times it was added, and with composed accents."""
    key = tidy(name).strip().casefold()
    while key.endswith(".pdf"):
        key = key.removesuffix(".pdf").strip()
    return key
