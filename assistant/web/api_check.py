"""HTTP interface to the check of notes: a text against the sheets, each sentence with its verdict."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.checks.note import NoteTold
from assistant.checks.note_file import NoteWrong
from assistant.edge.authentication import Authentication
from assistant.edge.limits import Limits
from assistant.edge.visitor import find_visitor
from assistant.serving.note_desk import LONGEST_SENT, NoteDesk, count_questions
from ingest.repair import drop_unseen


def _need_words(text: str) -> str:
    words = drop_unseen(text)
    if not words.strip():
        raise ValueError("écrivez un texte")
    return words


class CheckRequest(BaseModel):
    """A text, in Markdown or plain."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, AfterValidator(_need_words)] = Field(min_length=1, max_length=LONGEST_SENT)


def make_checking(authentication: Authentication, desk: NoteDesk, limits: Limits) -> APIRouter:
    """The route that compares a text with what each reader may read."""
    router = APIRouter()

    @router.post("/api/check", summary="Compare un texte avec les fiches, phrase par phrase")
    async def check(body: CheckRequest, request: Request) -> NoteTold:
        site, cost = request.headers.get("origin", ""), count_questions(body.text)
        if wait := limits.take_questions(find_visitor(request.scope), site, cost):
            raise HTTPException(429, f"Trop de questions : attendez {wait} secondes.", {"Retry-After": str(wait)})
        knowledge = (await asyncio.to_thread(authentication.reader, request)).knowledge
        try:
            return await desk.check(body.text, knowledge)
        except NoteWrong as error:
            raise HTTPException(422, f"text : {error}") from error

    return router
