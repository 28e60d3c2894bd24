"""The same by HTTP, for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException
from pydantic import BaseModel, ConfigDict

from assistant.reindexing.runs import ReindexRunning
from assistant.web.admin.session import API
from assistant.web.admin.site import AdminSite, need_gate, roll_back_to
from assistant.web.admin.words import say_left
from index.manifest import IndexMissing
from ingest.refusal import Refusal


class ReindexRequest(BaseModel):
    """How to reindex."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False
    force: bool = False


class RollbackRequest(BaseModel):
    """The version to put back in service; the one before the current one when it is not named."""

    model_config = ConfigDict(extra="forbid")

    version: str | None = None


def make_interface(admin: AdminSite) -> APIRouter:
    """The same by HTTP, with a session and its X-CSRF-Token, or with the token of the settings."""
    router = APIRouter(tags=["équipe"], dependencies=[Depends(need_gate)])
    for part in (_make_runs(admin), _make_versions(admin)):
        router.include_router(part)
    return router


def _make_runs(admin: AdminSite) -> APIRouter:
    router = APIRouter(prefix=API)
    no_request = ReindexRequest()

    @router.post("/reindex", status_code=202, summary="Lance une réindexation")
    def reindex(body: Annotated[ReindexRequest, Body()] = no_request) -> dict[str, Any]:
        try:
            return {"run": admin.launcher.start("api", dry_run=body.dry_run, force=body.force).id}
        except ReindexRunning as error:
            raise HTTPException(409, str(error)) from error

    @router.get("/runs", summary="Les réindexations, la plus récente d'abord")
    def runs() -> dict[str, Any]:
        long = {"report": {"changes", "rejected", "notices"}}
        listed = [run.model_dump(mode="json", exclude=long) for run in admin.journal.list_runs()]
        return {"busy": admin.launcher.is_busy(), "runs": listed}

    @router.get("/runs/{run_id}", summary="Une réindexation : où elle en est, ou ce qu'elle a fait")
    def run(run_id: str) -> dict[str, Any]:
        found = admin.journal.find_run(run_id)
        if found is None:
            raise HTTPException(404, "Il n'y a pas de réindexation avec cet identifiant.")
        # What is left, in words: the page shows them as they are.
        return {**found.model_dump(mode="json"), "left": say_left(found.seconds_left)}

    return router


def _make_versions(admin: AdminSite) -> APIRouter:
    router = APIRouter(prefix=API)
    no_version = RollbackRequest()

    @router.get("/versions", summary="Les versions gardées, la plus récente d'abord")
    def versions() -> dict[str, Any]:
        shown = {"version", "created", "source", "layout", "model", "practices", "pages", "passages", "recall"}
        current = admin.served.store.current()
        rows = [
            {**each.model_dump(mode="json", include=shown), "current": each.version == current}
            for each in admin.served.store.manifests()
        ]
        return {"current": current, "served": admin.served.knowledge().index.manifest.version, "versions": rows}

    @router.post("/rollback", summary="Remet une version gardée en service")
    def rollback(body: Annotated[RollbackRequest, Body()] = no_version) -> dict[str, Any]:
        try:
            return {"version": roll_back_to(admin, body.version).version, "promoted": True}
        except IndexMissing as error:
            raise HTTPException(404, str(error)) from error
        except Refusal as error:
            raise HTTPException(409, str(error)) from error

    return router
