"""Saying: which sheets say an expression, in its words or in those by which the trade means the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

import numpy as np

from assistant.process.computing import compute
from index.encoding.budget import aside, spend
from index.opened import Index
from index.phrases import read_words
from index.signals.lexical import split_words
from ingest.sheet import Facet, Sheet
from language.grammar import Grammar
from language.shapes import WORD
from language.text import read_text

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

_LISTED = Grammar("listed")
_ROOT = 4  # letters of a stem
# Cosine from which an expression means what a label names: "développement durable" 0.83 of "Environnement", of which
# "climat" (0.81) and "plan climat" (0.77) are parts, as "collégien" (0.72) is of "Jeunesse".
_SAME_MEANING = 0.82
_PARTED = re.compile(r", | et ")


@dataclass(frozen=True)
class Saying:
    """The sheets that say something (sheets,), and by which expressions: one at least of each of `parts`."""

    mask: np.ndarray
    parts: tuple[tuple[str, ...], ...]


def find_saying(expression: str, index: Index) -> Saying:
    """The sheets whose public text says an expression: what the vocabulary knows as a whole, other words one by one."""
    masks, parts = [], []
    for alternatives in cut_expression(expression, index):
        said = {each: find_sayers(each, index) for each in alternatives}
        masks.append(np.logical_or.reduce(list(said.values())))
        parts.append(tuple(each for each, mask in said.items() if mask.any()) or alternatives[:1])
    mask = np.logical_and.reduce(masks) if masks else np.zeros(len(index.sheets), dtype=bool)
    return Saying(mask, tuple(parts))


def cut_expression(expression: str, index: Index) -> list[tuple[str, ...]]:
    """The parts of an expression, each with what means the same in a form of its own words."""
    known = find_expressions(expression, index)
    rest = reduce(lambda text, alternatives: text.replace(alternatives[0], " "), known, expression)
    return [
        *(_same_words(tuple(dict.fromkeys(each.lower() for each in alternatives))) for alternatives in known),
        *((word,) for word in WORD.findall(rest) if split_words(word)),
    ]


def find_sayers(expression: str, index: Index) -> np.ndarray:
    """Whether each sheet says an expression: (sheets,). Those that have its words are read."""
    spend()
    has = [
        np.concatenate([part.score_words(word, ()) > 0 for part in index.sheet_parts])
        for word in WORD.findall(expression)  # of a compound too, each word is needed
        if split_words(word)
    ]
    mask = np.logical_and.reduce(has) if has else np.zeros(len(index.sheets), dtype=bool)
    if len(has) > 1:
        for row in np.flatnonzero(mask).tolist():
            mask[row] = says(index.sheets[row], expression)
    return mask


def find_words(words: list[str], question: str, parting: str, index: Index) -> Saying:
    """The sheets that say these words of a question, or those on one side of what leaves a choice, "CNDP ou garant"."""
    either, end = [[words[0]]], question.index(words[0]) + len(words[0])
    for word in words[1:]:
        start = question.index(word, end)
        if _LISTED.has(parting, read_text(question[end - 1 : start + 1])):
            either.append([])
        either[-1].append(word)
        end = start + len(word)
    said = [find_saying(write_words(each, question), index) for each in either]
    if len(said) == 1:
        return said[0]
    whole = tuple(dict.fromkeys(" ".join(part[0] for part in each.parts) for each in said))
    return Saying(np.logical_or.reduce([each.mask for each in said]), (whole,))


def write_words(words: list[str], question: str) -> str:
    """The words as the question has them, with the small ones between: "tirage au sort"."""
    start, end = question.index(words[0]), question.rindex(words[-1]) + len(words[-1])
    whole = question[start:end]
    return whole if len(whole.split()) <= len(words) + 2 else " ".join(words)


def tell_parts(parts: tuple[tuple[str, ...], ...]) -> str:
    """ "« tirage au sort » ou « tiré au sort » et « école »": all that was counted as saying it."""
    return " et ".join(" ou ".join(f"«\u00a0{each}\u00a0»" for each in alternatives) for alternatives in parts)


def is_known(expression: str, index: Index) -> bool:
    """Whether the vocabulary knows all that an expression says."""
    words = read_words(expression)
    found = {at for each in index.lexicon.synonyms.find(words) for at in each.positions}
    return bool(found) and all(at in found for at, word in enumerate(words) if split_words(word.folded))


def says(sheet: Sheet, expression: str) -> bool:
    """Whether the title or the text of a sheet has the words of an expression, one after the other, in any form."""
    wanted = " ".join(split_words(expression))
    texts = (sheet.title, *(f"{block.label} {block.text}" for section in sheet.sections for block in section.blocks))
    return bool(wanted) and any(f" {wanted} " in f" {' '.join(split_words(text))} " for text in texts)


def find_coded(question: str, index: Index, facet: Facet) -> list[str]:
    """The expressions of a question that stand for a code of a facet: "budget participatif"."""
    words, book = read_words(question), index.lexicon.facets.get(facet)
    return (
        [question[words[at.positions[0]].start : words[at.positions[-1]].end] for at in book.find(words)]
        if book
        else []
    )


def find_narrower(question: str, facet: Facet, index: Index, encoder: Encoder) -> Saying | None:
    """What a question says that is less than the code it stands for, "plan climat" than "Environnement": the sheets
    that say it. None when it says the label itself, in other words too, or when no sheet says it.
    """
    expressions = find_coded(question, index, facet)
    labels = tuple(index.manifest.facets[facet].labels.values())
    if not expressions or any(_is_of_label(each, labels, encoder) for each in expressions):
        return None
    said = [find_saying(each, index) for each in dict.fromkeys(expressions)]
    mask = np.logical_or.reduce([each.mask for each in said])
    return Saying(mask, (tuple(name for each in said for name in each.parts[0]),)) if mask.any() else None


def _is_of_label(expression: str, labels: tuple[str, ...], encoder: Encoder) -> bool:
    """Whether an expression says a label, or a part of it: a word of it in some form, "jeunes" of "Jeunesse", or by its
    meaning, "écologie" for "Environnement".
    """
    stems = [word for label in labels for word in split_words(label)]
    if any(
        min(len(one), len(other)) >= _ROOT and (one.startswith(other) or other.startswith(one))
        for one in split_words(expression)
        for other in stems
    ):
        return True
    with aside():  # a few words, that the model reads once
        return bool((_read_labels(labels, encoder) @ _read_expression(expression, encoder)).max() >= _SAME_MEANING)


@lru_cache(maxsize=8)
def _read_labels(labels: tuple[str, ...], encoder: Encoder) -> np.ndarray:
    """The vectors of what labels name, "Jeunesse", "éducation" and "culture" apart: (parts, dimension)."""
    parts = [part for label in labels for part in _PARTED.split(label.partition(" (")[0]) if part]
    return compute(encoder.encode_questions, parts)


@lru_cache(maxsize=1_000)
def _read_expression(expression: str, encoder: Encoder) -> np.ndarray:
    return np.asarray(compute(encoder.encode_questions, [expression.lower()])[0])


def has_words(text: str, expressions: Sequence[str]) -> bool:
    """Whether a text has the words of one of these expressions side by side, in any form."""
    said = f" {' '.join(split_words(text))} "
    return any(f" {' '.join(words)} " in said for each in expressions if (words := split_words(each)))


def find_expressions(question: str, index: Index) -> list[tuple[str, ...]]:
    """The trade's expressions in a question, each as it is written and with those that mean the same."""
    words = read_words(question)
    return [
        (question[words[found.positions[0]].start : words[found.positions[-1]].end], *group)
        for found in index.lexicon.synonyms.find(words)
        for group in found.meanings
    ]


def _same_words(group: tuple[str, ...]) -> tuple[str, ...]:
    """The expression and those that mean the same in a form of its own words: "tiré au sort" for "tirage au sort".

    What is counted by its words is not counted by others: "jury citoyen" says more than that it was drawn by lot.
    """
    own = set(split_words(group[0]))
    return tuple(each for each in group if each == group[0] or own & set(split_words(each)))
