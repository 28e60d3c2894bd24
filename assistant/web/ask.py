"""Asking over HTTP: a question, or the questions of a conversation; an answer, a stream of events or a file."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import to_json

from assistant.answers.answer import Delta
from assistant.edge.authentication import Authentication
from assistant.edge.limits import Limits
from assistant.edge.problems import UNREACHABLE
from assistant.edge.visitor import find_visitor
from assistant.exports.export import export_answer, head_note
from assistant.exports.shapes import answer_to_json
from assistant.pipeline import Knowledge
from assistant.reading.earlier import LONGEST_ID, MOST_TURNS, Earlier, Question
from assistant.reading.reading import Turn
from assistant.serving.reception import Enquiry, Reception, Told
from assistant.settings import Settings
from assistant.web.replies import NOTES, Form, attach, reply
from index.filters import Filters
from index.manifest import IndexUnreachable

_log = logging.getLogger(__name__)
_NO_FILTERS = Filters()
_READ_AS_ONE = 5  # earlier turns
_FORMS: dict[int | str, dict[str, Any]] = {200: {"content": {**NOTES, "text/event-stream": {}}}}


class Said(BaseModel):
    """What the person says in one turn of a conversation."""

    user: Question


class AskRequest(BaseModel):
    """A question, after the turns of `history` if any, oldest first; or all the questions of a conversation, `turns`.

    `filters` are strict; `ignored` are those understood that the person removed.
    """

    model_config = ConfigDict(extra="forbid")

    id: str = Field(default="", max_length=LONGEST_ID)
    query: Question | None = None
    history: list[Earlier] = Field(default=[], max_length=MOST_TURNS)
    turns: list[Said] | None = Field(default=None, min_length=1, max_length=MOST_TURNS)
    filters: Filters | None = None
    ignored: Filters = _NO_FILTERS

    @model_validator(mode="after")
    def _one_of_both(self) -> "AskRequest":
        if (self.query is None) == (self.turns is None):
            raise ValueError("donnez « query » ou « turns »")
        return self

    def count_questions(self) -> int:
        """How many questions this counts for: earlier turns are read again, and several are read as one is answered."""
        return len(self.turns) if self.turns else 1 + len(self.history) // _READ_AS_ONE


def make_asking(authentication: Authentication, reception: Reception, limits: Limits, settings: Settings) -> APIRouter:
    """The route that answers each reader from what they may read. `settings` say who heads the notes taken away."""
    router = APIRouter()

    @router.post("/api/ask", summary="Répond à une question, avec ses sources", responses=_FORMS)
    async def ask(body: AskRequest, request: Request, form: Form = "json") -> Response:
        site, base = request.headers.get("origin", ""), settings.public_url or str(request.base_url).rstrip("/")
        if wait := limits.take_questions(find_visitor(request.scope), site, body.count_questions()):
            raise HTTPException(429, f"Trop de questions : attendez {wait} secondes.", {"Retry-After": str(wait)})
        knowledge = (await asyncio.to_thread(authentication.reader, request)).knowledge
        if body.turns:
            if form != "json":
                raise HTTPException(422, "format : une note répond à une seule question, donnez « query »")
            return reply({"id": body.id, "turns": await _answer_turns(body, reception, knowledge, base)})
        enquiry = Enquiry(body.query or "", body.filters, tuple(turn.as_turn() for turn in body.history), body.ignored)
        if form == "json" and "text/event-stream" in request.headers.get("accept", ""):
            events = reception.stream(enquiry, knowledge, "api")
            first = await anext(events)  # a refusal has a status of its own, before anything is sent
            sent = _send(partial(_events, body.id, base), first, events)
            return StreamingResponse(sent, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        told = await reception.answer(enquiry, knowledge, "api")
        if form != "json":
            head = head_note(settings, knowledge.contact, str(request.base_url))
            return attach(export_answer(enquiry.question, told.answer, knowledge.index, head, form))
        return reply(_describe(body.id, told, base))

    return router


async def _answer_turns(
    body: AskRequest, reception: Reception, knowledge: Knowledge, base: str
) -> list[dict[str, Any]]:
    """The answers to the questions of one conversation, each knowing what came before it."""
    history: tuple[Turn, ...] = ()
    answers = []
    for said in body.turns or ():
        told = await reception.answer(Enquiry(said.user, body.filters, history), knowledge, "api")
        history = (*history, told.answer.as_turn(said.user))
        answers.append(_describe(body.id, told, base))
    return answers


async def _send(
    write: Callable[[Delta | Told], list[bytes]], first: Delta | Told, rest: AsyncIterator[Delta | Told]
) -> AsyncIterator[bytes]:
    """Server-sent events: `text` pieces as they come, then `citations`, `filters` and `end`, the whole answer.

    Or `error`, since it is too late for the status to say that the sheets cannot be read.
    """
    for event in write(first):
        yield event
    try:
        async for each in rest:
            for event in write(each):
                yield event
    except IndexUnreachable as error:
        _log.error("The index cannot be read: %s", error)
        yield _event("error", {"detail": UNREACHABLE})


def _events(question_id: str, site: str, event: Delta | Told) -> list[bytes]:
    if isinstance(event, Delta):
        return [_event("text", {"text": event.text})]
    whole = _describe(question_id, event, site)
    return [_event("citations", whole["citations"]), _event("filters", whole["filters"]), _event("end", whole)]


def _event(name: str, data: object) -> bytes:
    return format_sse_event(event=name, data_str=to_json(data).decode())


def _describe(question_id: str, told: Told, site: str) -> dict[str, Any]:
    """An answer as it is sent, with the id by which it can be judged, "" when its question is not kept."""
    return {"id": question_id, "answer_id": told.key, **answer_to_json(told.answer, site)}
