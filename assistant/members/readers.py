"""Readers: who is asking, and what they may read. The choice is made here and nowhere else, at each request.

What visitors are answered from was opened with the public passages alone, and leads nowhere else. The members' index
is opened by `_MembersKnowledge` only, which asks for the proof that someone is a member at this moment.
"""

import logging
import threading
from dataclasses import dataclass, replace

from assistant.members.member import Member
from assistant.members.sessions import MemberSessions, OpenSession
from assistant.pipeline import Knowledge
from assistant.serving.served import Served, settle, warm_up
from index.storage.version_store import VersionStore
from ingest.refusal import Refusal

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """Whoever asks, and what they are answered from. A visitor has no `member`."""

    knowledge: Knowledge
    member: Member | None = None


class Readers:
    """Gives each reader what they may read: to be asked again for each question, page, file or citation."""

    def __init__(self, served: Served, sessions: MemberSessions) -> None:
        assert served.knowledge().index.access == "public", "visitors are answered from the public passages alone"
        self._served, self._sessions = served, sessions
        self._members = _MembersKnowledge(served.store)

    def for_visitor(self) -> Reader:
        """Anyone."""
        return Reader(self._served.knowledge())

    def for_member(self, key: str) -> Reader | None:
        """Whoever holds the key of an open session; None when it opens nothing, or no longer.

        The first one waits a second, while the members' index is opened.
        """
        session = self._sessions.find(key)
        if session is None:
            return None
        return Reader(self._members.open(session, self._served.knowledge()), session.member)

    def of(self, key: str) -> Reader:
        """Whoever holds this key: a member while it opens a session, else a visitor."""
        return self.for_member(key) or self.for_visitor()


class _MembersKnowledge:
    """The members' index, opened when a member first asks, of the version that visitors are served too."""

    def __init__(self, store: VersionStore) -> None:
        self._store = store
        self._held: Knowledge | None = None
        self._lock = threading.Lock()

    def open(self, session: OpenSession, public: Knowledge) -> Knowledge:
        """What a member is answered from. A version that cannot be opened leaves the one before in its place."""
        assert session.member.revoked is None
        manifest = public.index.manifest
        with self._lock:
            held = self._held
            if held is not None and held.index.manifest.version == manifest.version:
                return held
            try:
                index = self._store.open(manifest.model, "members", manifest.version)
            except (Refusal, OSError):
                if held is None:
                    raise
                _log.exception("The members' part of version %s cannot be opened", manifest.version)
                return held
            self._held = replace(public, index=index)
            warm_up(self._held)
            settle()
            return self._held
