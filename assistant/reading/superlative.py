"""Superlative: whether a question asks for the least or the most of something, and of what."""

from __future__ import annotations

from typing import Literal

from ingest.sheet import Frozen
from language.grammar import Found, Grammar
from language.numbers import read_cardinal
from language.text import Text

Column = Literal[
    "share", "inhabitants", "year", "cost", "voters", "participants", "ideas", "staff", "meetings", "duration"
]
# The entries in the order in which they are tried: "la plus grande participation" is no town's size.
_COLUMNS: tuple[Column, ...] = (
    "cost",
    "voters",
    "participants",
    "ideas",
    "staff",
    "meetings",
    "year",
    "duration",
    "inhabitants",
)
_SUPERLATIVE = Grammar("superlative")


class Superlative(Frozen):
    """What is compared, whether the least of it is asked, and how many of those that come first, 0 when not said.

    `both` when the other end is asked as well: "la plus chère, et la moins chère ?".
    """

    column: Column
    least: bool
    number: int = 0
    both: bool = False


def read_superlative(question: Text) -> Superlative | None:
    """What the question asks the extreme of, None when it asks for none or does not say of what."""
    least, most = _SUPERLATIVE.search("least", question), _SUPERLATIVE.search("most", question)
    is_share = _SUPERLATIVE.has("of_share", question)
    if is_share and not (least or most):
        least, most = _SUPERLATIVE.search("worst", question), _SUPERLATIVE.search("best", question)
    if not (least or most):
        return None
    # "La plus petite commune qui a un budget participatif" is a town's size, whatever else is named.
    town_first = not is_share and _SUPERLATIVE.has("town_first", question)
    column = "share" if is_share else "inhabitants" if town_first else _find_column(question, least or most)
    several = _SUPERLATIVE.search("several", question)
    number = read_cardinal(several["number"]) if several else 0
    both = bool(least and most and (least.end <= most.start or most.end <= least.start))
    return Superlative(column=column, least=least is not None, number=number, both=both) if column else None


def _find_column(question: Text, said: Found | None) -> Column | None:
    """What the words that ask for the extreme say themselves, "le plus vieux budget", else what is named first after
    them, "le plus d'agents", else anywhere.
    """
    if said and (own := [each for each in _COLUMNS if _SUPERLATIVE.is_in(f"of_{each}", said.said, said.language)]):
        return own[0]
    after = question.after(said.end) if said else question
    named = {each: found.start for each in _COLUMNS if (found := _SUPERLATIVE.search(f"of_{each}", after))}
    if named:
        return min(named, key=lambda each: named[each])
    return next((each for each in _COLUMNS if _SUPERLATIVE.has(f"of_{each}", question)), None)
