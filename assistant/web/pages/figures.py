"""The page of the table of figures: what the sheets count, spend and last, each with its sentence."""

from collections.abc import Sequence
from datetime import date
from statistics import median

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.catalogue.directory import Choice, Directory
from assistant.catalogue.figures import (
    FIGURES,
    QUANTITIES,
    SORTS,
    FigureRow,
    FigureSelection,
    count_quantities,
    count_units,
    read_figure_selection,
    select_figures,
)
from assistant.catalogue.links import sheet_path
from assistant.catalogue.plot import WIDTH, plot_figures
from assistant.exports.export import TakenAway
from assistant.exports.figures import write_figures
from assistant.web.pages.site import Site, attach
from index.aspects.figures import describe_range

_A_PAGE = 50
_FEWEST = 3  # values that are worth a plot


def make_figures(site: Site) -> APIRouter:
    """The routes of the page and of its file."""
    router = APIRouter(include_in_schema=False)

    @router.get(FIGURES)
    def show_table(request: Request) -> Response:
        directory = site.directory(request)
        return site.show(request, "figures.html", _make_content(directory, _read(request, directory)), path=FIGURES)

    @router.get(f"{FIGURES}.csv")
    def table(request: Request) -> Response:
        directory = site.directory(request)
        rows = select_figures(directory.knowledge.index, _read(request, directory))
        content = write_figures(rows, lambda sheet: site.address(request, sheet_path(sheet)))
        return attach(TakenAway(f"chiffres-{date.today().isoformat()}.csv", "text/csv; charset=utf-8", content))

    return router


def _read(request: Request, directory: Directory) -> FigureSelection:
    return read_figure_selection(request.query_params, [choice.value for choice in _list_porteurs(directory)])


def _list_porteurs(directory: Directory) -> tuple[Choice, ...]:
    return next((facet.choices for facet in directory.facets if facet.key == "porteur"), ())


def _make_content(directory: Directory, selection: FigureSelection) -> dict[str, object]:
    index = directory.knowledge.index
    rows = select_figures(index, selection)
    counts = count_quantities(index, selection)
    pages = max(1, -(-len(rows) // _A_PAGE))
    page = min(selection.page, pages)
    return {
        "selection": selection,
        "quantities": QUANTITIES,
        "sorts": SORTS,
        "porteurs": _list_porteurs(directory),
        "counts": counts,
        "total": len(rows),
        "rows": [(row, *_part(row)) for row in rows[(page - 1) * _A_PAGE : page * _A_PAGE]],
        "page": page,
        "pages": pages,
        **_make_plot(directory, selection, rows),
    }


def _part(row: FigureRow) -> tuple[str, str, str]:
    """A sentence before its figure, the figure, and what follows."""
    sentence, figure = row.told.sentence, row.told.figure
    return sentence[: figure.start], sentence[figure.start : figure.end], sentence[figure.end :]


def _make_plot(directory: Directory, selection: FigureSelection, rows: Sequence[FigureRow]) -> dict[str, object]:
    """The plot of the unit that is chosen, else of the most frequent one; none for unlike things."""
    units = count_units(directory.knowledge.index, selection) if selection.quantity else {}
    unit = selection.unit or next(iter(units), "")
    figures = [row.told.figure for row in rows if row.unit == unit]
    if selection.quantity in (None, "other") or len(figures) < _FEWEST:
        return {"plot": None, "units": units}
    least, most = describe_range(figures)
    return {
        "plot": plot_figures(figures),
        "plot_width": WIDTH,
        "plotted": len(figures),
        "unit": unit,
        "units": units,
        "least": least,
        "most": most,
        "median": median(figure.low for figure in figures),
    }
