"""Outside: how much a question is like those of everyday life, school or law, which no centre of practices answers."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

_NEAREST = 2  # questions: one alone may be near by chance


@lru_cache(maxsize=1)
def read_outside() -> tuple[str, ...]:
    """The questions of outside.txt."""
    lines = files("assistant.finding").joinpath("outside.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=2)
def _read_vectors(encoder: Encoder) -> np.ndarray:
    return encoder.encode_questions(read_outside())


def prepare_outside(encoder: Encoder) -> None:
    """Read the questions with the model once, so that the first person who asks does not wait for it."""
    _read_vectors(encoder)


def measure_outside(asked: str, encoder: Encoder, left_out: str = "") -> float:
    """The cosine of a question, as the search reads it, to the nearest questions outside; `left_out` is not one."""
    cosines = _read_vectors(encoder) @ encoder.encode_question(asked).vector
    kept = [cosine for cosine, known in zip(cosines.tolist(), read_outside(), strict=True) if known != left_out]
    return float(np.mean(sorted(kept)[-_NEAREST:]))
