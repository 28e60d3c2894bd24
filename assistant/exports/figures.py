"""Figures as a table that a spreadsheet opens: each on a line, with the sentence that says it."""

from collections.abc import Callable, Iterable

from assistant.catalogue.figures import QUANTITIES, FigureRow
from assistant.exports.spreadsheet import write_table

_HEADER = (
    *("Grandeur", "De", "À", "Unité", "Par", "Écrit", "Ce qui est compté", "Phrase"),
    *("Fiche", "Titre", "Porteur", "Passage", "Accès", "Page", "Adresse"),
)
_ACCESS = {"public": "tous", "members": "adhérents"}


def write_figures(rows: Iterable[FigureRow], address: Callable[[str], str]) -> bytes:
    """A CSV file of figures; `address` gives that of a sheet's page."""
    return write_table(_HEADER, (_list_cells(row, address(row.sheet.id)) for row in rows))


def _list_cells(row: FigureRow, address: str) -> list[str]:
    told, figure, sheet = row.told, row.told.figure, row.sheet
    return [
        *(QUANTITIES[figure.measured], _write(figure.low), _write(figure.high), figure.unit, figure.per),
        *(figure.written, figure.counts, told.sentence),
        *(sheet.id, sheet.title, sheet.organisation),
        *(told.passage, _ACCESS[told.access], str(told.page or ""), address),
    ]


def _write(value: float) -> str:
    """A number as French spreadsheets read it."""
    return (str(int(value)) if value == int(value) else repr(value)).replace(".", ",")
