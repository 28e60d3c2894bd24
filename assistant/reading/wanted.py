"""Wanted: what a question wants to be told, by classifiers over its vector, its words and what the grammar read of it.

Rules read what is regular, places, sizes, years, counts; what a question is after, a reason, a lesson, a cost, is said
in too many ways for rules. training/wanted.py fits both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from assistant.reading.asked import Quantity
from assistant.reading.asking import find_asking, hide_names, read_asking
from assistant.reading.reading import Reading
from index.aspects.aspects import ASPECTS
from index.aspects.linear import Linear
from ingest.sheet import Frozen

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

WantedForm = Literal[
    "fact",
    "why",
    "who",
    "duration",
    "yesno",
    "figures",
    "extreme",
    "share",
    "advice",
    "method",
    "comparison",
    "examples",
    "list",
    "count",
    "card",
    "definition",
    "notions",
    "obligation",
    "contact",
    "other",
]
FORMS: tuple[WantedForm, ...] = get_args(WantedForm)
FORMS_MODEL = Path(__file__).parent / "wanted_forms.npz"
ASPECTS_MODEL = Path(__file__).parent / "wanted_aspects.npz"
_QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)


class Wanted(Frozen):
    """How likely a question wants each form of answer, the likeliest first, and to be told each of `ASPECTS`."""

    forms: Mapping[WantedForm, float]
    aspects: tuple[float, ...]

    @property
    def form(self) -> WantedForm:
        """The likeliest form."""
        return next(iter(self.forms))

    def chance(self, *forms: WantedForm) -> float:
        """How likely one of these forms is wanted."""
        return sum(self.forms.get(form, 0.0) for form in forms)


def read_wanted(reading: Reading, encoder: Encoder) -> Wanted:
    """What a question that was read wants."""
    vector = encoder.encode_question(reading.asked).vector[None, :]
    signs = np.array([read_signs(reading)], dtype=np.float32)
    ways = np.array([read_form_signs(reading)], dtype=np.float32)
    forms = _open(FORMS_MODEL).score([read_words(reading)], vector, ways, encoder.name)[0]
    return make_wanted(forms, _open(ASPECTS_MODEL).score([reading.asked], vector, signs, encoder.name)[0])


def make_wanted(forms: np.ndarray, aspects: np.ndarray) -> Wanted:
    """What the logits of the forms (forms,), of which there is one, and of the aspects (aspects,) say."""
    chances = np.exp(forms - forms.max())
    chances /= chances.sum()
    return Wanted(
        forms={FORMS[row]: round(float(chances[row]), 4) for row in np.argsort(-chances).tolist()},
        aspects=tuple(np.round(1 / (1 + np.exp(-aspects)), 4).tolist()),
    )


def read_words(reading: Reading) -> str:
    """The words by which a form is told: those of the sentence that asks, without names."""
    return hide_names(find_asking(reading.asked))


def read_signs(reading: Reading) -> list[float]:
    """What the grammar read of a question, as figures."""
    form, fact, listed = reading.form, reading.fact, reading.listed
    held = (
        form.comparison,
        form.method,
        form.contact,
        form.card,
        form.told,
        form.counted is not None,
        form.listed is not None,
        form.definition,
        form.distinction,
        form.obligation,
        listed is not None,
        listed is not None and listed.counted,
        fact is not None,
        bool(reading.understood.places),
        *(fact is not None and fact.quantity == each for each in _QUANTITIES),
    )
    return [float(each) for each in held]


def read_form_signs(reading: Reading) -> list[float]:
    """The same with how the question asks, by which its form is told."""
    return [*read_signs(reading), *map(float, read_asking(reading))]


def describe_aspects(chances: tuple[float, ...], least: float) -> list[str]:
    """The names of the aspects that are at least so likely, the likeliest first."""
    order = sorted(range(len(ASPECTS)), key=lambda row: -chances[row])
    return [ASPECTS[row] for row in order if chances[row] >= least]


@cache
def _open(path: Path) -> Linear:
    return Linear.load(path)
