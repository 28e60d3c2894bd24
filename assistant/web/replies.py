"""Replies: what the routes of the HTTP interface have in common: forms of answers, files."""

from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic_core import to_json

from assistant.exports.export import MEDIA_TYPES, TakenAway

Form = Annotated[
    Literal["json", "markdown", "docx"],
    Query(alias="format", description="json, ou un fichier à emporter : markdown, docx (Word)"),
]
# What the description of the interface says of the files of a route.
NOTES: dict[str, Any] = {media_type.partition(";")[0]: {} for media_type in MEDIA_TYPES.values()}


def attach(note: TakenAway) -> Response:
    """A file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{note.name}"'}
    return Response(note.content, media_type=note.media_type, headers=headers)


def reply(content: object) -> Response:
    """JSON."""
    return Response(to_json(content), media_type="application/json")
