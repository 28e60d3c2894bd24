"""Answered: how likely what was found answers a question at all, for what only comes near to be told as such.

A logistic regression over what the other readers say: how likely its best sentence answers, by itself and by what like
questions were answered, whether it tells what is asked, whether a word asked about is in none of its sheets.
answered.toml has its coefficients and how well it does, training/answered.py fits them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from assistant.finding.findings import Finding, Model
from assistant.reading.wanted import Wanted
from index.ranking.retrieval import Hit

# Below the first, that the sheets may not answer is said: so of 1 in 8 questions that they do, and of .60 of those
# that they do not and that nothing else declined. From the second on, a word that they lack is a manner of speaking.
DOUBTFUL, SURE_WITHOUT = 0.36, 0.48
_FLOOR = 0.01  # below which a chance makes no difference
_READ = 10  # sentences
_ALONE = 0.2  # by how much the only hit stands out


@cache
def read_model() -> Model:
    """The fitted model."""
    text = files("assistant.finding").joinpath("answered.toml").read_text(encoding="utf-8")
    return Model.model_validate(tomllib.loads(text))


def read_signs(
    text: str,
    read: Sequence[Finding],
    found: Sequence[Finding],
    wanted: Wanted,
    hits: Sequence[Hit],
    *,
    detail: float | None,
    lacking: bool,
) -> dict[str, float]:
    """What speaks for an answer: sentences `read` by what they say and `found` with what was taught, best first.

    `detail` is how likely the best hit gives the detail asked, None when none is; `lacking`, whether no sheet that
    would be quoted has a word that is asked about.
    """
    asked = np.array(wanted.aspects)
    told = [each.sentence.aspects for each in read[:_READ] if each.sentence.aspects is not None]
    relevance = sorted((hit.relevance for hit in hits), reverse=True)
    return {
        "answers": _measure(found),
        "answers alone": _measure(read),
        "told": max((float(aspects @ asked) for aspects in told), default=0.0),
        "detail": 1.0 if detail is None else detail,
        "lacking": float(lacking),
        "relevance": relevance[0] if relevance else 0.0,
        "stands out": relevance[0] - relevance[1] if len(relevance) > 1 else _ALONE,
        "length": math.log(1 + len(text.split())),
    }


def _measure(found: Sequence[Finding]) -> float:
    return math.log(max(found[0].chance if found else 0.0, _FLOOR))
