"""Message: what may be asked, made tidy, and whether it greets or is about the centre itself."""

from typing import Literal

from ingest.repair import drop_unseen
from language.grammar import Grammar
from language.text import Text, read_text

LONGEST_QUESTION = 2_000  # characters
# Seconds of processor time, the model apart. With it, eleven questions of as many forms took 0.04 to 0.32 on a busy
# machine; the first of a form takes more. With half as much, a short question was told that it is too long.
LONGEST_READING = 0.5

Courtesy = Literal["", "greeting", "thanks"]
Centre = Literal["", "perhaps", "surely"]

_MESSAGE = Grammar("message")
_AFTER, _BEFORE = " ,.!:;…–-", " ,;:–-"  # marks after what greets, and before what thanks


def tidy_question(question: str) -> str:
    """A question on one line, no longer than is read, of characters that are seen."""
    return " ".join(drop_unseen(question).split())[:LONGEST_QUESTION]


def read_courtesy(text: Text) -> Courtesy:
    """Whether a message only greets, or only thanks or takes leave, and asks nothing."""
    if not _MESSAGE.has("small_talk", text):
        return ""
    return "thanks" if _MESSAGE.has("thanks", text) else "greeting"


def leave_courtesy(text: Text) -> Text:
    """A question without the words that greet before it and thank after it; a message that has no others stays."""
    opening = _MESSAGE.search("opening", text)
    start = opening.end if opening else 0
    closing = _MESSAGE.search("closing", text)
    # The mark that asks stays: it stands before the thanks.
    end = closing.start + 1 if closing and closing.start >= start else len(text.written)
    left = read_text(text.written[start:end].lstrip(_AFTER).rstrip(_BEFORE), text.language)
    return left if left.words else text


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
