"""Links that sign a member in once: sent by e-mail, or copied by staff."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, func, insert, select

from assistant.credentials.keys import hash_key, make_key
from assistant.members.member import COLUMNS, Member, read_member
from assistant.store.tables import members, sign_in_links

BY_MAIL = timedelta(minutes=15)
BY_STAFF = timedelta(days=3)  # staff hand it over by other ways, which take longer
_MOST_OPEN = 5  # links of one member at once


class SignInLinks:
    """Makes the keys of links, and lets each in once."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def make(self, member_id: str, lasts: timedelta) -> str | None:
        """The key of a new link; None when the member has too many that were not used."""
        key, now = make_key(), datetime.now(UTC)
        own = sign_in_links.c.member_id == member_id
        with self._database.begin() as connection:
            connection.execute(delete(sign_in_links).where(sign_in_links.c.ends < now))
            if (connection.scalar(select(func.count()).select_from(sign_in_links).where(own)) or 0) >= _MOST_OPEN:
                return None
            row = {"key_hash": hash_key(key), "member_id": member_id, "ends": now + lasts}
            connection.execute(insert(sign_in_links).values(row))
        return key

    def spend(self, key: str) -> Member | None:
        """Whoever the link lets in; the second time nobody."""
        now = datetime.now(UTC)
        link = sign_in_links.c.key_hash == hash_key(key)
        query = (
            select(*COLUMNS)
            .join(sign_in_links, sign_in_links.c.member_id == members.c.id)
            .where(link, sign_in_links.c.ends > now, members.c.revoked.is_(None))
        )
        with self._database.begin() as connection:
            row = connection.execute(query).mappings().first()
            # Of two requests at once, one alone deletes it.
            is_first = connection.execute(delete(sign_in_links).where(link)).rowcount == 1
        return read_member(row) if row and is_first else None
