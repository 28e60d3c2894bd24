"""Alignment: where each word of a statement is said in the passages that it cites, and what hangs on what there.

Words are aligned by the directions of their states in the sentence that they stand in, as BERTScore does (Zhang et al.,
2020); which of two linked words is whose subject or object is read from the dependencies of both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np

from assistant.checks.passage_text import ReadPassages, ReadText
from language.parser import Token

# What a word is to the one that it hangs on, the same for active and passive: subject, object, circumstance…
ROLES = {
    **dict.fromkeys(("nsubj", "obl:agent"), "subject"),
    **dict.fromkeys(("nsubj:pass", "obj"), "object"),
    **dict.fromkeys(("obl", "obl:arg", "obl:mod", "iobj"), "circumstance"),
    **dict.fromkeys(("nmod", "amod", "nummod", "conj", "advmod", "appos"), "part"),
    **dict.fromkeys(("xcomp", "advcl", "ccomp", "acl"), "clause"),
}
ACTORS = ("subject", "object", "circumstance")
_NEAREST = 3  # words of the passages that a word of the statement may be
_FAR = 12  # steps between words of two sentences
_STEP = 0.06  # what a step between two words takes from how well they are aligned
_CLAUSE = 3  # steps between words of one clause


@dataclass(frozen=True)
class Link:
    """A word of a statement with the one that it hangs on, and the two words of the passages that say them.

    `fit` is how near both are, less the `steps` between those of the passages; `same` whether they hang together in
    the same way there; `role` what the word is to the other.
    """

    fit: float
    steps: int
    role: str
    same: bool


class Alignment:
    """A statement beside the passages that it cites."""

    def __init__(self, statement: ReadText, passages: ReadPassages) -> None:
        self.statement, self.passages = statement, passages
        sizes = [len(each.words) for each in passages.sentences]
        self._owners = np.repeat(np.arange(len(sizes)), sizes)
        self._starts: list[int] = [0, *np.cumsum(sizes).tolist()]
        self._said = np.concatenate([each.vectors for each in passages.sentences])
        self._near = statement.vectors @ self._said.T
        headings = np.concatenate([each.vectors for each in passages.headings])
        self.in_heading = (statement.vectors @ headings.T).max(axis=1, initial=-1.0)

    @cached_property
    def in_text(self) -> np.ndarray:
        """How near each word is to the nearest of the passages: (words,)."""
        return np.asarray(self._near.max(axis=1, initial=-1.0))

    @cached_property
    def by_sentence(self) -> np.ndarray:
        """The same within each sentence and its heading: (sentences, words)."""
        rows = [
            self._near[:, start:end].max(axis=1, initial=-1.0)
            for start, end in zip(self._starts, self._starts[1:], strict=False)
        ]
        return np.asarray(np.maximum(np.array(rows), self.in_heading))

    @cached_property
    def best(self) -> tuple[int, int]:
        """The rows of the two sentences that say most of the statement together; one row twice where one is enough."""
        content, rows = self.statement.content, self.by_sentence
        first = int(rows[:, content].mean(axis=1).argmax())
        together = np.maximum(rows, rows[first])[:, content].mean(axis=1)
        return first, int(together.argmax())

    @property
    def source(self) -> ReadText:
        """The sentence that says most of the statement."""
        return self.passages.sentences[self.best[0]]

    @cached_property
    def edits(self) -> SequenceMatcher[str]:
        """What makes the statement of its source, word by word, without capitals or accents."""
        return SequenceMatcher(None, self.source.plain_words, self.statement.plain_words, autojunk=False)

    @cached_property
    def links(self) -> list[Link]:
        """The words of a statement that say something, each with the one that it hangs on."""
        words = self.statement.words
        kept = set(self.statement.content)
        return [
            self._link(row, word.head, role)
            for row, word in enumerate(words)
            if (role := ROLES.get(word.role)) and row in kept and word.head in kept and word.head != row
            if not self._is_named_above(row)
        ]

    def in_order(self) -> float:
        """How far the words come in the same order on both sides, from -1 to 1."""
        places = [int(self._near[row].argmax()) for row in self.statement.content if self.in_text[row] > 0.6]
        pairs = [np.sign(b - a) for first, a in enumerate(places) for b in places[first + 1 :] if a != b]
        return float(np.mean(pairs)) if pairs else 1.0

    def actor_fit(self) -> tuple[float, float]:
        """How near the subjects and objects are to those of the same verb in the passages, the worst of them; and how
        much nearer one of them is to what the verb has in another role: who did it and to whom are exchanged.
        """
        worst, exchanged = 1.0, 0.0
        kept = set(self.statement.content)
        for row, word in enumerate(self.statement.words):
            role = ROLES.get(word.role)
            if role not in ("subject", "object") or row not in kept or word.head == row:
                continue
            verb = int(self._near[word.head].argmax())
            around = [(other, ROLES.get(each.role)) for other, each in self._hanging_on(verb)]
            same = max((float(self._near[row, other]) for other, is_ in around if is_ == role), default=0.45)
            other = max(
                (float(self._near[row, at]) for at, is_ in around if is_ in ACTORS and is_ != role), default=0.3
            )
            worst, exchanged = min(worst, same), max(exchanged, other - same)
        return worst, exchanged

    def _is_named_above(self, row: int) -> bool:
        """A name of the heading hangs on nothing in the text."""
        return self.statement.words[row].part == "PROPN" and bool(self.in_heading[row] > self.in_text[row])

    def _link(self, row: int, head: int, role: str) -> Link:
        ways = [
            (float(self._near[row, a] + self._near[head, b]) - _STEP * self._count_steps(a, b), a, b)
            for a in np.argsort(-self._near[row])[:_NEAREST].tolist()
            for b in np.argsort(-self._near[head])[:_NEAREST].tolist()
        ]
        fit, a, b = max(ways)
        return Link(fit, self._count_steps(a, b), role, ROLES.get(self._token(a).role) == role)

    def _token(self, at: int) -> Token:
        sentence = int(self._owners[at])
        return self.passages.sentences[sentence].words[at - self._starts[sentence]]

    def _hanging_on(self, at: int) -> list[tuple[int, Token]]:
        sentence = int(self._owners[at])
        start = self._starts[sentence]
        words = self.passages.sentences[sentence].words
        return [(start + row, word) for row, word in enumerate(words) if word.head == at - start and row != word.head]

    def _count_steps(self, a: int, b: int) -> int:
        """The links between two words of the passages, as far as counts."""
        sentence = int(self._owners[a])
        if sentence != int(self._owners[b]):
            return _FAR
        start = self._starts[sentence]
        return count_steps(self.passages.sentences[sentence].words, a - start, b - start)

    @property
    def within_clause(self) -> float:
        """The share of the links whose words stand in one clause of the passages."""
        return float(np.mean([link.steps <= _CLAUSE for link in self.links])) if self.links else 1.0


def count_steps(words: tuple[Token, ...], a: int, b: int) -> int:
    """The links between two words of one sentence, as far as counts."""
    up, other = climb_up(words, a), climb_up(words, b)
    return min((step + other.index(row) for step, row in enumerate(up) if row in other), default=_FAR)


def climb_up(words: tuple[Token, ...], row: int) -> list[int]:
    """A word's row, then what it hangs on, up to the root."""
    seen = [row]
    while (head := words[seen[-1]].head) not in seen:
        seen.append(head)
    return seen
