"""Counting: a question that counts or lists, less what it asks beside: the names, or a figure of each."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.reading.asked import Asked, read_asked
from assistant.reading.form import read_form
from language.grammar import Grammar
from language.text import Text, read_text

_LISTED = Grammar("listed")
# What is read as asking for a figure, before its words: "le montant", "la durée", "le nombre de".
_ASKING: Mapping[str, tuple[str, ...]] = {"fr": ("quel est le", "quelle est la"), "en": ("what is the", "how many")}


def leave_names(question: Text) -> tuple[Text, bool]:
    """A question that counts without the words that ask for names, "et lesquels ?", and whether it had some.

    That what is counted is in the catalogue, "dans vos fiches", is no content either.
    """
    if not _counts(question):
        return question, False
    left = _LISTED.without("which_too", question)
    left = _LISTED.without("named_too", left)
    named = left.written != question.written
    inside = _LISTED.without("in_catalogue", left)
    return (inside if _counts(inside) else left), named


def _counts(question: Text) -> bool:
    form = read_form(question)
    return form.counted is not None or form.counted_sheets


def leave_figure(question: Text) -> tuple[Text, Asked | None]:
    """A question without the figure that it asks for each of what it lists, "avec le montant", and this figure."""
    found = _LISTED.search("with_figure", question)
    rest = read_text(question.written[: found.start].rstrip(" ,;"), question.language) if found else question
    if found is None or _counts(rest):
        return question, None
    ways = (f"{way} {found.written['figure']}" for way in _ASKING.get(found.language, ()))
    asked = next((read for way in ways if (read := read_asked(read_text(way, found.language)))), None)
    if asked is None or (asked.quantity == "count" and not asked.counted):
        return question, None
    return _LISTED.without("in_catalogue", rest), asked
