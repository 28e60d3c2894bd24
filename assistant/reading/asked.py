"""Asked: the kind of figure, date or name that a question wants to be told, read in its form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from index.signals.lexical import split_words
from language.grammar import Grammar, read_section
from language.shapes import NAME
from language.text import Text, read_text

Quantity = Literal["money", "share", "duration", "date", "count", "person", "outcome", "topic", "name"]
Each = Literal["", "jour", "an", "habitant"]

UNCERTAIN: tuple[Quantity, ...] = ("topic", "name")  # too many forms for a sentence that holds one to be known

_ASKED, _QUANTITY = Grammar("asked"), Grammar("quantity")
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
_EACH: tuple[Each, ...] = ("jour", "an", "habitant")
_READ_TO_TRANSLATE = 5  # words, in which a question in English names what it counts


@dataclass(frozen=True)
class Asked:
    """What a question asks to be told: a kind of quantity, and for a count the words of what is counted.

    `each` is what an amount is asked for each of. All words are as the sheets have them, in French.
    """

    quantity: Quantity
    counted: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()  # of the question, to choose between figures of one sentence
    each: Each = ""


def read_asked(question: str | Text, expansions: Sequence[str] = ()) -> Asked | None:
    """The quantity a question asks for, or None when it asks for no single fact; sheets are counted, not quoted.

    `expansions` are the French words for those of a question in English.
    """
    text = read_text(question) if isinstance(question, str) else question
    if _ASKED.has("counts_sheets", text):
        return None
    quantity = next((quantity for entry, quantity in _FORMS if _ASKED.has(entry, text)), None)
    if quantity is None and not _asks_who_did(text):
        return None
    quantity = quantity or "name"
    words = frozenset(split_words(" ".join((text.written, *(expansions if text.language == "en" else ())))))
    return Asked(quantity, _find_counted(quantity, text), words, _find_each(text) if quantity == "money" else "")


def _find_each(text: Text) -> Each:
    return next((each for each in _EACH if _ASKED.has(f"each_{each}", text)), "")


def _asks_who_did(text: Text) -> bool:
    """Whether it asks who did what it names, "Qui a animé Tok-Tok ?"; "Qui a associé des enfants ?" does not."""
    return any(NAME.search(text.written, found.end) for found in _ASKED.find("who_did", text))


def _find_counted(quantity: Quantity, text: Text) -> tuple[str, ...]:
    entry, most = _NAMED.get(quantity, ("", 0))
    found = _ASKED.search(entry, text) if entry else None
    if not found:
        return ()
    words = found["what"].split()
    if found.language == "en" and (french := _translate(words[:_READ_TO_TRANSLATE])):
        return tuple(dict.fromkeys(split_words(" ".join(french))))
    return tuple(split_words(found.written.get("what", ""))[:most])


def _translate(words: Iterable[str]) -> list[str]:
    """The French words for what English ones count, those for persons whoever they are last: "people voted"."""
    french = (each for word in words for each in _french().get(word, ()))
    return sorted(french, key=_QUANTITY.words("anyone")["fr"].__contains__)


@cache
def _french() -> dict[str, tuple[str, ...]]:
    pairs = [(word, french) for french, words in read_section("counted", "en").words.items() for word in words]
    return {word: tuple(french for other, french in pairs if other == word) for word, _ in pairs}
