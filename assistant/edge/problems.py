"""Errors of the HTTP interface, as application/problem+json (RFC 9457), in French."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from assistant.serving.reception import TooBusy
from assistant.store.faults import is_failure, name_failure
from assistant.validation.messages import explain_error
from index.manifest import IndexUnreachable

# The error itself names the database, which is nobody's business.
UNREACHABLE = "Les fiches ne peuvent pas être lues en ce moment. Réessayez dans un instant."
NOTHING_HERE = "Il n'y a rien à cette adresse."
NO_DATABASE = (
    "Ce qui est gardé des adhérents, des conversations et des avis ne peut être ni lu ni écrit en ce moment. "
    "Les fiches et l'assistant restent ouverts à tous ; réessayez dans un instant."
)
_log = logging.getLogger(__name__)
_FIELDS = {"type": "string", "title": "string", "status": "integer", "detail": "string"}
_SCHEMA = {
    "type": "object",
    "required": list(_FIELDS),
    "properties": {name: {"type": kind} for name, kind in _FIELDS.items()},
}
# What the description of the interface says of the errors of every route.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Une erreur, dite en français",
        "content": {"application/problem+json": {"schema": _SCHEMA}},
    }
}
_TITLES = {
    401: "Identification nécessaire",
    403: "Refusé",
    404: "Introuvable",
    405: "Méthode non permise",
    408: "Requête trop lente",
    409: "Impossible en ce moment",
    413: "Requête trop longue",
    422: "Requête incorrecte",
    429: "Trop de demandes",
    500: "Erreur interne",
    503: "Indisponible en ce moment",
}


def add_problem_handlers(app: FastAPI) -> None:
    """Every error of this application leaves as a problem document."""

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        return refuse(error)

    @app.exception_handler(TooBusy)
    async def busy(_request: Request, error: TooBusy) -> JSONResponse:
        return _problem(503, str(error), {"Retry-After": "5"})

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
        return _problem(422, f"{where} : {explain_error(first)}")

    @app.exception_handler(IndexUnreachable)
    async def unreachable(_request: Request, error: IndexUnreachable) -> JSONResponse:
        _log.error("The index cannot be read: %s", error)
        return _problem(503, UNREACHABLE, {"Retry-After": "5"})

    @app.exception_handler(SQLAlchemyError)
    async def silent(_request: Request, error: SQLAlchemyError) -> JSONResponse:
        return refuse_without_database(error)

    @app.exception_handler(Exception)
    async def failed(_request: Request, error: Exception) -> JSONResponse:
        return _fail(error)


def refuse_without_database(error: SQLAlchemyError) -> JSONResponse:
    """The problem document of a database that does not answer; of our own mistake when that is what it is."""
    if not is_failure(error):
        return _fail(error)
    _log.error("The database does not answer: %s", name_failure(error))
    return _problem(503, NO_DATABASE, {"Retry-After": "5"})


def _fail(error: Exception) -> JSONResponse:
    _log.error("A request failed", exc_info=error)
    return _problem(500, "Une erreur nous a empêchés de répondre. Elle a été signalée.")


def refuse(error: HTTPException) -> JSONResponse:
    """The problem document of an error that says what was refused."""
    # What the framework says by itself is in English.
    detail = NOTHING_HERE if error.detail == "Not Found" else str(error.detail)
    return _problem(error.status_code, detail, error.headers)


def _problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")
