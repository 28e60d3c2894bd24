"""Feedback: what people think of an answer, told by whoever was given its id."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.learning.log import LONGEST_COMMENT, QuestionLog
from ingest.repair import refuse_unwritable


class OpinionRequest(BaseModel):
    """An opinion on the answer whose `answer_id` was given with it; another one takes its place."""

    model_config = ConfigDict(extra="forbid")

    answer: Annotated[str, Field(min_length=1, max_length=36), AfterValidator(refuse_unwritable)]
    value: Literal[1, -1]
    comment: Annotated[str, Field(max_length=LONGEST_COMMENT), AfterValidator(refuse_unwritable)] = ""


def make_feedback(log: QuestionLog) -> APIRouter:
    """The route that takes opinions."""
    router = APIRouter()

    @router.post("/api/feedback", status_code=204, summary="Juge une réponse (« answer_id ») : 1 utile, -1 non")
    def feedback(body: OpinionRequest) -> None:
        if not log.judge(body.answer, body.value, body.comment):
            raise HTTPException(404, "Cette réponse n'est pas gardée, ou ne l'est plus : elle ne peut pas être jugée.")

    return router
