"""Asked: the questions that were kept, as staff read them, with the opinion on the answer and what staff ruled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

import numpy as np
from sqlalchemy import ColumnElement, Engine, exists, or_, select

from assistant.store.tables import asked_questions, opinions, question_vectors, rulings

Outcome = Literal["answered", "unanswered", "declined", "clarified"]
Verdict = Literal["write", "sheet", "outside"]
VECTOR = "<f4"  # how a vector is written

# Why an answer abstained, when a sheet could have answered: what is declined (personal data, misuse) is not for staff.
UNANSWERED = ("subject", "place", "name", "detail")


@dataclass(frozen=True)
class Period:
    """Days in the time zone of the pages, both included."""

    first: date
    last: date
    zone: tzinfo

    @property
    def start(self) -> datetime:
        """When the first day begins."""
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def end(self) -> datetime:
        """When the day after the last begins."""
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class AskedQuestion:
    """A question kept. `opinion` is 1, -1, or 0 when nobody gave any; `verdict` is "" until staff ruled."""

    id: str
    at: datetime
    question: str
    channel: str
    access: str
    language: str
    kind: str
    mode: str
    abstained: bool
    reason: str
    filters: dict[str, object]
    sheets: tuple[str, ...]
    cited: tuple[str, ...]
    seconds: float
    opinion: int = 0
    comment: str = ""
    verdict: Verdict | Literal[""] = ""
    ruled_sheet: str = ""

    @property
    def outcome(self) -> Outcome:
        """What became of it; clarified when the assistant asked back what was meant, which is no question missed."""
        if self.kind == "clarification":
            return "clarified"
        if not self.abstained:
            return "answered"
        return "unanswered" if self.reason in UNANSWERED else "declined"

    @property
    def is_unanswered(self) -> bool:
        """Whether a sheet could have answered, and none did."""
        return self.outcome == "unanswered"


def read_questions(engine: Engine, period: Period) -> list[AskedQuestion]:
    """The questions of a period, the newest first."""
    asked, judged, ruled = asked_questions.c, opinions.c, rulings.c
    chosen = (
        select(
            *asked,
            judged.value.label("opinion"),
            judged.comment,
            ruled.verdict,
            ruled.sheet.label("ruled_sheet"),
        )
        .select_from(asked_questions.outerjoin(opinions).outerjoin(rulings))
        .where(asked.at >= period.start, asked.at < period.end)
        .order_by(asked.at.desc(), asked.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(chosen).mappings().all()
    return [
        AskedQuestion(
            **{
                **row,
                "sheets": tuple(row["sheets"]),
                "cited": tuple(row["cited"]),
                "opinion": row["opinion"] or 0,
                "comment": row["comment"] or "",
                "verdict": row["verdict"] or "",
                "ruled_sheet": row["ruled_sheet"] or "",
            }
        )
        for row in rows
    ]


def read_vectors(engine: Engine, questions: Sequence[AskedQuestion], model: str) -> dict[str, np.ndarray]:
    """The vectors of these questions by their ids; those that were not read yet by this model are not there."""
    if not questions:
        return {}
    first, last = min(each.at for each in questions), max(each.at for each in questions)
    chosen = (
        select(question_vectors.c.question_id, question_vectors.c.vector)
        .join(asked_questions)
        .where(question_vectors.c.model == model, asked_questions.c.at.between(first, last))
    )
    wanted = {each.id for each in questions}
    with engine.connect() as connection:
        rows = connection.execute(chosen).all()
    return {row.question_id: np.frombuffer(row.vector, dtype=VECTOR) for row in rows if row.question_id in wanted}


def is_to_review() -> ColumnElement[bool]:
    """What makes a row of the table of questions one that staff review: no answer, or one that was judged bad."""
    judged_bad = exists().where(opinions.c.question_id == asked_questions.c.id, opinions.c.value == -1)
    unanswered = asked_questions.c.abstained & asked_questions.c.reason.in_(UNANSWERED)
    return or_(unanswered, judged_bad)
