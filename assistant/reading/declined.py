"""Declined: messages that ask for personal data, or that try to make the assistant misbehave. Read in their form."""

from typing import Literal

from language.grammar import Grammar
from language.text import ANY, read_text

Declined = Literal["misuse", "personal"]

_DECLINED = Grammar("declined")
_MISUSE = ("rules_set_aside", "secrets_asked", "to_do_wrong", "insult")


def read_declined(message: str) -> Declined | None:
    """Why a message is declined whatever the sheets say, or None."""
    text = read_text(message, ANY)  # who tries to misuse it may mix languages
    if any(_DECLINED.has(form, text) for form in _MISUSE):
        return "misuse"
    return "personal" if _DECLINED.has("personal", text) else None
