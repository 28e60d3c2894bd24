"""Asks: all that a message asks of one practice, piece by piece: "qui l'a animé, avec quel budget, et la durée ?"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.french.nouns import say_the
from assistant.reading.message import read_courtesy
from ingest.sheet import Frozen
from language.grammar import Found, Grammar
from language.shapes import SENTENCE
from language.text import Text, read_text

_ASKS, _ASKING = Grammar("asks"), Grammar("asking")
_MOST = 6  # things of one message
_MARKS = " ,;:.!?…()–-"
_CLOSED = (",", ";", ":", ".", "!", "…", ")")
_AROUND = " ,;:.…()–-"  # a piece: the mark that asks stays with it


class Ask(Frozen):
    """A thing that a message asks: as it is `written` there, and as the `question` that asks for it alone."""

    written: str
    question: str


def read_asks(message: Text) -> tuple[Ask, ...]:
    """What a message asks, one thing after the other, as long as it asks several; else nothing.

    They are cut finer than its parts (`parts.py`): every one is to be told of one and the same practice, or named as
    what its sheet does not tell.
    """
    asks = [_make_ask(piece, message.language) for piece in _cut(message)]
    return tuple(asks[:_MOST]) if len(asks) > 1 else ()


def _cut(message: Text) -> Iterator[str]:
    """The pieces of a message that ask, each from where something is asked up to where something else is.

    What stands before the first, who writes and of which practice, is left out.
    """
    written, cuts = message.written, [0]
    for start, is_noun in sorted(_find_starts(message)):
        before = written[cuts[-1] : start]
        if _asks(before, message.language):
            cuts.append(start)
        elif len(cuts) == 1 and before.rstrip().endswith(":" if is_noun else _CLOSED):
            cuts = [start]
    for start, end in zip(cuts, [*cuts[1:], len(written)], strict=True):
        if _asks(written[start:end], message.language):
            piece = written[start:end].strip(_AROUND)
            yield piece if "(" in piece else piece.replace(")", "")  # "(et combien de visiteurs ?)"


def _find_starts(message: Text) -> Iterator[tuple[int, bool]]:
    """Where a sentence, words that ask, or a noun of what may be asked start; and whether it is a noun."""
    written = message.written
    for entry in ("starts", "noun_starts"):
        for found in _ASKS.find_apart(entry, message):
            rest = written[found.start :].lstrip(_MARKS)
            yield len(written) - len(rest), entry == "noun_starts"
    yield from ((sentence.start(), False) for sentence in SENTENCE.finditer(written) if sentence.start())


def _asks(piece: str, language: str) -> bool:
    text = read_text(piece.strip(_MARKS), language)
    if read_courtesy(text):  # "Ça va ?"
        return False
    if any(_ASKS.has(entry, text) for entry in ("asking", "noun")):
        return True
    return "?" in piece and len(text.words.split()) > 1


def _make_ask(piece: str, language: str) -> Ask:
    text = read_text(piece, language)
    found = None if _ASKING.has("polar", text) else _ASKS.search("noun", text)
    return Ask(written=piece, question=_write_out(found) if found else piece)


def _write_out(found: Found) -> str:
    named = found.written["named"]
    if found.language == "en":
        return f"what is the {named}"
    plural, feminine = "plural" in found.groups or named.split()[0].endswith("s"), "feminine" in found.groups
    which = f"quel{'le' * feminine}{'s' * plural} {'sont' if plural else 'est'}"
    return f"{which} {say_the(named, feminine=feminine, plural=plural)}"
