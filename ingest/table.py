"""Table reader: a CSV file or a spreadsheet in a layout becomes sheets; an unusable row becomes a remark."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.cells import CellCleaner
from ingest.decoding import NotText, decode_file, unmark
from ingest.facet_values import FoundValue, count_values
from ingest.grid import Grid, GridUnusable, read_grid
from ingest.layout import Layout
from ingest.questions import SheetQuestion, read_question_cell
from ingest.refusal import Refusal
from ingest.row import Row, RowUnusable, read_row
from ingest.sheet import Access, Remark, Sheet
from ingest.workbook import WorkbookUnusable, is_workbook, read_workbook
from language.letters import fold

_LONGEST_CELL = 100_000  # characters; the longest cell of the real sheets holds 4 000
_MOST_COLUMNS = 1_000


class TableUnusable(Refusal):
    """A whole file cannot be read as sheets; the message says what is wrong and how to mend it, in French."""


@dataclass(frozen=True)
class TableReading:
    """What a table held. `documents` gives, by sheet id, the name of the members' document it announces."""

    sheets: tuple[Sheet, ...]
    documents: dict[str, str]
    rejected: tuple[Remark, ...]
    notices: tuple[Remark, ...]
    questions: tuple[SheetQuestion, ...] = ()
    values: tuple[FoundValue, ...] = ()  # of facets whose layout lists none


def read_table(path: Path, layout: Layout, access: Access = "public") -> TableReading:
    """Every row of a table as a sheet, or raise TableUnusable. Rows are numbered as a spreadsheet shows them."""
    grid, notices = read_rows(path, _known_names(layout))
    header, names = grid.header, _name_columns(grid.header)
    notices += _check_columns(path, names, header, layout)
    cleaner = CellCleaner(header)
    sheets: dict[str, Sheet] = {}
    rows: dict[str, int] = {}
    documents: dict[str, str] = {}
    rejected: list[Remark] = []
    questions: list[SheetQuestion] = []
    values: list[FoundValue] = []
    for number, written in grid.rows:
        try:
            if reason := grid.spoiled.get(number):
                raise RowUnusable("", reason)
            _check_cells(written, header)
            row = Row(names, tuple(cleaner.clean(number, written)))
            read = read_row(row, layout, access=access)
            sheet, mended = read.sheet, read.mended
            if sheet.id in rows:
                raise RowUnusable(
                    layout.id.columns[0], f"l'identifiant {sheet.id!r} est déjà celui de la ligne {rows[sheet.id]}"
                )
        except RowUnusable as error:
            rejected.append(Remark(file=path.name, row=number, column=error.column, reason=str(error)))
            continue
        sheets[sheet.id], rows[sheet.id] = sheet, number
        values += read.values
        if read.document:
            documents[sheet.id] = read.document
        for name, cell in row.filled(layout.columns.questions):
            found, reasons = read_question_cell(cell, sheet)
            questions += found
            mended += [(name, reason) for reason in reasons]
        notices += [Remark(file=path.name, row=number, column=column, reason=reason) for column, reason in mended]
    notices += cleaner.remarks(path.name)
    return TableReading(
        tuple(sheets.values()), documents, tuple(rejected), tuple(notices), tuple(questions), count_values(values)
    )


def read_header(path: Path, layout: Layout) -> list[str]:
    """The names of a table's columns, parted as suits the layout best; or raise TableUnusable."""
    return read_rows(path, _known_names(layout))[0].header


def _known_names(layout: Layout) -> set[str]:
    return {fold(name) for family in layout.columns_by_part.values() for name in family}


