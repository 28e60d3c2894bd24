"""Source reader: a folder or a file of sheets becomes sheets, members' documents and remarks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from ingest.layout import Layout
from ingest.markdown import PageUnreadable, read_page
from ingest.pdf import DocumentLocked, DocumentUnreadable, read_pdf
from ingest.refusal import Refusal
from ingest.repair import tidy
from ingest.sheet import Document, Remark, Sheet
from ingest.table import TableUnusable, read_table


class SourceUnusable(Refusal):
    """Nothing can be read at this address; the message says why and how to mend it, in French."""


@dataclass
class DocumentCounts:
    """What became of the members' documents that the sheets announce."""

    read: int = 0
    locked: int = 0
    unreadable: int = 0
    missing: int = 0


@dataclass
class Reading:
    """Everything a source held. `rejected` rows and files gave no sheet; `notices` were mended or left out."""

    sheets: list[Sheet] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)
    document_counts: DocumentCounts = field(default_factory=DocumentCounts)

    @property
    def pages(self) -> list[Sheet]:
        """The texts about the centre itself."""
        return [sheet for sheet in self.sheets if sheet.kind == "page"]

    @property
    def practices(self) -> list[Sheet]:
        """The sheets proper."""
        return [sheet for sheet in self.sheets if sheet.kind == "practice"]


def read_source(
    address: str, layout: Layout, pdf_dir: Path | None = None, passwords: Mapping[str, str] | None = None
) -> Reading:
    """Read the sheets of a folder or CSV file in a layout, or raise SourceUnusable or TableUnusable.

    `passwords` maps patterns of PDF file names to the password that opens them.
    """
    folder, tables = _find_tables(address, layout)
    reading = Reading()
    announced: dict[str, str] = {}
    for path in tables:
        table = read_table(path, layout)
        known = {sheet.id for sheet in reading.sheets}
        for sheet in table.sheets:
            if sheet.id in known:
                reason = f"l'identifiant {sheet.id!r} est déjà pris par un autre tableau"
                reading.rejected.append(Remark(file=path.name, row=None, column="", reason=reason))
            else:
                reading.sheets.append(sheet)
        announced |= table.documents
        reading.rejected += table.rejected
        reading.notices += table.notices
    if not reading.sheets:
        first = reading.rejected[0] if reading.rejected else None
        detail = (
            f" Première ligne écartée : ligne {first.row}, {first.reason}."
            if first
            else " Le tableau n'a que son en-tête."
        )
        raise TableUnusable(f"{address} : aucune fiche n'a pu être lue.{detail}")
    _read_pages(folder, layout, reading)
    _read_documents(pdf_dir or folder, layout, announced, passwords or {}, reading)
    return reading


def _find_tables(address: str, layout: Layout) -> tuple[Path, list[Path]]:
    """The folder of a source and its tables: those of the first pattern of the layout that finds any."""
    path = Path(address).expanduser()
    if path.is_file():
        return path.parent, [path]
    if not path.is_dir():
        raise SourceUnusable(f"Source {address!r} introuvable. Indiquez un dossier de fiches ou un fichier CSV.")
    for pattern in layout.files.tables:
        if found := _list_files(path, (pattern,), layout.files.ignore):
            return path, found
    wanted = ", ".join(layout.files.tables)
    raise SourceUnusable(f"{address} : aucun tableau de fiches dans ce dossier (fichiers cherchés : {wanted}).")


def _list_files(folder: Path, patterns: tuple[str, ...], ignored: tuple[str, ...] = ()) -> list[Path]:
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not any(fnmatch(path.name, pattern) for pattern in ignored))


def _read_pages(folder: Path, layout: Layout, reading: Reading) -> None:
    for path in _list_files(folder, layout.files.pages):
        try:
            reading.sheets.append(read_page(path))
        except PageUnreadable as error:
            reading.rejected.append(Remark(file=path.name, row=None, column="", reason=str(error)))


def _read_documents(
    folder: Path, layout: Layout, announced: Mapping[str, str], passwords: Mapping[str, str], reading: Reading
) -> None:
    """Read each announced document that is there; those that are locked, unreadable or absent are counted."""
    present = {_document_key(path.name): path for path in _list_files(folder, layout.files.documents)}
    counts = reading.document_counts
    for sheet_id, name in announced.items():
        path = present.get(_document_key(name))
        if path is None:
            counts.missing += 1
            continue
        password = next((word for pattern, word in passwords.items() if fnmatch(tidy(path.name), pattern)), None)
        try:
            paragraphs = read_pdf(path, password)
        except DocumentLocked as error:
            counts.locked += 1
            reading.notices.append(Remark(file=path.name, row=None, column="", reason=str(error)))
        except DocumentUnreadable as error:
            counts.unreadable += 1
            reading.rejected.append(Remark(file=path.name, row=None, column="", reason=str(error)))
        else:
            counts.read += 1
            reading.documents.append(Document(sheet=sheet_id, file=path.name, paragraphs=paragraphs))


def _document_key(name: str) -> str:
    """A file name without its extension, however many times it was added, and with composed accents."""
    key = tidy(name).strip().casefold()
    while key.endswith(".pdf"):
        key = key.removesuffix(".pdf").strip()
    return key
