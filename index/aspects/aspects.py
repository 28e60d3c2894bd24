"""Aspects: what a sentence tells, by a classifier over its vector, its words and where it stands."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from index.aspects.linear import Linear
from ingest.passage import Passage
from ingest.sheet import Role

Aspect = Literal[
    "objectif",
    "contexte",
    "porteur",
    "public",
    "participation",
    "recrutement",
    "etape",
    "calendrier",
    "outil",
    "moyens",
    "partenaire",
    "gouvernance",
    "resultat",
    "effet",
    "difficulte",
    "enseignement",
    "suite",
    "originalite",
    "inclusion",
]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
ROLES: tuple[Role, ...] = get_args(Role)
MODEL = Path(__file__).parent / "aspects.npz"
_LONG = 200  # characters: a usual sentence
_FAR = 5  # sentences: the place in its passage from which on it tells nothing more


def read_aspects(sentences: Sequence[tuple[Passage, str]], vectors: np.ndarray, model: str) -> np.ndarray:
    """How likely each sentence tells each of `ASPECTS`: (sentences, aspects), from 0 to 1.

    `vectors` (sentences, dimension) are those that the model of this name made.
    """
    if not sentences:
        return np.zeros((0, len(ASPECTS)), dtype=np.float32)
    places = _find_places(sentences)
    signs = np.array(
        [read_signs(text, passage.role, row) for (passage, text), row in zip(sentences, places, strict=True)],
        dtype=np.float32,
    )
    logits = _open().score([text for _, text in sentences], vectors, signs, model)
    return np.asarray(1 / (1 + np.exp(-logits)))


def read_signs(sentence: str, role: Role | None, row: int) -> list[float]:
    """What is seen of a sentence beside its words: the role of its section, its row in its passage, its marks."""
    return [
        *(float(role == each) for each in ROLES),
        float(row == 0),
        min(row, _FAR) / _FAR,
        len(sentence) / _LONG,
        float("%" in sentence),
        float(bool(re.search(r"\d", sentence))),
        float("€" in sentence or "euros" in sentence),
        float(":" in sentence[:60]),
    ]


def _find_places(sentences: Sequence[tuple[Passage, str]]) -> list[int]:
    """The row of each sentence in its passage."""
    places: list[int] = []
    before = ""
    for passage, _ in sentences:
        places.append(places[-1] + 1 if passage.id == before else 0)
        before = passage.id
    return places


@cache
def told_by() -> str:
    """What stands for the classifier: sentences that another one read are read again."""
    return hashlib.sha256(MODEL.read_bytes()).hexdigest()[:16]


@cache
def _open() -> Linear:
    return Linear.load(MODEL)
