"""Links: shared answers in the database, each opened by its id alone, and removed by the key of whoever made it."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Engine, delete, func, insert, select
from sqlalchemy.engine import RowMapping

from assistant.credentials.keys import hash_key, make_key
from assistant.sharing.frozen import FrozenAnswer
from assistant.store.retention import erase_deleted
from assistant.store.tables import shared_links
from ingest.sheet import Access

SHARED = "/r"
_BYTES = 10  # of an id: nobody guesses one in 2**80, and it ends with a letter or a digit, which mails need


@dataclass(frozen=True)
class SharedLink:
    """An answer at an address, until it ends; `frozen` is None when an older program wrote it otherwise.

    `access` says who may open it.
    """

    id: str
    access: Access
    question: str
    frozen: FrozenAnswer | None
    made: datetime
    ends: datetime

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{SHARED}/{self.id}"


class SharedLinks:
    """The links that are not over. Nothing in them says who made them."""

    def __init__(self, engine: Engine, days: int) -> None:
        self._engine, self._days = engine, days

    @property
    def may_be_made(self) -> bool:
        """Whether whoever runs the server lets people make links."""
        return self._days > 0

    def make(self, question: str, frozen: FrozenAnswer, access: Access) -> tuple[SharedLink, str]:
        """A new link, and the key that removes it, which is kept nowhere."""
        if access == "public" and frozen.cites_members:
            raise ValueError("what members alone may read is in no link for everyone")
        key, now = make_key(), datetime.now(UTC)
        ends = now + timedelta(days=self._days)
        link = SharedLink(secrets.token_hex(_BYTES), access, question, frozen, now, ends)
        row: dict[str, object] = {"id": link.id, "key_hash": hash_key(key), "access": access, "question": question}
        row |= {"answer": frozen.model_dump_json(), "made": now, "ends": ends}
        with self._engine.begin() as connection:
            connection.execute(insert(shared_links).values(row))
        return link, key

    def find(self, link_id: str) -> SharedLink | None:
        """The link with this id; None when it is not there, or over."""
        with self._engine.connect() as connection:
            row = connection.execute(select(shared_links).where(_is_open(), shared_links.c.id == link_id)).mappings()
            found = row.first()
        return _read(found) if found else None

    def list_links(self, start: int, count: int) -> list[SharedLink]:
        """Links, the last made first."""
        ordered = select(shared_links).where(_is_open()).order_by(shared_links.c.made.desc(), shared_links.c.id)
        with self._engine.connect() as connection:
            return [_read(row) for row in connection.execute(ordered.offset(start).limit(count)).mappings()]

    def count(self) -> int:
        """How many there are."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(shared_links).where(_is_open())) or 0

    def remove(self, link_id: str, key: str) -> bool:
        """Remove the link that a key was given for; whether there was one."""
        return self._remove((shared_links.c.id == link_id) & (shared_links.c.key_hash == hash_key(key)))

    def remove_any(self, link_id: str) -> bool:
        """Remove a link, as staff do; whether there was one."""
        return self._remove(shared_links.c.id == link_id)

    def _remove(self, which: ColumnElement[bool]) -> bool:
        with self._engine.begin() as connection:
            removed = connection.execute(delete(shared_links).where(which)).rowcount > 0
        if removed:
            erase_deleted(self._engine)
        return removed


def _is_open() -> ColumnElement[bool]:
    return shared_links.c.ends > datetime.now(UTC)


def _read(row: RowMapping) -> SharedLink:
    try:
        frozen = FrozenAnswer.model_validate_json(row["answer"])
    except ValidationError:
        frozen = None
    return SharedLink(row["id"], row["access"], row["question"], frozen, row["made"], row["ends"])
