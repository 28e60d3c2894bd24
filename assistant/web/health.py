"""Health: whether the server lives, whether it can answer, and its figures."""

import asyncio
import hmac
import ipaddress
import shutil
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Engine

from assistant.observing.metrics import Metrics
from assistant.process.computing import computing
from assistant.reindexing.alarms import KINDS, Alarm, find_alarms
from assistant.reindexing.runs import RunJournal
from assistant.serving.served import Served
from assistant.settings import Settings
from assistant.store.faults import find_fault, sqlite_file
from assistant.wording.written import MODEL_DOWN
from ingest.refusal import Refusal

_PATIENCE = 10.0  # seconds; an answer takes a twentieth of one
_LOOKING = 3.0  # seconds; the image's own check waits four
_LEAST_FREE = 200_000_000  # bytes of the disk


def make_health(settings: Settings, served: Served, database: Engine, metrics: Metrics) -> APIRouter:
    """The routes that a supervisor asks."""
    router = APIRouter()
    metrics.watch(lambda: served.knowledge().index.manifest, lambda: _list_alarms(settings, served))

    @router.get("/healthz", summary="Le serveur répond")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="Le serveur peut répondre aux questions, et ce qui ne va pas")
    async def readyz() -> Response:
        problems = await _find_in_time(settings, served, database)
        computes = await _computes()
        if not computes:
            problems.insert(0, "Les calculs sont bloqués : relancez le serveur.")
        status = "unready" if not computes else "degraded" if problems else "ready"
        return JSONResponse({"status": status, "problems": problems, **_describe(served)}, 200 if computes else 503)

    @router.get("/metrics", summary="Les chiffres du serveur, pour Prometheus", response_class=Response)
    def show_metrics(request: Request) -> Response:
        if not _may_read(request, settings.metrics_token.get_secret_value()):
            raise HTTPException(403, "Donnez le jeton ASSISTANT_METRICS_TOKEN, ou demandez depuis le réseau privé.")
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _describe(served: Served) -> dict[str, Any]:
    knowledge = served.knowledge()
    manifest = knowledge.index.manifest
    return {
        "version": manifest.version,
        "created": manifest.created,
        "sheets": len(knowledge.index.practices),
        "model": manifest.model,
        "llm": knowledge.model is not None,
    }


def _find_problems(settings: Settings, served: Served, database: Engine) -> list[str]:
    """What does not work and that visitors' answers can do without."""
    problems = []
    knowledge = served.knowledge()
    version = knowledge.index.manifest.version
    if knowledge.model and knowledge.model.is_down:
        problems.append(MODEL_DOWN)
    try:
        current = served.store.current()
    except Refusal:
        problems.append("La base de l'index ne répond pas : des réponses peuvent manquer.")
        current = version
    if current != version and served.failed == current:
        problems.append(f"La version {current} ne s'ouvre pas : {version} reste en service.")
    if fault := find_fault(database):
        problems.append(fault)
    problems += [alarm.short for alarm in watch_alarms(settings, served)]
    folders = {settings.data_dir} | ({sqlite_file(database).parent} if database.dialect.name == "sqlite" else set())
    free = min(shutil.disk_usage(folder).free for folder in folders if folder.is_dir())
    if free < _LEAST_FREE:
        problems.append(f"Il ne reste que {free // 1_000_000} Mo sur le disque des données.")
    return problems


def watch_alarms(settings: Settings, served: Served) -> list[Alarm]:
    """What staff must look at, of what this server answers from."""
    created = served.knowledge().index.manifest.created
    return find_alarms(RunJournal(settings.data_dir), created, settings.index_age)


def _list_alarms(settings: Settings, served: Served) -> dict[str, bool]:
    now = {alarm.kind for alarm in watch_alarms(settings, served)}
    return {kind: kind in now for kind in KINDS}


async def _find_in_time(settings: Settings, served: Served, database: Engine) -> list[str]:
    """The same, told before who asks takes the server for dead."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(_find_problems, settings, served, database), _LOOKING)
    except TimeoutError:
        return ["Une base de données ne répond pas à temps : des réponses, connexions ou historiques peuvent manquer."]


async def _computes() -> bool:
    """Whether the thread that computes gets to new work in time."""
    try:
        await asyncio.wait_for(computing(int), _PATIENCE)
    except TimeoutError:
        return False
    return True


def _may_read(request: Request, token: str) -> bool:
    """Whoever has the token; without one set, whoever asks from this machine or its private network."""
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.removeprefix("Bearer ").encode(), token.encode())
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return address.is_private or address.is_loopback