def read_rows(path: Path, known: Collection[str]) -> tuple[Grid, list[Remark]]:
    """The header and the rows of a file, with what there is to say of them; or raise TableUnusable.

    The header is the row that has most of the `known` names (folded).
    """
    try:
        grid = read_workbook(path, known) if is_workbook(path) else _read_csv(path, known)
    except (NotText, GridUnusable, WorkbookUnusable) as error:
        raise TableUnusable(f"{path} : {error}.") from error
    header = [unmark(name) for name in grid.header]
    if len(header) > _MOST_COLUMNS:
        raise TableUnusable(
            f"{path} : {len(header)} colonnes, {_MOST_COLUMNS} au plus. Est-ce bien un tableau de fiches ?"
        )
    if any(len(name) > _LONGEST_CELL for name in header):
        raise TableUnusable(
            f"{path} : un nom de colonne dépasse {_LONGEST_CELL} caractères. Un guillemet est-il ouvert ?"
        )
    told = [*[(None, grid.remark)][: bool(grid.remark)], *grid.noticed.items()]
    remarks = [Remark(file=path.name, row=row, column="", reason=reason) for row, reason in told]
    return replace(grid, header=header), [*remarks, *_tell_doubles(path, header, known)]


def _read_csv(path: Path, known: Collection[str]) -> Grid:
    decoded = decode_file(path)
    if not decoded.text.strip():
        raise TableUnusable(
            f"{path} : le fichier est vide. Il doit contenir une ligne d'en-tête, puis une ligne par fiche."
        )
    return replace(read_grid(decoded.text, known), remark=decoded.remark)


def _tell_doubles(path: Path, header: list[str], known: Collection[str]) -> Iterator[Remark]:
    """A remark for each name that several columns bear, of those that are read."""
    for name, count in Counter(fold(name) for name in header).items():
        if count > 1 and name in known:
            written = next(each.strip() for each in header if fold(each) == name)
            reason = f"{count} colonnes portent ce nom : seule la première est lue. Renommez ou retirez les autres"
            yield Remark(file=path.name, row=None, column=written, reason=reason)


def _name_columns(header: list[str]) -> dict[str, int]:
    """Folded column name -> position; of two columns with the same name the first is read."""
    return {fold(name): position for position, name in reversed(list(enumerate(header)))}


def missing_columns(header: Iterable[str], layout: Layout) -> list[str]:
    """The columns without which no sheet could be read, by their first name."""
    names = {fold(name) for name in header}
    parts = layout.columns_by_part

    def is_absent(part: str) -> bool:
        return part not in layout.constant_parts and not any(fold(name) in names for name in parts[part])

    missing = [part for part in layout.required.filled if is_absent(part)]
    if not missing and layout.required.one_of and all(map(is_absent, layout.required.one_of)):
        missing = list(layout.required.one_of)
    return [parts[part][0] for part in missing]


def _check_columns(path: Path, names: dict[str, int], header: list[str], layout: Layout) -> list[Remark]:
    """Notices for the absent columns, or raise TableUnusable when no sheet could be read without them."""
    if missing := missing_columns(header, layout):
        found = ", ".join(repr(name.strip()) for name in header if name.strip()) or "aucune"
        wanted = ", ".join(map(repr, missing))
        raise TableUnusable(
            f"{path} : colonne(s) {wanted} introuvable(s) pour la mise en page {layout.name!r}. "
            f"Colonnes du fichier : {found}. Renommez les colonnes ou indiquez une autre mise en page."
        )
    parts = layout.columns_by_part
    optional = ["id", *(section.key for section in layout.sections), "organisation", "source", *layout.facets]
    absent = [parts[part][0] for part in optional if parts[part] and not any(fold(n) in names for n in parts[part])]
    reason = "colonne absente : cette partie des fiches reste vide"
    return [Remark(file=path.name, row=None, column=name, reason=reason) for name in absent]


def _check_cells(cells: list[str], header: list[str]) -> None:
    """Raise RowUnusable for a row whose cells cannot be trusted to stand under their own column."""
    if any(cell.strip() for cell in cells[len(header) :]):
        reason = f"{len(cells)} cellules pour {len(header)} colonnes : un séparateur ou un guillemet de trop ?"
        raise RowUnusable("", reason)
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > _LONGEST_CELL:
            reason = f"{len(cell)} caractères, {_LONGEST_CELL} au plus : un guillemet n'est-il pas refermé ?"
            raise RowUnusable(name, reason)
