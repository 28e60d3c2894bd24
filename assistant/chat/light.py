"""Light: Chainlit without the libraries that it imports for what this chat leaves aside.

It imports them whole for the names of a few types: tools over MCP, which our routes refuse, and the telemetry of an
observability service that nobody here has. They take a second of each start, and 100 MB, for nothing.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_ASIDE = {"mcp": ("ClientSession",), "traceloop": (), "traceloop.sdk": ("Traceloop",)}  # with the names taken from them


@contextmanager
def without_what_is_left_aside() -> Iterator[None]:
    """Import Chainlit inside: names without content stand for those libraries, unless they are in use by now."""
    stood = {name: _stand_in(name, taken) for name, taken in _ASIDE.items() if name not in sys.modules}
    sys.modules.update(stood)
    try:
        yield
    finally:
        for name in stood:
            del sys.modules[name]


def _stand_in(name: str, taken: tuple[str, ...]) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = []
    for each in taken:
        setattr(module, each, type(each, (), {}))
    return module
