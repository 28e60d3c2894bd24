"""Meant: which figure of a sentence a question asks for, if any.

A sheet's sentence often holds several: "le budget du service est de 70 000 euros ; la plateforme en coûte 25 000".
Each counts by what stands in its own clause. A logistic regression over signs of a figure decides; meant.toml has its
coefficients and how well it does, training/figures.py fits them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from assistant.finding.aim import RARE, Aim
from assistant.finding.findings import Model
from assistant.finding.quantities import find_held, find_places, is_alone, name_counted, read_anyone, read_people
from assistant.finding.shares import find_whole, says_taking_part
from assistant.reading.asked import UNCERTAIN, Asked, Quantity
from index.aspects.figures import Figure, find_figures, read_measured
from index.aspects.measured import Measured
from index.passages import Sentence
from index.signals.lexical import split_words
from ingest.sheet import Role, Sheet
from language.grammar import Grammar
from language.shapes import FIGURE_END, YEAR
from language.text import read_text

SURE = 0.2  # of the figure asked: with it, 9 of 10 are told, and 4 in 100 of those of other sentences
FIGURES: tuple[Quantity, ...] = ("money", "share", "duration", "count")
Noun = Literal["same", "near", "people", "unsaid", "other"]

_MEANT = Grammar("meant")
_RANK: Mapping[Noun, int] = {"same": 3, "near": 2, "people": 1, "unsaid": 1, "other": 0}
_LANGUAGE = "fr"  # of the sheets
_CLOSING, _CLAUSE = ";(", ",;:()"
_WHOLE_BEFORE, _WHOLE = 3, 7  # words before a share and after it, in which what it is of is named
_FEW_WORDS, _DESCRIBED = 40, 70  # characters
_PEOPLE: tuple[Measured, ...] = ("participants", "voters", "registered", "inhabitants", "staff")


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


def find_meant(sentence: Sentence, sheet: Sheet, aim: Aim) -> Meant | None:
    """The figure of a sentence that is asked for, or the date or the person; None when none is."""
    best = rank_meant(sentence, sheet, aim)
    return best[0] if best and best[0].chance >= SURE else None


def rank_meant(sentence: Sentence, sheet: Sheet, aim: Aim) -> list[Meant]:
    """Every figure of the asked kind of a sentence, the likeliest first."""
    if aim.asked.quantity not in FIGURES:
        held = find_held(sentence.text, aim.asked)
        sure = held and aim.asked.quantity not in UNCERTAIN and is_alone(sentence.text, held, aim.asked)
        return [Meant(held.start, held.end, held.fit, None)] if held and sure else []
    text, role = sentence.text, sentence.passage.role
    candidates = find_candidates(text, role, aim)
    signs = read_signs(text, sheet, candidates, aim)
    may_be = [
        _is_of_year(text, at, aim) and not (at.figure and tells_who_lives(text, at.figure, aim)) for at in candidates
    ]
    model = _read_model()
    chances = [model.estimate(each) * may for each, may in zip(signs, may_be, strict=True)]
    meant = [Meant(each.start, each.end, chance, each.figure) for each, chance in zip(candidates, chances, strict=True)]
    return sorted(meant, key=lambda each: -each.chance)


def tells_who_lives(text: str, figure: Figure, aim: Aim) -> bool:
    """Whether a figure of a sentence counts who lives somewhere, where those who took part in something are asked."""
    return aim.took_part and figure.measured == "inhabitants" and not says_taking_part(text)


def _is_of_year(text: str, candidate: Candidate, aim: Aim) -> bool:
    """Whether a figure may be of the year asked: the year told nearest to it, rather after it, is none other."""
    told = [at for at in YEAR.finditer(text) if not candidate.start <= at.start() < candidate.end]
    if not aim.years or not told:
        return True
    nearest = min(told, key=lambda at: max(at.start() - candidate.end, 2 * (candidate.start - at.end())))
    return int(nearest[0]) in aim.years


def find_candidates(sentence: str, role: Role | None, aim: Aim) -> list[Candidate]:
    """The figures of the asked kind in a sentence, a range as one, each with its clause."""
    asked, figures = aim.asked, find_figures(sentence, role)
    spans: list[tuple[int, int, Figure | None]] = []
    for start, end in find_places(sentence, asked.quantity):
        figure = next((each for each in figures if each.start < end and start < each.end), None)
        if figure and spans and spans[-1][2] is figure:
            spans[-1] = (spans[-1][0], end, figure)
        elif asked.quantity != "duration" or figure is None or figure.measured == "duration":
            spans.append((figure.start if figure and asked.quantity != "count" else start, end, figure))
    nouns = [_fit_noun(sentence, start, end, figure, aim) for start, end, figure in spans]
    text = read_text(sentence, _LANGUAGE)
    for at in range(1, len(spans)):
        if _MEANT.has("elided", text.after(spans[at][1])):
            nouns[at] = nouns[at - 1]
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
        for at, ((start, end, figure), noun) in enumerate(zip(spans, nouns, strict=True))
        if noun != "other"
        and _is_each(figure, asked)
        and not _is_of_money(sentence, figure, aim)  # what counts something else parts the sentence no less
    ]


def _is_each(figure: Figure | None, asked: Asked) -> bool:
    """Whether an amount may be for each day, when a day's is asked: a year's is not."""
    return asked.each != "jour" or (figure is not None and figure.per == asked.each)


def _is_of_money(sentence: str, figure: Figure | None, aim: Aim) -> bool:
    """Whether a figure is a share of an amount, where a turnout is asked."""
    return bool(aim.wholes) and figure is not None and find_whole(sentence, figure) == "money"


def _part(sentence: str, end: int, start: int) -> int:
    """Where the words between two figures part: at the first mark that closes a clause, else where the first ends."""
    found = _MEANT.find("parts", read_text(sentence[end:start], _LANGUAGE))
    marks = sorted(found, key=lambda mark: mark.said not in _CLOSING)
    return end + marks[0].start if marks else end


def _cut_clause(sentence: str, start: int, end: int, least: int, most: int) -> str:
    """The clause around a figure, within what is its own."""
    before = max(least, *(sentence.rfind(mark, least, start) + 1 for mark in _CLAUSE))
    after = min(at if (at := sentence.find(mark, end, most)) >= 0 else most for mark in _CLAUSE)
    return sentence[before:after]


def read_signs(sentence: str, sheet: Sheet, candidates: Sequence[Candidate], aim: Aim) -> list[dict[str, float]]:
    """What speaks for each figure and against it."""
    weights, known = aim.weights, _split(f"{sheet.title} {sheet.organisation} {sheet.place.commune}")
    said = _share(weights, _split(sentence) | known)
    own = [_share(weights, each.clause) for each in candidates]
    signs = []
    for at, each in enumerate(candidates):
        rivals = [row for row, other in enumerate(candidates) if row != at and _RANK[other.noun] >= _RANK[each.noun]]
        lives = each.figure is not None and each.figure.measured == "inhabitants"
        signs.append(
            {
                **{f"noun {name}": float(each.noun == name) for name in ("same", "near", "unsaid")},
                "around or known": _share(weights, each.around | known),
                "unsaid": sum(weights.values()) * (1 - said) / 10,
                "nothing said": 0.0 if said else max(weights.values(), default=0.0) / 4,
                "rival": max([own[at], *(own[row] for row in rivals)]) - own[at],
                "population": float(lives and aim.took_part),
                "each": float(bool(aim.asked.each) and each.figure is not None and each.figure.per == aim.asked.each),
                "alone": float(len(candidates) == 1),
                "share": float(aim.asked.quantity == "share"),
            }
        )
    return signs


def _fit_noun(sentence: str, start: int, end: int, figure: Figure | None, aim: Aim) -> Noun:
    """How what a number counts, named soon after it, is what is asked."""
    asked = aim.asked
    if asked.quantity == "share" and asked.counted:
        return _fit_whole(sentence[max(0, start - _FEW_WORDS) : start], sentence[end:], aim)
    following = set(name_counted(sentence, end))
    described = set(split_words(sentence[end : end + _DESCRIBED])) if following & read_anyone() else set()
    if not asked.counted:
        return "unsaid"
    if not aim.nouns.isdisjoint(following | described):  # "530 personnes qui sont venues voter"
        return "same"
    if following & set(asked.counted):
        return "near"
    wanted, measured = read_measured(asked.counted), figure.measured if figure else read_measured(following)
    if wanted and wanted not in ("participants", "staff") and wanted == measured:
        return "near"
    return _fit_people(following, measured, aim)


def _fit_people(following: set[str], measured: Measured | None, aim: Aim) -> Noun:
    """How persons are those asked: some may stand for others, where one of both may be anyone."""
    people, anyone, counted = read_people(), read_anyone(), aim.asked.counted
    asks_anyone, tells_anyone = counted[0] in anyone, bool(following & anyone)
    if aim.took_part and asks_anyone and tells_anyone:
        return "same"
    is_person, are_people = bool(people & set(counted)), bool(people & following) or measured in _PEOPLE
    return "people" if is_person and are_people and (asks_anyone or tells_anyone) else "other"


def _fit_whole(before: str, after: str, aim: Aim) -> Noun:
    """How what a share is of, or who has it, is what is asked: it is named just before it or after it."""
    after = FIGURE_END.split(after, maxsplit=1)[0]
    around = {*split_words(FIGURE_END.split(before)[-1])[-_WHOLE_BEFORE:], *split_words(after)[:_WHOLE]}
    if not around.isdisjoint(aim.asked.counted):
        return "same"
    wanted = read_measured(aim.asked.counted)
    if wanted != "participants" and wanted and read_measured(around) == wanted:
        return "near"
    if aim.took_part and _MEANT.has("took_part", read_text(" ".join(after.split()[:_WHOLE]), _LANGUAGE)):
        return "near"
    return "near" if any(aim.weights.get(word, 0.0) >= RARE for word in around) else "other"


def _share(weights: Mapping[str, float], has: frozenset[str] | set[str]) -> float:
    """The share of the weight of these words that is there; all of it when there are none."""
    whole = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in has) / whole if whole else 1.0


@lru_cache(maxsize=20_000)
def _split(text: str) -> frozenset[str]:
    return frozenset(split_words(text))


@cache
def _read_model() -> Model:
    text = files("assistant.finding").joinpath("meant.toml").read_text(encoding="utf-8")
    return Model.model_validate(tomllib.loads(text))
