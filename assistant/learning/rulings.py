"""Rulings: what staff decide of questions without an answer - a sheet to write, a sheet that answers, not for us."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, insert, select

from assistant.learning.asked import Verdict
from assistant.learning.keys import KeyBook
from assistant.store.tables import asked_questions, rulings


def rule(
    engine: Engine, book: KeyBook, ids: Sequence[str], verdict: Verdict, sheet: str = "", keys: Sequence[str] = ()
) -> int:
    """Rule on questions, and let a sheet that answers them be found by `keys`; how many were still there."""
    added = book.add(sheet, keys) if verdict == "sheet" else []
    with engine.begin() as connection:
        known = connection.scalars(select(asked_questions.c.id).where(asked_questions.c.id.in_(ids))).all()
        connection.execute(delete(rulings).where(rulings.c.question_id.in_(known)))
        row = {"verdict": verdict, "sheet": sheet, "keys": added, "at": datetime.now(UTC)}
        if known:
            connection.execute(insert(rulings), [{"question_id": key, **row} for key in known])
    return len(known)


def reopen(engine: Engine, book: KeyBook, ids: Sequence[str]) -> int:
    """Take back what was ruled on questions, and the keys that it gave; how many were ruled."""
    with engine.begin() as connection:
        ruled = connection.execute(select(rulings).where(rulings.c.question_id.in_(ids))).all()
        connection.execute(delete(rulings).where(rulings.c.question_id.in_(ids)))
    for sheet, keys in {(row.sheet, tuple(row.keys)) for row in ruled if row.keys}:
        book.remove(sheet, keys)
    return len(ruled)
