"""Negation: whether a statement denies what its source says, or says what its source denies."""

from collections.abc import Sequence

from index.signals.lexical import split_words
from language.grammar import Grammar
from language.text import ANY, read_text

_NEGATION = Grammar("negation")
_SAME = 0.6  # of a clause's words, found in another, for both to be about the same


def inverts(statement: str, sources: Sequence[str]) -> bool:
    """Whether a clause of the statement is negative where the sources are not, or the reverse."""
    affirmed, denied = _clauses(statement)
    sides = [_clauses(source) for source in sources]
    source_affirmed = [clause for side in sides for clause in side[0]]
    source_denied = [clause for side in sides for clause in side[1]]
    if any(not _is_said(clause, source_denied) for clause in denied):
        return True
    return any(
        _covered(other, clause) >= _SAME and not any(_covered(clause, said) >= _SAME for said in source_affirmed)
        for clause in affirmed
        for other in source_denied
        if other
    )


def turns(statement: str, sources: Sequence[str]) -> bool:
    """Whether a clause of the statement denies what a source affirms in the same words, or affirms what it denies.

    Weaker than `inverts`: a limit that is told in other words than the source's turns nothing.
    """
    affirmed, denied = _clauses(statement)
    sides = [_clauses(source) for source in sources]
    said = [clause for side in sides for clause in side[0]]
    unsaid = [clause for side in sides for clause in side[1]]
    return any(
        any(_covered(clause, other) >= _SAME for other in opposite)
        and not any(_covered(clause, other) >= _SAME for other in same)
        for clauses, opposite, same in ((denied, said, unsaid), (affirmed, unsaid, said))
        for clause in clauses
    )


def denies(text: str) -> bool:
    """Whether a clause of a text is negative."""
    return bool(_clauses(text)[1])


def _clauses(text: str) -> tuple[list[set[str]], list[set[str]]]:
    """The words of the clauses of a text: those that affirm, those that deny."""
    affirmed: list[set[str]] = []
    denied: list[set[str]] = []
    lines = (_NEGATION.without("not_negative", read_text(line, ANY)) for line in text.split("\n"))
    for clause in (clause for line in lines for clause in _NEGATION.split("parts", line)):
        if words := set(split_words(_NEGATION.without("negative", clause).written)):
            (denied if _NEGATION.has("negative", clause) else affirmed).append(words)
    return affirmed, denied


def _is_said(clause: set[str], others: list[set[str]]) -> bool:
    return any(_covered(clause, other) >= _SAME or _covered(other, clause) >= _SAME for other in others)


def _covered(words: set[str], others: set[str]) -> float:
    return len(words & others) / len(words)
