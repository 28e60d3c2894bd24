"""Brief: what a language model is told to answer from: the question, and what search and findings found, best first.

The plan of the form that would answer without a model comes first (what it cites), then the best sheets whole, then the
passages of other sheets that most likely answer. What fits is given; nothing else is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case
from assistant.checks.given import Given
from assistant.reading.reading import Turn
from index.ranking.retrieval import Hit

_WHOLE = 6  # sheets given whole before single passages of others: of 0, 3, 6, 10, 16, what holds most of what is needed
_TURNS = 4  # the last ones
_SHORT = {**dict.fromkeys(("yesno", "why", "who", "duration", "contact", "sheet"), "fact"), "notions": "definition"}


@dataclass(frozen=True)
class Brief:
    """What the model is asked and given. `passages` are in the order in which they are given as long as they fit;
    `missing` is what no sheet tells, in the question's words; `turns` are the questions asked before.
    """

    question: str
    form: str
    passages: tuple[Given, ...]
    hits: tuple[Hit, ...]
    missing: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()


def make_brief(case: Case, draft: Draft, hits: Sequence[Hit], history: Sequence[Turn]) -> Brief:
    """The brief for a question that was worked out, with the answer that it would get without a model."""
    return Brief(
        question=case.reading.standalone,
        form=_SHORT.get(draft.kind, draft.kind),
        passages=tuple(_order(case, draft, hits)),
        hits=tuple(hits),
        missing=draft.missing,
        turns=tuple(turn.query for turn in history[-_TURNS:]),
    )


def _order(case: Case, draft: Draft, hits: Sequence[Hit]) -> Iterator[Given]:
    """Each passage once: those cited, the best sheets whole, those with the likeliest sentences, the other sheets."""
    every = {hit.sheet.id: hit for hit in (*case.further, *case.hits, *hits)}
    given: set[str] = set()
    for each in (*_cited(draft, every), *_whole(hits[:_WHOLE]), *_likeliest(case), *_whole(list(every.values()))):
        if each[1].id not in given:
            given.add(each[1].id)
            yield each


def _cited(draft: Draft, hits: dict[str, Hit]) -> Iterator[Given]:
    for citation in draft.citations:
        if hit := hits.get(citation.sheet):
            yield from (Given(hit, s.passage) for s in hit.sentences if s.passage.id == citation.passage)


def _whole(hits: Sequence[Hit]) -> Iterator[Given]:
    for hit in hits:
        passages = {sentence.passage.id: sentence.passage for sentence in hit.sentences}
        yield from (Given(hit, each) for each in sorted(passages.values(), key=lambda each: (each.access, each.order)))


def _likeliest(case: Case) -> Iterator[Given]:
    yield from (Given(found.hit, found.sentence.passage) for found in case.found)
