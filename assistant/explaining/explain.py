"""Explain: what was read of a question, which forms of answer were tried, and what ranked the sheets and sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from assistant.answers.answer import Answer
from assistant.answers.draft import KindName
from assistant.answers.kinds.choose import Tried
from assistant.finding.quantities import find_held
from assistant.finding.sentences import rank_sentences
from assistant.pipeline import Knowledge, Worked, answer, answer_after, work_out
from assistant.reading.reading import Reading, Turn
from index.encoding.budget import Budget
from index.filters import Filters
from index.ranking.retrieval import Hit
from ingest.sheet import Frozen

_SHEETS_READ = 5  # hits of which sentences are told
_SENTENCES = 4  # of each of them


class ExplainedSheet(Frozen):
    """A sheet found, best first: its score is the sum of its evidence, what each signal and each thing said adds."""

    sheet: str
    title: str
    score: float
    relevance: float
    evidence: dict[str, float]


class ExplainedSentence(Frozen):
    """A sentence of one of the first sheets: its score among those of its sheet, and whether the answer quotes it.

    `holds` says whether the figure, date or name that is asked was recognised in it; None when none is asked.
    """

    sheet: str
    passage: str
    section: str
    quote: str
    aspects: tuple[str, ...] = ()
    score: float
    similarity: float
    cited: bool
    holds: bool | None = None


class ExplainedPart(Frozen):
    """A question of a message that asks several: the form of its answer, and why that abstains, "" when it does not."""

    question: str
    form: KindName
    reason: str = ""


class Explanation(Frozen):
    """All that decided an answer, in order; `parts` when a message asks several questions."""

    reading: Reading
    parts: tuple[ExplainedPart, ...] = ()
    forms: tuple[Tried, ...]
    sheets: tuple[ExplainedSheet, ...]
    sentences: tuple[ExplainedSentence, ...]
    answer: Answer


async def explain(
    question: str,
    knowledge: Knowledge,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    seconds: float = math.inf,
) -> Explanation:
    """How a question asked after these turns is answered from the sheets; a language model's part is not told.

    Raises QuestionTooCostly when reading and searching take more than so many seconds of processor time.
    """
    worked = await work_out(question, knowledge, filters, history, budget=Budget(seconds))
    told = await answer_after(worked, knowledge, filters)
    return Explanation(
        reading=worked.reading,
        parts=tuple(_tell_part(part) for part in worked.parts),
        forms=worked.choice.tried,
        sheets=tuple(_tell_sheet(hit) for hit in worked.hits),
        sentences=tuple(
            each for hit in worked.hits[:_SHEETS_READ] for each in _tell_sentences(hit, worked.reading, told)
        ),
        answer=told,
    )


async def explain_after(
    earlier: Sequence[str], question: str, knowledge: Knowledge, seconds: float = math.inf
) -> Explanation:
    """How a question is answered after others, oldest first, each answered in its turn."""
    history: list[Turn] = []
    for each in earlier:
        history.append((await answer(each, knowledge, None, history)).as_turn(each))
    return await explain(question, knowledge, None, history, seconds)


def explanation_to_json(explanation: Explanation) -> dict[str, Any]:
    """An explanation as the contract has it; of the reading, what says something, and the parts of what has some."""
    told = explanation.model_dump(
        mode="json", exclude={"reading", "answer", *(() if explanation.parts else ("parts",))}
    )
    reading = explanation.reading.model_dump(mode="json", exclude_defaults=True)
    return {"reading": reading, **told, "answer": explanation.answer.model_dump(mode="json")}


def _tell_part(part: Worked) -> ExplainedPart:
    taken = part.choice.tried[-1]
    return ExplainedPart(question=part.reading.written, form=taken.form, reason=taken.reason)


def _tell_sheet(hit: Hit) -> ExplainedSheet:
    evidence = {name: value for name, value in hit.evidence.items() if value}
    return ExplainedSheet(
        sheet=hit.sheet.id,
        title=hit.sheet.title,
        score=round(hit.score, 4),
        relevance=round(hit.relevance, 4),
        evidence=dict(sorted(evidence.items(), key=lambda pair: -abs(pair[1]))),
    )


def _tell_sentences(hit: Hit, reading: Reading, told: Answer) -> list[ExplainedSentence]:
    """The best sentences of a hit, and those that the answer quotes wherever they stand."""
    known = f"{hit.sheet.title} {hit.sheet.organisation}"
    ranked = rank_sentences(reading.asked, known, hit.sentences, reading.fact)
    cited = [citation for citation in told.citations if citation.sheet == hit.sheet.id]
    explained = [
        ExplainedSentence(
            sheet=hit.sheet.id,
            passage=sentence.passage.id,
            section=sentence.passage.section,
            quote=sentence.text,
            score=round(score, 4),
            similarity=round(sentence.similarity, 4),
            cited=any(each.passage == sentence.passage.id and each.quote in sentence.text for each in cited),
            holds=bool(find_held(sentence.text, reading.fact)) if reading.fact else None,
        )
        for sentence, score in ranked
    ]
    return [each for row, each in enumerate(explained) if row < _SENTENCES or each.cited]
