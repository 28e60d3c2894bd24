"""Asker: what a person says of themselves, "on est un petit village", is context; what is sought of sheets is not."""

from __future__ import annotations

from index.encoding.budget import aside
from index.places.gazetteer import find_places
from language.grammar import Grammar
from language.parser import Token, parse
from language.shapes import CLAUSE_END, SENTENCE_END, WORD
from language.text import Text, read_text

_AROUND, _SOUGHT = Grammar("around"), Grammar("sought")
_CLOSE = 3  # words between "notre" and what is ours
_VERBS = frozenset({"VERB", "AUX"})
_OF_A_NOUN = frozenset({"acl", "amod"})  # "une commune située en montagne"


def is_context(question: Text, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` say what the person is, or name what is known to both: none is sought."""
    before = question.before(start)
    words = read_text(question.written[start:end], question.language)
    if _AROUND.has("known_town", words) and _AROUND.has("known", before) and not find_places(question.written):
        return True  # no other is sought
    return speaks_of_self(before) or _introduces(question, before, words, end)


def speaks_of_self(before: Text) -> bool:
    """Whether a clause up to here speaks of who asks, and asks for nothing: "dans notre", "je travaille dans une"."""
    clause = CLAUSE_END.split(before.said)[-1]
    ours = _AROUND.last_in("ours", clause, before.language)
    asked = _AROUND.last_in("seeks", clause, before.language)
    if asked >= 0:  # "comment faire dans notre village"
        return ours > asked and len(clause[ours:].split()) <= 1 + _CLOSE
    return ours >= 0 or _AROUND.is_in("first_person", clause, before.language)


def asks_for(before: Text) -> bool:
    """Whether a clause up to here asks for what follows it: "je cherche des exemples de"."""
    return _AROUND.is_in("asks_for", CLAUSE_END.split(before.said)[-1], before.language)


def _introduces(question: Text, before: Text, words: Text, end: int) -> bool:
    """Whether words open a sentence and stand alone, before one that asks: "petite commune, comment faire ?"."""
    opening = " ".join(WORD.findall(SENTENCE_END.split(before.said)[-1]))
    if opening and not _AROUND.is_in("opens", opening, before.language):
        return False
    if _AROUND.has("several", words):
        return False
    stop = CLAUSE_END.search(question.written, end)
    if stop is None or stop[0] in "?!" or _has_verb(question, end, stop.start()):
        return False
    return _AROUND.has("goes_on", question.after(stop.end()))


def _has_verb(question: Text, start: int, end: int) -> bool:
    """Whether a verb stands between two places: the words before it do more than name who asks."""
    with aside():  # the first parse opens the parser
        words = parse(question.written, question.language or "fr")
    if not words:
        return _SOUGHT.has("stop", question.written[start:end])
    return any(start <= word.start < end and _is_said(word) for word in words)


def _is_said(word: Token) -> bool:
    return word.part in _VERBS and word.role not in _OF_A_NOUN
