"""Source reader: folders, files and repositories of sheets become sheets, members' documents and remarks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.choice import choose_layout
from ingest.confined import FileReader
from ingest.documents import KnownDocuments, document_key, find_password, read_documents
from ingest.facet_values import complete_layout, keep_known
from ingest.fetch import fetch_source, find_kept, show_address
from ingest.layout import Layout, read_layout
from ingest.listing import is_copy, is_ignored, list_files, list_set_aside, list_source_files
from ingest.markdown import PageUnreadable
from ingest.questions import QUESTION_FILE, note_surplus
from ingest.reading import Reading, prefix_ids
from ingest.refusal import Refusal
from ingest.row import RowUnusable
from ingest.sheet import Access, Remark
from ingest.source_list import Source
from ingest.table import TableUnusable

GOLDEN = "questions-temoins.yaml"
VOCABULARY = "vocabulaire.toml"


class SourceUnusable(Refusal):
    """Nothing can be read at this address; the message says why and how to mend it, in French."""


def read_sources(
    sources: Sequence[Source],
    store: Path,
    known: KnownDocuments | None = None,
    watch: Callable[[str], None] | None = None,
) -> Reading:
    """Fetch and read every source, those for everyone first, else in order; files are read in a process of their own,
    and `watch` is told each address.

    Fetched files are kept in `store`. If one source cannot be had, nothing is read: leaving its sheets out would
    remove them. Raises SourceUnreachable, SourceUnusable, TableUnusable, LayoutUnknown or LayoutWrong.
    """
    with FileReader() as reader:
        return _read_sources(sources, store, known, watch, reader)


def _read_sources(
    sources: Sequence[Source],
    store: Path,
    known: KnownDocuments | None,
    watch: Callable[[str], None] | None,
    reader: FileReader,
) -> Reading:
    reading = Reading()
    for source in _put_public_first(sources):
        shown = show_address(source.address)
        if watch:
            watch(shown)
        fetched = fetch_source(source.address, store, private=source.private)
        layout = read_layout(source.layout) if source.layout else choose_layout(fetched.path, reader=reader)
        passwords = {pattern: secret.get_secret_value() for pattern, secret in source.pdf_passwords.items()}
        pdf_dir = Path(source.pdf_dir).expanduser() if source.pdf_dir else None
        part = read_source(str(fetched.path), layout, pdf_dir, passwords, source.access, known, reader)
        part.revisions = {shown: fetched.revision}
        reading.add(prefix_ids(part, source.prefix) if source.prefix else part)
    return reading


def _put_public_first(sources: Sequence[Source]) -> list[Source]:
    """Of two sheets with one id the first is kept: it must not depend on the members' whether visitors see one."""
    return sorted(sources, key=lambda source: source.access == "members")


@dataclass(frozen=True)
class DocumentFile:
    """Where the file of a members' document lies, with the password that its owner configured for it."""

    path: Path
    password: str | None


def locate_documents(sources: Sequence[Source], store: Path) -> dict[str, DocumentFile]:
    """The files of the documents that sheets announce, by sheet, as they lie on this machine; nothing is fetched.

    A source that is not here, or cannot be read any more, has none.
    """
    with FileReader() as reader:
        return _locate_all(sources, store, reader)


def _locate_all(sources: Sequence[Source], store: Path, reader: FileReader) -> dict[str, DocumentFile]:
    located: dict[str, DocumentFile] = {}
    for source in _put_public_first(sources):
        try:
            path = find_kept(source.address, store)
            found = _locate(source, path, reader) if path else {}
        except (Refusal, OSError):
            continue
        prefix = f"{source.prefix}-" if source.prefix else ""
        for sheet, file in found.items():
            located.setdefault(f"{prefix}{sheet}", file)
    return located


