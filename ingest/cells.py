"""Cells: what a spreadsheet or an export wrote in the place of a text is put right, and told once for each column."""

from dataclasses import dataclass, field

from ingest.decoding import is_marked, unmark
from ingest.markup import read_markup
from ingest.sheet import Remark

# Whole cells that say "nothing", as databases, pandas and spreadsheets write it.
_NOTHING = {"nan", "nat", "null", "none", "<na>", "undefined", "#n/a", "#n/d"}
_LONGEST_ERROR = 14  # characters: "#REF!", "#VALEUR!", "#DIV/0!", "Err:502"
_SHOWN = 5  # rows named in a remark
_HTML = "du HTML est devenu du texte : dans le tableur, collez sans mise en forme"
_BYTE = "caractère abîmé, qui n'est pas en UTF-8 : lu {} ; vérifiez cette cellule"


@dataclass
class CellCleaner:
    """Cleans the cells of a table, row after row, and keeps what there is to say: rows by column and reason."""

    header: list[str]
    _told: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def clean(self, number: int, cells: list[str]) -> list[str]:
        """The cells of a row as they are meant."""
        names = [*self.header, *[""] * len(cells)]
        return [self._clean_cell(number, name, cell) for name, cell in zip(names, cells, strict=False)]

    def remarks(self, file: str) -> list[Remark]:
        """A remark for each column and reason, at its first row."""
        return [
            Remark(file=file, row=rows[0], column=column, reason=reason + _list_rows(rows))
            for (column, reason), rows in self._told.items()
        ]

    def _clean_cell(self, number: int, name: str, cell: str) -> str:
        if is_marked(cell):
            cell = unmark(cell)
            self._tell(name, _BYTE.format(repr(cell[:60].strip())), number)
        plain = cell.strip()
        if _says_nothing(plain):
            self._tell(name, f"{plain!r} compté comme une cellule vide", number)
            return ""
        if "<" not in cell and "&" not in cell:
            return cell
        text = read_markup(cell)
        if text != cell:
            self._tell(name, _HTML, number)
        return text

    def _tell(self, name: str, reason: str, number: int) -> None:
        self._told.setdefault((name.strip(), reason), []).append(number)


def _says_nothing(cell: str) -> bool:
    """Whether a cell holds what a spreadsheet shows for a value that it has not."""
    if len(cell) > _LONGEST_ERROR:
        return False
    is_error = cell.startswith("#") and cell.endswith(("!", "?")) and not any(map(str.isspace, cell))
    return cell.lower() in _NOTHING or is_error or (cell.startswith("Err:") and cell[4:].isdecimal())


def _list_rows(rows: list[int]) -> str:
    """ "" for one row, else how many and which."""
    if len(rows) == 1:
        return ""
    more = ", …" if len(rows) > _SHOWN else ""
    return f" ({len(rows)} lignes : {', '.join(map(str, rows[:_SHOWN]))}{more})"
