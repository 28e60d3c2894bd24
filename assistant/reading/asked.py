"""Asked: the kind of figure, date or name that a question wants to be told, read in its form."""

import re
from dataclasses import dataclass
from typing import Literal

from index.signals.lexical import split_words
from language.grammar import Grammar
from language.text import Text, read_text

Quantity = Literal["money", "share", "duration", "date", "count", "person", "outcome", "topic", "name"]

UNCERTAIN: tuple[Quantity, ...] = ("topic", "name")  # too many forms for a sentence that holds one to be known

_ASKED = Grammar("asked")
# The entries in the order in which they are tried; the first that fits says what is asked.
_FORMS: tuple[tuple[str, Quantity], ...] = (
    ("duration", "duration"),
    ("share", "share"),
    ("date_named", "date"),
    ("money", "money"),
    ("outcome", "outcome"),
    ("person", "person"),
    ("date", "date"),
    ("topic", "topic"),
    ("count", "count"),
    ("name", "name"),
)
# The words of what is counted, of what a share is of, of whose name is asked: the entry, and how many words tell.
_NAMED: dict[Quantity, tuple[str, int]] = {
    "count": ("what_is_counted", 2),
    "share": ("what_is_shared", 1),
    "person": ("whose", 1),
}
_CAPITAL = re.compile(r"[ '’][A-ZÉÈÀ]")


@dataclass(frozen=True)
class Asked:
    """What a question asks to be told: a kind of quantity, and for a count the words of what is counted."""

    quantity: Quantity
    counted: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()  # of the question, to choose between figures of one sentence


def read_asked(question: str | Text) -> Asked | None:
    """The quantity a question asks for, or None when it asks for no single fact; sheets are counted, not quoted."""
    text = read_text(question) if isinstance(question, str) else question
    if _ASKED.has("counts_sheets", text):
        return None
    quantity = next((quantity for entry, quantity in _FORMS if _ASKED.has(entry, text)), None)
    if quantity is None and not _asks_who_did(text):
        return None
    quantity = quantity or "name"
    return Asked(quantity, _find_counted(quantity, text), frozenset(split_words(text.written)))


def _asks_who_did(text: Text) -> bool:
    """Whether it asks who did what it names, "Qui a animé Tok-Tok ?"; "Qui a associé des enfants ?" does not."""
    return any(_CAPITAL.search(text.written[found.end :]) for found in _ASKED.find("who_did", text))


def _find_counted(quantity: Quantity, text: Text) -> tuple[str, ...]:
    entry, most = _NAMED.get(quantity, ("", 0))
    found = _ASKED.search(entry, text) if entry else None
    return tuple(split_words(found.written.get("what", ""))[:most]) if found else ()
