"""Why a relevant sheet was not found: its rank, and what each signal gave it against the tenth sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.evaluation.judged import JudgedQuestion, JudgedSet
from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from index.measuring.measure import DEPTH
from index.ranking.retrieval import Hit
from ingest.sheet import Frozen


class SignalGap(Frozen):
    """What a signal adds to the score of a missed sheet, and to that of the tenth."""

    name: str
    missed: float
    tenth: float


class Miss(Frozen):
    """A relevant sheet that is not among the first ten. `rank` is None when it could not be found at all."""

    sheet: str
    title: str
    grade: int
    rank: int | None
    gaps: tuple[SignalGap, ...] = ()


class MissedQuestion(Frozen):
    """A question that misses sheets, and the ids of those it found in their place."""

    question: JudgedQuestion
    found: tuple[str, ...]
    misses: tuple[Miss, ...]


def explain_misses(judged: JudgedSet, knowledge: Knowledge) -> Iterator[MissedQuestion]:
    """The questions of the search that miss a relevant sheet, each with the reasons."""
    for question in judged.questions:
        found = tuple(hit.sheet.id for hit in find_hits(question.query, knowledge))
        missed = [sheet for sheet in question.relevant if sheet not in found[:DEPTH]]
        if missed:
            hits = find_hits(question.query, knowledge, k=len(knowledge.index.sheets))
            misses = tuple(_explain(sheet, question.relevant[sheet], hits, knowledge) for sheet in missed)
            yield MissedQuestion(question=question, found=found, misses=misses)


def _explain(sheet: str, grade: int, hits: list[Hit], knowledge: Knowledge) -> Miss:
    known = knowledge.index.find_sheet(sheet)
    title = known.title if known else "absente de l'index"
    rank = next((number for number, hit in enumerate(hits, start=1) if hit.sheet.id == sheet), None)
    if rank is None:
        return Miss(sheet=sheet, title=title, grade=grade, rank=None)
    gaps = tuple(_compare(hits[rank - 1].evidence, hits[:DEPTH][-1].evidence))
    return Miss(sheet=sheet, title=title, grade=grade, rank=rank, gaps=gaps)


def _compare(missed: Mapping[str, float], tenth: Mapping[str, float]) -> list[SignalGap]:
    """Each signal of both, what failed most first; a signal that says nothing of a sheet gives it 0."""
    gaps = [
        SignalGap(name=name, missed=missed.get(name, 0.0), tenth=tenth.get(name, 0.0)) for name in {**missed, **tenth}
    ]
    return sorted(gaps, key=lambda gap: gap.missed - gap.tenth)
