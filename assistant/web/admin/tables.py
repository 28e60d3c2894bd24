"""Pages where staff bring tables: brought, described column by column, previewed, tried, put in service."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from assistant.bringing.file_names import ENDINGS
from assistant.bringing.preview import describe, preview, sketch_table
from assistant.bringing.shelf import Brought, BroughtWrong
from assistant.reindexing.runs import ReindexRunning
from assistant.web.admin.session import PAGES
from assistant.web.admin.site import AdminSite, PageRefused, form_check
from assistant.web.admin.table_words import PARTS, SEPARATORS, name_separator, read_separator
from index.manifest import FacetLabels
from ingest.column_plan import ColumnPlan, Part, PlanWrong
from ingest.refusal import Refusal, explain_os_error
from ingest.sheet import FACETS
from ingest.sketch import TableSketch

TABLES = f"{PAGES}/tableaux"
_SHOWN = 3  # sheets of a preview
_MOST_COLUMNS = 200  # described one by one
_LONGEST_TITLE = 80  # characters
_KNOWN_PARTS: tuple[Part, ...] = tuple(part for parts in PARTS.values() for part in parts)
_log = logging.getLogger(__name__)


def make_tables(admin: AdminSite) -> APIRouter:
    """The list of tables with the form that brings one, and the pages of each."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(form_check(admin))])

    def show(request: Request, status: int = 200, error: str = "", title: str = "") -> Response:
        content = {
            "in_service": admin.shelf.list_in_service(),
            "drafts": admin.shelf.list_drafts(),
            "endings": ",".join(ENDINGS),
            "error": error,
            "title": title,
        }
        return admin.show(request, "tables.html", status, **content)

    @router.get(TABLES)
    def listing(request: Request) -> Response:
        return show(request)

    @router.post(TABLES)
    async def bring(request: Request) -> Response:
        form = await request.form()
        title = " ".join(str(form.get("title", "")).split())[:_LONGEST_TITLE]
        try:
            brought = await asyncio.to_thread(_bring, admin, form, title)
        except OSError as error:
            return show(request, 500, f"Rien n’a été gardé : {explain_os_error(error)}.", title)
        except Refusal as error:
            return show(request, 422, f"Rien n’a été gardé. {_without_path(error)}", title)
        _log.info("Someone of the staff brought the table %s", brought.key)
        return RedirectResponse(_address(brought, "" if brought.file else "/apercu"), 303)

    router.include_router(_make_table(admin))
    router.include_router(_make_changes(admin))
    return router


def _bring(admin: AdminSite, form: FormData, title: str) -> Brought:
    """Keep what was sent and say what it probably is; or raise a Refusal that says why not."""
    files = [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]
    if not files:
        raise BroughtWrong(
            "Aucun fichier n'a été choisi : choisissez un tableau (.csv, .xlsx, .ods) ou des textes (.md)."
        )
    replaced = next((each for each in admin.shelf.list_in_service() if each.name == form.get("replaces")), None)
    title = replaced.title if replaced else title or str(files[0].filename).rpartition(".")[0][:_LONGEST_TITLE]
    brought = admin.shelf.add(title, [(str(each.filename), each.file) for each in files], replaced)
    try:
        brought = describe(admin.shelf, brought, replaced)
        if len(brought.plans) > _MOST_COLUMNS and not brought.layout:
            raise BroughtWrong(f"Ce tableau a {len(brought.plans)} colonnes, {_MOST_COLUMNS} au plus : retirez-en.")
    except BaseException:
        admin.shelf.remove(brought.key)
        raise
    try:
        admin.shelf.save(brought)
    except PlanWrong:  # no title or no text was recognised: staff will say
        admin.shelf.note(brought)
    return brought


def _make_table(admin: AdminSite) -> APIRouter:
    """The columns of a table and its preview."""
    router = APIRouter(prefix=TABLES)

    def show(request: Request, brought: Brought, sketch: TableSketch, status: int = 200, error: str = "") -> Response:
        columns = list(zip(brought.plans, sketch.columns, strict=True))
        content = {"brought": brought, "sketch": sketch, "columns": columns, "error": error}
        words = {"parts": PARTS, "separators": SEPARATORS, "name_separator": name_separator, "facets": _facets(admin)}
        return admin.show(request, "table.html", status, **content, **words)

    @router.get("/{key}")
    def columns(request: Request, key: str) -> Response:
        brought = find_draft(admin, key)
        if not brought.file:
            return RedirectResponse(_address(brought, "/apercu"), 303)
        try:
            return show(request, brought, sketch_table(admin.shelf, brought))
        except Refusal as error:
            raise PageRefused(422, _without_path(error)) from error

    @router.post("/{key}")
    async def describe_columns(request: Request, key: str) -> Response:
        form = await request.form()
        brought = find_draft(admin, key)
        layout = str(form.get("layout", "")) if brought.layout == form.get("layout") else ""
        plans = tuple(_read_plan(form, place, plan) for place, plan in enumerate(brought.plans))
        title = " ".join(str(form.get("title", "")).split())[:_LONGEST_TITLE] or brought.title
        brought = brought.model_copy(update={"plans": plans, "title": title, "layout": layout})
        sketch = await asyncio.to_thread(sketch_table, admin.shelf, brought)
        brought = _tell_titles(admin, brought, sketch)
        try:
            admin.shelf.save(brought)
        except Refusal as error:
            return show(request, brought, sketch, 422, str(error))
        return RedirectResponse(_address(brought, "/apercu"), 303)

    @router.get("/{key}/apercu")
    def show_preview(request: Request, key: str) -> Response:
        brought = find_draft(admin, key)
        return show_table(admin, request, brought)

    @router.get("/{key}/mise-en-page.toml")
    def layout(key: str) -> Response:
        brought = find_draft(admin, key)
        file = admin.shelf.path_of(brought).parent.parent / "layout.toml"
        if brought.layout or not file.is_file():
            raise PageRefused(404, "Ce tableau n'a pas de mise en page à lui.")
        headers = {"Content-Disposition": f'attachment; filename="{brought.name}.toml"'}
        return Response(file.read_bytes(), media_type="application/toml; charset=utf-8", headers=headers)

    return router


