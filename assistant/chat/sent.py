"""Sent: the forms of what pages send: identifiers, texts, messages of windows.

Chainlit makes paths of identifiers: one is a random UUID, written as the page writes it, and nothing else.
"""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, JsonValue, StrictStr

_RANDOM = 4  # the version of UUIDs that are drawn by lot


def is_identifier(told: object) -> bool:
    """Whether this is an identifier, in its one written form."""
    try:
        found = UUID(told) if isinstance(told, str) else None
    except ValueError:
        return False
    return found is not None and found.version == _RANDOM and str(found) == told


def _require_identifier(told: str) -> str:
    if not is_identifier(told):
        raise ValueError("un identifiant est attendu")
    return told


def _mend_text(told: str) -> str:
    """Without what no file and no database takes: halves of characters, zero bytes."""
    return told.encode("utf-8", "replace").decode().replace("\0", "")


def _mend_value(told: JsonValue) -> JsonValue:
    if isinstance(told, str):
        return _mend_text(told)
    if isinstance(told, list):
        return [_mend_value(each) for each in told]
    return _mend_values(told) if isinstance(told, dict) else told


def _mend_values(told: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {_mend_text(key): _mend_value(value) for key, value in told.items()}


Identifier = Annotated[StrictStr, AfterValidator(_require_identifier)]
Text = Annotated[StrictStr, AfterValidator(_mend_text)]
Values = Annotated[dict[str, JsonValue], AfterValidator(_mend_values)]
