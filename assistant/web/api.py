"""HTTP interface: the same answers, hits and sheets as the command line, for visitors."""

import logging
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import to_json

from assistant.answer import Answer, Delta, answer, answer_turns, stream_answer
from assistant.computing import computing
from assistant.dialogue.conversation import Turn, make_standalone
from assistant.exports.export import MEDIA_TYPES, Letterhead, Note, export_answer, export_sheets
from assistant.observing.observer import Observer
from assistant.question import LONGEST_QUESTION, tidy_question
from assistant.search import find_sought
from assistant.served import Served
from assistant.shapes import hit_to_json, sheet_to_json, summary_to_json
from assistant.web.problems import UNREACHABLE
from index.filters import Filters
from index.versions import IndexUnreachable

_LONGEST_ID = 200
_TURNS = 20
_SHEETS = 100

Question = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION, pattern=r"\S")]
SheetId = Annotated[str, Field(max_length=_LONGEST_ID)]
_log = logging.getLogger(__name__)

Form = Annotated[
    Literal["json", "markdown", "docx"],
    Query(alias="format", description="json, ou un fichier à emporter : markdown, docx (Word)"),
]

_NO_FILTERS = Filters()
_NOTES: dict[str, Any] = {media_type.partition(";")[0]: {} for media_type in MEDIA_TYPES.values()}
_FORMS: dict[int | str, dict[str, Any]] = {200: {"content": _NOTES}}
_FORMS_AND_EVENTS: dict[int | str, dict[str, Any]] = {200: {"content": {**_NOTES, "text/event-stream": {}}}}


def _read_filters(
    porteur: Annotated[list[str] | None, Query()] = None,
    demarche: Annotated[list[str] | None, Query()] = None,
    thematique: Annotated[list[str] | None, Query()] = None,
    annee: Annotated[list[int] | None, Query()] = None,
    source: Annotated[str, Query()] = "",
    departement: Annotated[list[str] | None, Query()] = None,
    region: Annotated[list[str] | None, Query()] = None,
) -> Filters:
    """The filters of an address: a key may come several times ("porteur=PV&porteur=VM"); empty ones say nothing."""
    return Filters(
        porteur=tuple(filter(None, porteur or ())),
        demarche=tuple(filter(None, demarche or ())),
        thematique=tuple(filter(None, thematique or ())),
        annee=tuple(filter(None, annee or ())),
        source=source,
        departement=tuple(filter(None, departement or ())),
        region=tuple(filter(None, region or ())),
    )


class Said(BaseModel):
    """What the person says in one turn of a conversation."""

    user: Question


class Earlier(BaseModel):
    """An earlier turn, as its answer gave it: the sheets, those that the text showed if known, the filters removed."""

    model_config = ConfigDict(extra="forbid")

    query: Question
    sheets: list[SheetId] = Field(default=[], max_length=_SHEETS)
    shown: list[SheetId] = Field(default=[], max_length=_SHEETS)
    ignored: Filters = _NO_FILTERS

    def as_turn(self) -> Turn:
        """The same as the conversation takes it."""
        return Turn(query=self.query, sheets=tuple(self.sheets), shown=tuple(self.shown), ignored=self.ignored)


class AskRequest(BaseModel):
    """A question, after the turns of `history` if any, oldest first; or all the questions of a conversation, `turns`.

    `filters` are strict; `ignored` are those understood that the person removed.
    """

    model_config = ConfigDict(extra="forbid")

    id: str = Field(default="", max_length=_LONGEST_ID)
    query: Question | None = None
    history: list[Earlier] = Field(default=[], max_length=_TURNS)
    turns: list[Said] | None = Field(default=None, min_length=1, max_length=_TURNS)
    filters: Filters | None = None
    ignored: Filters = _NO_FILTERS

    @model_validator(mode="after")
    def _one_of_both(self) -> "AskRequest":
        if (self.query is None) == (self.turns is None):
            raise ValueError("donnez « query » ou « turns »")
        return self


