"""Pages of the staff: the links to answers, which they may remove."""

import logging

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine

from assistant.sharing.links import SharedLinks
from assistant.web.admin.session import PAGES
from assistant.web.admin.site import AdminSite, form_check

LINKS = f"{PAGES}/liens"
_A_PAGE = 50
_log = logging.getLogger(__name__)


def make_links(admin: AdminSite, engine: Engine) -> APIRouter:
    """The list of the links."""
    router = APIRouter(prefix=LINKS, include_in_schema=False, dependencies=[Depends(form_check(admin))])
    links = SharedLinks(engine, admin.settings.link_days)

    @router.get("")
    def show(request: Request, page: int = 1) -> Response:
        total = links.count()
        pages = max(1, -(-total // _A_PAGE))
        page = min(max(1, page), pages)
        listed = links.list_links((page - 1) * _A_PAGE, _A_PAGE)
        days = admin.settings.link_days
        return admin.show(request, "links.html", links=listed, total=total, number=page, pages=pages, days=days)

    @router.post("/{link_id}/supprimer")
    def remove(request: Request, link_id: str) -> Response:
        removed = links.remove_any(link_id[:40])
        _log.info("Someone of the staff removed a link")
        request.state.session.message = "Le lien est supprimé." if removed else "Ce lien n’existait plus."
        return RedirectResponse(LINKS, 303)

    return router
