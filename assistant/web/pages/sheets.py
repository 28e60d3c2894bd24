"""The list of the sheets, the files of a selection, and the page of each sheet."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from assistant.catalogue.directory import Directory, Listing
from assistant.catalogue.france import find_point, frame_of, name_mark, place_marks
from assistant.catalogue.links import ABOUT_SHEET, document_path, is_web_address, sheet_path
from assistant.catalogue.selection import LIST, Selection, read_selection
from assistant.exports.export import TakenAway, export_sheets, head_note
from assistant.exports.spreadsheet import write_table
from assistant.members.documents import DocumentFiles
from assistant.web.frame.addresses import SIGN_IN
from assistant.web.pages.linked_data import describe_sheet_data
from assistant.web.pages.site import PageMissing, Site, attach
from assistant.web.pages.table import HEADER, list_cells
from assistant.web.pages.words import DOCUMENT_MISSING, SHEET_MISSING, describe_for_engines, summarise
from assistant.wording import describe_address, describe_filter, describe_origin
from index.filters import FilterKey
from index.ranking.similar import find_similar
from ingest.sheet import FACETS, Sheet

_A_PAGE = 24
_SIMILAR = 3
# A document is someone else's work: nothing in it may act in our name.
_DOCUMENT_HEADERS = {"Content-Disposition": 'inline; filename="fiche-descriptive.pdf"', "X-Frame-Options": "DENY"}


def make_sheets(site: Site, documents: DocumentFiles) -> APIRouter:
    """The routes of these pages. A file's address is the list's, or the sheet's, with its ending."""
    router = APIRouter(include_in_schema=False)

    @router.get(LIST)
    def show_list(request: Request) -> Response:
        directory = site.directory(request)
        selection = read_selection(request.query_params, directory.known)
        listing = directory.list_sheets(selection)
        return site.show(request, "list.html", _list_content(directory, selection, listing), path=LIST)

    @router.get(f"{LIST}.csv")
    def table(request: Request) -> Response:
        index = site.directory(request).knowledge.index
        sheets = _selected(site, request)
        rows = [list_cells(sheet, index, site.address(request, sheet_path(sheet.id))) for sheet in sheets]
        name = f"fiches-{date.today().isoformat()}.csv"
        return attach(TakenAway(name, "text/csv; charset=utf-8", write_table(HEADER, rows)))

    @router.get(f"{LIST}.docx")
    def word(request: Request) -> Response:
        return attach(_write_note(site, request, "docx"))

    @router.get(f"{LIST}.md")
    def markdown(request: Request) -> Response:
        return attach(_write_note(site, request, "markdown"))

    router.include_router(_make_sheet(site, documents))
    return router


def _make_sheet(site: Site, documents: DocumentFiles) -> APIRouter:
    """The page of a sheet and its document."""
    router = APIRouter()

    @router.get(LIST + "/{sheet_id:path}.pdf")
    def document(request: Request, sheet_id: str) -> Response:
        if site.member(request) is None:  # whether there is such a document is not told
            return RedirectResponse(f"{SIGN_IN}?suite={quote(document_path(sheet_id))}", 303)
        index = site.directory(request).knowledge.index
        sheet = index.find_sheet(sheet_id)
        content = documents.read(sheet_id, index) if sheet and sheet.has_document else None
        if content is None:
            raise PageMissing(DOCUMENT_MISSING)
        return Response(content, media_type="application/pdf", headers=_DOCUMENT_HEADERS)

    @router.get(LIST + "/{sheet_id:path}")
    def show_sheet(request: Request, sheet_id: str) -> Response:
        directory = site.directory(request)
        sheet = directory.knowledge.index.find_sheet(sheet_id)
        if sheet is None or sheet.kind != "practice":
            raise PageMissing(SHEET_MISSING)
        path = sheet_path(sheet.id)
        data = describe_sheet_data(
            sheet, directory.knowledge.index, site.address(request, path), site.settings.centre_name
        )
        content = {**sheet_content(directory, sheet), "data": data, "document": None}
        if site.member(request) and sheet.has_document:
            content["document"] = documents.view(sheet.id, directory.knowledge.index)
        return site.show(request, "sheet.html", content, path=path)

    return router


