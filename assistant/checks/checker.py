"""Checker: does what is cited support this statement? Confirmed, doubtful or contradicted, with the proving sentences.

A figure or a name that the passages do not have contradicts, whatever the rest; the fitted model (`support.py`) weighs
the rest. What it is not sure of is doubtful: neither shown as proved nor thrown away; a second stage may confirm it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations
from typing import Literal

import numpy as np

from assistant.checks import own_words
from assistant.checks.alignment import Alignment
from assistant.checks.copies import is_copy
from assistant.checks.entailment import Entailment
from assistant.checks.figures import Figure, is_proof, is_small
from assistant.checks.negation import turns
from assistant.checks.passage_text import ReadPassages, ReadText, TextReader, tell_language
from assistant.checks.signs import read_signs
from assistant.checks.stated_names import are_named, find_names
from assistant.checks.support import Support, compare, load
from index.encoding.encoder import Encoder
from index.places.gazetteer import find_places
from language.grammar import Grammar, read_numbers
from language.letters import fold
from language.shapes import LETTERS, WORD

Verdict = Literal["confirmed", "doubtful", "contradicted"]
Why = Literal["figure", "name", "meaning", "entailment", "review", "nothing cited", "nothing said"]

_SHARE = 1  # in 100, between a share that is told and what two figures give
_ROUNDED = 0.1  # of a figure, between it and what is told for it
_SAME = 0.6  # of a statement's words, in a sentence on the same thing
_ADDS = 0.02  # of closeness, for a second sentence to be quoted beside the first
_NAMES = Grammar("names")
_SHORTEST = 3  # letters of a word that says something


@dataclass(frozen=True)
class Proof:
    """A sentence that supports a statement, and the row of its passage."""

    passage: int
    sentence: str


@dataclass(frozen=True)
class Judged:
    """What a statement is worth: `chance` that it is supported, from 0 to 1, and the sentences nearest to it.

    `why` tells what decided: a figure or a name that is not there, the meaning, a second stage, or that there was
    nothing to compare. `is_open`: a second stage may confirm it, for its figures, names and negation are in order.
    """

    verdict: Verdict
    chance: float
    why: Why
    proofs: tuple[Proof, ...]
    is_open: bool = False

    def confirm(self, why: Why) -> Judged:
        """The same, confirmed by a second stage; or as it was, when none may."""
        return replace(self, verdict="confirmed", why=why, is_open=False) if self.is_open else self


@dataclass(frozen=True)
class Doubt:
    """A doubtful statement that a second stage may confirm, and the passages that it cites: headings and texts."""

    statement: str
    passages: Sequence[tuple[str, str]]


class Checker:
    """Judges statements, in the thread that computes: what it remembers is for one thread."""

    def __init__(self, encoder: Encoder, support: Support | None = None, entailment: Entailment | None = None) -> None:
        self._support, self._own = support or load(), own_words.load()
        self._reader = TextReader(encoder, self._support.mean)
        self._entailment = entailment

    def is_own(self, statement: str) -> bool:
        """Whether a sentence without figure or name is the assistant's own: it tells nothing of practices."""
        return self._own.has(self._reader.read([(statement, tell_language(statement))])[0].vector)

    def judge(self, statement: str, passages: Sequence[tuple[str, str]], known: str = "") -> Judged:
        """A statement against the passages that it cites, each a heading and a text; `known` is what else they know:
        the organisation and the place of their sheets.
        """
        return self.reconsider(self.weigh(statement, passages, known), statement, passages)

    def reconsider(self, judged: Judged, statement: str, passages: Sequence[tuple[str, str]]) -> Judged:
        """What is doubtful, judged by the entailment model where there is one: it may confirm it, nothing else."""
        if not judged.is_open or self._entailment is None:
            return judged
        proofs = " ".join(proof.sentence for proof in judged.proofs)
        sources = list(dict.fromkeys([proofs, *(text for _, text in passages)]))
        return judged.confirm("entailment") if self._entailment.is_entailed(statement, sources) else judged

    def weigh(self, statement: str, passages: Sequence[tuple[str, str]], known: str = "") -> Judged:
        """What the fitted model and the guards say of it alone."""
        if not any(text.strip() for _, text in passages):
            return Judged("doubtful", 0.0, "nothing cited", ())
        said = self._reader.read_passages(passages)
        stated = self._reader.read([(statement, tell_language(statement))])[0]
        if max(map(len, LETTERS.findall(statement)), default=0) < _SHORTEST or not len(stated.tokens):
            return Judged("doubtful", 0.0, "nothing said", ())
        aligned = Alignment(stated, said)
        chance = self._support.chance(compare(stated, said), read_signs(aligned))
        proofs = _choose_proofs(aligned, [heading for heading, _ in passages])
        if lacking := [figure for figure in find_unproved(stated, said) if not is_small(figure)]:
            near = all(is_near(figure, said) or is_computed(figure, said) for figure in lacking)
            return Judged("doubtful" if near else "contradicted", chance, "figure", proofs)
        if lacks_name(statement, f"{said.text}\n{known}"):
            sure = chance >= self._support.confirmed  # all but the name is said: in other words, perhaps
            return Judged("doubtful" if sure else "contradicted", chance, "name", proofs)
        verdict, is_open = self._decide(aligned, chance, known)
        return Judged(verdict, chance, "meaning", proofs, is_open=is_open)

    def _decide(self, aligned: Alignment, chance: float, known: str) -> tuple[Verdict, bool]:
        """The verdict on what a statement means, and whether a second stage may confirm it."""
        is_sure = chance >= self._support.confirmed or is_copy(aligned, known)
        is_in_order = not is_turned(aligned) and not is_misplaced(aligned.statement, aligned.passages)
        if is_sure and is_in_order:
            return "confirmed", False
        if chance < self._support.contradicted:
            return "contradicted", False
        return "doubtful", is_in_order


def find_unproved(statement: ReadText, passages: ReadPassages) -> list[Figure]:
    """The figures of a statement that no passage has, in any writing."""
    held = [figure for each in (*passages.sentences, *passages.headings) for figure in each.figures]
    return [figure for figure in statement.figures if not any(is_proof(other, figure) for other in held)]


def is_near(figure: Figure, passages: ReadPassages) -> bool:
    """Whether the passages have a figure of the same kind that this one may round."""
    held = [other for each in (*passages.sentences, *passages.headings) for other in each.figures]
    kinds = {"percent"} if figure.kind == "percent" else {"plain", "about", "money"}
    return any(
        {figure.kind, other.kind} <= kinds and abs(other.value[0] - figure.value[0]) <= _ROUNDED * other.value[0]
        for other in held
    )


def is_computed(figure: Figure, passages: ReadPassages) -> bool:
    """Whether a share may be that of two figures of one kind which a sentence gives: "un quart" of 122 and 487."""
    if figure.kind != "percent":
        return False
    for each in passages.sentences:
        values = [(other.kind, other.value[0]) for other in each.figures if other.kind in ("plain", "money")]
        for (kind, part), (same, whole) in permutations(values, 2):
            if kind == same and 0 < part < whole and abs(100 * part / whole - figure.value[0]) <= _SHARE:
                return True
    return False


def is_turned(aligned: Alignment) -> bool:
    """Whether a statement denies what the sentences nearest to it affirm in the same words, or the reverse."""
    near = [aligned.passages.sentences[row].text for row in dict.fromkeys(aligned.best)]
    return turns(aligned.statement.text, near)


def is_misplaced(statement: ReadText, passages: ReadPassages) -> bool:
    """Whether the sentence with most words of a statement gives another figure of the same thing than the one stated,
    which stands elsewhere: "12 locataires" of a workshop, told of the survey.
    """
    nearest = max(passages.sentences, key=lambda each: len(statement.stems & each.stems))
    if len(statement.stems & nearest.stems) < _SAME * len(statement.stems):
        return False
    if any(_is_exchanged(figure, nearest.figures) for figure in statement.figures):
        return True
    unsaid = [held for held in nearest.figures if not any(is_proof(held, each) for each in statement.figures)]
    return any(
        held.kind == figure.kind and held.unit == figure.unit
        for figure in statement.figures
        if not any(is_proof(other, figure) for other in nearest.figures)
        for held in unsaid
    )


def _is_exchanged(figure: Figure, held: Sequence[Figure]) -> bool:
    """Whether a sentence counts other things by a figure, and by another figure what it is told to count: "33 femmes"
    of "35 femmes et 33 hommes".
    """
    proofs = [other for other in held if is_proof(other, figure)]
    counted = figure.unit and proofs and all(other.unit not in ("", figure.unit) for other in proofs)
    return bool(counted) and any(other.unit == figure.unit and other not in proofs for other in held)


def lacks_name(statement: str, known: str) -> bool:
    """Whether a statement names what the passages do not; "lilloise" is named where Lille is."""
    names = _find_sure_names(statement)
    return not all(are_named([name], known) or are_named([place], known) for name, place in names.items())


def _find_sure_names(statement: str) -> dict[str, str]:
    """What a statement names, a place with its usual name. What its capital at the start may only begin is no name,
    unless it is a place; nor is what everyone writes with a capital: a month in English, "le Département", "la ZAC".
    """
    first = found[0] if (found := WORD.search(statement)) else ""
    places = {statement[place.start : place.end]: place.name for place in find_places(statement)}
    return {
        name: places.get(name, name)
        for name in find_names(statement)
        if name in places or ((name != first or name.isupper()) and not _is_common(fold(name)))
    }


def _is_common(word: str) -> bool:
    return _NAMES.lists("capitals", word) or _NAMES.lists("acronyms", word) or word in read_numbers("en").months


def _choose_proofs(aligned: Alignment, headings: Sequence[str]) -> tuple[Proof, ...]:
    """The sentence that says most of a statement, the one that says the rest, if it does, and those that have the
    figures and the names which these two do not.
    """
    first, second = aligned.best
    content, rows = aligned.statement.content, aligned.by_sentence
    gain = float((rows[[first, second]].max(axis=0) - rows[first])[content].mean())
    chosen = [first, second] if second != first and gain > _ADDS else [first]
    passages = aligned.passages
    nearest = np.argsort(-rows[:, content].mean(axis=1)).tolist()
    for has in _list_needed(aligned, headings):
        if not any(map(has, chosen)) and (found := next(filter(has, nearest), None)) is not None:
            chosen.append(found)
    return tuple(Proof(passages.owners[row], passages.sentences[row].text) for row in chosen)


def _list_needed(aligned: Alignment, headings: Sequence[str]) -> Iterator[Callable[[int], bool]]:
    """For each figure and name of a statement, what tells whether a sentence, or the heading of its passage, has it."""
    passages = aligned.passages

    def states(figure: Figure, row: int) -> bool:
        return any(is_proof(held, figure) for held in passages.sentences[row].figures)

    def names(name: str, row: int) -> bool:
        return are_named([name], f"{headings[passages.owners[row]]}\n{passages.sentences[row].text}")

    yield from (partial(states, figure) for figure in aligned.statement.figures if not is_small(figure))
    yield from (partial(names, name) for name in _find_sure_names(aligned.statement.text))
