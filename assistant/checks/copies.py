"""Copies: whether a statement is a sentence of the passages told almost as it stands, which needs no fitted model.

What was left out, put in or exchanged is looked at word by word over the parse of the source. Half of what models write
from sheets differs from them by an auxiliary, a label and what stands in brackets; most of what makes such a sentence
false is a small word ("toutes" for "parfois", "a été" for "sera"), or a word from above which its own was cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from assistant.checks.alignment import Alignment, climb_up
from assistant.checks.negation import denies, turns
from assistant.checks.passage_text import ReadText
from index.signals.lexical import split_words
from language.grammar import Grammar
from language.letters import fold
from language.text import read_text

_FEWEST = 3  # words of a statement that says something
_CLAIM, _COPY = Grammar("claim"), Grammar("copy")
_BINDING = ("all", "some", "only", "most", "always", "more", "less", "may", "must", "plan", "result", "cause",
            "condition", "before", "after", "without", "first", "last")  # fmt: skip
_EXCEPT = ("only", "condition", "without")  # what leaves out a part of the rest, wherever it hangs
_HELD = frozenset({"det", "advmod", "mark", "case", "aux", "cop", "fixed", "aux:pass"})
_VERBAL = frozenset({"VERB", "AUX"})


def is_copy(aligned: Alignment, known: str) -> bool:
    """Whether a statement is a sentence of the passages, in its order, less what hangs on it, its sheet named."""
    source, statement = aligned.source, aligned.statement
    if len(set(statement.content)) < _FEWEST or turns(statement.text, [source.text]):
        return False
    above = frozenset(split_words(known)).union(*(each.stems for each in aligned.passages.headings))
    codes = [(range(a, b), range(c, d)) for way, a, b, c, d in aligned.edits.get_opcodes() if way != "equal"]
    return (
        all(_may_go(source, old) for old, _ in codes)
        and all(_may_come(statement, new, source, old, above) for old, new in codes)
        and _holds_together(source, {row for old, _ in codes for row in old})
    )


def _may_go(source: ReadText, old: range) -> bool:
    """Whether words of a source may be left out, or give way to others."""
    told, gone = _written(source, old), set(old)
    if not old:
        return True
    tops = [row for row in old if source.words[row].head not in gone or source.words[row].head == row]
    return not (
        denies(told)
        or _claims(told, source.language, _EXCEPT)
        or any(_claims(source.word(row), source.language, _BINDING) for row in tops)
    )


def _may_come(statement: ReadText, new: range, source: ReadText, old: range, above: frozenset[str]) -> bool:
    """Whether words that the source does not have there add nothing: small ones, the name of the sheet, other forms."""
    if _claims(_written(statement, new), statement.language, _BINDING) or _is_told_as_done(source, old, statement, new):
        return False
    forms = [stems for row in old if (stems := source.word_stems[row])]
    is_open = all(not source.word_stems[row] or _COPY.lists("generic", fold(source.word(row))) for row in old)
    for row in new:
        stems = statement.word_stems[row]
        if not stems and _COPY.lists("grave", fold(statement.word(row))):
            return False
        is_known = stems in forms or _COPY.lists("light", fold(statement.word(row)))
        if stems and not is_known and not (is_open and stems <= above and _names_sheet(statement, row, new, old)):
            return False
    return True


def _names_sheet(statement: ReadText, row: int, new: range, old: range) -> bool:
    """Whether a word of the heading stands before what is told, for "la ville" or "elle", or after "à" or "de"."""
    if new.start == 0:
        return True
    before = fold(statement.word(row - 1))
    return statement.word(row)[0].isupper() and (
        bool(old) or _COPY.lists("of", before) or statement.word(row - 1)[0].isupper()
    )


def _is_told_as_done(source: ReadText, old: range, statement: ReadText, new: range) -> bool:
    """Whether what is to come, or is aimed at, is told as it happens or happened."""
    before = {fold(source.word(row)) for row in old if source.words[row].part in _VERBAL}
    after = {fold(statement.word(row)) for row in new if statement.words[row].part in _VERBAL}
    return bool(after) and any(_COPY.has("undone", read_text(each, source.language)) for each in before - after)


def _holds_together(source: ReadText, lost: Collection[int]) -> bool:
    """Whether what stays of a source hangs together, under nothing that binds it: not "128 [élus, 30] habitants"."""
    figures = {row for row in range(len(source.words)) if source.word(row)[0].isdigit()}
    content = {*source.content, *figures}
    tops = [row for row in sorted(content) if row not in lost and not _hangs(source, row, lost, content)]
    if len(tops) > 1:
        return False
    above = {row for top in tops for row in climb_up(source.words, top) if row in lost}
    bound = " ".join(source.word(row) for row in sorted({*above, *_small_ones(source, above)}))
    return not denies(bound) and not _claims(bound, source.language, ("aim", *_BINDING))


def _hangs(source: ReadText, row: int, lost: Collection[int], content: Collection[int]) -> bool:
    """Whether a word hangs on one that stays, with nothing that says something left out between."""
    for above in climb_up(source.words, row)[1:]:
        if above not in lost:
            return True
        if above in content:
            return False
    return False


def _small_ones(source: ReadText, above: Collection[int]) -> Iterator[int]:
    return (row for row, word in enumerate(source.words) if word.head in above and word.role in _HELD)


def _written(text: ReadText, rows: range) -> str:
    return " ".join(text.word(row) for row in rows)


def _claims(text: str, language: str, kinds: Sequence[str]) -> set[str]:
    written = read_text(text, language)
    return {kind for kind in kinds if _CLAIM.has(kind, written)}
