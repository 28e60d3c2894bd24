"""Sketch: what a table of which nothing is known holds, column by column: enough to propose a layout of it."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from ingest.cells import CellCleaner
from ingest.communes import communes_named, communes_of_postcode
from ingest.place_cells import read_departement, read_insee, read_point, read_postcode, read_region
from ingest.sheet import Frozen, Remark
from ingest.table import read_rows
from language.letters import fold
from language.shapes import ADDRESS, EMAIL, TELEPHONE, YEAR

Kind = Literal[
    "number", "year", "web", "pdf", "image", "person", "postcode", "insee", "commune", "departement", "region"
]
Separator = Literal[",", ";", "|", "/", "//", "\n"]
SEPARATORS: tuple[Separator, ...] = ("\n", "//", "|", ";", ",", "/")
_SAMPLE = 200  # cells of a column that are looked at for what they are
_FIRST_ROWS, _LONGEST_SHOWN = 5, 240
_MOST_VALUES, _LONGEST_VALUE = 12, 80
_NUMBER = re.compile(r"\s*+[-+]?\d[\d\s\u00a0\u202f]*+(?:[.,]\d++)?\s*+(?:€|%|m²|kWh|km|h|min)?\s*+")
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)(?:\?\S{0,300})?$", re.IGNORECASE)


class ColumnSketch(Frozen):
    """A column: how many cells are filled, how many values differ, how long they are, what share is of each kind.

    `separated` gives, for each sign that parts cells in values, how many values there are once parted.
    """

    name: str
    filled: int
    distinct: int
    mean: float = 0
    longest: int = 0
    kinds: dict[Kind, float] = Field(default_factory=dict)
    points: float = 0  # share of cells that hold a latitude and a longitude
    bullets: float = 0  # share of cells with lines that begin with a dash
    parted: dict[Separator, float] = Field(default_factory=dict)  # share of cells that hold the sign
    separated: dict[Separator, int] = Field(default_factory=dict)
    values: tuple[tuple[str, int], ...] = ()  # the most frequent ones


class TableSketch(Frozen):
    """A table: its columns, and its first rows as they are shown."""

    file: str
    rows: int
    columns: tuple[ColumnSketch, ...]
    first: tuple[tuple[str, ...], ...] = ()
    remarks: tuple[Remark, ...] = ()


def read_sketch(path: Path, known: Collection[str]) -> TableSketch:
    """What a table holds; `known` are usual names of columns, folded. Raises TableUnusable."""
    grid, remarks = read_rows(path, known)
    cleaner = CellCleaner(grid.header)
    rows = [cleaner.clean(number, cells) for number, cells in grid.rows]
    named = [(place, name.strip()) for place, name in enumerate(grid.header) if name.strip()]
    met: set[str] = set()
    columns, kept = [], []
    for place, name in named:
        if fold(name) in met:  # the first one of a name is read
            continue
        met.add(fold(name))
        kept.append(place)
        columns.append(_sketch(name, [cells[place].strip() for cells in rows if place < len(cells)]))
    first = tuple(
        tuple(_cut(cells[place]) if place < len(cells) else "" for place in kept) for cells in rows[:_FIRST_ROWS]
    )
    return TableSketch(
        file=path.name,
        rows=len(rows),
        columns=tuple(columns),
        first=first,
        remarks=(*remarks, *cleaner.remarks(path.name)),
    )


def _cut(cell: str) -> str:
    cell = cell.strip()
    return cell if len(cell) <= _LONGEST_SHOWN else f"{cell[:_LONGEST_SHOWN].rstrip()}…"


def _sketch(name: str, cells: Sequence[str]) -> ColumnSketch:
    filled = [cell for cell in cells if cell]
    if not filled:
        return ColumnSketch(name=name, filled=0, distinct=0)
    sample = filled[:: max(1, len(filled) // _SAMPLE)]
    counted = Counter(cell[:_LONGEST_VALUE] for cell in filled)
    kinds = {kind: share for kind, share in ((each, _share(each, sample)) for each in _TESTS) if share}
    parted = {mark: sum(mark in cell for cell in filled) / len(filled) for mark in SEPARATORS}
    return ColumnSketch(
        name=name,
        filled=len(filled),
        distinct=len(set(map(fold, filled))),
        mean=sum(map(len, filled)) / len(filled),
        longest=max(map(len, filled)),
        kinds=kinds,
        points=sum(read_point(cell, "", "") is not None for cell in sample) / len(sample),
        bullets=sum(bool(re.search(r"(?:^|\n)[^\S\n]*+[-–•]\s", cell)) for cell in sample) / len(sample),
        parted={mark: share for mark, share in parted.items() if share},
        separated={mark: _count_values(filled, mark) for mark, share in parted.items() if share},
        values=tuple(counted.most_common(_MOST_VALUES)),
    )


def _count_values(cells: Sequence[str], mark: Separator) -> int:
    return len({fold(value) for cell in cells for value in cell.split(mark)} - {""})


def _share(kind: Kind, cells: Sequence[str]) -> float:
    return sum(map(_TESTS[kind], cells)) / len(cells)


def _is_web(cell: str) -> bool:
    found = ADDRESS.match(cell)
    return bool(found) and "@" not in cell.split("/", maxsplit=1)[0] and len(cell.split()) == 1


_TESTS: dict[Kind, Callable[[str], bool]] = {
    "number": lambda cell: bool(_NUMBER.fullmatch(cell)),
    "year": lambda cell: len(cell) <= 25 and bool(YEAR.search(cell)),
    "web": _is_web,
    "pdf": lambda cell: cell.partition("?")[0].lower().endswith(".pdf"),
    "image": lambda cell: bool(_IMAGE.search(cell)),
    "person": lambda cell: len(cell) <= 120 and bool(EMAIL.search(cell) or TELEPHONE.search(cell)),
    "postcode": lambda cell: len(cell) <= 8 and bool(communes_of_postcode(read_postcode(cell))),
    "insee": lambda cell: len(cell) <= 8 and bool(read_insee(cell)),
    "commune": lambda cell: 2 < len(cell) <= 50 and bool(communes_named(cell)),
    "departement": lambda cell: len(cell) <= 40 and bool(read_departement(cell)),
    "region": lambda cell: len(cell) <= 60 and bool(read_region(cell)),
}
