"""What the chat's handlers share: Chainlit calls them by itself and can be given nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.history.conversations import History
from assistant.learning.log import QuestionLog
from assistant.observing.observer import Observer
from assistant.search import Knowledge
from assistant.served import Served


@dataclass
class _Shared:
    served: Served | None = None
    observer: Observer | None = None
    centre_name: str = ""
    log: QuestionLog | None = None
    history: History | None = None
    find_member: Callable[[], str | None] | None = None


_shared = _Shared()


def share(served: Served, observer: Observer, centre_name: str) -> None:
    """Give the handlers what they answer from, and who notes that they did."""
    _shared.served, _shared.observer, _shared.centre_name = served, observer, centre_name


def shared_knowledge() -> Knowledge:
    """What the handlers answer from: to be taken once for an answer."""
    assert _shared.served is not None, "the chat is mounted before it is used"
    return _shared.served.knowledge()


def shared_observer() -> Observer:
    """Who notes each answer."""
    assert _shared.observer is not None, "the chat is mounted before it is used"
    return _shared.observer


def centre_name() -> str:
    """The name of the resource centre."""
    return _shared.centre_name


def share_memory(log: QuestionLog, history: History, find_member: Callable[[], str | None]) -> None:
    """Give the handlers what keeps questions and conversations, and what tells which member is in the chat, if any."""
    _shared.log, _shared.history, _shared.find_member = log, history, find_member


def shared_log() -> QuestionLog:
    """What keeps questions and opinions."""
    assert _shared.log is not None, "the chat is mounted before it is used"
    return _shared.log


def shared_history() -> History:
    """What keeps the conversations of members."""
    assert _shared.history is not None, "the chat is mounted before it is used"
    return _shared.history


def shared_member() -> str | None:
    """The id of the member who is in this chat at this moment; None for a visitor."""
    return _shared.find_member() if _shared.find_member else None
