"""Background: what a program does beside its answers, in threads that never keep it from ending."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def start_background(name: str, work: Callable[[], None]) -> threading.Thread:
    """Begin work in a thread of its own; what is not done when the program ends is left."""
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


@contextmanager
def in_background(
    name: str, work: Callable[[], None], end: Callable[[], None], patience: float = 5.0
) -> Iterator[None]:
    """While this is open, work goes on in a thread of its own; on leaving, `end` tells it to end, and it is waited for.

    `patience`: for so many seconds.
    """
    thread = start_background(name, work)
    try:
        yield
    finally:
        end()
        thread.join(patience)
