"""The page of a link: an answer as it was given, what became of its sheets, and the form that removes it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from assistant.exports.written import write_down
from assistant.members.readers import Reader
from assistant.sharing.frozen import FrozenAnswer, find_changes, without_gone
from assistant.sharing.links import SHARED, SharedLink, SharedLinks
from assistant.web.pages.conversations import lead_to_sign_in
from assistant.web.pages.drawn import draw
from assistant.web.pages.site import PageMissing, Site
from assistant.web.pages.words import LINK_MISSING
from index.opened import Index

_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_WRONG_KEY = "Seul le navigateur qui a fait ce lien peut le supprimer. Sinon, demandez-le à l'équipe."


def make_shared(site: Site, links: SharedLinks) -> APIRouter:
    """The routes of these pages. Who opens a link is looked up at each request, and so are its sheets."""
    router = APIRouter(prefix=SHARED, include_in_schema=False)

    @router.get("/{link_id}")
    def show(request: Request, link_id: str) -> Response:
        link, reader = links.find(link_id[:40]), site.authentication.reader(request)
        if link is None or link.frozen is None:
            raise PageMissing(LINK_MISSING)
        if link.access == "members" and reader.member is None:
            return lead_to_sign_in(request)
        content = _content(link, link.frozen, _open_for(link, reader, site), site.settings.contact)
        page = site.show(request, "shared.html", content)
        page.headers.update(_HEADERS)
        return page

    @router.post("/{link_id}/supprimer")
    async def remove(request: Request, link_id: str, key: Annotated[str, Form(max_length=100)] = "") -> Response:
        removed = await asyncio.to_thread(links.remove, link_id[:40], key)
        if not removed:
            content = {"title": "Ce lien n’a pas été supprimé", "reason": _WRONG_KEY}
            return site.show(request, "refused.html", content, status=403)
        return site.show(request, "shared_removed.html", {})

    return router


def _open_for(link: SharedLink, reader: Reader, site: Site) -> Index:
    """The sheets that whoever opens a link may read of it: everyone's, whoever opens a link for everyone."""
    return (reader if link.access == "members" else site.authentication.readers.for_visitor()).knowledge.index


def _content(link: SharedLink, frozen: FrozenAnswer, index: Index, contact: str) -> dict[str, object]:
    changes = find_changes(frozen, index)
    written = write_down(link.question, without_gone(frozen.answer, index), index, frozen.version)
    return {
        "link": link,
        "drawn": draw(written, contact),
        "gone": sum(change.became == "gone" for change in changes),
        "changed": [(index.find_sheet(each.sheet), each.became) for each in changes if each.became != "gone"],
    }
