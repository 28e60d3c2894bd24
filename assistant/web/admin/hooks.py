"""Hooks of git servers: a push to the sheets' repository starts a reindexing."""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import Headers

from assistant.credentials.private_file import write_private
from assistant.reindexing.reindex import settings_sources
from assistant.settings import Settings
from assistant.web.admin.session import WEBHOOK
from assistant.web.admin.site import AdminSite
from ingest.refusal import Refusal

_HOOK_AGE = 300  # seconds
_HOOKS_KNOWN = 1000
_LONGEST_TIME = 12  # figures
_PUSHES = frozenset({"push", "push hook", "tag push hook"})


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


def make_hooks(admin: AdminSite) -> APIRouter:
    """The address that GitHub, GitLab, Gitea and Forgejo tell of each push."""
    router = APIRouter(tags=["équipe"])
    deliveries = Deliveries(admin.settings.data_dir / "webhooks.json")

    def take(ref: str, signed: bytes) -> dict[str, Any]:
        if not _is_wanted(ref, admin.settings):
            return {"run": None, "detail": "Cette branche n'est pas celle que l'assistant lit."}
        if not deliveries.take(signed):
            raise HTTPException(409, "Cet envoi a déjà été reçu.")
        run = admin.launcher.request("webhook")
        waits = "Une réindexation est en cours : celle-ci la suivra."
        return {"run": run.id if run else None, "detail": "" if run else waits}

    @router.post(WEBHOOK, status_code=202, summary="Reçoit les envois d'un dépôt git", response_model=None)
    async def webhook(request: Request) -> Response | dict[str, Any]:
        secret = admin.settings.webhook_secret.get_secret_value()
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
    told = headers.get("webhook-timestamp", "")
    if not (told.isascii() and told.isdigit() and len(told) <= _LONGEST_TIME):
        return None
    sent = int(told)
    try:
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
    except (ValueError, RecursionError):
        return ""
    ref = content.get("ref") if isinstance(content, dict) else None
    return ref if isinstance(ref, str) else ""


def _is_wanted(ref: str, settings: Settings) -> bool:
    """Whether a source may have changed: one that names no branch may, whatever was pushed."""
    try:
        branches = {_find_branch(source.address) for source in settings_sources(settings)}
    except (Refusal, OSError):  # the reindexing will say what is wrong
        return True
    return "" in branches or ref.removeprefix("refs/heads/").removeprefix("refs/tags/") in branches


def _find_branch(address: str) -> str:
    """The branch or tag that the address of a source names."""
    if Path(address).expanduser().exists():
        return ""
    return address.partition("#")[2].partition(":")[0]
