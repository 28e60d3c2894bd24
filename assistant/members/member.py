"""Member: someone who may read the members' documents, as the rest of the program sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from assistant.store.tables import members

COLUMNS = (
    *(members.c.id, members.c.email, members.c.name, members.c.origin),
    *(members.c.created, members.c.last_seen, members.c.revoked, members.c.password_hash),
)


@dataclass(frozen=True)
class Member:
    """A member's account. `origin` is "staff", or the address of whoever vouches for them; no e-mail address then."""

    id: str
    email: str | None
    name: str
    origin: str
    created: datetime
    last_seen: datetime | None
    revoked: datetime | None
    has_password: bool

    @property
    def shown(self) -> str:
        """What the account is called on the pages of staff and of the member."""
        return self.name or self.email or f"compte {self.id[:8]}"

    def to_json(self) -> dict[str, Any]:
        """The account as the command line gives it."""
        moments = {"created": self.created, "last_seen": self.last_seen, "revoked": self.revoked}
        written = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
        return {"id": self.id, "email": self.email, "name": self.name, "origin": self.origin, **written}


def read_member(row: RowMapping) -> Member:
    """The member of a row that holds `COLUMNS`."""
    fields = {column.name: row[column] for column in COLUMNS}
    return Member(has_password=fields.pop("password_hash") is not None, **fields)
