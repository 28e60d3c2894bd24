"""What the chat's handlers share: Chainlit calls them by itself and can be given nothing else."""

from dataclasses import dataclass

from assistant.web.members.door import Door


@dataclass
class _Shared:
    door: Door | None = None
    centre_name: str = ""


_shared = _Shared()


def share(door: Door, centre_name: str) -> None:
    """Give the handlers what tells who is asking, and what they may read."""
    _shared.door, _shared.centre_name = door, centre_name


def shared_door() -> Door:
    """What tells who is asking: see `reader.py`."""
    assert _shared.door is not None, "the chat is mounted before it is used"
    return _shared.door


def centre_name() -> str:
    """The name of the resource centre."""
    return _shared.centre_name
