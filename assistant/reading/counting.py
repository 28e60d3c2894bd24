"""Counting: a question that counts, less what asks to name as well what is counted."""

from __future__ import annotations

from assistant.reading.form import read_form
from language.grammar import Grammar
from language.text import Text

_LISTED = Grammar("listed")


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
