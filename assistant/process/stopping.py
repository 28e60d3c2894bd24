"""Stopping: a program that the system asks to end (SIGTERM) ends as it does on Ctrl+C, what it began tidied up."""

import signal
from types import FrameType


class Terminated(KeyboardInterrupt):
    """The system asked this program to end."""


def end_cleanly_when_asked() -> None:
    """From now on SIGTERM raises Terminated in the main thread, instead of ending the program at once."""
    signal.signal(signal.SIGTERM, _raise)


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated
