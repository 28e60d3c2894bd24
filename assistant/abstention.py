"""Abstention: whether, and why, the sheets found do not answer a question.

What the question says outright comes first: it is declined (`declined.py`), or names a place, an organisation or a law
of which no sheet tells (`names.py`). Otherwise two logistic regressions weigh its signs (`signs.py`): whether the sheets
are on its subject, and whether the best one gives the detail that is asked. abstention.toml has their coefficients and
how well they do; training/abstention.py fits them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from assistant.conversation import Standalone
from assistant.declined import Declined
from assistant.names import find_untold
from assistant.signs import read_signs
from index.retrieval import Hit
from index.versions import Index
from ingest.repair import fold
from ingest.sheet import Frozen

if TYPE_CHECKING:
    from index.encoder import Encoder

Reason = Declined | Literal["place", "name", "detail", "subject"]


class Abstention(Frozen):
    """Why nothing answers. `about` is the name that no sheet has; `is_near` when the hits may be of use all the same."""

    reason: Reason
    about: str = ""
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
    text = files("assistant").joinpath("abstention.toml").read_text(encoding="utf-8")
    return Models.model_validate(tomllib.loads(text))


def find_abstention(sought: Standalone, hits: Sequence[Hit], index: Index, encoder: Encoder) -> Abstention | None:
    """Why these hits, best first, do not answer what is sought; None when they do.

    A question that follows others is about what was shown: only a place that it names itself may be missing.
    """
    named = sought.understood
    if sought.link != "new":
        here = tuple(place for place in named.places if _says(sought.asked, place.start, place.end, place.name))
        named = named.model_copy(update={"places": here})
    if sought.link == "new" or named.places:
        untold = find_untold(sought.asked, named, index)
        if untold and (untold.is_place or sought.link == "new"):
            return Abstention(reason="place" if untold.is_place else "name", about=untold.text)
    if not hits:
        return Abstention(reason="subject", is_near=False)
    if sought.link != "new":
        return None
    models, signs = read_models(), read_signs(sought.asked, named, hits, index, encoder)
    subject = models.subject.estimate(signs.subject)
    if subject < models.subject.threshold:
        return Abstention(reason="subject", is_near=subject >= models.subject.far)
    if signs.detail and models.detail.estimate(signs.detail) < models.detail.threshold:
        return Abstention(reason="detail")
    return None


def _says(question: str, start: int, end: int, name: str) -> bool:
    """Whether these characters of the question, and not of one before it, say the name of a place."""
    return fold(question[start:end])[:3] == fold(name)[:3] != ""