def _list_content(directory: Directory, selection: Selection, listing: Listing) -> dict[str, object]:
    pages = max(1, -(-len(listing.sheets) // _A_PAGE))
    page = min(selection.page, pages)
    shown = listing.sheets[(page - 1) * _A_PAGE : page * _A_PAGE]
    index = directory.knowledge.index
    marks = place_marks(listing.sheets) if selection.view == "carte" else []
    placed = {sheet.id for mark in marks for sheet in mark.sheets}
    return {
        "selection": selection,
        "listing": listing,
        "facets": directory.facets,
        "removable": list(_list_removable(directory, selection)),
        "shown": [(sheet, summarise(sheet), describe_origin(sheet, index)) for sheet in shown],
        "page": page,
        "pages": pages,
        "marks": [(mark, name_mark(mark), _mark_address(mark.communes, mark.sheets, selection)) for mark in marks],
        "unplaced": [sheet for sheet in listing.sheets if selection.view == "carte" and sheet.id not in placed],
        "labels": {(facet.key, choice.value): choice.label for facet in directory.facets for choice in facet.choices},
    }


def _list_removable(directory: Directory, selection: Selection) -> list[tuple[str, str]]:
    """What leaves sheets out, as people read it, each with the address without it."""
    manifest = directory.knowledge.index.manifest
    removable = [(f"« {selection.query} »", selection.address(query=""))] if selection.query else []
    removable += [
        (describe_filter(key, value, manifest), selection.without(key, value))
        for key in selection.filters.stated
        for value in selection.filters.values(key)
    ]
    for commune in selection.communes:
        others = tuple(each for each in selection.communes if each != commune)
        removable.append((directory.commune_names.get(commune, commune), selection.address(communes=others)))
    return removable


def _mark_address(communes: Sequence[str], sheets: Sequence[Sheet], selection: Selection) -> str:
    """Where a mark of the map leads: to its sheet, or to the list of its sheets."""
    if len(sheets) == 1:
        return sheet_path(sheets[0].id)
    return selection.address(communes=tuple(communes), view="fiches")


def _selected(site: Site, request: Request) -> tuple[Sheet, ...]:
    directory = site.directory(request)
    return directory.list_sheets(read_selection(request.query_params, directory.known)).sheets


def _write_note(site: Site, request: Request, form: Literal["docx", "markdown"]) -> TakenAway:
    directory = site.directory(request)
    selection = read_selection(request.query_params, directory.known)
    sheets = directory.list_sheets(selection).sheets
    head = head_note(site.settings, site.settings.contact, str(request.base_url))
    words = [f"« {selection.query} »"] if selection.query else []
    places = [directory.commune_names.get(commune, commune) for commune in selection.communes]
    index = directory.knowledge.index
    return export_sheets(sheets, selection.filters, index, head, form, sought=" · ".join([*words, *places]))


def sheet_content(directory: Directory, sheet: Sheet) -> dict[str, object]:
    """What the page of a sheet shows of it, but its data for search engines and its document."""
    index = directory.knowledge.index
    return {
        "sheet": sheet,
        "origin": describe_origin(sheet, index),
        "description": describe_for_engines(sheet),
        "tags": [(facet, _list_tags(directory, sheet, facet)) for facet in FACETS if getattr(sheet, facet)],
        "facet_titles": {facet.key: facet.title for facet in directory.facets},
        "links": [link for link in dict.fromkeys([sheet.website, *sheet.links]) if is_web_address(link)],
        "address": describe_address(sheet),
        "point": find_point(sheet.place),
        "frame": frame_of(sheet.place.departement),
        "similar": [(each, summarise(each)) for each in find_similar(sheet.id, index, _SIMILAR)],
        "question": ABOUT_SHEET.format(title=sheet.title),
    }


def _list_tags(directory: Directory, sheet: Sheet, key: FilterKey) -> list[tuple[str, str]]:
    """The labels of a sheet's codes, each with the address of the sheets that have it too."""
    manifest = directory.knowledge.index.manifest
    return [
        (
            describe_filter(key, value, manifest),
            Selection().address(filters=Selection().filters.model_copy(update={key: (value,)})),
        )
        for value in getattr(sheet, key)
    ]
