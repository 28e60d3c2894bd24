"""Message: what may be asked, made tidy, and whether it greets or is about the centre itself."""

from typing import Literal

from ingest.repair import drop_unseen
from language.grammar import Grammar
from language.text import Text

LONGEST_QUESTION = 2_000  # characters
LONGEST_READING = 0.25  # seconds of processor time, the model apart; what people ask takes a tenth of it

Courtesy = Literal["", "greeting", "thanks"]
Centre = Literal["", "perhaps", "surely"]

_MESSAGE = Grammar("message")


def tidy_question(question: str) -> str:
    """A question on one line, no longer than is read, of characters that are seen."""
    return " ".join(drop_unseen(question).split())[:LONGEST_QUESTION]


def read_courtesy(text: Text) -> Courtesy:
    """Whether a message only greets, or only thanks or takes leave, and asks nothing."""
    if not _MESSAGE.has("small_talk", text):
        return ""
    return "thanks" if _MESSAGE.has("thanks", text) else "greeting"


def read_centre(text: Text) -> Centre:
    """Whether a question is put as one about the centre, and whether it can be about nothing else.

    Where it is not sure, what it is about is left to the search.
    """
    if _MESSAGE.has("surely_centre", text) and not _MESSAGE.has("one_card", text):
        return "surely"
    return "perhaps" if _MESSAGE.has("about_centre", text) else ""


def read_sheet_number(text: Text) -> str:
    """The id of the sheet that a question names as staff do, "la fiche 29"; "" when it names none."""
    found = _MESSAGE.search("numbered_sheet", text)
    return found["id"] if found else ""