def _locate(source: Source, path: Path, reader: FileReader) -> dict[str, DocumentFile]:
    layout = read_layout(source.layout) if source.layout else choose_layout(path, reader=reader)
    folder = path if path.is_dir() else path.parent
    tables, texts = list_source_files(path, layout)
    reading = Reading()
    announced: dict[str, str] = {}
    for table in tables:
        announced |= _read_table(table, layout, source.access, reading, reader)
    for text in texts:
        announced |= _read_text(text, folder, layout, source.access, reading, reader)
    held = Path(source.pdf_dir).expanduser() if source.pdf_dir else folder
    present = {document_key(file.name): file for file in list_files(held, layout.files.documents)}
    passwords = {pattern: secret.get_secret_value() for pattern, secret in source.pdf_passwords.items()}
    files: dict[str, Path] = {}
    for sheet, name in announced.items():
        file = present.get(document_key(name))
        if file and file not in files.values():  # two sheets announce it: it is the first one's
            files[sheet] = file
    return {sheet: DocumentFile(file, find_password(file, passwords)) for sheet, file in files.items()}


def read_source(
    address: str,
    layout: Layout,
    pdf_dir: Path | None = None,
    passwords: Mapping[str, str] | None = None,
    access: Access = "public",
    known: KnownDocuments | None = None,
    reader: FileReader | None = None,
) -> Reading:
    """Read the sheets of a local folder or file in a layout, or raise SourceUnusable or TableUnusable.

    `passwords` maps patterns of PDF file names to the password that opens them. Documents whose content
    is among the `known` ones are not read again.
    """
    if reader is None:
        with FileReader() as own:
            return read_source(address, layout, pdf_dir, passwords, access, known, own)
    path = Path(address).expanduser()
    tables, texts = _find_files(address, path, layout, pdf_dir)
    folder = path if path.is_dir() else path.parent
    reading = Reading(files=[file.name for file in tables] + [file.name for file in texts])
    if path.is_dir() and tables:
        _note_set_aside(path, tables, layout, reading)
    announced: dict[str, str] = {}
    for table in tables:
        announced |= _read_table(table, layout, access, reading, reader)
    for text in texts:
        announced |= _read_text(text, folder, layout, access, reading, reader)
    if not reading.sheets:
        raise TableUnusable(f"{address} : aucune fiche n'a pu être lue.{_first_reason(reading)}")
    layout = _find_facets(layout, reading)
    _note_twins(reading)
    _keep_beside(path, layout, access, reading)
    if path.is_dir():
        _read_pages(folder, layout, access, reading, reader)
    _read_questions(folder, reading, reader)
    read_documents(pdf_dir or folder, layout, announced, passwords or {}, known or {}, reading, reader)
    return reading


def _find_facets(layout: Layout, reading: Reading) -> Layout:
    """The layout with the values of facets that it does not list."""
    layout, remarks = complete_layout(layout, reading.values, reading.files[0])
    reading.notices += remarks
    reading.sheets = [keep_known(sheet, layout) for sheet in reading.sheets]
    return layout


def _find_files(address: str, path: Path, layout: Layout, pdf_dir: Path | None) -> tuple[list[Path], list[Path]]:
    """The tables and the texts of a source, or raise SourceUnusable when something is not there."""
    if not path.exists():
        raise SourceUnusable(f"Source {address!r} introuvable. Indiquez un dossier de fiches ou un fichier CSV.")
    if pdf_dir and not pdf_dir.is_dir():
        raise SourceUnusable(f"Dossier de PDF {str(pdf_dir)!r} introuvable. Indiquez-en un autre, ou aucun.")
    tables, texts = list_source_files(path, layout)
    if not tables and not texts:
        wanted = ", ".join([*layout.files.tables, *layout.files.sheets])
        raise SourceUnusable(f"{address} : aucun tableau de fiches dans ce dossier (fichiers cherchés : {wanted}).")
    return tables, texts


def _keep_beside(path: Path, layout: Layout, access: Access, reading: Reading) -> None:
    """What an index needs beside the sheets: the layout, and the files of a folder that staff wrote."""
    reading.golden = [file for file in (path / GOLDEN,) if file.is_file()]
    words = [file for file in (path / VOCABULARY,) if file.is_file()]
    if access == "members":
        reading.members_layouts, reading.members_vocabulary = [layout], words
    else:
        reading.layouts, reading.vocabulary = [layout], words


