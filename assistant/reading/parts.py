"""Parts: the questions of a message that asks several, "combien de votants, et de combien était-il doté ?"."""

from __future__ import annotations

from assistant.reading.asked import UNCERTAIN, read_asked
from assistant.reading.follow_up import read_follow_up
from assistant.reading.form import read_form
from language.grammar import Grammar
from language.text import Text, read_text

_PARTS, _ASKING, _FOLLOW_UP = Grammar("parts"), Grammar("asking"), Grammar("follow_up")
_MOST = 3  # questions of one message
_MARKS = " ,;:.!?…–-"


def read_parts(question: Text) -> tuple[str, ...]:
    """The questions of a message, as they are written; none when it asks one.

    Each but the first asks for a fact, for what a form of its own gives, or of what answers those before it: what is
    only another wording, or another side of one open question, stays with what stands before it.
    """
    parts: list[str] = []
    for piece in _cut(question):
        if parts and len(parts) < _MOST and _asks_apart(read_text(piece, question.language)):
            parts.append(piece)
        else:
            parts = [*parts[:-1], " ".join([*parts[-1:], piece])]
    whole = [parts[0], *(_name_which(part, parts[0], question.language) for part in parts[1:])]
    return tuple(part.strip(" ,;:") for part in whole) if len(parts) > 1 else ()


def _name_which(piece: str, first: str, language: str) -> str:
    """A later question with what the first one counts or lists, "et quelles villes utilisent" for "et lesquelles"."""
    which = _PARTS.search("which_of_them", read_text(piece, language))
    form = read_form(read_text(first, language))
    named = (form.counted or form.listed or "").split()
    return f"{which.written['quels']} {named[0]} {piece[which.end :].strip()}" if which and named else piece


def cut_first(question: Text) -> Text:
    """What a message asks first, whether what follows is answered by itself or not."""
    return read_text(_cut(question)[0].strip(" ,;:"), question.language)


def _cut(question: Text) -> list[str]:
    """The message at each place where a question starts after another one."""
    written, cuts = question.written, [0]
    for found in _PARTS.find_apart("starts", question):
        start = found.start + len(written[found.start :]) - len(written[found.start :].lstrip(_MARKS))
        if _PARTS.has("asks", read_text(written[cuts[-1] : start].lstrip(_MARKS), question.language)):
            cuts.append(start)
    return [written[start:end] for start, end in zip(cuts, [*cuts[1:], len(written)], strict=True)]


def _asks_apart(piece: Text) -> bool:
    """Whether a later question is answered by itself."""
    fact, form, follow_up = read_asked(piece), read_form(piece), read_follow_up(piece)
    if _PARTS.has("which_of_them", piece) or (fact and fact.quantity not in UNCERTAIN):
        return True
    if form.contact or form.definition or form.obligation:
        return True
    return follow_up.link == "ask" or (_ASKING.has("polar", piece) and not _FOLLOW_UP.has("self_contained", piece))
