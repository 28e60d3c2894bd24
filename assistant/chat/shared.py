"""What the chat's handlers share: Chainlit calls them by itself and can be given nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.observing.observer import Observer
from assistant.web.members.door import Door
from assistant.web.pages.directory import Directory


@dataclass
class _Shared:
    door: Door | None = None
    observer: Observer | None = None
    centre_name: str = ""
    directory: Directory | None = None


_shared = _Shared()


def share(door: Door, observer: Observer, centre_name: str) -> None:
    """Give the handlers what tells who is asking and what they may read, and who notes each answer."""
    _shared.door, _shared.observer, _shared.centre_name = door, observer, centre_name


def shared_door() -> Door:
    """What tells who is asking: see `reader.py`."""
    assert _shared.door is not None, "the chat is mounted before it is used"
    return _shared.door


def shared_observer() -> Observer:
    """Who notes each answer."""
    assert _shared.observer is not None, "the chat is mounted before it is used"
    return _shared.observer


def shared_directory() -> Directory:
    """The sheets that everyone may see of the version in service, as filters choose among them."""
    knowledge = shared_door().readers.for_visitor().knowledge
    if _shared.directory is None or _shared.directory.knowledge is not knowledge:
        _shared.directory = Directory(knowledge)
    return _shared.directory


def centre_name() -> str:
    """The name of the resource centre."""
    return _shared.centre_name
