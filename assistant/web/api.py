"""HTTP interface: the same hits and sheets as the command line, each reader with what they may read."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import ValidationError

from assistant.edge.authentication import Authentication
from assistant.exports.export import export_sheets, head_note
from assistant.exports.shapes import hit_to_json, sheet_to_json, summary_to_json
from assistant.finding.search import search as search_sheets
from assistant.process.computing import computing
from assistant.reading.earlier import Question
from assistant.reading.message import LONGEST_READING
from assistant.reading.read import read_question
from assistant.settings import Settings
from assistant.validation.messages import explain_error
from assistant.web.replies import NOTES, Form, attach, reply
from assistant.wording import QUESTION_TOO_COSTLY
from index.encoding.budget import Budget, QuestionTooCostly
from index.filters import Filters
from index.opened import Index

_NO_FILTERS = Filters()
_FORMS: dict[int | str, dict[str, Any]] = {200: {"content": NOTES}}


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
    try:
        return Filters(
            porteur=tuple(filter(None, porteur or ())),
            demarche=tuple(filter(None, demarche or ())),
            thematique=tuple(filter(None, thematique or ())),
            annee=tuple(filter(None, annee or ())),
            source=source,
            departement=tuple(filter(None, departement or ())),
            region=tuple(filter(None, region or ())),
        )
    except ValidationError as error:
        raise HTTPException(422, f"filtres : {explain_error(error.errors()[0])}") from error


def make_api(authentication: Authentication, settings: Settings) -> APIRouter:
    """The routes that show each reader what they may read. Each request keeps to one version.

    `settings` say who heads the notes that people take away.
    """
    router = APIRouter()
    for part in (_make_search(authentication), _make_sheets(authentication, settings)):
        router.include_router(part)

    @router.get("/api/facets", summary="Les filtres, avec le nombre de fiches de chaque valeur")
    def facets(request: Request) -> Response:
        return reply(_count_facets(authentication.reader(request).knowledge.index))

    return router


def _make_search(authentication: Authentication) -> APIRouter:
    router = APIRouter()

    @router.get("/api/search", summary="Cherche les fiches qui répondent à une question")
    async def search(
        request: Request,
        query: Annotated[Question | None, Query()] = None,
        q: Annotated[Question | None, Query(description="Autre nom de query")] = None,
        top: Annotated[int, Query(ge=1, le=100)] = 10,
        filters: Annotated[Filters, Depends(_read_filters)] = _NO_FILTERS,
    ) -> Response:
        question = query or q
        if question is None:
            raise HTTPException(422, "query : écrivez une question")
        wanted = filters if filters.to_json() else None
        knowledge = (await asyncio.to_thread(authentication.reader, request)).knowledge
        budget = Budget(LONGEST_READING)
        try:
            reading = await computing(budget.run, read_question, question, (), knowledge.index)
            hits = await computing(budget.run, search_sheets, reading, knowledge, wanted, top)
        except QuestionTooCostly as error:
            raise HTTPException(422, QUESTION_TOO_COSTLY) from error
        every = {**reading.understood.filters.to_json(), **filters.to_json()}
        version = knowledge.index.manifest.version
        shown = [hit_to_json(hit) for hit in hits]
        return reply({"id": "", "version": version, "filters": every, "hits": shown})

    return router


def _make_sheets(authentication: Authentication, settings: Settings) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/api/sheets", summary="Les fiches, filtrées et par pages ; toutes ensemble dans un fichier", responses=_FORMS
    )
    def sheets(
        request: Request,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        filters: Annotated[Filters, Depends(_read_filters)] = _NO_FILTERS,
        form: Form = "json",
    ) -> Response:
        knowledge = authentication.reader(request).knowledge
        found = [sheet for sheet in knowledge.index.practices if filters.accept(sheet)]
        if form != "json":
            head = head_note(settings, knowledge.contact, str(request.base_url))
            return attach(export_sheets(found, filters, knowledge.index, head, form))
        page = [summary_to_json(sheet) for sheet in found[offset : offset + limit]]
        return reply({"total": len(found), "filters": filters.to_json(), "sheets": page})

    @router.get("/api/sheets/{sheet_id:path}", summary="Une fiche")
    def sheet(request: Request, sheet_id: str) -> Response:
        index = authentication.reader(request).knowledge.index
        found = index.find_sheet(sheet_id)
        if found is None:
            raise HTTPException(404, "Il n'y a pas de fiche avec cet identifiant.")
        return reply(sheet_to_json(found, index))

    return router


def _count_facets(index: Index) -> dict[str, Any]:
    """The codes of each facet, with the number of sheets that have them."""
    practices = index.practices
    return {
        name: {
            "title": facet.title,
            "values": [
                {"code": code, "label": label, "count": sum(code in getattr(sheet, name) for sheet in practices)}
                for code, label in facet.labels.items()
            ],
        }
        for name, facet in index.manifest.facets.items()
    }
