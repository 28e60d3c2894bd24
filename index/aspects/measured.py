"""Measured: what a figure measures. By itself, so that what only names it imports nothing that computes."""

from typing import Literal, get_args

Measured = Literal[
    "cost",
    "participants",
    "voters",
    "registered",
    "share",
    "ideas",
    "staff",
    "meetings",
    "duration",
    "age",
    "inhabitants",
    "territory",
    "other",
]
MEASURED: tuple[Measured, ...] = get_args(Measured)
