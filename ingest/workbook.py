"""Workbook: a spreadsheet as it is kept (XLSX, ODS, XLS) becomes a header and numbered rows, as a CSV file does."""

import zipfile
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from ingest.grid import Grid, count_known, make_grid

_ZIPPED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LARGEST, _LARGEST_OPEN = 50_000_000, 300_000_000  # bytes of a file, and of what is compressed in it
_MOST_ROWS, _MOST_COLUMNS = 100_000, 1_000


class WorkbookUnusable(Exception):
    """A spreadsheet cannot be read; the message says why and how to mend it, in French."""


def is_workbook(path: Path) -> bool:
    """Whether a file is a spreadsheet, whatever its name says."""
    with path.open("rb") as file:
        return file.read(4) in (_ZIPPED, _OLD)


def read_workbook(path: Path, known: Collection[str]) -> Grid:
    """The rows of the sheet of a spreadsheet that has most of the `known` columns; or raise WorkbookUnusable.

    A formula is its last result; hidden sheets are not read.
    """
    try:
        _check_size(path)
        with CalamineWorkbook.from_path(path) as book:
            names = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
            grids = {name: _read_sheet(book, name, known) for name in names}
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise WorkbookUnusable(
            "ce classeur est abîmé, protégé par un mot de passe, ou ce n'en est pas un : enregistrez-le à nouveau, "
            "sans mot de passe, en .xlsx, .ods ou « CSV UTF-8 »"
        ) from error
    filled = {name: grid for name, grid in grids.items() if grid.header}
    if not filled:
        raise WorkbookUnusable("ce classeur est vide. Il doit contenir une ligne d'en-tête, puis une ligne par fiche")
    best = max(filled, key=lambda name: count_known(filled[name].header, known))
    others = [name for name in filled if name != best]
    if not others:
        return filled[best]
    shown = ", ".join(f"« {name} »" for name in others)
    return replace(filled[best], remark=f"feuille lue : « {best} » ; {shown} ne l'est pas : une seule feuille est lue")


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = max(size, sum(each.file_size for each in archive.infolist()) * _LARGEST // _LARGEST_OPEN)
    if size > _LARGEST:
        raise WorkbookUnusable(f"le fichier dépasse {_LARGEST // 1_000_000} Mo. Découpez-le en plusieurs tableaux")


def _read_sheet(book: CalamineWorkbook, name: str, known: Collection[str]) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > _MOST_ROWS or sheet.total_width > _MOST_COLUMNS:
        raise WorkbookUnusable(
            f"la feuille « {name} » a {sheet.total_height} lignes et {sheet.total_width} colonnes ({_MOST_ROWS} et "
            f"{_MOST_COLUMNS} au plus) : effacez les lignes et colonnes vides, ou découpez-la"
        )
    rows = [[_write(value) for value in cells] for cells in sheet.to_python(skip_empty_area=False)]
    return make_grid(rows, known)


def _write(value: object) -> str:
    """A value as its cell shows it: a whole number without decimals, a day without hours."""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}".replace(".", ",")
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
