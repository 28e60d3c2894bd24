"""Abstention: whether, and why, the sheets found do not answer a question.

What the question says outright comes first: it names a place, an organisation or a law of which no sheet tells
(`names.py`). Otherwise two logistic regressions weigh its signs (`signs.py`): whether the sheets are on its subject,
and whether the best one gives the detail that is asked. abstention.toml has their coefficients and how well they do;
training/abstention.py fits them.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from assistant.finding.covered import measure_covered
from assistant.finding.missing import find_asked, find_missing
from assistant.finding.names import Name, find_unknown
from assistant.finding.quantities import read_anyone
from assistant.finding.signs import read_signs
from assistant.reading.asked import Asked
from assistant.reading.declined import Declined
from assistant.reading.reading import Reading
from assistant.reading.sought import Sought, Way, find_sought
from assistant.reading.understanding import find_said
from index.filters import FilterKey
from index.opened import Index
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from index.understood import Understood
from ingest.sheet import Frozen
from language.grammar import Grammar
from language.letters import fold
from language.text import read_text

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

# What people call that which they ask for, whatever it is about.
_ASKING = """
exemple cas retours expériences projets démarches fiches initiatives actions pratiques idées choses quelque rien autre
passe passé existe avez voir montrer trouver chercher liste svp stp merci loin près proche côté coin alentours environs
examples cases show projects near around something anything
"""

# Cosine of two questions for one need: the highest of two needs is 0.84, a quarter of those for one need lie above 0.88
# (training/grouping.py).
_SAME = 0.87
_FEW, _SMALL = 2, 1  # words that count, and others beside them
_ALL_WORDS = 0.999  # share of them that a sheet has, sums of floats apart

# Below these, what is sought is in no sheet: so are 18 of 19 things that may exist or be spoken of and that no sheet
# has, and 1 of 5 that one has, the name of a place; of those to be given, 8 of 22, and none of 9 that one gives
# (training/questions: absent, answers, abstention).
_COVERED: Mapping[Way, float] = {"spoken": 0.61, "held": 0.61, "given": 0.57}
_BOUNDS: tuple[FilterKey, ...] = ("porteur", "annee", "departement", "region")
_HEAD = 2  # words of a phrase that hold its noun, with its article
_UNKNOWN = 0.53  # the same of what is counted or priced by a noun that stands in no sheet

_FORM = Grammar("form")

Reason = Declined | Literal["place", "name", "detail", "subject"]


class Abstention(Frozen):
    """Why nothing answers. `about` is the name that no sheet has, `missing` the words that none has, `sought` what none
    gives; `whether` when it was asked to exist; `is_near` when the hits may be of use anyway.
    """

    reason: Reason
    about: str = ""
    missing: tuple[str, ...] = ()
    sought: Sought | None = None
    whether: bool = False
    is_near: bool = True


class Model(Frozen):
    """A logistic regression: below `threshold` the probability that the sheets answer is too small.

    Below `far` they are not even near.
    """

    intercept: float
    threshold: float
    far: float
    coefficients: Mapping[str, float]

    def estimate(self, signs: Mapping[str, float]) -> float:
        """The probability, from 0 to 1, that the sheets answer."""
        total = self.intercept + sum(weight * signs[name] for name, weight in self.coefficients.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


class Models(Frozen):
    """Both models of abstention.toml."""

    subject: Model
    detail: Model


@lru_cache(maxsize=1)
def read_models() -> Models:
    """The fitted models."""
    text = files("assistant.finding").joinpath("abstention.toml").read_text(encoding="utf-8")
    return Models.model_validate(tomllib.loads(text))


class Judgement(Frozen):
    """Whether the hits answer, and how likely: on the subject, and with the detail asked; None when it is not asked."""

    abstention: Abstention | None = None
    subject: float | None = None
    detail: float | None = None


def find_abstention(reading: Reading, hits: Sequence[Hit], index: Index, encoder: Encoder) -> Abstention | None:
    """Why these hits, best first, do not answer a question; None when they do."""
    return judge(reading, hits, index, encoder).abstention


def judge(reading: Reading, hits: Sequence[Hit], index: Index, encoder: Encoder) -> Judgement:
    """Whether these hits, best first, answer a question.

    A question that follows others is about what was shown: only a place that it names itself may be missing.
    """
    named = reading.understood
    if reading.link != "new":
        here = tuple(place for place in named.places if _says(reading.asked, place.start, place.end, place.name))
        named = named.model_copy(update={"places": here})
    unknown = find_unknown(reading.asked, named, index) if reading.link == "new" or named.places else None
    if not hits:
        return Judgement(abstention=Abstention(reason="subject", is_near=False))
    if reading.link != "new":
        missing = Abstention(reason="place", about=unknown.text) if unknown and unknown.is_place else None
        return Judgement(abstention=missing)
    return _estimate(reading, named, unknown, hits, index, encoder)


def _estimate(
    reading: Reading, named: Understood, unknown: Name | None, hits: Sequence[Hit], index: Index, encoder: Encoder
) -> Judgement:
    """The judgement of a question that follows none; `unknown` is the name of which no sheet tells."""
    known = not unknown and _is_known(reading.asked, hits[0], index, encoder)
    models, signs = read_models(), read_signs(reading, hits, index, encoder)
    subject = models.subject.estimate(signs.subject)
    detail = models.detail.estimate(signs.detail) if signs.detail else None
    plain = is_bare(reading.asked, named) or _is_keyword(reading.asked, signs.subject)
    abstention = None
    if subject < models.subject.threshold and not plain and not known:
        abstention = Abstention(reason="subject", is_near=subject >= models.subject.far)
    elif unknown:
        abstention = Abstention(reason="place" if unknown.is_place else "name", about=unknown.text)
    elif detail is not None and not known and detail < models.detail.threshold and not asks_more(reading):
        abstention = Abstention(reason="detail")
    elif not plain and not known and (sought := _find_uncovered(reading, named, hits, index, encoder)):
        abstention = Abstention(reason="subject", sought=sought)
    return Judgement(abstention=abstention, subject=subject, detail=detail)


def _find_uncovered(
    reading: Reading, named: Understood, hits: Sequence[Hit], index: Index, encoder: Encoder
) -> Sought | None:
    """What a question asks to be given or spoken of, when no sheet comes near it; a place is read for itself."""
    text = read_text(reading.asked, named.language)
    sought = find_sought(text)
    least = _find_least(sought, reading.fact, index) if sought else 0.0
    if sought is None or not least:
        return None
    start = reading.asked.find(sought.phrase)
    if any(start <= place.start < start + len(sought.phrase) for place in named.places):
        return None
    if sought.way in _COVERED and _is_bounded(sought, reading, index):
        return None
    span = (start, start + len(sought.phrase))
    return sought if measure_covered(reading.asked, span, hits, index, encoder) < least else None


def _is_bounded(sought: Sought, reading: Reading, index: Index) -> bool:
    """Whether who runs them, a year or a place that the catalogue knows tells all that is sought of practices."""
    if not reading.understood.filters.stated:
        return False
    said = find_said(reading.asked, index.lexicon)
    spans = {at for key in _BOUNDS for at in said[key]}
    start = reading.asked.find(sought.phrase)
    within = range(start, start + len(sought.phrase))
    asked = [each for each in find_asked(reading, index) if each.start in within and each.start not in spans]
    return not spans.isdisjoint(within) and not asked


def asks_more(reading: Reading) -> bool:
    """Whether a question asks for several things: that one is not given does not make the others absent."""
    text = read_text(reading.asked, reading.understood.language)
    return len(_FORM.find_apart("open", text)) > 1


def _find_least(sought: Sought, fact: Asked | None, index: Index) -> float:
    """How well what is sought must be covered by some passage; 0 when it may be told in any words."""
    if sought.whole and sought.way in _COVERED:
        return _COVERED[sought.way]
    head = " ".join(sought.phrase.split()[:_HEAD])
    anyone = fact is not None and not read_anyone().isdisjoint(fact.counted)
    counted = sought.way in ("number", "cost") and not anyone and find_missing(head, index)
    return _UNKNOWN if counted else 0.0


def _is_known(question: str, best: Hit, index: Index, encoder: Encoder) -> bool:
    """Whether staff said that the best sheet answers this very question, in nearly these words."""
    if not index.question_parts:
        return False
    encoded = encoder.encode_question(question)
    found = [part.find_closest(encoded) for part in index.question_parts]
    return any(pair and pair[0].sheet == best.sheet.id and pair[1] >= _SAME for pair in found)


def is_bare(question: str, understood: Understood) -> bool:
    """Whether a question says a place and nothing else, as "des exemples bretons" does: the place is its subject."""
    rest = question
    for place in sorted(understood.places, key=lambda place: -place.start):
        rest = f"{rest[: place.start]} {rest[place.end :]}"
    return bool(understood.places) and not [word for word in split_words(rest) if word not in _asking_words()]


def _is_keyword(question: str, signs: Mapping[str, float]) -> bool:
    """Whether a question is a word or two that one of the best sheets has: "tirage au sort"."""
    words, told = set(split_words(question)), len(re.findall(r"\w+", question))
    return 0 < len(words) <= _FEW and told <= len(words) + _SMALL and signs["words"] > _ALL_WORDS


def is_general(question: str) -> bool:
    """Whether a question has no subject but participation itself: "comment financer, quelles subventions ?"."""
    return 0 < len(set(split_words(question)) - _asking_words()) <= _FEW


@lru_cache(maxsize=1)
def _asking_words() -> frozenset[str]:
    return frozenset(split_words(_ASKING))


def _says(question: str, start: int, end: int, name: str) -> bool:
    """Whether these characters of the question, and not of one before it, say the name of a place."""
    return fold(question[start:end])[:3] == fold(name)[:3] != ""
