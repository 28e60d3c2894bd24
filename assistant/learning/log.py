"""Log: questions and opinions are written beside the answers, by a thread of their own, without who asked."""

import logging
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import numpy as np
from sqlalchemy import Connection, Engine, Select, delete, exists, insert, select
from sqlalchemy.exc import SQLAlchemyError

from assistant.answers.answer import Answer
from assistant.learning.asked import VECTOR, is_to_review
from assistant.learning.masking import mask_personal
from assistant.observing.channel import Channel
from assistant.pipeline import Knowledge
from assistant.process.background import in_background
from assistant.process.computing import compute
from assistant.store.faults import name_failure
from assistant.store.tables import asked_questions, make_id, opinions, question_vectors
from ingest.sheet import Access
from language.detection import detect_language

Embed = Callable[[Sequence[str]], np.ndarray]  # texts to vectors (texts, dimension)

LONGEST_COMMENT = 2000  # characters
_log = logging.getLogger(__name__)
_WAITING = 1000  # writings at most; beyond, questions are lost rather than answers delayed
_AT_ONCE = 16  # questions embedded between two looks at what waits: the thread that computes also answers people
_READ = 300  # characters of a question that its vector is made from: nobody is charged for them
_UNSEEN = 5  # seconds that an opinion waits for its question to be written
_LOOK_EVERY = 30.0  # seconds
_STOPPING = 10  # seconds


class QuestionLog:
    """What people ask and think of the answers, for staff. It never delays nor breaks an answer.

    `embed`, of the model named `model`, gives the vectors that questions without an answer are grouped by.
    """

    def __init__(self, engine: Engine, model: str, embed: Embed, *, keeps: bool = True) -> None:
        self._engine, self._model, self._embed, self._keeps = engine, model, embed, keeps
        self._waiting: queue.Queue[Callable[[Connection], None] | None] = queue.Queue(_WAITING)

    def keep(self, question: str, answer: Answer, channel: Channel, access: Access) -> str:
        """Keep a question, masked, with what became of it; its id, or "" when nothing is kept."""
        if not self._keeps:
            return ""
        key, at = make_id(), datetime.now(UTC)

        def write(connection: Connection) -> None:
            connection.execute(insert(asked_questions).values(_describe(key, at, question, answer, channel, access)))

        try:
            self._waiting.put_nowait(write)
        except queue.Full:
            _log.warning("Questions come faster than they are written: one is not kept")
            return ""
        return key

    def judge(self, key: str, value: Literal[1, -1], comment: str = "") -> bool:
        """Keep the opinion on the answer to a question, in the place of an earlier one; False when it is not kept."""
        self._wait_for(key)
        row = {"question_id": key, "value": value, "at": datetime.now(UTC)}
        with self._engine.begin() as connection:
            if not _is_kept(connection, key):
                return False
            connection.execute(delete(opinions).where(opinions.c.question_id == key))
            connection.execute(insert(opinions).values({**row, "comment": mask_personal(comment)[:LONGEST_COMMENT]}))
        return True

    @contextmanager
    def running(self) -> Iterator[None]:
        """While this is open, what waits is written; on leaving, what still waits is written first."""
        with in_background("questions", self._write_all, lambda: self._waiting.put(None), _STOPPING):
            yield

    def _wait_for(self, key: str) -> None:
        """Wait for a question that was asked an instant ago."""
        for _ in range(_UNSEEN * 20):
            with self._engine.connect() as connection:
                if _is_kept(connection, key) or not self._waiting.unfinished_tasks:
                    return
            time.sleep(0.05)

    def _write_all(self) -> None:
        wait = 0.0  # seconds until it is looked again whether questions have no vector yet
        while True:
            try:
                write = self._waiting.get(timeout=wait)
            except queue.Empty:
                wait = 0.0 if self._try(self._embed_some) else _LOOK_EVERY
                continue
            if write is None:
                return
            self._try(partial(self._write, write))
            self._waiting.task_done()
            wait = 0.0

    def _write(self, write: Callable[[Connection], None]) -> bool:
        with self._engine.begin() as connection:
            write(connection)
        return True

    def _try(self, work: Callable[[], bool]) -> bool:
        """What work gives; False when it fails, which is told without what people wrote."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the thread must outlive whatever one question does
            told = name_failure(error) if isinstance(error, SQLAlchemyError) else type(error).__name__
            _log.error("Questions could not be kept: %s", told)
            return False

    def _embed_some(self) -> bool:
        """Give some of the questions to review their vector; whether there may be more to do."""
        with self._engine.connect() as connection:
            rows = connection.execute(_select_unread(self._model)).all()
        if not rows:
            return False
        vectors = np.asarray(self._embed([row.question[:_READ] for row in rows]), dtype=VECTOR)
        with self._engine.begin() as connection:
            for row, vector in zip(rows, vectors, strict=True):
                connection.execute(delete(question_vectors).where(question_vectors.c.question_id == row.id))
                if _is_kept(connection, row.id):  # it may have been purged meanwhile
                    found = {"question_id": row.id, "model": self._model, "vector": vector.tobytes()}
                    connection.execute(insert(question_vectors).values(found))
        return True


def open_log(engine: Engine, served: Callable[[], Knowledge], *, keeps: bool) -> QuestionLog:
    """The log of a server: the model of what it serves also groups the questions."""

    def embed(texts: Sequence[str]) -> np.ndarray:
        encode = served().encoder.encode_questions
        return np.concatenate([compute(encode, [text]) for text in texts])  # one by one: nobody waits for all of them

    return QuestionLog(engine, served().encoder.name, embed, keeps=keeps)


def _describe(
    key: str, at: datetime, question: str, answer: Answer, channel: Channel, access: Access
) -> dict[str, object]:
    return {
        "id": key,
        "at": at,
        "question": mask_personal(question),
        "channel": channel,
        "access": access,
        "language": detect_language(question) or "",
        "kind": answer.kind,
        "mode": answer.mode,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "filters": answer.filters,
        "sheets": list(answer.sheets),
        "cited": list(answer.shown),
        "seconds": answer.seconds.get("total", 0.0),
    }


def _is_kept(connection: Connection, key: str) -> bool:
    return connection.scalar(select(asked_questions.c.id).where(asked_questions.c.id == key)) is not None


def _select_unread(model: str) -> Select[tuple[str, str]]:
    """Some of the questions to review that have no vector of this model."""
    table = question_vectors.c
    has_vector = exists().where(table.question_id == asked_questions.c.id, table.model == model)
    return select(asked_questions.c.id, asked_questions.c.question).where(is_to_review(), ~has_vector).limit(_AT_ONCE)
