"""Table of figures: which figures of the sheets someone wants to see, in which order, and their rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from assistant.catalogue.selection import LONGEST_QUERY, Parameters, chosen_values, last_value
from assistant.catalogue.sought import read_sought
from assistant.reading.message import tidy_question
from index.aspects.figures import Figure, FigureTold, list_figures
from index.aspects.measured import MEASURED, Measured
from index.opened import Index
from ingest.sheet import Access, Frozen, Sheet
from language.letters import fold

FIGURES = "/chiffres"
QUANTITIES: dict[Measured, str] = {
    "cost": "Coûts et budgets",
    "participants": "Personnes",
    "voters": "Votants",
    "registered": "Inscrits",
    "share": "Parts",
    "ideas": "Idées et projets",
    "staff": "Équipes",
    "meetings": "Rencontres",
    "duration": "Durées",
    "age": "Âges",
    "inhabitants": "Habitants",
    "territory": "Territoire",
    "other": "Autres",
}
Sort = Literal["sheet", "organisation", "value", "-value"]
SORTS: dict[Sort, str] = {
    "sheet": "Par fiche",
    "organisation": "Par organisation",
    "value": "Les plus petites valeurs",
    "-value": "Les plus grandes valeurs",
}
# What an address writes after the unit of a figure that is for each of something: "€/an".
_PER = "/"
# Durations are put in one order whatever their unit.
_IN_HOURS = {"minutes": 1 / 60, "heures": 1.0, "jours": 24.0, "semaines": 168.0, "mois": 730.0, "ans": 8766.0}


@dataclass(frozen=True)
class FigureRow:
    """A figure as a sheet tells it, with that sheet."""

    told: FigureTold
    sheet: Sheet

    @property
    def unit(self) -> str:
        """The unit with what it is for each of: "€/an"; "" for what is counted."""
        return unit_of(self.told.figure)

    @cached_property
    def text(self) -> str:
        """The sheet's name and the sentence, in which words are looked for."""
        return f"{self.sheet.title} {self.sheet.organisation} {self.told.sentence}"


class FigureShown(Frozen):
    """A figure as programs are given it: what it measures, its value from `low` to `high`, and where it is written."""

    quantity: Measured
    low: float
    high: float
    unit: str
    per: str
    counts: str
    written: str
    sentence: str
    sheet: str
    title: str
    organisation: str
    passage: str
    access: Access
    page: int | None


class FigureSelection(Frozen):
    """The figures that someone wants to see, and how; what is empty leaves nothing out."""

    quantity: Measured | None = None
    unit: str = ""
    query: str = ""
    porteur: tuple[str, ...] = ()
    sort: Sort = "sheet"
    page: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not (self.quantity or self.unit or self.query or self.porteur)

    def address(self, path: str = FIGURES, **changes: object) -> str:
        """Where this selection is, changed in some fields; on its first page unless `page` is given."""
        other = self.model_copy(update={"page": 1, **changes})
        pairs: list[tuple[str, object]] = [("q", other.query), ("quantity", other.quantity or ""), ("unit", other.unit)]
        pairs += [("porteur", code) for code in other.porteur]
        pairs += [("sort", other.sort if other.sort != "sheet" else "")]
        pairs += [("page", other.page if other.page > 1 else "")]
        written = urlencode([(key, value) for key, value in pairs if value != ""])
        return f"{path}?{written}" if written else path


# Freed with the version that it was read from.
_rows: WeakKeyDictionary[Index, tuple[FigureRow, ...]] = WeakKeyDictionary()


def read_figure_selection(parameters: Parameters, porteurs: Sequence[str]) -> FigureSelection:
    """What an address asks for; values that nothing has are left out, as old links may have some."""
    quantity, sort, page = (last_value(parameters, name) for name in ("quantity", "sort", "page"))
    return FigureSelection(
        quantity=next((each for each in MEASURED if each == quantity), None),
        unit=next(iter(chosen_values(parameters, "unit")), ""),
        query=tidy_question(last_value(parameters, "q"))[:LONGEST_QUERY].rstrip(),
        porteur=tuple(code for code in chosen_values(parameters, "porteur") if code in porteurs),
        sort=next((each for each in SORTS if each == sort), "sheet"),
        page=int(page) if page.isdecimal() and len(page) < 7 and int(page) > 0 else 1,
    )


def select_figures(index: Index, selection: FigureSelection) -> tuple[FigureRow, ...]:
    """The figures of a selection in its order, of the sheets and passages that the reader of the index may see."""
    sought = read_sought(selection.query, index)
    kept = [row for row in _list_rows(index) if _is_wanted(row, selection)]
    found = [row for row in kept if all(each.is_in(row.text) for each in sought)]
    return tuple(_put_in_order(found, selection.sort))


def count_quantities(index: Index, selection: FigureSelection) -> Counter[Measured]:
    """How many figures of each quantity there are with all that is selected but the quantity and its unit."""
    rows = select_figures(index, selection.model_copy(update={"quantity": None, "unit": ""}))
    return Counter(row.told.figure.measured for row in rows)


def count_units(index: Index, selection: FigureSelection) -> Counter[str]:
    """How many figures of each unit there are with all that is selected but the unit, the most frequent first."""
    rows = select_figures(index, selection.model_copy(update={"unit": ""}))
    return Counter(dict(Counter(row.unit for row in rows).most_common()))


def show_figure(row: FigureRow) -> FigureShown:
    """A figure as programs are given it."""
    told, figure = row.told, row.told.figure
    return FigureShown(
        quantity=figure.measured,
        **figure.model_dump(include={"low", "high", "unit", "per", "counts", "written"}),
        **told.model_dump(include={"sentence", "sheet", "passage", "access", "page"}),
        title=row.sheet.title,
        organisation=row.sheet.organisation,
    )


def unit_of(figure: Figure) -> str:
    """The unit of a figure with what it is for each of: "€/an"; "" for what is counted."""
    return f"{figure.unit}{_PER}{figure.per}" if figure.per else figure.unit


def _list_rows(index: Index) -> tuple[FigureRow, ...]:
    if (known := _rows.get(index)) is None:
        sheets = {sheet.id: sheet for sheet in index.practices}
        known = _rows[index] = tuple(FigureRow(told, sheets[told.sheet]) for told in list_figures(index))
    return known


def _is_wanted(row: FigureRow, selection: FigureSelection) -> bool:
    return (
        selection.quantity in (None, row.told.figure.measured)
        and selection.unit in ("", row.unit)
        and not (selection.porteur and set(selection.porteur).isdisjoint(row.sheet.porteur))
    )


def _put_in_order(rows: Sequence[FigureRow], sort: Sort) -> list[FigureRow]:
    by_title = sorted(rows, key=lambda row: fold(row.sheet.title))
    if sort == "sheet":
        return by_title
    if sort == "organisation":
        return sorted(by_title, key=lambda row: fold(row.sheet.organisation))
    by_value = sorted(by_title, key=lambda row: row.told.figure.high * _scale(row), reverse=sort == "-value")
    # Values of unlike things are not compared: each quantity comes after the other, and in it each unit.
    return sorted(by_value, key=lambda row: (MEASURED.index(row.told.figure.measured), _family(row)))


def _scale(row: FigureRow) -> float:
    return _IN_HOURS.get(row.told.figure.unit, 1.0)


def _family(row: FigureRow) -> str:
    """The unit, the same for those of one family."""
    return "" if row.told.figure.unit in _IN_HOURS else row.told.figure.unit
