"""Pages of the staff: what is served, the reindexings, going back to a version."""

import logging
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.reindexing.reindex import settings_sources, whole_address
from assistant.reindexing.runs import ReindexRunning, Report
from assistant.web.admin.difference import Piece, find_difference
from assistant.web.admin.report_file import write_report
from assistant.web.admin.session import PAGES
from assistant.web.admin.site import (
    AdminSite,
    PageRefused,
    find_at_work,
    find_run,
    form_check,
    is_at_work,
    roll_back_to,
)
from assistant.wording.written import MODEL_DOWN
from index.compare import SheetChange
from index.manifest import Manifest
from ingest.refusal import Refusal
from ingest.source_list import Source
from language.letters import slug

_log = logging.getLogger(__name__)
_RUNS_SHOWN = 20
_CHANGES_SHOWN = 200  # with their differences; the file of the report has them all


@dataclass(frozen=True)
class ShownChange:
    """A sheet that changes, with the differences of its fields when they are shown."""

    change: SheetChange
    fields: tuple[tuple[str, list[Piece]], ...]


def make_runs(admin: AdminSite) -> APIRouter:
    """The page of what is served, and the pages of the reindexings."""
    router = APIRouter(prefix=PAGES, include_in_schema=False, dependencies=[Depends(form_check(admin))])

    @router.get("")
    def dashboard(request: Request) -> Response:
        return _show_dashboard(admin, request)

    @router.post("/reindexations")
    def start(
        request: Request,
        dry_run: Annotated[bool, Form()] = False,
        force: Annotated[bool, Form()] = False,
        plan: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            run = admin.launcher.start("admin", dry_run=dry_run, force=force, plan=slug(plan))
        except ReindexRunning as error:
            return _show_dashboard(admin, request, 409, str(error))
        _log.info("Someone of the staff started reindexing %s", run.id)
        return RedirectResponse(f"{PAGES}/reindexations/{run.id}", 303)

    @router.get("/reindexations/{run_id}.csv")
    def report(run_id: str) -> Response:
        run = find_run(admin, run_id)
        headers = {"Content-Disposition": f'attachment; filename="reindexation-{run.id}.csv"'}
        return Response(write_report(run), media_type="text/csv; charset=utf-8", headers=headers)

    @router.get("/reindexations/{run_id}")
    def show_run(request: Request, run_id: str) -> Response:
        run = find_run(admin, run_id)
        changes = _show_changes(run.report) if run.report else {}
        shown = {sheet.id for sheet in admin.journal.read_sheets(run.id).sheets} if run.dry_run else set()
        at_work = is_at_work(run)
        return admin.show(
            request, "run.html", run=run, report=run.report, changes=changes, at_work=at_work, shown=shown
        )

    @router.get("/reindexations/{run_id}/fiches/{sheet_id:path}")
    def show_sheet(request: Request, run_id: str, sheet_id: str) -> Response:
        run = find_run(admin, run_id)
        kept = admin.journal.read_sheets(run.id)
        sheet = next((each for each in kept.sheets if each.id == sheet_id), None)
        if sheet is None:
            raise PageRefused(404, "Cette fiche n'est pas gardée avec cet essai : recommencez-le.")
        return admin.show(request, "kept_sheet.html", run=run, sheet=sheet, facets=kept.facets)

    @router.post("/reindexations/{run_id}/arret")
    def stop(request: Request, run_id: str) -> Response:
        run = find_run(admin, run_id)
        if not admin.launcher.stop(run.id):
            raise PageRefused(
                409, "Cette réindexation est finie, ou a été lancée ailleurs : arrêtez-la là où elle l'a été."
            )
        _log.info("Someone of the staff stopped reindexing %s", run.id)
        request.state.session.message = "La réindexation s’arrête : rien n’aura changé."
        return RedirectResponse(f"{PAGES}/reindexations/{run.id}", 303)

    return router


def _show_dashboard(admin: AdminSite, request: Request, status: int = 200, error: str = "") -> Response:
    settings, versions = admin.settings, admin.served.store.manifests()
    visible, model = admin.served.knowledge().index.manifest, admin.served.knowledge().model
    served = next((each for each in versions if each.version == visible.version), visible)
    sources: list[Source] = []
    source_error = ""
    try:
        sources = settings_sources(settings)
    except (Refusal, OSError) as wrong:
        source_error = str(wrong)
    runs = admin.journal.list_runs()[:_RUNS_SHOWN]
    at_work = find_at_work(runs)
    return admin.show(
        request,
        "dashboard.html",
        status,
        error=error,
        served=served,
        asked=() if served.asked == (whole_address(settings.source),) else served.asked,
        current=admin.served.store.current(),
        outage=MODEL_DOWN if model and model.is_down else "",
        versions=versions,
        settings=settings,
        sources=sources,
        source_error=source_error,
        has_hook=bool(settings.webhook_secret.get_secret_value()),
        runs=runs,
        busy=admin.journal.is_busy() or bool(at_work and admin.launcher.is_busy()),
        at_work=at_work,
    )


def _show_changes(report: Report) -> dict[str, list[ShownChange]]:
    """The sheets that change, by what happens to them."""
    shown: dict[str, list[ShownChange]] = {"added": [], "changed": [], "removed": []}
    for change in report.changes:
        told = change.kind == "changed" and len(shown["changed"]) < _CHANGES_SHOWN
        fields = tuple((each.name, find_difference(each.before, each.after)) for each in change.fields if told)
        shown[change.kind].append(ShownChange(change, fields))
    return shown


def make_versions(admin: AdminSite) -> APIRouter:
    """Going back to a version, once confirmed."""
    router = APIRouter(prefix=PAGES + "/versions", include_in_schema=False, dependencies=[Depends(form_check(admin))])

    def find(version: str) -> Manifest:
        kept = {manifest.version: manifest for manifest in admin.served.store.manifests()}
        if version not in kept:
            raise PageRefused(404, "Cette version n'est plus gardée, ou n'a jamais existé.")
        return kept[version]

    def show(request: Request, manifest: Manifest, status: int = 200, error: str = "") -> Response:
        current = admin.served.store.current()
        return admin.show(request, "roll_back.html", status, manifest=manifest, current=current, error=error)

    @router.get("/{version}/retour")
    def confirm(request: Request, version: str) -> Response:
        return show(request, find(version))

    @router.post("/{version}/retour")
    def go_back(request: Request, version: str) -> Response:
        manifest = find(version)
        try:
            roll_back_to(admin, version)
        except Refusal as error:
            return show(request, manifest, 409, str(error))
        session = request.state.session
        _log.info("Someone of the staff rolled back to version %s", version)
        session.message = f"La version {version} est remise en service."
        return RedirectResponse(PAGES, 303)

    return router
