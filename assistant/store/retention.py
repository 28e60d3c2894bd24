"""Retention: what people asked is deleted once it is old, and is then nowhere on the disk."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Engine, delete, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from assistant.process.background import in_background
from assistant.store.faults import name_failure
from assistant.store.tables import (
    asked_questions,
    conversations,
    member_sessions,
    shared_links,
    sign_in_links,
    spent_tokens,
)
from ingest.sheet import Frozen

_log = logging.getLogger(__name__)
_CLEANED = "asked_question, question_vector, opinion, ruling, conversation, exchange, shared_link"
_EVERY = timedelta(days=1)
_DOUBT = timedelta(hours=1)  # for a clock that is wrong to be set right


class Purged(Frozen):
    """How much was deleted; what belonged to it went with it."""

    questions: int
    conversations: int
    sessions: int
    links: int


def purge(engine: Engine, days: int, now: datetime | None = None) -> Purged:
    """Delete the questions asked, and the conversations last used, more than so many days ago; sessions and links that
    ended.

    0 days: every question and conversation.
    """
    now = now or datetime.now(UTC)
    old = now - timedelta(days=days)
    with engine.begin() as connection:

        def clean(column: Column[datetime], before: datetime) -> int:
            return connection.execute(delete(column.table).where(column <= before)).rowcount

        purged = Purged(
            questions=clean(asked_questions.c.at, old),
            conversations=clean(conversations.c.updated, old),
            links=clean(shared_links.c.ends, now),
            sessions=sum(clean(table.c.ends, now) for table in (member_sessions, sign_in_links, spent_tokens)),
        )
    erase_deleted(engine)
    return purged


def erase_deleted(engine: Engine) -> None:
    """Take what was deleted off the disk: a database keeps it for a while, beside its tables or in them."""
    clean = "PRAGMA wal_checkpoint(TRUNCATE)" if engine.dialect.name == "sqlite" else f"VACUUM {_CLEANED}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(clean))


def would_empty(engine: Engine, days: int) -> bool:
    """Whether no question and no conversation is younger than so many days: nobody came, or the clock is wrong."""
    old = datetime.now(UTC) - timedelta(days=days)
    with engine.connect() as connection:
        newest = [
            connection.scalar(select(func.max(column))) for column in (asked_questions.c.at, conversations.c.updated)
        ]
    kept = [moment for moment in newest if moment is not None]
    return bool(kept) and max(kept) <= old


@contextmanager
def purging(engine: Engine, days: int) -> Iterator[None]:
    """While this is open, purge at once and then every day; an hour later when that would leave nothing."""
    stopped = threading.Event()

    def work() -> None:
        doubted = False
        while True:
            wait = _EVERY
            try:
                if not doubted and would_empty(engine, days):
                    doubted, wait = True, _DOUBT
                    _log.warning(
                        "All that is kept is more than %s days old: is this machine's clock right? "
                        "It is deleted in an hour, unless the clock is set back",
                        days,
                    )
                else:
                    doubted = False
                    purged = purge(engine, days)
                    _log.info("Purged: %s questions, %s conversations", purged.questions, purged.conversations)
            except SQLAlchemyError as error:
                _log.error("Old questions could not be purged, tried again tomorrow: %s", name_failure(error))
            if stopped.wait(wait.total_seconds()):
                return

    with in_background("purge", work, stopped.set):
        yield
