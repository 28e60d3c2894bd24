"""What the chat's handlers share: Chainlit calls them by itself and can be given nothing else."""

from dataclasses import dataclass

from assistant.answer import Knowledge


@dataclass
class _Shared:
    knowledge: Knowledge | None = None
    centre_name: str = ""


_shared = _Shared()


def share(knowledge: Knowledge, centre_name: str) -> None:
    """Give the handlers what they answer from."""
    _shared.knowledge, _shared.centre_name = knowledge, centre_name


def shared_knowledge() -> Knowledge:
    """What the handlers answer from."""
    assert _shared.knowledge is not None, "the chat is mounted before it is used"
    return _shared.knowledge


def centre_name() -> str:
    """The name of the resource centre."""
    return _shared.centre_name
