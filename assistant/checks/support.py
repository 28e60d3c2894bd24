"""Support: how likely the passages that a statement cites say what it says, by a small model fitted beforehand.

Each token of the statement is compared with what the passages' tokens say nearest to it (decomposable attention, Parikh
et al., 2016), over the states of the embedding model, which stay as they are; the tokens together, and the signs of
`signs.py`, give a logit. Boosted trees over the same signs give another (Friedman, 2001). `training/support.py` fits
several networks and one forest from labelled statements; networks and forest count the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.checks.passage_text import ReadPassages, ReadText

MODEL = Path(__file__).parent / "support.npz"
SHARPNESS = 12.0  # how much nearer counts more among the tokens that say one token: fixed, so that it is computed once
_MOST_TOKENS = 600  # of passages
_CLIP = 4.0  # standard deviations of a sign


@dataclass(frozen=True, eq=False)
class Compared:
    """A statement's tokens (tokens, dimension), what the passages say nearest to each, and how near (tokens,)."""

    tokens: np.ndarray
    said: np.ndarray
    nearest: np.ndarray


def compare(statement: ReadText, passages: ReadPassages) -> Compared:
    """Each token of a statement beside what the passages and their headings say nearest to it."""
    tokens = np.concatenate([each.tokens for each in (*passages.headings, *passages.sentences)])[:_MOST_TOKENS]
    near = statement.tokens @ tokens.T
    nearest = near.max(axis=1, initial=-1.0)
    weights = np.exp(SHARPNESS * (near - nearest[:, None]))
    return Compared(statement.tokens, (weights / weights.sum(axis=1, keepdims=True)) @ tokens, nearest)


@dataclass(frozen=True, eq=False)
class Support:
    """The fitted model: `mean` (dimension,) of the tokens' states, the signs by name with their means and spreads, the
    arrays of each network and of the forest, how logits become chances, from which chance on a statement is confirmed,
    and under which it is contradicted.
    """

    encoder: str
    mean: np.ndarray
    names: tuple[str, ...]
    centre: np.ndarray
    spread: np.ndarray
    members: tuple[Mapping[str, np.ndarray], ...]
    forest: Mapping[str, np.ndarray]
    scale: tuple[float, float]
    confirmed: float
    contradicted: float

    def chance(self, compared: Compared, signs: Mapping[str, float]) -> float:
        """The chance that a statement is supported, from 0 to 1."""
        held = self.standard(np.array([signs[name] for name in self.names], dtype=np.float32))
        slope, intercept = self.scale
        network = float(np.mean([score(member, compared, held) for member in self.members]))
        logit = slope * (network + climb(self.forest, held)) + intercept
        return float(1 / (1 + np.exp(-logit)))

    def standard(self, signs: np.ndarray) -> np.ndarray:
        """Signs (…, signs) as they are weighed."""
        return np.asarray(np.clip((signs - self.centre) / self.spread, -_CLIP, _CLIP))


def score(member: Mapping[str, np.ndarray], compared: Compared, signs: np.ndarray) -> float:
    """The logit that one fitted network gives."""
    own = compared.tokens @ member["project"] + member["project_bias"]
    other = compared.said @ member["project"] + member["project_bias"]
    pairs = np.concatenate([own, own - other, own * other, compared.nearest[:, None]], axis=1)
    told = np.maximum(pairs @ member["compare"] + member["compare_bias"], 0)
    tokens = _norm(np.concatenate([told.mean(axis=0), told.max(axis=0)])) * member["norm"] + member["norm_bias"]
    known = np.maximum(signs @ member["signs"] + member["signs_bias"], 0)
    hidden = np.maximum(np.concatenate([tokens, known]) @ member["join"] + member["join_bias"], 0)
    return float((hidden @ member["out"] + member["out_bias"] + signs @ member["plain"] + member["plain_bias"])[0])


def climb(forest: Mapping[str, np.ndarray], signs: np.ndarray) -> float:
    """The logit that a forest gives: from the root of each tree, left where a sign is at most the node's threshold.

    `roots` (trees,) are rows of the nodes; `left` and `right` of a leaf are the leaf's own row.
    """
    nodes = forest["roots"]
    for _ in range(int(forest["depth"])):
        is_left = signs[forest["sign"][nodes]] <= forest["threshold"][nodes]
        nodes = np.where(is_left, forest["left"][nodes], forest["right"][nodes])
    return float(forest["start"] + forest["value"][nodes].sum())


def _norm(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - values.mean()) / np.sqrt(values.var() + 1e-5))


def save(support: Support, path: Path) -> None:
    """Write a fitted model."""
    arrays: dict[str, np.ndarray] = {
        f"{row} {name}": values.astype(np.float16)
        for row, member in enumerate(support.members)
        for name, values in member.items()
    }
    arrays |= {f"forest {name}": values for name, values in support.forest.items()}
    np.savez_compressed(
        path,
        encoder=support.encoder,
        mean=support.mean.astype(np.float32),
        names=np.array(support.names),
        centre=support.centre.astype(np.float32),
        spread=support.spread.astype(np.float32),
        decision=np.array([*support.scale, support.confirmed, support.contradicted]),
        **arrays,  # type: ignore[arg-type] # numpy takes any name here
    )


@cache
def load(path: Path = MODEL) -> Support:
    """The fitted model of a file, the shipped one."""
    with np.load(path) as file:
        members: dict[str, dict[str, np.ndarray]] = {}
        for key in file.files:
            row, _, name = key.partition(" ")
            if name:
                members.setdefault(row, {})[name] = file[key].astype(np.float32)
        forest = {name.removeprefix("forest "): file[name] for name in file.files if name.startswith("forest ")}
        members.pop("forest", None)
        slope, intercept, confirmed, contradicted = map(float, file["decision"])
        return Support(
            encoder=str(file["encoder"]),
            mean=file["mean"],
            names=tuple(map(str, file["names"])),
            centre=file["centre"],
            spread=file["spread"],
            members=tuple(members.values()),
            forest=forest,
            scale=(slope, intercept),
            confirmed=confirmed,
            contradicted=contradicted,
        )
