"""What the chat's handlers share: Chainlit calls them by itself and can be given nothing else."""

from dataclasses import dataclass

from assistant.observing.observer import Observer
from assistant.search import Knowledge
from assistant.served import Served


@dataclass
class _Shared:
    served: Served | None = None
    observer: Observer | None = None
    centre_name: str = ""


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
