"""Errors of the HTTP interface, as application/problem+json (RFC 9457), in French."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

_log = logging.getLogger(__name__)
_TITLES = {404: "Introuvable", 405: "Méthode non permise", 422: "Requête incorrecte", 500: "Erreur interne"}


def add_problem_handlers(app: FastAPI) -> None:
    """Every error of this application leaves as a problem document."""

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        return _problem(error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
        return _problem(422, f"{where} : {_explain(first)}")

    @app.exception_handler(Exception)
    async def failed(_request: Request, error: Exception) -> JSONResponse:
        _log.error("A request failed", exc_info=error)
        return _problem(500, "Une erreur nous a empêchés de répondre. Elle a été signalée.")


# What pydantic says of the commonest mistakes, in French; what is not here is said as it says it.
_MESSAGES = {
    "missing": "il manque cette valeur",
    "extra_forbidden": "cette clé n'existe pas",
    "string_too_short": "ce texte est trop court",
    "string_too_long": "ce texte est trop long ({max_length} caractères au plus)",
    "string_pattern_mismatch": "ce texte est vide",
    "string_type": "un texte est attendu",
    "int_parsing": "un nombre entier est attendu",
    "int_type": "un nombre entier est attendu",
    "greater_than_equal": "au moins {ge}",
    "less_than_equal": "au plus {le}",
    "list_type": "une liste est attendue",
    "too_long": "trop de valeurs ({max_length} au plus)",
    "too_short": "trop peu de valeurs ({min_length} au moins)",
    "literal_error": "valeurs possibles : {expected}",
    "json_invalid": "ce n'est pas du JSON correct",
    "model_attributes_type": "un objet JSON est attendu",
}


def _explain(error: Mapping[str, Any]) -> str:
    message = _MESSAGES.get(error["type"])
    if message is None:
        return str(error["msg"]).removeprefix("Value error, ")
    return message.format_map(error.get("ctx", {}))


def _problem(status: int, detail: str) -> JSONResponse:
    title = _TITLES.get(status, HTTPStatus(status).phrase)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")
