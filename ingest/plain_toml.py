"""TOML as staff write it: no larger than a hand writes, nor deeper than a head follows."""

import tomllib
from typing import Any

_LARGEST = 300_000  # characters
_DOTS = 100  # of a line: each dot of a key is a level, and reading one takes the square of them


def load_toml(text: str) -> dict[str, Any]:
    """What a text says, or raise TOMLDecodeError."""
    if len(text) > _LARGEST:
        raise tomllib.TOMLDecodeError("too large")
    if any(line.count(".") > _DOTS for line in text.splitlines()):
        raise tomllib.TOMLDecodeError("too many levels")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("too many levels") from error
