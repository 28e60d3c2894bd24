"""Outside: how much a question is like those of everyday life, school or law, which no centre of practices answers.

outside.npz holds the vectors of these questions by the default model, so that no start waits for them;
training/outside.py writes it. Another model reads the questions when it first needs them.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

KEPT = Path(__file__).parent / "outside.npz"
_NEAREST = 2  # questions: one alone may be near by chance


@lru_cache(maxsize=1)
def read_outside() -> tuple[str, ...]:
    """The questions of outside.txt."""
    lines = files("assistant.finding").joinpath("outside.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def digest_outside() -> str:
    """What tells whether vectors are of these questions."""
    return hashlib.sha256("\n".join(read_outside()).encode()).hexdigest()


@lru_cache(maxsize=2)
def _read_vectors(encoder: Encoder) -> np.ndarray:
    with np.load(KEPT, allow_pickle=False) as kept:
        if (str(kept["model"]), str(kept["digest"])) == (encoder.name, digest_outside()):
            return np.asarray(kept["vectors"], dtype=np.float32)
    return encoder.encode_questions(read_outside())


def prepare_outside(encoder: Encoder) -> None:
    """Have the vectors of the questions, so that the first person who asks does not wait for them."""
    _read_vectors(encoder)


def measure_outside(asked: str, encoder: Encoder, left_out: str = "") -> float:
    """The cosine of a question, as the search reads it, to the nearest questions outside; `left_out` is not one."""
    cosines = _read_vectors(encoder) @ encoder.encode_question(asked).vector
    kept = [cosine for cosine, known in zip(cosines.tolist(), read_outside(), strict=True) if known != left_out]
    return float(np.mean(sorted(kept)[-_NEAREST:]))
