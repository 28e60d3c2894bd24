"""The tables of the database. migrations/ makes them and changes them; a test compares the two."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """A date and time in UTC, which SQLite gives back without saying so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What is written: always UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What is read: always told to be UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def make_id() -> str:
    """An id that nobody can guess."""
    return str(uuid4())


_NAMES = {  # so that a migration can name what it changes
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=_NAMES)

_ID = String(36)
_HASH = String(64)  # SHA-256 in hexadecimal: a key that opens something is never kept itself


def _belongs_to(table: str, *, index: bool = True) -> Column[str]:
    """What goes when its owner goes."""
    name = table.rsplit("_", maxsplit=1)[-1]
    return Column(f"{name}_id", _ID, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, index=index)


members = Table(
    "member",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("email", String(254), unique=True),  # in lower case; none for those whom a host site vouches for
    Column("subject", _HASH, unique=True),  # stands for who they are to whoever vouches for them
    Column("name", String(200), nullable=False, default=""),
    Column("password_hash", String(200)),  # argon2; none for those who sign in by a link or elsewhere
    Column("origin", String(200), nullable=False),  # staff, oidc, or the host site that vouched
    Column("created", Moment, nullable=False),
    Column("last_seen", Moment),
    Column("revoked", Moment),
)

member_sessions = Table(
    "member_session",
    metadata,
    Column("key_hash", _HASH, primary_key=True),
    _belongs_to("member"),
    Column("started", Moment, nullable=False),
    Column("ends", Moment, nullable=False, index=True),
)

sign_in_links = Table(
    "sign_in_link",
    metadata,
    Column("key_hash", _HASH, primary_key=True),
    _belongs_to("member"),
    Column("ends", Moment, nullable=False, index=True),
)

spent_tokens = Table(  # tokens of host sites serve once
    "spent_token",
    metadata,
    Column("key_hash", _HASH, primary_key=True),
    Column("ends", Moment, nullable=False, index=True),
)

conversations = Table(
    "conversation",
    metadata,
    Column("id", _ID, primary_key=True),
    _belongs_to("member"),
    Column("title", String(200), nullable=False),
    Column("started", Moment, nullable=False),
    Column("updated", Moment, nullable=False, index=True),
)

exchanges = Table(
    "exchange",
    metadata,
    Column("id", _ID, primary_key=True),
    _belongs_to("conversation"),
    Column("position", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("ignored", JSON, nullable=False),  # the filters that the person had removed
    Column("at", Moment, nullable=False),
)

asked_questions = Table(  # without who asked, personal data masked
    "asked_question",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("channel", String(20), nullable=False),  # chat, widget, page, api
    Column("access", String(20), nullable=False),  # public, members
    Column("language", String(5), nullable=False),  # fr, en, other, or none that can be told
    Column("kind", String(20), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("abstained", Boolean, nullable=False, index=True),
    Column("reason", String(20), nullable=False),
    Column("filters", JSON, nullable=False),
    Column("sheets", JSON, nullable=False),  # found, best first
    Column("cited", JSON, nullable=False),
    Column("seconds", Float, nullable=False),
)


def _of_question() -> Column[str]:
    """The key of what there is once for a question, and which goes with it."""
    return Column("question_id", _ID, ForeignKey("asked_question.id", ondelete="CASCADE"), primary_key=True)


question_vectors = Table(  # those that are grouped by likeness
    "question_vector",
    metadata,
    _of_question(),
    Column("model", String(200), nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
)

opinions = Table(
    "opinion",
    metadata,
    _of_question(),
    Column("value", Integer, nullable=False),  # 1 or -1
    Column("comment", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

rulings = Table(  # what staff decided of a question without an answer
    "ruling",
    metadata,
    _of_question(),
    Column("verdict", String(20), nullable=False),  # write, sheet, outside
    Column("sheet", String(200), nullable=False, default=""),
    Column("keys", JSON, nullable=False),  # the questions that the sheet is found by since then
    Column("at", Moment, nullable=False),
)

shared_links = Table(  # an answer at an address of its own; nothing says who made it
    "shared_link",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("key_hash", _HASH, nullable=False),  # of what removes it
    Column("access", String(20), nullable=False),  # public, members: who may open it
    Column("question", Text, nullable=False),  # personal data masked
    Column("answer", Text, nullable=False),  # JSON
    Column("made", Moment, nullable=False),
    Column("ends", Moment, nullable=False, index=True),
)