def show_table(admin: AdminSite, request: Request, brought: Brought, status: int = 200, error: str = "") -> Response:
    """What a table would give: three of its sheets, and what is said of it."""
    try:
        seen = preview(admin.shelf, brought)
    except Refusal as wrong:
        content: dict[str, object] = {"seen": None, "sheets": (), "facets": {}, "error": error or _without_path(wrong)}
        return admin.show(request, "table_preview.html", 422, brought=brought, **content)
    step = max(1, len(seen.sheets) // _SHOWN)
    facets = {name: FacetLabels(title=facet.title, labels=facet.labels) for name, facet in seen.layout.facets.items()}
    content = {"seen": seen, "sheets": seen.sheets[::step][:_SHOWN], "facets": facets, "error": error}
    in_service = admin.served.knowledge().index.manifest.practices
    return admin.show(request, "table_preview.html", status, brought=brought, others=in_service, **content)


def _make_changes(admin: AdminSite) -> APIRouter:
    """What may be done with a table: tried beside or instead of what is in service, taken out, forgotten."""
    router = APIRouter(prefix=TABLES)

    @router.post("/{key}/essai")
    def try_table(
        request: Request,
        key: str,
        instead: Annotated[bool, Form()] = False,
        members: Annotated[bool, Form()] = False,
    ) -> Response:
        brought = find_draft(admin, key)
        access = "members" if members else "public"
        brought = brought.model_copy(update={"instead": instead, "access": access})
        try:
            if brought != find_draft(admin, key):
                admin.shelf.save(brought)
            run = admin.launcher.start("admin", dry_run=True, plan=admin.shelf.plan(brought))
        except (ReindexRunning, Refusal) as error:
            return show_table(admin, request, brought, 409, str(error))
        _log.info("Someone of the staff tried the table %s", brought.key)
        return RedirectResponse(f"{PAGES}/reindexations/{run.id}", 303)

    @router.post("/{key}/retirer")
    def take_out(key: str) -> Response:
        brought = find_draft(admin, key)
        try:
            run = admin.launcher.start("admin", dry_run=True, plan=admin.shelf.plan(removed=brought.name))
        except ReindexRunning as error:
            raise PageRefused(409, str(error)) from error
        _log.info("Someone of the staff tried to take out the table %s", brought.key)
        return RedirectResponse(f"{PAGES}/reindexations/{run.id}", 303)

    @router.post("/{key}/oublier")
    def forget(request: Request, key: str) -> Response:
        brought = find_draft(admin, key)
        gone = f"« {brought.title} » est oublié."
        kept = f"« {brought.title} » reste : une version à laquelle vous pouvez revenir en est faite."
        request.state.session.message = gone if admin.shelf.remove(brought.key) else kept
        return RedirectResponse(TABLES, 303)

    return router


def find_draft(admin: AdminSite, key: str) -> Brought:
    """The table with this key, or raise PageRefused."""
    brought = admin.shelf.find(key)
    if brought is None:
        raise PageRefused(404, "Ce tableau n'est plus là : apportez-le de nouveau.")
    return brought


def _tell_titles(admin: AdminSite, brought: Brought, sketch: TableSketch) -> Brought:
    """The table with what makes its ids, which must not change once it was in service."""
    if any(each.name == brought.name for each in admin.shelf.list_in_service()):
        return brought
    titles = [column for plan, column in zip(brought.plans, sketch.columns, strict=True) if plan.part == "title"]
    differ = bool(titles) and any(each.distinct == each.filled for each in titles)
    return brought.model_copy(update={"titles_differ": differ})


def _read_plan(form: Mapping[str, object], place: int, plan: ColumnPlan) -> ColumnPlan:
    """What the form says of a column; as it was where it says nothing that can be."""
    part = next((each for each in _KNOWN_PARTS if each == form.get(f"part_{place}")), plan.part)
    title = " ".join(str(form.get(f"title_{place}", "")).split())[:_LONGEST_TITLE]
    separator = read_separator(str(form.get(f"separator_{place}", "")))
    is_text = any(part == each for each in PARTS["Les textes"])
    bullets = is_text and (plan.bullets if separator == plan.separator else bool(separator))
    return ColumnPlan(column=plan.column, part=part, title=title or plan.column, separator=separator, bullets=bullets)


def _facets(admin: AdminSite) -> dict[str, str]:
    """The titles of the filters in service: of two layouts, the first one's is shown."""
    facets = admin.served.knowledge().index.manifest.facets
    return {name: facets[name].title for name in FACETS if name in facets}


def _address(brought: Brought, rest: str = "") -> str:
    return f"{TABLES}/{brought.key}{rest}"


def _without_path(error: Refusal) -> str:
    """The message without the folder where we keep the file, which says nothing to staff."""
    head, mark, rest = str(error).partition(" : ")
    return f"{head.rpartition('/')[2]}{mark}{rest}" if mark and "/" in head else str(error)
