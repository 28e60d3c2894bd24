"""Grid: the text of a CSV file becomes a header and numbered rows; a quotation mark that swallows rows is found."""

import csv
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice, pairwise

from language.letters import fold

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 1_000_000  # characters in which the header is looked for
_MOST_ABOVE = 20  # rows that may stand above the header
_FULL = 0.6  # of the cells of the fullest row
_LONGEST_NAME, _MOST_COLUMNS = 1_000, 1_000  # characters, and columns that are looked at


class GridUnusable(Exception):
    """The rows of a table cannot be told from each other; the message says where and how to mend it, in French."""


@dataclass(frozen=True)
class Grid:
    """The names of columns, and the filled rows below with their numbers, as a spreadsheet shows them.

    `noticed` and `spoiled` say in French what there is to say of a row, `remark` of the whole; the cells of a spoiled
    row cannot be trusted.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    noticed: dict[int, str] = field(default_factory=dict)
    spoiled: dict[int, str] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class _Record:
    """One row: its cells, and its lines as they are written."""

    cells: list[str]
    lines: list[str]


def read_grid(text: str, known: Collection[str]) -> Grid:
    """The rows of a CSV text, parted where most of the `known` columns are found (folded); or raise GridUnusable."""
    csv.field_size_limit(sys.maxsize)  # an overlong cell is refused with its row, not by the csv module
    text, delimiter = _take_separator(_mark_breaks(text.replace("\0", "")))
    delimiter = delimiter or max(_DELIMITERS, key=lambda each: _weigh(text, each, known))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    numbered = [(cells, reader.line_num) for cells in reader]
    grid = make_grid([cells for cells, _ in numbered], known)
    if '"' in text:
        _check_quotes(text, delimiter, numbered, grid)
    return grid


def make_grid(rows: list[list[str]], known: Collection[str]) -> Grid:
    """The rows of a table with its header, which lines of title may stand above."""
    at = _find_header(rows, known)
    numbered = enumerate(rows[at + 1 :], start=at + 2)
    filled = [(number, cells) for number, cells in numbered if any(cell.strip() for cell in cells)]
    grid = Grid(rows[at] if rows else [], filled)
    if above := sum(any(cell.strip() for cell in cells) for cells in rows[:at]):
        reason = f"en-tête trouvé à la ligne {at + 1} : ce qui est au-dessus ({above} ligne(s)) n'est pas lu"
        grid.noticed[at + 1] = reason
    return grid


def _mark_breaks(text: str) -> str:
    """The text where a carriage return that ends no row is a line break of its cell: some programs do not quote it."""
    first = min((at for at in (text.find("\n"), text.find("\r")) if at >= 0), default=-1)
    if first < 0 or (text[first] == "\r" and text[first : first + 2] != "\r\n"):  # rows end so, as on old Macs
        return text
    return text.replace("\r\n", "\n").replace("\r", "\u2028")


def _take_separator(text: str) -> tuple[str, str]:
    """The text without a first line "sep=;", which Excel reads and does not show, and the separator it names."""
    first, end, rest = text.partition("\n")
    line = first.strip().strip('"').lower()
    if line.startswith("sep=") and len(line) <= len("sep=;"):
        return (rest if end else "", line.removeprefix("sep=") or "\t")  # a tab was stripped
    return text, ""


def _weigh(text: str, delimiter: str, known: Collection[str]) -> tuple[int, int]:
    """How many known columns a separator finds, then how many cells it makes of most rows."""
    rows = list(islice(csv.reader(StringIO(text[:_LOOKED_AT], newline=""), delimiter=delimiter), _MOST_ABOVE + 1))
    if not rows:
        return 0, 0
    width, times = Counter(len(cells) for cells in rows if cells).most_common(1)[0]
    return count_known(rows[_find_header(rows, known)], known), width if 2 * times > len(rows) else 1


def _find_header(rows: list[list[str]], known: Collection[str]) -> int:
    """Where the header is: the first row, or one below it that has known names when the first one has none.

    What stands above a header is a title: it fills fewer cells. Where no name is known, the fullest rows tell.
    """
    if not rows or count_known(rows[0], known):
        return 0
    counts = [count_known(cells, known) for cells in rows[: _MOST_ABOVE + 1]]
    best = counts.index(max(counts))
    if not counts[best]:
        filled = [_count_filled(cells) for cells in rows[: _MOST_ABOVE + 1]]
        return next(place for place, count in enumerate(filled) if count >= _FULL * max(filled))
    above = max((_count_filled(cells) for cells in rows[:best]), default=0)
    return best if counts[best] >= 2 and above < _count_filled(rows[best]) else 0


def count_known(cells: list[str], known: Collection[str]) -> int:
    """How many of these cells are names of `known` columns."""
    return sum(fold(name) in known for name in cells[:_MOST_COLUMNS] if len(name) < _LONGEST_NAME)


def _count_filled(cells: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _check_quotes(text: str, delimiter: str, numbered: list[tuple[list[str], int]], grid: Grid) -> None:
    """Notice the rows whose quotation marks are not those of a CSV file, or raise GridUnusable where one of them may
    have made one cell of several rows. Rows come with the number of their last line.
    """
    problem = _find_problem(StringIO(text, newline=""), delimiter)
    if problem == "open":
        raise _refuse(len(numbered))
    lengths = [end - start for start, end in pairwise([0, *(end for _, end in numbered)])]
    lines = StringIO(text, newline="")
    for number, ((cells, _), length) in enumerate(zip(numbered, lengths, strict=True), start=1):
        record = _Record(cells, list(islice(lines, length)))
        marks = sum(line.count('"') for line in record.lines)
        if not marks:
            continue
        problem = _find_problem(record.lines, delimiter)
        if problem == "open" or (length > 1 and (problem or _holds_rows(record, delimiter, len(grid.header)))):
            raise _refuse(number)
        if problem and len(cells) == len(grid.header):
            cells[:] = _keep_quotes(record, delimiter)
            grid.noticed[number] = "guillemet au milieu d'une cellule : lu tel quel, vérifiez cette ligne"
        elif not problem and marks % 2:
            grid.noticed[number] = (
                "guillemet seul dans cette ligne : s'il n'est pas voulu, des cellules ont pu se couper"
            )
        elif problem:
            grid.spoiled[number] = "un guillemet en trop, ou qui manque, a joint des cellules : corrigez cette ligne"


def _refuse(number: int) -> GridUnusable:
    return GridUnusable(
        f"ligne {number} : un guillemet ouvert dans cette ligne n'est pas refermé là où il faut, et des lignes "
        "entières tomberaient dans une seule cellule. Dans le tableur, cherchez dans cette ligne un guillemet "
        "en trop ou qui manque ; dans un fichier CSV, un guillemet au milieu d'une cellule s'écrit deux fois"
    )


def _find_problem(lines: Iterable[str], delimiter: str) -> str:
    """ "open" for a quotation mark that nothing closes, "middle" for one that closes before its cell ends, or ""."""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "open" if "end of data" in str(error) else "middle"
    return ""


def _keep_quotes(record: _Record, delimiter: str) -> list[str]:
    """The cells of a line as they are written, where marks in them part nothing: '"Le Lab" de Nantes'."""
    written = next(csv.reader(record.lines, delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    if len(written) != len(record.cells):
        return record.cells
    plain = [cell.startswith('"') and not cell.endswith('"') for cell in written]
    return [raw if is_plain else cell for raw, cell, is_plain in zip(written, record.cells, plain, strict=True)]


def _holds_rows(record: _Record, delimiter: str, width: int) -> bool:
    """Whether each line of a row has as many cells as the header: rows between two marks, one of which is too many."""
    first, *inner, last = record.lines
    if not inner or width < 3:
        return False

    def count(line: str) -> int:
        return len(next(csv.reader([line], delimiter=delimiter), []))

    opened = next(csv.reader([first], delimiter=delimiter))
    before, _, after = last.partition('"')
    counts = [len(opened) + opened[-1].count(delimiter), before.count(delimiter) + count(after), *map(count, inner)]
    return all(number == width for number in counts)
