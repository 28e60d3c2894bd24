"""Meant: which figure of a sentence a question asks for, if any.

A sheet's sentence often holds several: "le budget du service est de 70 000 euros ; la plateforme en coûte 25 000".
Each counts by what stands in its own clause. A logistic regression over signs of a figure decides; meant.toml has its
coefficients and how well it does, training/figures.py fits them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np

from assistant.finding.findings import Model
from assistant.finding.quantities import find_places, name_counted, read_anyone, read_people
from assistant.finding.sentences import BACKGROUND
from assistant.reading.asked import Asked
from assistant.reading.reading import Reading
from index.aspects.figures import Figure, find_figures, read_measured
from index.aspects.measured import Measured
from index.opened import Index
from index.passages import Sentence
from index.signals.lexical import split_words
from ingest.sheet import Role, Sheet
from language.grammar import Grammar
from language.parser import parse
from language.text import read_text

SURE = 0.5
Noun = Literal["same", "near", "people", "unsaid", "other"]

_MEANT = Grammar("meant")
_RANK: Mapping[Noun, int] = {"same": 3, "near": 2, "people": 1, "unsaid": 1, "other": 0}
_LANGUAGE = "fr"  # of the sheets
_NAME = re.compile(r"(?<=\s)(?:[A-ZÀ-Ü]|\d)[\w’'-]*")
_CLOSING, _CLAUSE = ";(", ",;:()"
_PARTING = re.compile(r"[,;:()–]|(?<!\w)(?:et|dont|contre|soit|pour|sur|avec)(?!\w)")
_NAMES = ("NOUN", "PROPN", "ADJ", "NUM", "X")
_WHOLE = 6  # words after a share, in which what it is of is named
_OF_OTHERS = 0.4  # of the weight of a name: a verb that asks is said otherwise in a sheet
_PEOPLE: tuple[Measured, ...] = ("participants", "voters", "registered", "inhabitants", "staff")


@dataclass(frozen=True)
class Sought:
    """What a question asks, with the words that say what it is of, each by its rarity; `took_part` if it asks of those who did."""

    asked: Asked
    weights: Mapping[str, float]
    took_part: bool


@dataclass(frozen=True)
class Candidate:
    """A figure of the asked kind in a sentence: its numbers, its own clause, and more of the sentence up to others."""

    start: int
    end: int
    figure: Figure | None
    noun: Noun
    clause: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True)
class Meant:
    """The figure that a question asks for: where its numbers stand, how likely it is the one, and what it measures."""

    start: int
    end: int
    chance: float
    figure: Figure | None


def read_sought(reading: Reading, index: Index) -> Sought | None:
    """What figure a question asks for, None when it asks for none."""
    asked, language = reading.fact, reading.understood.language
    if asked is None or asked.quantity not in ("money", "share", "duration", "count"):
        return None
    words = _weigh_english(reading) if language == "en" else _weigh_parts(reading.asked, language)
    total = index.passage_count
    weights = {
        word: share * float(np.log1p(total / (0.5 + len(index.passages_with(word)))))
        for word, share in words.items()
        if word not in (asked.counted if language == "en" else asked.counted[:1])
    }
    return Sought(asked, weights, _MEANT.has("took_part", read_text(reading.asked, language)))


def _weigh_parts(question: str, language: str) -> dict[str, float]:
    """The words of a question that say what its figure is of; less of those that are no names, in words like a sheet's."""
    tokens = parse(question, language)
    parts = {word: each.part for each in tokens for word in split_words(question[each.start : each.end])}
    said = split_words(_drop_asking(question, language))
    return {word: 1.0 if parts.get(word, "X") in _NAMES else _OF_OTHERS for word in said}


def _weigh_english(reading: Reading) -> dict[str, float]:
    """Of a question in English, the names and numbers, that sheets have too, and the French for its other words."""
    names = " ".join(_NAME.findall(reading.asked))
    french = _drop_asking(" ".join(reading.understood.expansions), _LANGUAGE)
    return dict.fromkeys(split_words(f"{names} {french}"), 1.0)


def find_meant(sentence: Sentence, sheet: Sheet, sought: Sought) -> Meant | None:
    """The figure of a sentence that is asked for, None when none is."""
    best = rank_meant(sentence.text, sentence.passage.role, sheet, sought)
    return best[0] if best and best[0].chance >= SURE else None


def rank_meant(sentence: str, role: Role | None, sheet: Sheet, sought: Sought) -> list[Meant]:
    """Every figure of the asked kind of a sentence, the likeliest first."""
    candidates = find_candidates(sentence, role, sought.asked)
    if not candidates:
        return []
    model = _read_model()
    signs = read_signs(sentence, role, sheet, candidates, sought)
    logits = [model.intercept + sum(model.coefficients[name] * value for name, value in each.items()) for each in signs]
    chances = 1 / (1 + np.exp(-np.array(logits)))
    return [
        Meant(candidates[row].start, candidates[row].end, float(chances[row]), candidates[row].figure)
        for row in np.argsort(-chances, kind="stable").tolist()
    ]


