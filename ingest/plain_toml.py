"""TOML as staff write it: no larger than a hand writes, nor deeper than a head follows."""

import tomllib
from typing import Any

_LARGEST = 1_000_000  # characters


def load_toml(text: str) -> dict[str, Any]:
    """What a text says, or raise TOMLDecodeError."""
    if len(text) > _LARGEST:
        raise tomllib.TOMLDecodeError("too large")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("too many levels") from error
