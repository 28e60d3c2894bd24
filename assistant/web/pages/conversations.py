"""Conversations: a member's own, found again, taken up in the chat, taken away, deleted."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from assistant.exports.export import head_note
from assistant.exports.written import write_down
from assistant.history.conversations import Conversation, History
from assistant.history.export import export_conversation
from assistant.web.pages.drawn import Drawn, draw
from assistant.web.pages.site import PageMissing, Site
from assistant.web.pages.words import EXPIRED

CONVERSATIONS = "/mes-conversations"
SIGN_IN = "/connexion"

_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Vary": "Cookie"}
_NOT_KEPT = "Cette conversation n'est plus gardée, ou n'est pas la vôtre."


class NotSignedIn(Exception):
    """Nobody that is a member asks for this page."""


class FormRefused(Exception):
    """A form was not shown in this session; the message says what to do, in French."""


@dataclass(frozen=True)
class ShownExchange:
    """An exchange as its page shows it."""

    question: str
    drawn: Drawn
    at: str


class ConversationPages:
    """What these routes share. Who asks is looked up at each request: whoever lost access reads nothing."""

    def __init__(self, site: Site, history: History) -> None:
        self.site, self.history = site, history

    def need_member(self, request: Request) -> str:
        """The id of the member who asks, or raise NotSignedIn."""
        member = self.site.member(request)
        if member is None:
            raise NotSignedIn
        return member.id

    def need_form(self, request: Request, csrf: Annotated[str, Form()] = "") -> str:
        """The id of the member who sends a form, or raise NotSignedIn or FormRefused."""
        member = self.need_member(request)
        if not self.site.authentication.is_token(request, csrf):
            raise FormRefused(EXPIRED)
        return member

    def find(self, member: str, conversation: str) -> Conversation:
        """A conversation of a member, or raise PageMissing."""
        found = self.history.read(member, conversation)
        if found is None:
            raise PageMissing(_NOT_KEPT)
        return found

    def show(self, request: Request, page: str, **content: object) -> Response:
        """A page that nobody keeps."""
        common = {"days": self.site.settings.retention_days, "token": self.site.authentication.make_token(request)}
        answer = self.site.show(request, page, {**common, **content})
        answer.headers.update(_PRIVATE)
        return answer


def make_conversations(site: Site, history: History) -> APIRouter:
    """The routes of these pages."""
    router = APIRouter(include_in_schema=False)
    pages = ConversationPages(site, history)
    for part in (_make_reading(pages), _make_deleting(pages)):
        router.include_router(part)
    return router


def _make_reading(pages: ConversationPages) -> APIRouter:
    router = APIRouter(prefix=CONVERSATIONS)
    site = pages.site
    Member = Annotated[str, Depends(pages.need_member)]  # noqa: N806 - a type, of these pages

    @router.get("")
    def list_all(
        request: Request,
        member: Member,
        q: Annotated[str, Query(max_length=200)] = "",
        fait: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        listed = pages.history.list_conversations(member, q)
        return pages.show(request, "conversations.html", listed=listed, sought=q, deleted=fait == "suppression")

    @router.get("/{conversation}.md")
    def take_away(request: Request, member: Member, conversation: str) -> Response:
        knowledge = site.directory(request).knowledge
        head = head_note(site.settings, knowledge.contact, str(request.base_url))
        note = export_conversation(pages.find(member, conversation), knowledge.index, head)
        headers = {"Content-Disposition": f'attachment; filename="{note.name}"', **_PRIVATE}
        return Response(note.content, media_type=note.media_type, headers=headers)

    @router.get("/{conversation}")
    def read(request: Request, member: Member, conversation: str) -> Response:
        found = pages.find(member, conversation)
        index = site.directory(request).knowledge.index
        shown = []
        for number, each in enumerate(found.exchanges, start=1):
            drawn = draw(write_down(each.question, each.answer, index), site.settings.contact, f"source-{number}")
            shown.append(ShownExchange(each.question, drawn, each.at.isoformat()))
        return pages.show(request, "conversation.html", conversation=found, exchanges=shown)

    return router


def _make_deleting(pages: ConversationPages) -> APIRouter:
    router = APIRouter(prefix=CONVERSATIONS)
    OfForm = Annotated[str, Depends(pages.need_form)]  # noqa: N806 - a type, of these pages

    @router.post("/supprimer")
    def delete_all(member: OfForm) -> Response:
        pages.history.delete_all(member)
        return RedirectResponse(f"{CONVERSATIONS}?fait=suppression", 303)

    @router.post("/{conversation}/supprimer")
    def delete(member: OfForm, conversation: str) -> Response:
        if not pages.history.delete(member, conversation):
            raise PageMissing(_NOT_KEPT)
        return RedirectResponse(f"{CONVERSATIONS}?fait=suppression", 303)

    return router


def lead_to_sign_in(request: Request) -> Response:
    """To the page of signing in, and back."""
    wanted = request.url.path if request.method == "GET" else CONVERSATIONS
    return RedirectResponse(f"{SIGN_IN}?suite={quote(wanted)}", 303, _PRIVATE)