def find_candidates(sentence: str, role: Role | None, asked: Asked) -> list[Candidate]:
    """The figures of the asked kind in a sentence, a range as one, each with its clause."""
    figures = find_figures(sentence, role)
    spans: list[tuple[int, int, Figure | None]] = []
    for start, end in find_places(sentence, asked.quantity):
        figure = next((each for each in figures if each.start < end and start < each.end), None)
        if figure and spans and spans[-1][2] is figure:
            spans[-1] = (spans[-1][0], end, figure)
        elif asked.quantity != "duration" or figure is None or figure.measured == "duration":
            spans.append((figure.start if figure and asked.quantity != "count" else start, end, figure))
    nouns = [_fit_noun(sentence, end, figure, asked) for _, end, figure in spans]
    if asked.quantity == "count":  # what counts something else parts the sentence no less
        kept = [noun != "other" for noun in nouns]
    else:
        kept = [True] * len(spans)
    ends = [0, *(_part(sentence, spans[at][1], spans[at + 1][0]) for at in range(len(spans) - 1)), len(sentence)]
    return [
        Candidate(
            start,
            end,
            figure,
            noun,
            frozenset(split_words(_cut_clause(sentence, start, end, ends[at], ends[at + 1]))),
            frozenset(split_words(sentence[ends[at] : ends[at + 1]])),
        )
        for at, ((start, end, figure), noun, keeps) in enumerate(zip(spans, nouns, kept, strict=True))
        if keeps
    ]


def _part(sentence: str, end: int, start: int) -> int:
    """Where the words between two figures part: at the first mark that closes a clause, else where the first ends."""
    marks = sorted(_PARTING.finditer(sentence, end, start), key=lambda mark: mark[0] not in _CLOSING)
    return marks[0].start() if marks else end


def _cut_clause(sentence: str, start: int, end: int, least: int, most: int) -> str:
    """The clause around a figure, within what is its own."""
    before = max(least, *(sentence.rfind(mark, least, start) + 1 for mark in _CLAUSE))
    after = min(at if (at := sentence.find(mark, end, most)) >= 0 else most for mark in _CLAUSE)
    return sentence[before:after]


def read_signs(
    sentence: str, role: Role | None, sheet: Sheet, candidates: Sequence[Candidate], sought: Sought
) -> list[dict[str, float]]:
    """What speaks for each figure and against it."""
    asked, weights = sought.asked, sought.weights
    known = _split(f"{sheet.title} {sheet.organisation} {sheet.place.commune}")
    said = _share(weights, _split(sentence) | known)
    background = float(role in BACKGROUND)
    own = [_share(weights, each.clause) for each in candidates]
    around = [_share(weights, each.around) for each in candidates]
    signs = []
    for at, each in enumerate(candidates):
        rivals = [row for row, other in enumerate(candidates) if row != at and _RANK[other.noun] >= _RANK[each.noun]]
        lives = each.figure is not None and each.figure.measured == "inhabitants"
        per = each.figure.per if each.figure else ""
        signs.append(
            {
                **{f"noun {name}": float(each.noun == name) for name in _RANK},
                "clause": own[at],
                "clause or known": _share(weights, each.clause | known),
                "around": _share(weights, each.around | known),
                "sentence": said,
                "unsaid": sum(weights.values()) * (1 - said) / 10,
                "rival": max((own[row] for row in rivals), default=own[at]) - own[at],
                "rival around": max((around[row] for row in rivals), default=around[at]) - around[at],
                "better noun": float(any(_RANK[other.noun] > _RANK[each.noun] for other in candidates)),
                "background": background,
                "background clause": background * own[at],
                "population": float(lives and not sought.took_part),
                "population for part": float(lives and sought.took_part),
                "each": float(bool(asked.each) and per == asked.each),
                "each another": float(asked.each in ("jour", "habitant") and per != asked.each),
                "aside": float(_MEANT.has("aside", read_text(sentence, _LANGUAGE).before(each.start))),
                "first": float(at == 0),
                "alone": float(len(candidates) == 1),
                **{name: float(asked.quantity == name) for name in ("money", "share", "duration")},
            }
        )
    return signs


def _fit_noun(sentence: str, end: int, figure: Figure | None, asked: Asked) -> Noun:
    """How what a number counts, named soon after it, is what is asked."""
    if not asked.counted:
        return "unsaid"
    following = set(name_counted(sentence, end))
    if asked.quantity == "share":
        return _fit_whole(set(split_words(sentence[end:])[:_WHOLE]) | following, asked)
    if asked.counted[0] in following:
        return "same"
    if following & set(asked.counted):
        return "near"
    wanted, measured = read_measured(asked.counted), figure.measured if figure else None
    if wanted and wanted not in ("participants", "staff") and wanted == (measured or read_measured(following)):
        return "near"
    people, anyone = read_people(), read_anyone()
    is_person, are_people = bool(people & set(asked.counted)), bool(people & following) or measured in _PEOPLE
    general = asked.counted[0] in anyone or bool(following & anyone)
    return "people" if is_person and are_people and general else "other"


def _fit_whole(clause: set[str], asked: Asked) -> Noun:
    """How what a share is of, or who has it, is what is asked."""
    if not clause.isdisjoint(asked.counted):
        return "same"
    wanted = read_measured(asked.counted)
    return "near" if wanted and read_measured(clause) == wanted else "other"


def _share(weights: Mapping[str, float], has: frozenset[str] | set[str]) -> float:
    """The share of the weight of these words that is there; all of it when there are none."""
    whole = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in has) / whole if whole else 1.0


def _drop_asking(text: str, language: str) -> str:
    """A text less the words that only ask for a figure: "budget", "nombre"."""
    return _MEANT.without("asking", read_text(text, language)).written


@lru_cache(maxsize=20_000)
def _split(text: str) -> frozenset[str]:
    return frozenset(split_words(text))


@cache
def _read_model() -> Model:
    text = files("assistant.finding").joinpath("meant.toml").read_text(encoding="utf-8")
    return Model.model_validate(tomllib.loads(text))
