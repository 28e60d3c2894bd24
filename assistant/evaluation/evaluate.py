"""Evaluation: a judged set is asked, and what comes back is measured, question by question and in all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from assistant.answers.answer import Answer
from assistant.evaluation.judged import (
    JudgedConversation,
    JudgedFact,
    JudgedFilters,
    JudgedQuestion,
    JudgedSet,
    OutOfScope,
)
from assistant.evaluation.record import Evaluation, Outcome, Part
from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge, answer, answer_turns
from assistant.reading.understanding import understand
from index.filters import Filters
from index.measuring.measure import (
    Ranked,
    ToldFact,
    measure_abstention,
    measure_facts,
    measure_filters,
    measure_search,
    measure_turns,
    ndcg,
)
from ingest.sheet import Frozen

Asked = Callable[[], None]  # called after each question


def evaluate(judged: JudgedSet, knowledge: Knowledge, asked: Asked = lambda: None) -> Evaluation:
    """Ask every question of a set, as the command line would."""
    manifest = knowledge.index.manifest
    evaluation = Evaluation(
        set=judged.name,
        set_digest=judged.digest,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        version=manifest.version,
        model=manifest.model,
        language_model=knowledge.model is not None,
    )
    judgeable = [question for question in judged.questions if question.relevant]
    if judgeable:
        evaluation = _ask_search(evaluation, judgeable, knowledge, asked)
    if any(turn.relevant for conversation in judged.conversations for turn in conversation.turns):
        evaluation = _ask_turns(evaluation, judged.conversations, knowledge, asked)
    if judged.facts:
        evaluation = _ask_facts(evaluation, judged.facts, knowledge, asked)
    if judged.filters:
        evaluation = _ask_filters(evaluation, judged.filters, knowledge, asked)
    if judged.out_of_scope:
        evaluation = _ask_out_of_scope(evaluation, judged.out_of_scope, judgeable, knowledge, asked)
    return evaluation


def _ask_search(
    evaluation: Evaluation, questions: Sequence[JudgedQuestion], knowledge: Knowledge, asked: Asked
) -> Evaluation:
    every, outcomes = [], []
    for question in questions:
        sheets = tuple(hit.sheet.id for hit in find_hits(question.query, knowledge))
        ranked = Ranked(sheets, question.relevant, question.kind)
        every.append(ranked)
        outcomes.append(_rate_ranking("search", question.id, question.query, ranked))
        asked()
    return _with(evaluation, outcomes, search=measure_search(every))


def _ask_turns(
    evaluation: Evaluation, conversations: Sequence[JudgedConversation], knowledge: Knowledge, asked: Asked
) -> Evaluation:
    first: list[Ranked] = []
    later: list[Ranked] = []
    outcomes = []
    for conversation in conversations:
        answers = asyncio.run(answer_turns([turn.user for turn in conversation.turns], knowledge))
        for number, (turn, told) in enumerate(zip(conversation.turns, answers, strict=True), start=1):
            asked()
            if turn.relevant:
                ranked = Ranked(told.sheets, turn.relevant)
                (first if number == 1 else later).append(ranked)
                outcomes.append(_rate_ranking("turns", f"{conversation.id}.{number}", turn.user, ranked))
    return _with(evaluation, outcomes, turns=measure_turns(first, later))


def _answer(question: str, knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(question, knowledge))


def _ask_facts(evaluation: Evaluation, facts: Sequence[JudgedFact], knowledge: Knowledge, asked: Asked) -> Evaluation:
    every, outcomes = [], []
    for fact in facts:
        given = _answer(fact.query, knowledge)
        told = ToldFact(given.answer, {citation.sheet for citation in given.citations}, fact.accept, fact.sheet)
        every.append(told)
        wanted = f"{fact.accept[0]} (fiche {fact.sheet})"
        score = float(told.is_right and told.is_cited)
        outcomes.append(_outcome("facts", fact, score, wanted, given.answer))
        asked()
    return _with(evaluation, outcomes, facts=measure_facts(every))


def _ask_filters(
    evaluation: Evaluation, questions: Sequence[JudgedFilters], knowledge: Knowledge, asked: Asked
) -> Evaluation:
    pairs, outcomes = [], []
    for question in questions:
        pair = understand(question.query, knowledge.index.lexicon).filters, question.filters
        pairs.append(pair)
        score = measure_filters([pair]).exact
        outcomes.append(_outcome("filters", question, score, _describe(question.filters), _describe(pair[0])))
        asked()
    return _with(evaluation, outcomes, filters=measure_filters(pairs))


def _ask_out_of_scope(
    evaluation: Evaluation,
    outside: Sequence[OutOfScope],
    inside: Sequence[JudgedQuestion],
    knowledge: Knowledge,
    asked: Asked,
) -> Evaluation:
    outcomes = []
    for question in outside:
        given = _answer(question.query, knowledge)
        outcomes.append(_outcome("abstain", question, float(given.abstained), "aucune réponse", given.answer))
        asked()
    evaluation = _with(evaluation, outcomes, abstain=measure_abstention([each.score == 1 for each in outcomes]))
    if not inside:
        return evaluation
    outcomes = []
    for each in inside:
        given = _answer(each.query, knowledge)
        outcomes.append(_outcome("wrongly_abstained", each, float(not given.abstained), "une réponse", given.answer))
    wrongly = measure_abstention([each.score == 0 for each in outcomes])
    return _with(evaluation, outcomes, wrongly_abstained=wrongly)


def _rate_ranking(part: Part, identifier: str, question: str, ranked: Ranked) -> Outcome:
    return Outcome(
        part=part,
        id=identifier,
        question=question,
        score=round(ndcg(ranked), 4),
        wanted=_list_grades(ranked.relevant),
        found=", ".join(ranked.sheets),
    )


def _list_grades(relevant: Mapping[str, int]) -> str:
    """ "13, 28, (4)": the sheets of the best grade there is, the others in brackets."""
    best = max(relevant.values())
    ordered = sorted(relevant, key=lambda sheet: -relevant[sheet])
    return ", ".join(sheet if relevant[sheet] == best else f"({sheet})" for sheet in ordered)


def _describe(filters: Filters) -> str:
    values = filters.to_json().items()
    return " ; ".join(f"{key} = {value}" for key, value in values) or "aucun filtre"


def _outcome(
    part: Part, asked: JudgedQuestion | JudgedFact | JudgedFilters | OutOfScope, score: float, wanted: str, found: str
) -> Outcome:
    return Outcome(part=part, id=asked.id, question=asked.query, score=score, wanted=wanted, found=found)


def _with(evaluation: Evaluation, outcomes: Sequence[Outcome], **figures: Frozen) -> Evaluation:
    return evaluation.model_copy(update={**figures, "questions": (*evaluation.questions, *outcomes)})
