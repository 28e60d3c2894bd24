"""Accounts of members, in the database; the passwords of those who have one by their hash alone."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Engine, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from assistant.credentials.passwords import Passwords
from assistant.members.member import COLUMNS, Member, read_member
from assistant.store.tables import make_id, member_sessions, members, sign_in_links
from ingest.refusal import Refusal

STAFF = "staff"
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)+")
_LONGEST_EMAIL, _LONGEST_NAME = 254, 200


class MemberWrong(Refusal):
    """An account cannot be made or found; the message says why, in French."""


class MemberAccounts:
    """The accounts of a database. E-mail addresses are known whatever their case, and are never in logs."""

    def __init__(self, database: Engine) -> None:
        self._database = database
        self._passwords = Passwords()

    def add(self, email: str, name: str = "", password: str = "") -> Member:
        """Make an account, without password for someone who will sign in by a link; or raise MemberWrong."""
        email = tidy_email(email)
        if not is_email(email):
            raise MemberWrong(f"{email!r} n'est pas une adresse électronique.")
        kept = self._passwords.hash(password) if password else None
        row = {"email": email, "name": _tidy_name(name), "origin": STAFF, "password_hash": kept}
        try:
            return self._insert(row)
        except IntegrityError as error:
            raise MemberWrong("Cette adresse a déjà un compte.") from error

    def admit(self, origin: str, subject: str, name: str = "", email: str = "") -> Member | None:
        """The account of someone whom `origin` vouches for, made if needed; None when staff revoked it.

        `email` is given only when the one who vouches has verified it: it leads to the account that staff made.
        """
        who = _digest(f"{origin}\n{subject}")
        with self._database.begin() as connection:
            ours = select(*COLUMNS).where(members.c.subject == who)
            found = connection.execute(ours).mappings().first()
            if found is None and email:
                same = members.c.email == tidy_email(email)
                connection.execute(update(members).where(same, members.c.subject.is_(None)).values(subject=who))
                found = connection.execute(select(*COLUMNS).where(same)).mappings().first()
        if found is None:
            kept = tidy_email(email) if is_email(tidy_email(email)) else None
            row = {"email": kept, "name": _tidy_name(name), "origin": origin, "subject": who}
            try:
                return self._insert(row)
            except IntegrityError:  # two requests at once: the other made it
                with self._database.connect() as connection:
                    found = connection.execute(ours).mappings().one()
        member = read_member(found)
        return None if member.revoked else member

    def list_members(self, sought: str = "", offset: int = 0, limit: int | None = None) -> list[Member]:
        """The accounts whose address or name has these letters, by address."""
        query = select(*COLUMNS).where(_has(sought)).order_by(members.c.email, members.c.name, members.c.id)
        with self._database.connect() as connection:
            rows = connection.execute(query.offset(offset).limit(limit)).mappings().all()
        return [read_member(row) for row in rows]

    def count(self, sought: str = "") -> int:
        """How many accounts `list_members` would give."""
        with self._database.connect() as connection:
            return connection.scalar(select(func.count()).select_from(members).where(_has(sought))) or 0

    def find(self, member_id: str) -> Member | None:
        """The account with this id."""
        with self._database.connect() as connection:
            row = connection.execute(select(*COLUMNS).where(members.c.id == member_id)).mappings().first()
        return read_member(row) if row else None

    def find_by_email(self, email: str) -> Member | None:
        """The account of an address."""
        with self._database.connect() as connection:
            row = connection.execute(select(*COLUMNS).where(members.c.email == tidy_email(email))).mappings().first()
        return read_member(row) if row else None

    def check(self, email: str, password: str) -> Member | None:
        """The account when the password is its own and it is not revoked; as long to say no as to say yes."""
        with self._database.connect() as connection:
            row = connection.execute(select(*COLUMNS).where(members.c.email == tidy_email(email))).mappings().first()
        expected = row[members.c.password_hash] if row else None
        if not self._passwords.is_right(expected, password) or row is None:
            return None
        member = read_member(row)
        if expected and self._passwords.is_dated(expected):
            self._change(member.id, password_hash=self._passwords.hash(password))
        return None if member.revoked else member

    def set_password(self, member_id: str, password: str) -> None:
        """Give an account another password; its sessions and links end. Or raise MemberWrong or PasswordWrong."""
        self._change(member_id, password_hash=self._passwords.hash(password))
        self.end_sessions(member_id)

    def revoke(self, member_id: str) -> None:
        """Take the access away, at once; or raise MemberWrong."""
        self._change(member_id, revoked=datetime.now(UTC))
        self.end_sessions(member_id)

    def restore(self, member_id: str) -> None:
        """Give the access back; or raise MemberWrong."""
        self._change(member_id, revoked=None)

    def end_sessions(self, member_id: str) -> None:
        """End every session and every link of an account."""
        with self._database.begin() as connection:
            connection.execute(delete(member_sessions).where(member_sessions.c.member_id == member_id))
            connection.execute(delete(sign_in_links).where(sign_in_links.c.member_id == member_id))

    def remove(self, member_id: str) -> None:
        """Forget an account and all that belongs to it; or raise MemberWrong."""
        with self._database.begin() as connection:
            _check_found(connection.execute(delete(members).where(members.c.id == member_id)).rowcount)

    def _insert(self, row: Mapping[str, object]) -> Member:
        whole = {"id": make_id(), "created": datetime.now(UTC), **row}
        with self._database.begin() as connection:
            connection.execute(insert(members).values(whole))
            made = connection.execute(select(*COLUMNS).where(members.c.id == whole["id"])).mappings().one()
        return read_member(made)

    def _change(self, member_id: str, **values: object) -> None:
        with self._database.begin() as connection:
            _check_found(connection.execute(update(members).where(members.c.id == member_id).values(values)).rowcount)


def add_many(accounts: MemberAccounts, rows: Sequence[tuple[str, str]]) -> tuple[int, int, list[str]]:
    """Add accounts by address and name: how many were added, how many were there, and what is no address."""
    added = known = 0
    wrong: list[str] = []
    for email, name in rows:
        if not is_email(tidy_email(email)):
            wrong.append(email)
            continue
        try:
            accounts.add(email, name)
            added += 1
        except MemberWrong:
            known += 1
    return added, known, wrong


def tidy_email(email: str) -> str:
    """An address as it is kept."""
    return email.strip().lower()


def is_email(email: str) -> bool:
    """Whether a tidy text is an address that one can write to."""
    return len(email) <= _LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None


def _tidy_name(name: str) -> str:
    return " ".join(name.split())[:_LONGEST_NAME]


def _has(sought: str) -> ColumnElement[bool]:
    pattern = sought.strip().lower()
    if not pattern:
        return members.c.id.is_not(None)
    return or_(
        func.lower(members.c.email).contains(pattern, autoescape=True),
        func.lower(members.c.name).contains(pattern, autoescape=True),
    )


def _check_found(rows: int) -> None:
    if not rows:
        raise MemberWrong("Il n'y a pas de compte d'adhérent à ce nom.")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
