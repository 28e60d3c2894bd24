"""Sessions of members, in the database: each request looks its key up, so that what is ended is ended at once."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from assistant.credentials.keys import hash_key, make_key
from assistant.members.member import COLUMNS, Member, read_member
from assistant.store.faults import name_failure
from assistant.store.tables import member_sessions, members, sign_in_links, spent_tokens

_log = logging.getLogger(__name__)
_NOTE_EVERY = timedelta(hours=1)  # a visit is noted no more often


@dataclass(frozen=True)
class OpenSession:
    """The proof that someone is a member at this moment: `MemberSessions.find` alone makes one."""

    member: Member


class MemberSessions:
    """Opens, finds and ends sessions. They end by themselves after `lasts`."""

    def __init__(self, database: Engine, lasts: timedelta) -> None:
        self._database, self.lasts = database, lasts

    def open(self, member_id: str, lasts: timedelta | None = None) -> str:
        """The key of a new session; those that are over are forgotten."""
        key, now = make_key(), datetime.now(UTC)
        row = {"key_hash": hash_key(key), "member_id": member_id, "started": now, "ends": now + (lasts or self.lasts)}
        with self._database.begin() as connection:
            for table in (member_sessions, sign_in_links, spent_tokens):
                connection.execute(delete(table).where(table.c.ends < now))
            connection.execute(insert(member_sessions).values(row))
        return key

    def open_under(self, member_id: str, key_hash: str, lasts: timedelta) -> bool:
        """Open a session whose key someone else made, known here by its hash alone; False when it already opens one."""
        now = datetime.now(UTC)
        row = {"key_hash": key_hash, "member_id": member_id, "started": now, "ends": now + lasts}
        try:
            with self._database.begin() as connection:
                connection.execute(insert(member_sessions).values(row))
        except IntegrityError:
            return False
        return True

    def find(self, key: str) -> OpenSession | None:
        """The session that a key opens now: neither over, nor ended, nor its member revoked."""
        if not key:
            return None
        now = datetime.now(UTC)
        query = (
            select(*COLUMNS)
            .join(member_sessions, member_sessions.c.member_id == members.c.id)
            .where(
                member_sessions.c.key_hash == hash_key(key), member_sessions.c.ends > now, members.c.revoked.is_(None)
            )
        )
        with self._database.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        member = read_member(row)
        if member.last_seen is None or now - member.last_seen > _NOTE_EVERY:
            self._note_visit(member.id, now)
        return OpenSession(member)

    def _note_visit(self, member_id: str, now: datetime) -> None:
        try:
            with self._database.begin() as connection:
                connection.execute(update(members).where(members.c.id == member_id).values(last_seen=now))
        except SQLAlchemyError as error:  # a disk that is full keeps nobody out
            _log.warning("A visit could not be noted: %s", name_failure(error))

    def close(self, key: str) -> None:
        """Sign out: the key is worth nothing from now on."""
        with self._database.begin() as connection:
            connection.execute(delete(member_sessions).where(member_sessions.c.key_hash == hash_key(key)))
