"""Form: the kind of answer that the form of a question calls for.

The form alone is a guess: each kind of answer then looks whether the sheets hold what it needs, and lets the next one
answer when they do not.
"""

from ingest.sheet import Frozen
from language.grammar import Found, Grammar
from language.text import Text, read_text

_FORMS = Grammar("form")
_LONGEST_NAME = 12  # words of a bare name


class Form(Frozen):
    """What the form of a question asks for; several may hold, and the first that the sheets can answer is taken."""

    comparison: bool = False
    method: bool = False
    contact: bool = False  # how those who did it are reached
    where: bool = False  # where a practice is
    carried: bool = False  # who carries it
    card: bool = False  # one sheet, told as a whole
    told: bool = False  # "parle-moi de…" asks for it, beside a bare name
    subject: str = ""  # what it is asked of: the question without "parle-moi de"
    counted: str | None = None  # what follows "combien de", None when nothing is counted
    listed: str | None = None  # what follows "la liste des" or "toutes les"
    counted_sheets: bool = False  # "combien en environnement ?": what is counted is not named
    shared: str | None = None  # what follows "quelle part de"
    by_column: str | None = None  # what is counted is counted for each value of it: "année"; "" when time is meant
    per_inhabitant: bool = False  # an amount is wanted for each inhabitant
    definition: bool = False  # what a word means
    distinction: bool = False  # what tells several notions apart
    obligation: bool = False  # what the law asks or allows
    exists: bool = False  # whether there is something, or whether anyone did it


def read_form(question: Text) -> Form:
    """What the form of a question asks for."""
    told = (
        _FORMS.search("tell", question) or _FORMS.search("tell_last", question) or _FORMS.search("steps_of", question)
    )
    # What has words that ask is a question; a bare name has none.
    bare = not _FORMS.has("asks", question) and len(question.words.split()) <= _LONGEST_NAME
    counted, listed = _FORMS.search("counted", question), _FORMS.search("listed", question)
    shared, column = _FORMS.search("shared", question), _FORMS.search("by_column", question)
    return Form(
        comparison=_FORMS.has("comparison", question) or _FORMS.has("compared_to_shown", question),
        method=_FORMS.has("method", question),
        contact=_FORMS.has("contact", question),
        where=_FORMS.has("where", question),
        carried=_FORMS.has("carried", question),
        card=bool(told) or bare,
        told=bool(told),
        subject=_without(question, told),
        counted=counted["what"] if counted else None,
        listed=listed["what"] if listed else None,
        counted_sheets=_FORMS.has("counted_sheets", question),
        shared=shared["what"] if shared else None,
        by_column=column["column"] if column else None,
        per_inhabitant=_FORMS.has("per_inhabitant", question),
        definition=_FORMS.has("definition", question),
        distinction=_FORMS.has("distinction", question),
        obligation=_FORMS.has("obligation", question),
        exists=_FORMS.has("exists", question),
    )


def _without(question: Text, found: Found | None) -> str:
    """What is said beside a form, in its normal form without punctuation."""
    if found is None:
        return question.words
    return read_text(f"{question.written[: found.start]} {question.written[found.end :]}", question.language).words
