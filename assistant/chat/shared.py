"""What the chat's handlers share: Chainlit calls them by itself and can be given nothing else."""

from dataclasses import dataclass

from assistant.search import Knowledge
from assistant.served import Served


@dataclass
class _Shared:
    served: Served | None = None
    centre_name: str = ""


_shared = _Shared()


def share(served: Served, centre_name: str) -> None:
    """Give the handlers what they answer from."""
    _shared.served, _shared.centre_name = served, centre_name


def shared_knowledge() -> Knowledge:
    """What the handlers answer from: to be taken once for an answer."""
    assert _shared.served is not None, "the chat is mounted before it is used"
    return _shared.served.knowledge()


def centre_name() -> str:
    """The name of the resource centre."""
    return _shared.centre_name
