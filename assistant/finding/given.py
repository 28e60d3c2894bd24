"""Given: how likely a sheet tells what is asked of it: neither what is there nor what is not may be denied.

Two logistic regressions, one for what a figure answers and one for the rest, over what the reader of sentences and that
of figures found in the sheet; given.toml has their coefficients and how well they do, training/given.py fits them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np

from assistant.finding.aim import Aim
from assistant.finding.findings import Finding, Model
from assistant.finding.meant import FIGURES, rank_meant, tells_who_lives
from assistant.finding.quantities import find_held
from assistant.reading.asked import Quantity
from assistant.reading.wanted import Wanted
from index.aspects.figures import find_figures
from index.passages import Sentence

# Below the first, that the sheet does not tell it is said; from the second, what it tells is quoted as the answer;
# between both, as what comes nearest. Figures are surely there or not; words may say anything in another way.
LEAST: Mapping[str, float] = {"figure": 0.25, "other": 0.12}
SURE = 0.5
_WRITTEN: tuple[Quantity, ...] = ("money", "share")  # they bear a sign: where none stands, none is given
_ANSWERS = 0.6  # that the best sentence answers, for what it tells not to be denied
_FLOOR = 0.01  # below which a chance makes no difference
Given = Literal["surely", "perhaps", "no"]


@cache
def read_models() -> Mapping[str, Model]:
    """The fitted models, "figure" and "other"."""
    text = files("assistant.finding").joinpath("given.toml").read_text(encoding="utf-8")
    return {name: Model.model_validate(told) for name, told in tomllib.loads(text).items()}


def judge_given(found: Sequence[Finding], wanted: Wanted, aim: Aim | None) -> Given:
    """Whether one of these sentences of a sheet, best first, tells what is wanted."""
    kind = name_kind(aim)
    if aim is not None and aim.asked.quantity in _WRITTEN and not any(holds_figure(each, aim) for each in found):
        return "no"
    chance = estimate_given(found, wanted, aim) if found else 0.0
    if chance >= SURE:
        return "surely"
    answers = bool(found) and found[0].chance >= _ANSWERS  # "en moins d'une minute": a number may be a word
    return "perhaps" if answers or chance >= LEAST[kind] else "no"


def estimate_given(found: Sequence[Finding], wanted: Wanted, aim: Aim | None) -> float:
    """How likely one of them does, from 0 to 1."""
    return read_models()[name_kind(aim)].estimate(read_signs(found, wanted, aim))


def name_kind(aim: Aim | None) -> str:
    """Which model judges: "figure" where an amount, a number, a share or a duration is asked, else "other"."""
    return "figure" if aim is not None and aim.asked.quantity in FIGURES else "other"


def read_signs(found: Sequence[Finding], wanted: Wanted, aim: Aim | None) -> dict[str, float]:
    """What speaks for it: that a sentence answers, and tells of what is asked; that its figure is the one, if any."""
    asked = np.array(wanted.aspects)
    told = [each.sentence.aspects for each in found if each.sentence.aspects is not None]
    signs = {
        "answers": _measure(each.chance for each in found),
        "told": max((float(aspects @ asked) for aspects in told), default=0.0),
    }
    if aim is None or name_kind(aim) != "figure":
        return signs
    apart = [_tells_who_lives(each.sentence, aim) for each in found]
    holds = [not lives and holds_figure(each, aim) for each, lives in zip(found, apart, strict=True)]
    digits = [
        not lives and any(map(str.isdecimal, each.sentence.text)) for each, lives in zip(found, apart, strict=True)
    ]
    meant = [rank_meant(each.sentence, each.hit.sheet, aim) for each in found]
    return {
        **signs,
        "answers with a number": _measure(
            each.chance for each, held, number in zip(found, holds, digits, strict=True) if held or number
        ),
        "answers with such a figure": _measure(each.chance for each, held in zip(found, holds, strict=True) if held),
        "meant": _measure(figures[0].chance for figures in meant if figures),
    }


def holds_figure(found: Finding, aim: Aim) -> bool:
    """Whether a sentence holds a figure of the kind that is asked."""
    return find_held(found.sentence.text, aim.asked) is not None


def _tells_who_lives(sentence: Sentence, aim: Aim) -> bool:
    """Whether all figures of a sentence count who lives somewhere, where those who took part are asked."""
    figures = find_figures(sentence.text, sentence.passage.role)
    return bool(figures) and all(tells_who_lives(sentence.text, each, aim) for each in figures)


def _measure(chances: Iterable[float]) -> float:
    return math.log(max(chances, default=0.0) + _FLOOR)
