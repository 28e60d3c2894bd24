"""Preview: what a table that staff bring would give: what its columns are, then its sheets and what is said of them."""

from dataclasses import dataclass
from pathlib import Path

from assistant.bringing.shelf import Brought, Shelf
from ingest.choice import measure_fit
from ingest.column_plan import ColumnPlan
from ingest.confined import FileReader
from ingest.facet_values import FoundValue, count_values
from ingest.layout import Layout, read_layout, shipped_layouts
from ingest.proposal import propose_plan
from ingest.reading import Reading
from ingest.remark_groups import RemarkGroup, group_remarks
from ingest.sheet import Facet, Sheet
from ingest.sketch import TableSketch
from ingest.source import read_source
from language.letters import fold

_SURE = 0.6  # of the columns: a delivered layout that reads so many was made for this table


@dataclass(frozen=True)
class Preview:
    """What a table gives: its sheets, the rows that give none and what was mended, grouped, and the values found."""

    layout: Layout
    sheets: tuple[Sheet, ...]
    rejected: list[RemarkGroup]
    noticed: list[RemarkGroup]
    refused: int
    values: dict[Facet, tuple[FoundValue, ...]]


def sketch_table(shelf: Shelf, brought: Brought) -> TableSketch:
    """What the columns of a table hold, or raise TableUnusable."""
    with FileReader() as reader:
        return reader.read_sketch(shelf.path_of(brought))


def describe(shelf: Shelf, brought: Brought, replaced: Brought | None = None) -> Brought:
    """A table that was just brought, with what its columns probably are: as in the one that it replaces, else guessed.

    Raises TableUnusable.
    """
    if not brought.file:
        return brought
    path = shelf.path_of(brought)
    with FileReader() as reader:
        sketch, layout = reader.read_sketch(path), _find_delivered(path, reader)
    plans = propose_plan(sketch)
    if replaced:
        known = {fold(plan.column): plan for plan in replaced.plans}
        same = [known.get(fold(plan.column)) for plan in plans]
        plans = tuple(
            old.model_copy(update={"column": plan.column}) if old else plan.model_copy(update={"part": ""})
            for plan, old in zip(plans, same, strict=True)
        )
        return brought.model_copy(update={"plans": plans})
    return brought.model_copy(update={"plans": plans, "layout": layout, "titles_differ": _titles_differ(sketch, plans)})


def preview(shelf: Shelf, brought: Brought) -> Preview:
    """The sheets of a table as they would be; or raise PlanWrong, LayoutWrong, TableUnusable or SourceUnusable."""
    layout = shelf.compose(brought)
    reading: Reading = read_source(str(shelf.path_of(brought)), layout, access=brought.access)
    counted = count_values(reading.values)
    used = [*reading.layouts, *reading.members_layouts][0]
    return Preview(
        layout=used,
        sheets=tuple(reading.practices),
        rejected=group_remarks(reading.rejected),
        noticed=group_remarks(reading.notices),
        refused=len(reading.rejected),
        values={facet: tuple(each for each in counted if each.facet == facet) for facet in used.facets},
    )


def _find_delivered(path: Path, reader: FileReader) -> str:
    """The delivered layout that was made for a table; "" when none was."""
    fits = [measure_fit(path, read_layout(name), reader) for name in shipped_layouts()]
    sure = [fit for fit in fits if fit.usable and fit.share >= _SURE]
    return max(sure, key=lambda fit: fit.share).layout.name if sure else ""


def _titles_differ(sketch: TableSketch, plans: tuple[ColumnPlan, ...]) -> bool:
    titles = [column for column, plan in zip(sketch.columns, plans, strict=True) if plan.part == "title"]
    return bool(titles) and titles[0].distinct == titles[0].filled