def _read_table(path: Path, layout: Layout, access: Access, reading: Reading, reader: FileReader) -> dict[str, str]:
    """Add the sheets of a table; give the documents they announce."""
    table = reader.read_table(path, layout, access)
    taken = {sheet.id for sheet in reading.sheets}
    if same := [sheet.id for sheet in table.sheets if sheet.id in taken]:
        shown = ", ".join(same[:5]) + (", …" if len(same) > 5 else "")
        reason = f"mêmes fiches que dans un tableau déjà lu ({len(same)} sur {len(table.sheets)} : {shown}) : elles ne "
        reason += "sont lues que là. Gardez un seul des tableaux, ou donnez à ces fiches d'autres identifiants"
        reading.rejected.append(Remark(file=path.name, row=None, column="", reason=reason))
    reading.sheets += [sheet for sheet in table.sheets if sheet.id not in taken]
    reading.rejected += table.rejected
    reading.notices += table.notices
    reading.values += table.values
    reading.questions += [question for question in table.questions if question.sheet not in taken]
    return {sheet: name for sheet, name in table.documents.items() if sheet not in taken}


def _read_text(
    path: Path, folder: Path, layout: Layout, access: Access, reading: Reading, reader: FileReader
) -> dict[str, str]:
    """Add the sheet of a Markdown file; give the document it announces."""
    file = str(path.relative_to(folder))
    try:
        text = reader.read_text_sheet(path, layout, access)
    except (PageUnreadable, RowUnusable) as error:
        reading.rejected.append(Remark(file=file, row=None, column=getattr(error, "column", ""), reason=str(error)))
        return {}
    sheet = text.sheet
    if any(sheet.id == other.id for other in reading.sheets):
        reason = f"l'identifiant {sheet.id!r}, tiré du nom du fichier, est déjà pris ; renommez ce fichier"
        reading.rejected.append(Remark(file=file, row=None, column="", reason=reason))
        return {}
    reading.sheets.append(sheet)
    reading.questions += text.questions
    reading.values += text.values
    reading.notices += [Remark(file=file, row=None, column=column, reason=reason) for column, reason in text.mended]
    return {sheet.id: text.document} if sheet.has_document else {}


def _read_questions(folder: Path, reading: Reading, reader: FileReader) -> None:
    """Add the questions that staff keep in a file beside the sheets."""
    path = folder / QUESTION_FILE
    if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
        written = reader.read_question_file(path, {sheet.id: sheet for sheet in reading.sheets})
        reading.questions += written.questions
        reading.notices += written.notices
    reading.notices += note_surplus(reading.questions)


def _note_set_aside(path: Path, tables: list[Path], layout: Layout, reading: Reading) -> None:
    """Tell of the tables that lie beside those that are read: staff may be working on one of them."""
    others = list_set_aside(path, layout)
    reading.set_aside = [str(file.relative_to(path)) for file in others]
    copies = [file for file in others if is_copy(file, tables)]
    rest = [file for file in others if file not in copies and not is_ignored(file, layout.files.ignore)]
    for files, what in (
        (copies, "copie laissée de côté : {}. Si c'est la bonne, donnez-lui le nom de ce tableau"),
        (rest, "c'est ce tableau qui est lu, et non {} : ce que vous y changez n'a pas d'effet"),
    ):
        if files:
            names = ", ".join(str(file.relative_to(path)) for file in files)
            read = ", ".join(file.name for file in tables)
            reading.notices.append(Remark(file=read, row=None, column="", reason=what.format(names)))


def _first_reason(reading: Reading) -> str:
    if not reading.rejected:
        return " Le tableau n'a que son en-tête."
    first = reading.rejected[0]
    where = f"ligne {first.row}" if first.row else first.file
    return f" Premier écart : {where}, {first.reason}."


def _note_twins(reading: Reading) -> None:
    """A notice for each sheet whose title and text are those of another: both would be shown."""
    first: dict[str, str] = {}
    for sheet in reading.sheets:
        content = sheet.model_dump_json(include={"title", "organisation", "sections"})
        twin = first.setdefault(content, sheet.id)
        if twin != sheet.id:
            reason = f"même titre et même texte que la fiche {twin!r} : gardez-en une seule"
            reading.notices.append(Remark(file=f"fiche {sheet.id}", row=None, column="", reason=reason))


def _read_pages(folder: Path, layout: Layout, access: Access, reading: Reading, reader: FileReader) -> None:
    for path in list_files(folder, layout.files.pages):
        try:
            reading.sheets.append(reader.read_page(path).model_copy(update={"access": access}))
        except PageUnreadable as error:
            reading.rejected.append(Remark(file=path.name, row=None, column="", reason=str(error)))
