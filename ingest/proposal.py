"""Proposal: of the columns of a table of which nothing is known, which is probably what; staff correct it."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import get_args

from ingest.column_plan import ColumnPlan, FacetPart, Part, TextPart
from ingest.sheet import FACETS
from ingest.sketch import SEPARATORS, ColumnSketch, Kind, Separator, TableSketch
from language.letters import fold

_TEXT_PARTS: tuple[TextPart, ...] = get_args(TextPart)
_MOST_VALUES = 40  # of a facet
_LONGEST_VALUE = 40  # characters, on average
_LONGEST_NAME = 100  # characters of an organisation's name, on average
_SHORTEST_TEXT = 20  # characters, on average, of a column named as a text
_LONG = 60  # characters: from there on, a cell is a text rather than a fact
# What cells must be for a name to be believed.
_NEEDS: dict[Part, tuple[Kind, float]] = {
    "year": ("year", 0.5),
    "postcode": ("postcode", 0.5),
    "insee": ("insee", 0.5),
    "commune": ("commune", 0.4),
    "departement": ("departement", 0.4),
    "region": ("region", 0.4),
    "website": ("web", 0.5),
    "latitude": ("number", 0.8),
    "longitude": ("number", 0.8),
    "document": ("pdf", 0.5),
    "logo": ("image", 0.4),
}
# Parts that cells tell of themselves, whatever the column is called.
_TELLING: tuple[tuple[Part, Kind, float], ...] = (
    ("document", "pdf", 0.7),
    ("logo", "image", 0.7),
    ("website", "web", 0.7),
    ("region", "region", 0.8),
    ("departement", "departement", 0.9),
    ("commune", "commune", 0.85),
)
_ONCE: tuple[Part, ...] = (
    "document", "logo", "website", "postcode", "insee", "commune", "departement", "region", "latitude", "longitude",
    "address", "questions", "year", "organisation",
)  # fmt: skip


def propose_plan(sketch: TableSketch) -> tuple[ColumnPlan, ...]:
    """What each column of a table probably is."""
    found: dict[str, Part] = {}
    left = [column for column in sketch.columns if column.filled and not _is_unread(column)]
    _take(found, left, "point", [column for column in left if column.points >= 0.7])
    title = _find_title(left, sketch)
    _take(found, left, "title", [title] if title else [])
    for facet in FACETS:
        _take(found, left, facet, [each for each in _named(left, facet) if _may_filter(each, sketch, often=1)])
    for part in _ONCE:
        _take(found, left, part, [each for each in _named(left, part) if _may_be(each, part)])
    for part, kind, least in _TELLING:
        taken = part in found.values()
        telling = [each for each in left if each.kinds.get(kind, 0) >= least and each.kinds.get("number", 0) < 0.5]
        _take(found, left, part, [] if taken else telling)
    _take(found, left, "id", [each for each in _named(left, "id") if _is_unique(each, sketch) and each.longest <= 40])
    for text in _TEXT_PARTS:
        fitting = [each for each in _named(left, text) if _is_text(each) and not _may_filter(each, sketch, often=2)]
        _take(found, left, text, fitting)
    _take_facets(found, left, sketch)
    return tuple(_plan(column, found.get(column.name) or _find_rest(column, left)) for column in sketch.columns)


def _may_be(column: ColumnSketch, part: Part) -> bool:
    """Whether a column named as a part is it: a long text is no organisation, a point for a whole region no place."""
    if part in ("latitude", "longitude"):
        return column.distinct * 4 >= column.filled
    return part != "organisation" or column.mean <= _LONGEST_NAME


def _take(found: dict[str, Part], left: list[ColumnSketch], part: Part, columns: Sequence[ColumnSketch]) -> None:
    """The first of these columns is this part."""
    if columns:
        found[columns[0].name] = part
        left.remove(columns[0])


def _named(columns: Iterable[ColumnSketch], part: Part) -> list[ColumnSketch]:
    """The columns whose name says that they are this part and whose cells do not say otherwise, likeliest first."""
    kind, least = _NEEDS.get(part, ("number", 0.0))
    told = [(_rank(column.name, part), column) for column in columns if column.kinds.get(kind, 0) >= least]
    return [column for rank, column in sorted(told, key=lambda each: each[0] or 0) if rank is not None]


def _rank(name: str, part: Part) -> int | None:
    """How far down the usual names of a part a name is found: as itself first, as the beginning of another, in it."""
    words, folded = _words(part), fold(name)
    if folded in words:
        return words.index(folded)
    starts = [place for place, word in enumerate(words) if len(word) > 2 and folded.startswith(f"{word} ")]
    if starts:
        return len(words) + starts[0]
    inside = [place for place, word in enumerate(words) if len(word) > 4 and f" {word} " in f" {folded} "]
    return 2 * len(words) + inside[0] if inside else None


def _find_title(columns: Sequence[ColumnSketch], sketch: TableSketch) -> ColumnSketch | None:
    """The column of titles: named so, or the first one with a short text of its own in nearly each row."""

    def may_be(column: ColumnSketch, filled: float, share: float) -> bool:
        is_text = column.kinds.get("number", 0) < 0.2 and column.kinds.get("web", 0) < 0.2
        usual = column.filled >= filled * sketch.rows and column.distinct >= share * column.filled
        return is_text and usual and 3 <= column.mean <= 150 and column.kinds.get("person", 0) < 0.2

    named = [column for column in _named(columns, "title") if may_be(column, 0.7, 0.5)]
    others = [column for column in columns if may_be(column, 0.9, 0.8)]
    return next(iter([*named, *others]), None)


def _is_unique(column: ColumnSketch, sketch: TableSketch) -> bool:
    return column.filled == column.distinct == sketch.rows


def _take_facets(found: dict[str, Part], left: list[ColumnSketch], sketch: TableSketch) -> None:
    """Columns of few values that come again are the facets that no name told, in their order."""
    free: list[FacetPart] = [facet for facet in ("thematique", "demarche", "porteur") if facet not in found.values()]
    rest = [column for column in left if _may_filter(column, sketch, often=2)]
    for part, column in zip(free, rest, strict=False):
        _take(found, left, part, [column])


def _may_filter(column: ColumnSketch, sketch: TableSketch, often: int) -> bool:
    """Whether few short values come again, so many times each on average."""
    values = _count_values(column)
    is_word = all(column.kinds.get(kind, 0) < 0.3 for kind in ("number", "web", "person", "year", "pdf"))
    usual = column.filled >= 0.3 * sketch.rows and {fold(value) for value, _ in column.values} - {"oui", "non"}
    is_word = is_word and column.bullets < 0.3
    return is_word and bool(usual) and 2 <= values <= min(_MOST_VALUES, column.filled / often) and _is_short(column)


def _is_short(column: ColumnSketch) -> bool:
    mark = find_separator(column)
    pieces = 1 + column.parted.get(mark, 0) if mark else 1
    return column.mean / pieces <= _LONGEST_VALUE


def _count_values(column: ColumnSketch) -> int:
    mark = find_separator(column)
    return column.separated[mark] if mark else column.distinct


def find_separator(column: ColumnSketch) -> Separator | None:
    """The sign that parts several values in the cells of a column: with it, far fewer values differ."""
    for mark in SEPARATORS:
        if column.parted.get(mark, 0) >= 0.1 and column.separated[mark] <= 0.8 * column.distinct:
            return mark
    return None


def _is_text(column: ColumnSketch) -> bool:
    return column.mean >= _SHORTEST_TEXT and all(
        column.kinds.get(kind, 0) < 0.3 for kind in ("number", "web", "person")
    )


def _find_rest(column: ColumnSketch, left: Sequence[ColumnSketch]) -> Part:
    """What a column that is nothing else is: a text, a fact of a few words, or nothing to be read."""
    is_point = bool(_named([column], "latitude") or _named([column], "longitude"))
    if column not in left or column.kinds.get("person", 0) >= 0.3 or is_point:
        return ""
    is_list = column.bullets >= 0.3 or column.parted.get("\n", 0) >= 0.5
    return "text" if column.mean >= _LONG or is_list else "fact"


def _plan(column: ColumnSketch, part: Part) -> ColumnPlan:
    mark = find_separator(column) if part in FACETS else None
    if part in _TEXT_PARTS and not mark:
        mark = _find_list_mark(column)
    form = "bullets" if part in _TEXT_PARTS and (column.bullets >= 0.3 or mark) else "paragraphs"
    return ColumnPlan(column=column.name, part=part, title=column.name, separator=mark or "", bullets=form == "bullets")


def _find_list_mark(column: ColumnSketch) -> Separator | None:
    """The sign between the points of a list: in most cells. Semicolons stand in sentences too, commas in all."""
    signs: tuple[Separator, ...] = ("//", "|") if column.mean > _LONG else ("//", "|", ";")
    return next((mark for mark in signs if column.parted.get(mark, 0) >= 0.5), None)


def _is_unread(column: ColumnSketch) -> bool:
    """Whether a column is the publishing tool's own: when a row was typed, what a geocoder found."""
    name = fold(column.name)
    return name in _lists()["unread"] or name.startswith("ban ")


def _words(part: Part) -> list[str]:
    return _lists().get(part, [])


@cache
def _lists() -> dict[str, list[str]]:
    """The usual names of each part's columns, folded."""
    written = tomllib.loads(files("ingest").joinpath("column_words.toml").read_text(encoding="utf-8"))
    lists = {**written["parts"], "unread": written["unread"]["names"]}
    return {part: [fold(name) for name in names] for part, names in lists.items()}


def usual_names() -> tuple[str, ...]:
    """Every name that columns usually bear: a row that holds some is a header."""
    return tuple(dict.fromkeys(name for names in _lists().values() for name in names))
