"""What the chat's handlers share: Chainlit calls them by itself and can be given nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.catalogue.directory import Directory
from assistant.credentials.signatures import Signatures
from assistant.edge.authentication import Authentication
from assistant.history.conversations import History
from assistant.learning.log import QuestionLog
from assistant.serving.reception import Reception
from assistant.settings import Settings
from assistant.sharing.desk import SharingDesk


@dataclass
class _Shared:
    authentication: Authentication | None = None
    reception: Reception | None = None
    log: QuestionLog | None = None
    history: History | None = None
    settings: Settings | None = None
    desk: SharingDesk | None = None
    seal: Signatures | None = None
    directory: Directory | None = None


_shared = _Shared()


def share(
    authentication: Authentication,
    reception: Reception,
    log: QuestionLog,
    history: History,
    settings: Settings,
    desk: SharingDesk,
    seal: Signatures,
) -> None:
    """Give the handlers what tells who is asking, what answers, what keeps questions, conversations and links; and
    the seal of what pages keep.
    """
    _shared.authentication, _shared.reception, _shared.log, _shared.desk = authentication, reception, log, desk
    _shared.history, _shared.settings = history, settings
    _shared.seal = seal


def shared_authentication() -> Authentication:
    """What tells who is asking: see `reader.py`."""
    assert _shared.authentication is not None, "the chat is mounted before it is used"
    return _shared.authentication


def shared_reception() -> Reception:
    """What answers questions."""
    assert _shared.reception is not None, "the chat is mounted before it is used"
    return _shared.reception


def shared_directory() -> Directory:
    """The sheets that everyone may see of the version in service, as filters choose among them."""
    knowledge = shared_authentication().readers.for_visitor().knowledge
    if _shared.directory is None or _shared.directory.knowledge is not knowledge:
        _shared.directory = Directory(knowledge)
    return _shared.directory


def shared_settings() -> Settings:
    """Who the resource centre is and where its site stands."""
    assert _shared.settings is not None, "the chat is mounted before it is used"
    return _shared.settings


def shared_log() -> QuestionLog:
    """What keeps questions and opinions."""
    assert _shared.log is not None, "the chat is mounted before it is used"
    return _shared.log


def shared_history() -> History:
    """What keeps the conversations of members."""
    assert _shared.history is not None, "the chat is mounted before it is used"
    return _shared.history


def shared_desk() -> SharingDesk:
    """What makes links to answers."""
    assert _shared.desk is not None, "the chat is mounted before it is used"
    return _shared.desk


def shared_seal() -> Signatures:
    """What seals the exchanges that pages keep."""
    assert _shared.seal is not None, "the chat is mounted before it is used"
    return _shared.seal
