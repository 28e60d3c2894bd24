"""Administration: the staff's pages at /admin, the same by HTTP at /api/admin, and the hooks of git servers."""

import asyncio
import base64
import csv
import hashlib
import hmac
import io
import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Body, Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict
from starlette.datastructures import Headers

from assistant.launcher import Launcher
from assistant.reindex import settings_sources
from assistant.runs import ReindexRunning, Report, Run, RunJournal, Status, Trigger
from assistant.served import Served
from assistant.settings import Settings
from assistant.staff import StaffAccounts, StaffWrong, write_private
from assistant.web.session import (
    API,
    COOKIE,
    LASTS,
    PAGES,
    SIGN_IN,
    SIGN_IN_COOKIE,
    WEBHOOK,
    Sessions,
    SignInLimit,
    StaffGate,
    read_secret,
)
from index.compare import FieldChange, SheetChange
from index.versions import IndexMissing, Manifest, current_version, list_versions, roll_back
from ingest.fetch import show_address
from ingest.refusal import Refusal
from ingest.sheet import Remark
from ingest.source_list import Source

_log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_RUNS_SHOWN = 20
_CHANGES_SHOWN = 200  # with their differences; the file of the report has them all
_PATIENCE = 100  # tenths of a second
_CHECKS_AT_ONCE = 2  # argon2 takes 64 MiB for each password it checks
_OUR_PAGE = re.compile(r"/admin(?:/[\w-]+)*(?:\.csv)?")
_HOOK_AGE = 300  # seconds
_HOOKS_KNOWN = 1000
_PUSHES = frozenset({"push", "push hook", "tag push hook"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST_CELL = 32_000  # characters; spreadsheets take no more

_STATUSES: dict[Status, str] = {
    "starting": "Démarrage",
    "running": "En cours",
    "done": "Mise en service",
    "unchanged": "Rien à changer",
    "tried": "Essai terminé",
    "refused": "Refusée par les contrôles",
    "failed": "Échec",
    "interrupted": "Interrompue",
}
_TRIGGERS: dict[Trigger, str] = {
    "command": "en ligne de commande",
    "admin": "depuis ces pages",
    "api": "par l'interface HTTP",
    "webhook": "par un envoi au dépôt git",
    "schedule": "à l'heure dite",
}
_KINDS = {"added": "Fiche ajoutée", "changed": "Fiche modifiée", "removed": "Fiche retirée"}
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_EXPIRED = (
    "Cette page a expiré, ou n'a pas été ouverte depuis ce site. Revenez en arrière, rechargez-la et recommencez."
)


class PageRefused(Exception):
    """A page of the staff cannot be shown; the message says why, in French."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Desk:
    """What the pages, the interface and the hooks work with."""

    settings: Settings
    served: Served
    launcher: Launcher
    accounts: StaffAccounts
    sessions: Sessions
    templates: Jinja2Templates
    limit: SignInLimit = field(default_factory=SignInLimit)
    checks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CHECKS_AT_ONCE))

    @property
    def journal(self) -> RunJournal:
        """The runs of this data directory."""
        return RunJournal(self.settings.data_dir)

    def show(self, request: Request, page: str, status: int = 200, **content: object) -> Response:
        """A page, with what every page shows."""
        session = request.state.session
        common = {
            "centre": self.settings.centre_name,
            "staff": session.name if session else "",
            "token": self.sessions.make_token(session.id) if session else "",
            "message": session.take_message() if session else "",
        }
        return self.templates.TemplateResponse(request, page, {**common, **content}, status)


def add_admin(app: FastAPI, settings: Settings, served: Served, launcher: Launcher) -> None:
    """Add the staff's pages and interface to the application, with their files and the gate before them."""
    accounts = StaffAccounts(settings.data_dir)
    sessions = Sessions(read_secret(settings), accounts)
    desk = Desk(settings, served, launcher, accounts, sessions, _open_templates())

    @app.exception_handler(PageRefused)
    async def refuse(request: Request, error: PageRefused) -> Response:
        return desk.show(request, "refused.html", error.status, reason=str(error))

    app.include_router(make_admin(desk))
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    app.add_middleware(StaffGate, sessions=sessions, token=settings.admin_token.get_secret_value())


def make_admin(desk: Desk) -> APIRouter:
    """Every route of the staff. `StaffGate` must stand before them."""
    router = APIRouter()
    for part in (_make_sign_in(desk), _make_runs(desk), _make_versions(desk), _make_interface(desk), _make_hooks(desk)):
        router.include_router(part)

    @router.get(PAGES + "/{rest:path}", include_in_schema=False)
    def unknown(rest: str) -> Response:
        if rest:
            raise PageRefused(404, "Cette page n'existe pas.")
        return RedirectResponse(PAGES)

    return router


def _make_sign_in(desk: Desk) -> APIRouter:
    """The pages of signing in and out."""
    router = APIRouter(include_in_schema=False)

    def show_form(request: Request, status: int = 200, **content: object) -> Response:
        key = desk.sessions.unseal(request.cookies.get(SIGN_IN_COOKIE, "")) or secrets.token_urlsafe(32)
        try:
            names = desk.accounts.list_names()
        except StaffWrong as error:
            names, content["error"] = [], str(error)
        shown: dict[str, object] = {"error": "", "name": "", "next_page": "", "left": False, "has_staff": bool(names)}
        token = desk.sessions.make_token(key)
        answer = desk.show(request, "sign_in.html", status, **{**shown, **content, "token": token})
        _set_cookie(request, answer, SIGN_IN_COOKIE, desk.sessions.seal(key), SIGN_IN)
        return answer

    @router.get(SIGN_IN)
    def sign_in_page(request: Request, suite: str = "", sortie: str = "") -> Response:
        if request.state.session:
            return RedirectResponse(_our_page(suite), 303)
        return show_form(request, next_page=_our_page(suite), left=bool(sortie))

    @router.post(SIGN_IN)
    async def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
    ) -> Response:
        if not desk.sessions.is_token(csrf, desk.sessions.unseal(request.cookies.get(SIGN_IN_COOKIE, ""))):
            raise PageRefused(403, _EXPIRED)
        content = {"name": name[:64], "next_page": _our_page(suite)}
        address = request.client.host if request.client else ""
        if not desk.limit.take(name, address):
            wait = "Trop d'essais : attendez cinq minutes, puis recommencez."
            answer = show_form(request, 429, error=wait, **content)
            answer.headers["Retry-After"] = "300"
            return answer
        try:
            async with desk.checks:
                known = await asyncio.to_thread(desk.accounts.check, name, password)
        except StaffWrong as error:
            return show_form(request, 503, error=str(error), **content)
        if known is None:
            _log.warning("A sign-in of staff was refused")
            return show_form(request, 403, error="Ce nom ou ce mot de passe n'est pas le bon.", **content)
        desk.limit.forget(name, address)
        return _let_in(desk, request, known, _our_page(suite))

    @router.post(f"{PAGES}/deconnexion", dependencies=[Depends(_form_check(desk))])
    def sign_out(request: Request) -> Response:
        desk.sessions.close(request.state.session)
        answer = RedirectResponse(f"{SIGN_IN}?sortie=1", 303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    return router


def _let_in(desk: Desk, request: Request, name: str, page: str) -> Response:
    """Open a session and lead to the page that was wanted."""
    if request.state.session:
        desk.sessions.close(request.state.session)
    session = desk.sessions.open(name)
    _log.info("%s of the staff signed in", name)
    answer = RedirectResponse(page, 303)
    _set_cookie(request, answer, COOKIE, desk.sessions.seal(session.id), "/")
    return answer


def _make_runs(desk: Desk) -> APIRouter:
    """The page of what is served, and the pages of the reindexings."""
    router = APIRouter(prefix=PAGES, include_in_schema=False, dependencies=[Depends(_form_check(desk))])

    @router.get("")
    def dashboard(request: Request) -> Response:
        return _show_dashboard(desk, request)

    @router.post("/reindexations")
    def start(
        request: Request, dry_run: Annotated[bool, Form()] = False, force: Annotated[bool, Form()] = False
    ) -> Response:
        try:
            run = _start(desk, "admin", dry_run=dry_run, force=force)
        except ReindexRunning as error:
            return _show_dashboard(desk, request, 409, str(error))
        _log.info("%s of the staff started reindexing %s", request.state.session.name, run.id)
        return RedirectResponse(f"{PAGES}/reindexations/{run.id}", 303)

    @router.get("/reindexations/{run_id}.csv")
    def report(run_id: str) -> Response:
        run = _find_run(desk, run_id)
        headers = {"Content-Disposition": f'attachment; filename="reindexation-{run.id}.csv"'}
        return Response(write_report(run), media_type="text/csv; charset=utf-8", headers=headers)

    @router.get("/reindexations/{run_id}")
    def show_run(request: Request, run_id: str) -> Response:
        run = _find_run(desk, run_id)
        changes = _show_changes(run.report) if run.report else {}
        return desk.show(request, "run.html", run=run, report=run.report, changes=changes, at_work=_is_at_work(run))

    return router


def _start(desk: Desk, trigger: Trigger, *, dry_run: bool, force: bool) -> Run:
    """Start a reindexing, or raise ReindexRunning. The program of one that is over may take a moment to end."""
    for _ in range(_PATIENCE):
        if not desk.launcher.is_busy() or desk.journal.is_busy() or _find_at_work(desk.journal.list_runs()):
            break
        time.sleep(0.1)
    return desk.launcher.start(trigger, dry_run=dry_run, force=force)


def _show_dashboard(desk: Desk, request: Request, status: int = 200, error: str = "") -> Response:
    settings, served = desk.settings, desk.served.knowledge().index.manifest
    sources: list[Source] = []
    source_error = ""
    try:
        sources = settings_sources(settings)
    except (Refusal, OSError) as wrong:
        source_error = str(wrong)
    runs = desk.journal.list_runs()[:_RUNS_SHOWN]
    at_work = _find_at_work(runs)
    return desk.show(
        request,
        "dashboard.html",
        status,
        error=error,
        served=served,
        current=current_version(settings.index_dir),
        versions=list_versions(settings.index_dir),
        settings=settings,
        sources=sources,
        source_error=source_error,
        has_hook=bool(settings.webhook_secret.get_secret_value()),
        runs=runs,
        busy=desk.journal.is_busy() or bool(at_work and desk.launcher.is_busy()),
        at_work=at_work,
    )


def _make_versions(desk: Desk) -> APIRouter:
    """Going back to a version, once confirmed."""
    router = APIRouter(prefix=PAGES + "/versions", include_in_schema=False, dependencies=[Depends(_form_check(desk))])

    def find(version: str) -> Manifest:
        kept = {manifest.version: manifest for manifest in list_versions(desk.settings.index_dir)}
        if version not in kept:
            raise PageRefused(404, "Cette version n'est plus gardée, ou n'a jamais existé.")
        return kept[version]

    def show(request: Request, manifest: Manifest, status: int = 200, error: str = "") -> Response:
        current = current_version(desk.settings.index_dir)
        return desk.show(request, "roll_back.html", status, manifest=manifest, current=current, error=error)

    @router.get("/{version}/retour")
    def confirm(request: Request, version: str) -> Response:
        return show(request, find(version))

    @router.post("/{version}/retour")
    def go_back(request: Request, version: str) -> Response:
        manifest = find(version)
        try:
            _roll_back(desk, version)
        except Refusal as error:
            return show(request, manifest, 409, str(error))
        session = request.state.session
        _log.info("%s of the staff rolled back to version %s", session.name, version)
        session.message = f"La version {version} est remise en service."
        return RedirectResponse(PAGES, 303)

    return router


def _roll_back(desk: Desk, version: str | None) -> Manifest:
    """Put a version back in service and serve it here at once; other servers take it within seconds."""
    with desk.journal.alone():
        manifest = roll_back(desk.settings.index_dir, desk.settings.embedding_model, version)
    desk.served.refresh()
    return manifest


# --- by HTTP ---


class ReindexRequest(BaseModel):
    """How to reindex."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False
    force: bool = False


class RollbackRequest(BaseModel):
    """The version to put back in service; the one before the current one when it is not named."""

    model_config = ConfigDict(extra="forbid")

    version: str | None = None


def _make_interface(desk: Desk) -> APIRouter:
    """The same by HTTP, with a session and its X-CSRF-Token, or with the token of the settings."""
    router = APIRouter(prefix=API, tags=["équipe"], dependencies=[Depends(_need_gate)])
    no_request = ReindexRequest()
    no_version = RollbackRequest()

    @router.post("/reindex", status_code=202, summary="Lance une réindexation")
    def reindex(body: Annotated[ReindexRequest, Body()] = no_request) -> dict[str, Any]:
        try:
            return {"run": _start(desk, "api", dry_run=body.dry_run, force=body.force).id}
        except ReindexRunning as error:
            raise HTTPException(409, str(error)) from error

    @router.get("/runs", summary="Les réindexations, la plus récente d'abord")
    def runs() -> dict[str, Any]:
        long = {"report": {"changes", "rejected", "notices"}}
        listed = [run.model_dump(mode="json", exclude=long) for run in desk.journal.list_runs()]
        return {"busy": desk.launcher.is_busy(), "runs": listed}

    @router.get("/runs/{run_id}", summary="Une réindexation : où elle en est, ou ce qu'elle a fait")
    def run(run_id: str) -> dict[str, Any]:
        found = desk.journal.find_run(run_id)
        if found is None:
            raise HTTPException(404, "Il n'y a pas de réindexation avec cet identifiant.")
        # What is left, in words: the page shows them as they are.
        return {**found.model_dump(mode="json"), "left": _say_left(found.seconds_left)}

    @router.get("/versions", summary="Les versions gardées, la plus récente d'abord")
    def versions() -> dict[str, Any]:
        shown = {"version", "created", "source", "layout", "model", "practices", "pages", "passages", "recall"}
        current = current_version(desk.settings.index_dir)
        rows = [
            {**each.model_dump(mode="json", include=shown), "current": each.version == current}
            for each in list_versions(desk.settings.index_dir)
        ]
        return {"current": current, "served": desk.served.knowledge().index.manifest.version, "versions": rows}

    @router.post("/rollback", summary="Remet une version gardée en service")
    def rollback(body: Annotated[RollbackRequest, Body()] = no_version) -> dict[str, Any]:
        try:
            return {"version": _roll_back(desk, body.version).version, "promoted": True}
        except IndexMissing as error:
            raise HTTPException(404, str(error)) from error
        except Refusal as error:
            raise HTTPException(409, str(error)) from error

    return router


# --- hooks of git servers ---


class Deliveries:
    """The pushes already taken, by the digest of what was signed: the ids of deliveries are not signed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def take(self, signed: bytes) -> bool:
        """Note a push; False when it was here before."""
        digest = hashlib.sha256(signed).hexdigest()
        with self._lock:
            known = self._read()
            if digest in known:
                return False
            write_private(self._path, json.dumps([*known, digest][-_HOOKS_KNOWN:]))
            return True

    def _read(self) -> list[str]:
        try:
            return [str(digest) for digest in json.loads(self._path.read_bytes())]
        except (OSError, ValueError, TypeError):  # absent, or spoilt: a replay starts one useless reindexing
            return []


def _make_hooks(desk: Desk) -> APIRouter:
    """The address that GitHub, GitLab, Gitea and Forgejo tell of each push."""
    router = APIRouter(tags=["équipe"])
    deliveries = Deliveries(desk.settings.data_dir / "webhooks.json")

    def take(ref: str, signed: bytes) -> dict[str, Any]:
        if not _is_wanted(ref, desk.settings):
            return {"run": None, "detail": "Cette branche n'est pas celle que l'assistant lit."}
        if not deliveries.take(signed):
            raise HTTPException(409, "Cet envoi a déjà été reçu.")
        run = desk.launcher.request("webhook")
        waits = "Une réindexation est en cours : celle-ci la suivra."
        return {"run": run.id if run else None, "detail": "" if run else waits}

    @router.post(WEBHOOK, status_code=202, summary="Reçoit les envois d'un dépôt git", response_model=None)
    async def webhook(request: Request) -> Response | dict[str, Any]:
        secret = desk.settings.webhook_secret.get_secret_value()
        if not secret:
            raise HTTPException(404, "Les envois de dépôts git ne sont pas activés (ASSISTANT_WEBHOOK_SECRET).")
        body = await request.body()
        signed = find_signed(request.headers, body, secret, time.time())
        if signed is None:
            raise HTTPException(401, "La signature de cet envoi n'est pas la bonne.")
        event = _find_event(request.headers)
        if event == "ping":
            return Response(status_code=200)
        ref = _read_ref(body, request.headers) if event in _PUSHES else ""
        return await asyncio.to_thread(take, ref, signed) if ref else Response(status_code=204)

    return router


def find_signed(headers: Headers, body: bytes, secret: str, now: float) -> bytes | None:
    """What the sender signed with our secret; None when a signature is wrong, too old or absent."""
    # GitLab sends the other two headers of the standard with every hook, signed or not.
    if given := headers.get("webhook-signature"):
        return _check_standard(given, headers, body, secret, now)
    for name in ("x-forgejo-signature", "x-gitea-signature", "x-hub-signature-256"):
        if given := headers.get(name):
            expected = hmac.new(secret.encode(), body, "sha256").hexdigest()
            return body if _is_same(given.removeprefix("sha256=").lower(), expected) else None
    if _is_same(headers.get("x-gitlab-token", ""), secret):
        # Whoever knows the secret may say anything: the id tells two pushes of the same commits apart.
        return headers.get("x-gitlab-event-uuid", "").encode() + b"." + body
    return None


def _check_standard(given: str, headers: Headers, body: bytes, secret: str, now: float) -> bytes | None:
    """What was signed as the Standard Webhooks specification has it."""
    try:
        sent = int(headers.get("webhook-timestamp", ""))
        key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    except ValueError:
        return None
    if abs(now - sent) > _HOOK_AGE:
        return None
    signed = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode()
    signatures = [part.removeprefix("v1,") for part in given.split() if part.startswith("v1,")]
    return signed if any(_is_same(signature, expected) for signature in signatures) else None


def _is_same(given: str, expected: str) -> bool:
    """Whether a header is this, in a time that does not tell how much of it is."""
    return hmac.compare_digest(given.encode("latin-1", "replace"), expected.encode())


def _find_event(headers: Headers) -> str:
    names = ("x-forgejo-event", "x-gitea-event", "x-github-event", "x-gitlab-event")
    return next((headers[name] for name in names if name in headers), "").strip().lower()


def _read_ref(body: bytes, headers: Headers) -> str:
    """The branch or tag that was pushed, "" when this is no push."""
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        body = parse_qs(body).get(b"payload", [b""])[0]
    try:
        content = json.loads(body)
    except ValueError:
        return ""
    ref = content.get("ref") if isinstance(content, dict) else None
    return ref if isinstance(ref, str) else ""


def _is_wanted(ref: str, settings: Settings) -> bool:
    """Whether a source may have changed: one that names no branch may, whatever was pushed."""
    try:
        branches = {_find_branch(source.address) for source in settings_sources(settings)}
    except (Refusal, OSError):  # the reindexing will say what is wrong
        return True
    return "" in branches or re.sub(r"^refs/(heads|tags)/", "", ref) in branches


def _find_branch(address: str) -> str:
    """The branch or tag that the address of a source names."""
    if Path(address).expanduser().exists():
        return ""
    return address.partition("#")[2].partition(":")[0]


# --- report ---


@dataclass(frozen=True)
class Piece:
    """A piece of a text: as it was, added, removed, or left out here because nothing changed in it."""

    kind: Literal["same", "added", "removed", "cut"]
    text: str = ""


@dataclass(frozen=True)
class ShownChange:
    """A sheet that changes, with the differences of its fields when they are shown."""

    change: SheetChange
    fields: tuple[tuple[str, list[Piece]], ...]


_SENTENCE = re.compile(r"[^.!?;\n]*[.!?;\n]+\s*|[^.!?;\n]+$")
_WORD = re.compile(r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)\S*|\S+)\s*|\s+")  # « 34 000 » is one
_CONTEXT = 90  # characters shown around a change
_LONGEST_PIECE = 1500
_MOST_PIECES = 400
_MOST_PAIRS = 4_000_000  # words before times words after: beyond, sentences are shown whole


def find_difference(before: str, after: str) -> list[Piece]:
    """What changed between two texts, word by word, with some words around; the rest is cut."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    pairs: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        pairs += [(gone, come)] if kind == "equal" else _compare_words(gone, come)
    pieces: list[Piece] = []
    for number, (gone, come) in enumerate(pairs):
        if gone == come:
            pieces += _cut_same(gone, starts=number == 0, ends=number == len(pairs) - 1)
        else:
            pieces += _mark_changed(gone, come)
    return pieces if len(pieces) <= _MOST_PIECES else [*pieces[:_MOST_PIECES], Piece("cut")]


def _compare_words(gone: str, come: str) -> list[tuple[str, str]]:
    """Pairs of pieces before and after; texts with little in common are one pair, which reads better."""
    old, new = _WORD.findall(gone), _WORD.findall(come)
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return [(gone, come)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return [(gone, come)]
    pairs: list[tuple[str, str]] = []
    for _, a, b, c, d in matcher.get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        # A lone « de » between two changes belongs to them.
        lone = before == after and len(before.strip()) <= 3 and b < len(old)
        if pairs and (lone or before != after) and pairs[-1][0] != pairs[-1][1]:
            pairs[-1] = (pairs[-1][0] + before, pairs[-1][1] + after)
        else:
            pairs.append((before, after))
    return pairs


def _cut_same(text: str, *, starts: bool, ends: bool) -> list[Piece]:
    """What did not change, as far as it helps to read what did."""
    if len(text) <= 2 * _CONTEXT + 40:
        return [Piece("same", text)]
    head, tail = text[:_CONTEXT].rpartition(" ")[0], text[-_CONTEXT:].partition(" ")[2]
    pieces = [] if starts else [Piece("same", head)]
    pieces.append(Piece("cut"))
    return pieces if ends else [*pieces, Piece("same", tail)]


def _mark_changed(gone: str, come: str) -> list[Piece]:
    """What goes, then what comes; the space that follows both stays out."""
    space = come[len(come.rstrip()) :]
    if space and gone.rstrip() + space == gone:
        return [*_mark_changed(gone.rstrip(), come.rstrip()), Piece("same", space)]
    return _cut_changed("removed", gone) + _cut_changed("added", come)


def _cut_changed(kind: Literal["added", "removed"], text: str) -> list[Piece]:
    if len(text) <= _LONGEST_PIECE:
        return [Piece(kind, text)] if text else []
    return [Piece(kind, text[:_LONGEST_PIECE].rpartition(" ")[0]), Piece("cut")]


def _show_changes(report: Report) -> dict[str, list[ShownChange]]:
    """The sheets that change, by what happens to them."""
    shown: dict[str, list[ShownChange]] = {"added": [], "changed": [], "removed": []}
    for change in report.changes:
        told = change.kind == "changed" and len(shown["changed"]) < _CHANGES_SHOWN
        fields = tuple((each.name, find_difference(each.before, each.after)) for each in change.fields if told)
        shown[change.kind].append(ShownChange(change, fields))
    return shown


def write_report(run: Run) -> bytes:
    """The report as a table that a spreadsheet opens in French, and that makes it run nothing."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    header = ("Rubrique", "Fiche", "Titre", "Champ", "Avant", "Après", "Fichier", "Ligne", "Colonne", "Détail")
    writer.writerow(header)
    for row in _list_rows(run):
        writer.writerow([_make_harmless(row.get(name, "")) for name in header])
    return text.getvalue().encode("utf-8-sig")


def _make_harmless(text: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it starts with."""
    text = text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
    return f"'{text}" if text.startswith(_FORMULA) else text


def _list_rows(run: Run) -> Iterator[Mapping[str, str]]:
    yield {"Rubrique": "Réindexation", "Champ": "État", "Après": _STATUSES[run.status], "Détail": run.error}
    yield {"Rubrique": "Réindexation", "Champ": "Début", "Après": _say_date(run.started)}
    report = run.report
    if report is None:
        return
    for name, count in _count_all(report):
        yield {"Rubrique": "Bilan", "Champ": name, "Après": count}
    for question in report.golden.missed:
        yield {"Rubrique": "Question témoin", "Fiche": ", ".join(question.sheets), "Détail": question.question}
    for change in report.changes:
        about = {"Rubrique": _KINDS[change.kind], "Fiche": change.sheet, "Titre": change.title}
        fields = change.fields or (FieldChange(name="", before="", after=""),)
        for each in fields:
            yield {**about, "Champ": each.name, "Avant": each.before, "Après": each.after}
    yield from _list_remarks("Écarté", report.rejected)
    yield from _list_remarks("À vérifier", report.notices)


def _list_remarks(heading: str, remarks: Sequence[Remark]) -> Iterator[Mapping[str, str]]:
    for each in remarks:
        row = str(each.row or "")
        yield {"Rubrique": heading, "Fichier": each.file, "Ligne": row, "Colonne": each.column, "Détail": each.reason}


def _count_all(report: Report) -> list[tuple[str, str]]:
    """Every count of a report, with its name."""
    sheets, passages, documents = report.sheets, report.passages, report.documents
    counts: dict[str, object] = {
        "Version": report.version,
        "Fiches": sheets.total,
        "Fiches ajoutées": sheets.added,
        "Fiches modifiées": sheets.changed,
        "Fiches retirées": sheets.removed,
        "Fiches inchangées": sheets.unchanged,
        "Pages sur le centre": report.pages,
        "Passages publics": passages.public,
        "Passages réservés aux adhérents": passages.members,
        "Passages lus par le modèle": passages.embedded,
        "Passages repris": passages.reused,
        "PDF lus": documents.read,
        "PDF protégés par mot de passe": documents.locked,
        "PDF illisibles": documents.unreadable,
        "PDF absents": documents.missing,
        "Lignes et fichiers écartés": len(report.rejected),
        "Points à vérifier": len(report.notices),
        "Durée en secondes": report.seconds.get("total", ""),
    }
    return [(name, str(count)) for name, count in counts.items()]


# --- what the routes share ---


def _form_check(desk: Desk) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses forms that this session was not shown."""

    async def check(request: Request) -> None:
        _need_gate(request)
        if request.method == "POST":
            token = (await request.form()).get("csrf", "")
            session = request.state.session
            if session is None or not desk.sessions.is_token(str(token), session.id):
                raise PageRefused(403, _EXPIRED)

    return check


def _need_gate(request: Request) -> None:
    """Without the gate nobody was asked who they are: then nobody passes."""
    if not hasattr(request.state, "session"):
        raise HTTPException(500, "Les pages de l'équipe ne sont pas gardées.")


def _find_run(desk: Desk, run_id: str) -> Run:
    run = desk.journal.find_run(run_id)
    if run is None:
        raise PageRefused(404, "Cette réindexation n'existe pas, ou n'est plus gardée.")
    return run


def _is_at_work(run: Run) -> bool:
    return run.status in ("starting", "running")


def _find_at_work(runs: Sequence[Run]) -> Run | None:
    return next((run for run in runs if _is_at_work(run)), None)


def _our_page(path: str) -> str:
    """The page to go to after signing in: one of ours, whatever the address says."""
    return path if _OUR_PAGE.fullmatch(path) and not path.startswith(SIGN_IN) else PAGES


def _set_cookie(request: Request, answer: Response, name: str, value: str, path: str) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(
        name, value, int(LASTS.total_seconds()), path=path, secure=secure, httponly=True, samesite="strict"
    )


def _open_templates() -> Jinja2Templates:
    loader = FileSystemLoader(_HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "date": _say_date,
        "number": _say_number,
        "count": _say_count,
        "percent": _say_percent,
        "left": _say_left,
        "delay": _say_delay,
        "duration": _say_duration,
        "address": show_address,
    }
    environment.globals |= {
        "STATUSES": _STATUSES,
        "TRIGGERS": _TRIGGERS,
        "mark": _mark_file,
        "in_paris": _open_zone() is not None,
    }
    return Jinja2Templates(env=environment)


@lru_cache
def _mark_file(name: str) -> str:
    """The address of one of our files, another when its content is another."""
    digest = hashlib.sha256((_HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


# --- words ---


@lru_cache
def _open_zone() -> ZoneInfo | None:
    try:
        return ZoneInfo("Europe/Paris")
    except ZoneInfoNotFoundError:
        return None


def _say_date(iso: str) -> str:
    """A moment in France: "1er mars 2026 à 9 h 05"."""
    moment = datetime.fromisoformat(iso).astimezone(_open_zone() or UTC)
    day = "1er" if moment.day == 1 else str(moment.day)
    zone = "" if _open_zone() else " (UTC)"
    return f"{day} {_MONTHS[moment.month - 1]} {moment.year} à {moment.hour}\u00a0h\u00a0{moment.minute:02}{zone}"


def _say_number(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _say_count(number: int, one: str, many: str = "") -> str:
    return f"{_say_number(number)} {one if number < 2 else many or one + 's'}"


def _say_percent(share: float) -> str:
    return f"{round(share * 100)} %"


def _say_delay(delay: timedelta) -> str:
    """ "6 heures", "30 minutes"."""
    minutes = int(delay.total_seconds() // 60)
    for size, name in ((1440, "jour"), (60, "heure")):
        if minutes % size == 0:
            return _say_count(minutes // size, name)
    return _say_count(minutes, "minute")


def _say_duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _say_count(rest, "seconde") if rest else "moins d'une seconde"
    return f"{_say_count(minutes, 'minute')} {_say_count(rest, 'seconde') if rest else ''}".rstrip()


def _say_left(seconds: float | None) -> str:
    """What is left, as one says it; "" when it is not known, or nothing."""
    if not seconds:
        return ""
    if seconds < 10:
        return "moins de 10 secondes"
    if seconds < 55:
        return f"environ {round(seconds / 10) * 10} secondes"
    if seconds < 5400:
        return f"environ {_say_count(max(1, round(seconds / 60)), 'minute')}"
    return f"environ {_say_count(round(seconds / 3600), 'heure')}"
