"""HTTP interface to the table of figures: what the sheets count, spend and last, each with its sentence."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from assistant.catalogue.figures import FigureSelection, FigureShown, Sort, select_figures, show_figure
from assistant.catalogue.selection import LONGEST_QUERY
from assistant.edge.authentication import Authentication
from index.aspects.measured import Measured
from ingest.sheet import Frozen

_LONGEST_UNIT = 60  # characters


class FigureList(Frozen):
    """Figures of the sheets that whoever asks may read; `total` before `offset` and `limit`."""

    total: int
    figures: tuple[FigureShown, ...]


def _read_selection(
    quantity: Annotated[
        Measured | None, Query(description="Ce qui est mesuré : toutes les grandeurs sans elle")
    ] = None,
    unit: Annotated[str, Query(max_length=_LONGEST_UNIT, description="€, €/an, €/habitant, %, mois…")] = "",
    q: Annotated[str, Query(max_length=LONGEST_QUERY, description="Mots de la fiche ou de la phrase")] = "",
    porteur: Annotated[list[str] | None, Query(description="Types de porteur, par leur code")] = None,
    sort: Annotated[Sort, Query(description="L'ordre ; par valeur, chaque grandeur à son tour")] = "sheet",
) -> FigureSelection:
    codes = tuple(filter(None, porteur or ()))
    return FigureSelection(quantity=quantity, unit=unit, query=q.strip(), porteur=codes, sort=sort)


def make_figures_api(authentication: Authentication) -> APIRouter:
    """The route of the figures: of public sheets to everybody, of members' documents too to members."""
    router = APIRouter()

    @router.get("/api/figures", summary="Les chiffres des fiches, chacun avec sa phrase, filtrés et par pages")
    def figures(
        request: Request,
        selection: Annotated[FigureSelection, Depends(_read_selection)],
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> FigureList:
        rows = select_figures(authentication.reader(request).knowledge.index, selection)
        return FigureList(total=len(rows), figures=tuple(map(show_figure, rows[offset : offset + limit])))

    return router