def make_api(served: Served, centre_name: str, observer: Observer) -> APIRouter:
    """The routes that answer from what is served, which is the public's. Each request keeps to one version.

    `centre_name` heads the notes that people take away.
    """
    router = APIRouter()

    @router.post("/api/ask", summary="Répond à une question, avec ses sources", responses=_FORMS_AND_EVENTS)
    async def ask(body: AskRequest, request: Request, form: Form = "json") -> Response:
        knowledge = served.knowledge()
        if form != "json" and not body.query:
            raise HTTPException(422, "format : une note répond à une seule question, donnez « query »")
        if body.turns:
            answers = await answer_turns([turn.user for turn in body.turns], knowledge, body.filters)
            for each in answers:
                observer.note(each, "api", knowledge.index.access)
            return _json({"id": body.id, "turns": [_answer_to_json(body.id, each) for each in answers]})
        history = [turn.as_turn() for turn in body.history]
        if form == "json" and "text/event-stream" in request.headers.get("accept", ""):
            events = stream_answer(body.query or "", knowledge, body.filters, history, body.ignored)
            sent = _send(body.id, observer.follow(events, "api", knowledge.index.access))
            return StreamingResponse(sent, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        given = await answer(body.query or "", knowledge, body.filters, history, body.ignored)
        observer.note(given, "api", knowledge.index.access)
        if form != "json":
            head = Letterhead(centre_name, knowledge.contact, date.today())
            return _attach(export_answer(body.query or "", given, knowledge.index, head, form))
        return _json(_answer_to_json(body.id, given))

    @router.get("/api/search", summary="Cherche les fiches qui répondent à une question")
    async def search(
        query: Annotated[Question | None, Query()] = None,
        q: Annotated[Question | None, Query(description="Autre nom de query")] = None,
        top: Annotated[int, Query(ge=1, le=100)] = 10,
        filters: Annotated[Filters, Depends(_read_filters)] = _NO_FILTERS,
    ) -> Response:
        question = query or q
        if question is None:
            raise HTTPException(422, "query : écrivez une question")
        wanted = filters if filters.to_json() else None
        knowledge = served.knowledge()
        sought = await computing(make_standalone, tidy_question(question), (), knowledge.index)
        hits = await computing(find_sought, sought, knowledge, wanted, top)
        every = {**sought.understood.filters.to_json(), **filters.to_json()}
        version = knowledge.index.manifest.version
        shown = [hit_to_json(hit) for hit in hits]
        return _json({"id": "", "version": version, "filters": every, "hits": shown})

    @router.get(
        "/api/sheets", summary="Les fiches, filtrées et par pages ; toutes ensemble dans un fichier", responses=_FORMS
    )
    def sheets(
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        filters: Annotated[Filters, Depends(_read_filters)] = _NO_FILTERS,
        form: Form = "json",
    ) -> Response:
        knowledge = served.knowledge()
        found = [sheet for sheet in knowledge.index.practices if filters.accept(sheet)]
        if form != "json":
            head = Letterhead(centre_name, knowledge.contact, date.today())
            return _attach(export_sheets(found, filters, knowledge.index, head, form))
        page = [summary_to_json(sheet) for sheet in found[offset : offset + limit]]
        return _json({"total": len(found), "filters": filters.to_json(), "sheets": page})

    @router.get("/api/sheets/{sheet_id:path}", summary="Une fiche")
    def sheet(sheet_id: str) -> Response:
        index = served.knowledge().index
        found = index.find_sheet(sheet_id)
        if found is None:
            raise HTTPException(404, "Il n'y a pas de fiche avec cet identifiant.")
        return _json(sheet_to_json(found, index))

    @router.get("/api/facets", summary="Les filtres, avec le nombre de fiches de chaque valeur")
    def facets() -> Response:
        index = served.knowledge().index
        practices = index.practices
        counted = {
            name: {
                "title": facet.title,
                "values": [
                    {
                        "code": code,
                        "label": label,
                        "count": sum(code in getattr(sheet, name) for sheet in practices),
                    }
                    for code, label in facet.labels.items()
                ],
            }
            for name, facet in index.manifest.facets.items()
        }
        return _json(counted)

    return router


async def _send(question_id: str, events: AsyncIterator[Delta | Answer]) -> AsyncIterator[bytes]:
    """Server-sent events: `text` pieces as they come, then `citations`, `filters` and `end`, the whole answer.

    Or `error`, since it is too late for the status to say that the sheets cannot be read.
    """
    try:
        async for event in events:
            if isinstance(event, Delta):
                yield _event("text", {"text": event.text})
            else:
                whole = _answer_to_json(question_id, event)
                yield _event("citations", whole["citations"])
                yield _event("filters", whole["filters"])
                yield _event("end", whole)
    except IndexUnreachable as error:
        _log.error("The index cannot be read: %s", error)
        yield _event("error", {"detail": UNREACHABLE})


def _event(name: str, data: object) -> bytes:
    return format_sse_event(event=name, data_str=to_json(data).decode())


def _answer_to_json(question_id: str, given: Answer) -> dict[str, Any]:
    return {"id": question_id, **given.model_dump(mode="json")}


def _attach(note: Note) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{note.name}"'}
    return Response(note.content, media_type=note.media_type, headers=headers)


def _json(content: object) -> Response:
    return Response(to_json(content), media_type="application/json")
