"""Fusion: what each signal says of each sheet, on one scale, becomes one score.

A signal is standardised over the sheets (z-score), which makes cosines, BM25 and matches comparable whatever the
question; the score is their weighted sum plus the weight of evidence of what the question says (index.evidence). The
weights are those of a conditional logit (McFadden 1974): they make the sheets that answer as likely as can be among
the others, on questions written for training; training/fusion.py measures them again. Scores are thus log-odds,
which is what evidence adds to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np

Signal = Literal["dense sheet", "dense passage", "words sheet", "words passage", "late sheet", "late passage"]
SIGNALS: tuple[Signal, ...] = get_args(Signal)
Weights = Mapping[str, float]  # of signals and of things said, by name; what is not there does not count

WEIGHTS: Weights = {
    "dense sheet": 0.6,
    "dense passage": 0.3,
    "words sheet": 0.3,
    "words passage": 0.3,
    "late sheet": 1.2,
    "late passage": 0.6,
}


def standardise(values: np.ndarray, background: np.ndarray | None = None) -> np.ndarray:
    """Values (sheets,) less their mean, over their spread; those measured on the `background` rows when given."""
    reference = values if background is None else values[background]
    spread = float(reference.std())
    return np.asarray((values - reference.mean()) / spread if spread > 0 else np.zeros(len(values)))


def contributions(signals: Mapping[str, np.ndarray], weights: Weights) -> dict[str, np.ndarray]:
    """What each signal adds to the score of each sheet: (sheets,) each; signals without weight are left out."""
    return {name: weights[name] * values for name, values in signals.items() if weights.get(name)}
