"""Assembly of the staff's pages, interface and hooks, behind their gate."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine

from assistant.credentials.signatures import read_secret
from assistant.members.membership import Membership
from assistant.reindexing.launcher import Launcher
from assistant.serving.served import Served
from assistant.settings import Settings
from assistant.staff.accounts import StaffAccounts
from assistant.web.admin.explaining import make_explaining
from assistant.web.admin.groups import make_groups, make_keys
from assistant.web.admin.hooks import make_hooks
from assistant.web.admin.interface import make_interface
from assistant.web.admin.links import make_links
from assistant.web.admin.members import make_members
from assistant.web.admin.notions import make_notions
from assistant.web.admin.pages import make_runs, make_versions
from assistant.web.admin.questions import make_questions, make_questions_file
from assistant.web.admin.session import PAGES, Sessions, StaffGate
from assistant.web.admin.sign_in import make_sign_in
from assistant.web.admin.site import AdminSite, PageRefused, open_admin_templates
from assistant.web.admin.tables import make_tables
from assistant.web.admin.widget import make_widget
from assistant.widget.origins import WidgetOrigins


def add_admin(
    app: FastAPI,
    settings: Settings,
    served: Served,
    launcher: Launcher,
    membership: Membership,
    database: Engine,
    origins: WidgetOrigins,
) -> None:
    """Add the staff's pages and interface to the application, with the gate before them."""
    accounts = StaffAccounts(settings.data_dir)
    sessions = Sessions(read_secret(settings), accounts)
    admin = AdminSite(settings, served, launcher, accounts, sessions, open_admin_templates())

    @app.exception_handler(PageRefused)
    async def refuse(request: Request, error: PageRefused) -> Response:
        return admin.show(request, "refused.html", error.status, reason=str(error))

    app.include_router(make_admin(admin, membership, database, origins))
    app.add_middleware(StaffGate, sessions=sessions, token=settings.admin_token.get_secret_value())


def make_admin(admin: AdminSite, membership: Membership, database: Engine, origins: WidgetOrigins) -> APIRouter:
    """Every route of the staff. `StaffGate` must stand before them."""
    router = APIRouter()
    staff = (make_sign_in(admin), make_runs(admin), make_versions(admin), make_interface(admin), make_hooks(admin))
    questions = (make_links, make_questions_file, make_groups, make_questions)
    learning = (make_explaining(admin), make_keys(admin), *(make(admin, database) for make in questions))
    for part in (
        *staff,
        make_members(admin, membership),
        make_widget(admin, origins),
        make_notions(admin),
        make_tables(admin),
        *learning,
    ):
        router.include_router(part)

    @router.get(PAGES + "/{rest:path}", include_in_schema=False)
    def unknown(rest: str) -> Response:
        if rest:
            raise PageRefused(404, "Cette page n'existe pas.")
        return RedirectResponse(PAGES)

    return router
