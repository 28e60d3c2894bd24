"""Conversations: what a member asked and was answered, kept for them alone, for as long as they are a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, Engine, delete, exists, func, insert, select, update

from assistant.answers.answer import Answer
from assistant.reading.reading import Turn
from assistant.store.retention import erase_deleted
from assistant.store.tables import conversations, exchanges, make_id, members
from index.filters import Filters
from language.letters import fold

_LONGEST_TITLE = 120  # characters


@dataclass(frozen=True)
class Listed:
    """A conversation in the list of them."""

    id: str
    title: str
    started: datetime
    updated: datetime
    questions: int


@dataclass(frozen=True)
class Exchange:
    """A question and its answer; `ignored` are the filters that the person had removed."""

    question: str
    answer: Answer
    ignored: Filters
    at: datetime

    def as_turn(self) -> Turn:
        """The exchange as the questions that follow need to know it."""
        return self.answer.as_turn(self.question, self.ignored)


@dataclass(frozen=True)
class Conversation:
    """A conversation, its exchanges in their order."""

    id: str
    title: str
    started: datetime
    exchanges: tuple[Exchange, ...]


class History:
    """The conversations of members. Nothing is read nor written for someone who is no member, or no longer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(
        self, member: str, conversation: str, position: int, question: str, answer: Answer, ignored: Filters
    ) -> str:
        """Keep an exchange, the `position`-th of its conversation, in the place of it and of those after it.

        An empty id begins a conversation. The id of the conversation; "" when it is not this member's.
        """
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            if not _is_member(connection, member):
                return ""
            if conversation:
                ours = update(conversations).where(_is_of(member, conversation)).values(updated=now)
                if not connection.execute(ours).rowcount:
                    return ""
            else:
                conversation = make_id()
                row = {"id": conversation, "member_id": member, "title": _make_title(question)}
                connection.execute(insert(conversations).values({**row, "started": now, "updated": now}))
            after = exchanges.c.conversation_id == conversation, exchanges.c.position >= position
            connection.execute(delete(exchanges).where(*after))
            kept = {
                "id": make_id(),
                "conversation_id": conversation,
                "position": position,
                "question": question,
                "answer": answer.model_dump(mode="json"),
                "ignored": ignored.to_json(),
                "at": now,
            }
            connection.execute(insert(exchanges).values(kept))
        return conversation

    def list_conversations(self, member: str, sought: str = "") -> list[Listed]:
        """The conversations of a member in which these words were asked, the last used first."""
        table, asked = conversations.c, exchanges.c
        listed = (
            select(table.id, table.title, table.started, table.updated, func.count(asked.id).label("questions"))
            .join(exchanges)
            .where(table.member_id == member, _is_active(member))
            .group_by(*conversations.c)
            .order_by(table.updated.desc(), table.id)
        )
        with self._engine.connect() as connection:
            found = [Listed(**row) for row in connection.execute(listed).mappings()]
            words = fold(sought).split()
            if not words:
                return found
            texts = select(asked.conversation_id, asked.question).join(conversations).where(table.member_id == member)
            said: dict[str, str] = {}
            for key, question in connection.execute(texts):
                said[key] = f"{said.get(key, '')} {fold(question)}"
        return [each for each in found if all(word in said.get(each.id, "") for word in words)]

    def read(self, member: str, conversation: str) -> Conversation | None:
        """A conversation of this member; None when it is not theirs, or not there."""
        with self._engine.connect() as connection:
            ours = select(conversations).where(_is_of(member, conversation), _is_active(member))
            row = connection.execute(ours).first()
            if row is None:
                return None
            kept = select(exchanges).where(exchanges.c.conversation_id == row.id).order_by(exchanges.c.position)
            rows = connection.execute(kept).mappings().all()
        read = tuple(found for each in rows if (found := _read_exchange(dict(each))))
        return Conversation(row.id, row.title, row.started, read)

    def delete(self, member: str, conversation: str) -> bool:
        """Delete a conversation of this member; whether there was one."""
        return self._delete(_is_of(member, conversation)) > 0

    def delete_all(self, member: str) -> int:
        """Delete all the conversations of this member; how many there were."""
        return self._delete(conversations.c.member_id == member)

    def _delete(self, which: ColumnElement[bool]) -> int:
        with self._engine.begin() as connection:
            count = connection.execute(delete(conversations).where(which)).rowcount
        if count:
            erase_deleted(self._engine)
        return count


def _is_of(member: str, conversation: str) -> ColumnElement[bool]:
    return (conversations.c.id == conversation) & (conversations.c.member_id == member)


def _is_active(member: str) -> ColumnElement[bool]:
    return exists().where(members.c.id == member, members.c.revoked.is_(None))


def _is_member(connection: Connection, member: str) -> bool:
    return bool(connection.scalar(select(_is_active(member))))


def _read_exchange(row: dict[str, object]) -> Exchange | None:
    """An exchange; None for one whose answer another version of the program wrote in a way that is no longer read."""
    try:
        answer, ignored = Answer.model_validate(row["answer"]), Filters.model_validate(row["ignored"])
    except ValidationError:
        return None
    assert isinstance(row["at"], datetime)
    return Exchange(str(row["question"]), answer, ignored, row["at"])


def _make_title(question: str) -> str:
    title = " ".join(question.split())
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
