"""The site of the staff: what their pages, interface and hooks work with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import HTTPException, Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from assistant.assembly.versions import open_writing_store
from assistant.bringing.shelf import Shelf
from assistant.french.dates import format_date, open_zone, say_date, say_delay
from assistant.french.numbers import percent
from assistant.reindexing.alarms import Alarm, find_alarms
from assistant.reindexing.launcher import Launcher
from assistant.reindexing.runs import Run, RunJournal
from assistant.serving.served import Served
from assistant.settings import Settings
from assistant.staff.accounts import StaffAccounts
from assistant.web.admin.session import Sessions
from assistant.web.admin.words import (
    STATUSES,
    TRIGGERS,
    say_duration,
    say_left,
    say_span,
)
from assistant.web.frame.templates import open_templates
from assistant.wording import describe_place
from index.manifest import Manifest
from ingest.fetch import show_address

HERE = Path(__file__).parent
EXPIRED = "Cette page a expiré, ou n'a pas été ouverte depuis ce site. Revenez en arrière, rechargez-la et recommencez."


class PageRefused(Exception):
    """A page of the staff cannot be shown; the message says why, in French."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class AdminSite:
    """What the pages, the interface and the hooks work with."""

    settings: Settings
    served: Served
    launcher: Launcher
    accounts: StaffAccounts
    sessions: Sessions
    templates: Jinja2Templates

    @property
    def journal(self) -> RunJournal:
        """The runs of this data directory."""
        return RunJournal(self.settings.data_dir)

    @property
    def shelf(self) -> Shelf:
        """The tables brought to this data directory."""
        return Shelf(self.settings.data_dir)

    def _find_alarms(self) -> list[Alarm]:
        created = self.served.knowledge().index.manifest.created
        return find_alarms(self.journal, created, self.settings.index_age)

    def show(self, request: Request, page: str, status: int = 200, **content: object) -> Response:
        """A page, with what every page shows."""
        session = request.state.session
        common = {
            "centre": self.settings.centre_name,
            "staff": session.name if session else "",
            "token": self.sessions.make_token(session.id) if session else "",
            "message": session.take_message() if session else "",
            "alarms": self._find_alarms() if session else [],
        }
        return self.templates.TemplateResponse(request, page, {**common, **content}, status)


def form_check(admin: AdminSite) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses forms that this session was not shown."""

    async def check(request: Request) -> None:
        need_gate(request)
        if request.method == "POST":
            token = (await request.form()).get("csrf", "")
            session = request.state.session
            if session is None or not admin.sessions.is_token(str(token), session.id):
                raise PageRefused(403, EXPIRED)

    return check


def need_gate(request: Request) -> None:
    """Without the gate nobody was asked who they are: then nobody passes."""
    if not hasattr(request.state, "session"):
        raise HTTPException(500, "Les pages de l'équipe ne sont pas gardées.")


def roll_back_to(admin: AdminSite, version: str | None) -> Manifest:
    """Put a version back in service and serve it here at once; other servers take it within seconds."""
    store = open_writing_store(admin.settings)
    with admin.journal.alone(), store.alone():
        manifest = store.roll_back(admin.settings.model_name, version)
        admin.shelf.go_back(manifest.version)
    admin.served.refresh()
    return manifest


def find_run(admin: AdminSite, run_id: str) -> Run:
    """The run with this id, or raise PageRefused."""
    run = admin.journal.find_run(run_id)
    if run is None:
        raise PageRefused(404, "Cette réindexation n'existe pas, ou n'est plus gardée.")
    return run


def is_at_work(run: Run) -> bool:
    """Whether a run has begun and not ended."""
    return run.status in ("starting", "running")


def find_at_work(runs: Sequence[Run]) -> Run | None:
    """The run at work, if there is one."""
    return next((run for run in runs if is_at_work(run)), None)


def open_admin_templates() -> Jinja2Templates:
    """The templates of the staff's pages."""
    filters: dict[str, Callable[..., str]] = {
        "date": say_date,
        "percent": percent,
        "left": say_left,
        "day": format_date,
        "delay": say_delay,
        "span": say_span,
        "duration": say_duration,
        "address": show_address,
        "place": describe_place,
    }
    names = {"STATUSES": STATUSES, "TRIGGERS": TRIGGERS, "in_paris": open_zone() is not None}
    return open_templates((HERE / "templates",), filters, names)
