"""Grouping: questions that ask the same thing in other words are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np

from assistant.learning.asked import AskedQuestion, Verdict
from language.letters import fold

# Mean cosine distance up to which two groups are one: average linkage. Measured by training/grouping.py on 28 needs put
# in 2 to 4 ways each, beside the questions of eval/dev that nothing answers: 94 % of the pairs put together ask the
# same, and a question finds 80 % of those like it. Two groups for one need cost staff less than two needs in one.
_FARTHEST = 0.20
_DIGITS = 4  # of a closeness: what is beyond is noise of the model
_MOST = 6000  # different texts that are compared: 150 MB, 2 seconds; those asked most first


@dataclass(frozen=True)
class Group:
    """Questions that ask the same, the newest first; there is one at least."""

    questions: tuple[AskedQuestion, ...]
    typical: AskedQuestion

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return self.questions[0].at

    @property
    def first(self) -> datetime:
        """When it was asked first."""
        return self.questions[-1].at

    @cached_property
    def texts(self) -> list[tuple[str, int]]:
        """Each different wording with how often it was asked, most often first."""
        wordings: dict[str, list[str]] = {}
        for each in self.questions:
            wordings.setdefault(_key(each), []).append(each.question)
        return sorted(((texts[0], len(texts)) for texts in wordings.values()), key=lambda pair: -pair[1])

    @property
    def open(self) -> tuple[AskedQuestion, ...]:
        """The questions on which nobody ruled."""
        return tuple(each for each in self.questions if not each.verdict)

    @property
    def ruled(self) -> tuple[Verdict | Literal[""], str]:
        """The last verdict on one of them, with its sheet; ("", "") before any."""
        return next(((each.verdict, each.ruled_sheet) for each in self.questions if each.verdict), ("", ""))


def group_questions(questions: Sequence[AskedQuestion], vectors: Mapping[str, np.ndarray]) -> list[Group]:
    """The groups of these questions, the largest first, then the latest.

    The same words are always together. A wording without a vector is alone.
    """
    wordings: dict[str, list[AskedQuestion]] = {}
    for each in questions:
        wordings.setdefault(_key(each), []).append(each)
    read = [same for same in wordings.values() if any(each.id in vectors for each in same)]
    read = sorted(read, key=len, reverse=True)[:_MOST]
    points = [next(vectors[each.id] for each in same if each.id in vectors) for same in read]
    compared = {id(same) for same in read}
    groups = [_make_group([same], None) for same in wordings.values() if id(same) not in compared]
    clusters: dict[int, list[int]] = {}
    for row, cluster in enumerate(_cluster(points)):
        clusters.setdefault(cluster, []).append(row)
    every = ([read[row] for row in rows] for rows in clusters.values())
    near = (np.stack([points[row] for row in rows]) for rows in clusters.values())
    groups += map(_make_group, every, near)
    return sorted(groups, key=lambda group: (len(group.questions), group.last), reverse=True)


def _cluster(points: Sequence[np.ndarray]) -> list[int]:
    """The number of the group of each point."""
    if len(points) < 2:
        return [1] * len(points)
    vectors = np.stack(points)  # of norm 1
    near = vectors @ vectors.T
    distances = np.clip(1 - np.concatenate([line[row + 1 :] for row, line in enumerate(near)]), 0, None)
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - takes as long as a hundred answers

    return [int(number) for number in fcluster(linkage(distances, "average"), _FARTHEST, "distance")]


def _make_group(wordings: Sequence[Sequence[AskedQuestion]], points: np.ndarray | None) -> Group:
    """The typical question is in the wording nearest to all that were asked; of two as near, in the one asked first."""
    typical = wordings[0][0]
    if points is not None:
        weights = np.array([len(same) for same in wordings], dtype=np.float32)
        closeness = np.round(points @ (weights @ points), _DIGITS)
        nearest = [wordings[row] for row in np.flatnonzero(closeness == closeness.max()).tolist()]
        typical = min(nearest, key=lambda same: min(each.at for each in same))[0]
    every = sorted((each for same in wordings for each in same), key=lambda each: each.at, reverse=True)
    return Group(tuple(every), typical)


def _key(question: AskedQuestion) -> str:
    return fold(question.question) or question.question
