"""Pipeline: one page that chooses how a question is answered, then delegates. Chat, API and command line share it."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Literal

from assistant.answers.answer import Answer, Delta
from assistant.answers.draft import Draft
from assistant.answers.kinds.asked_of_one import Told, find_practices, list_asks, tell_each
from assistant.answers.kinds.choose import Choice, choose
from assistant.answers.kinds.joined import Part, join
from assistant.answers.kinds.kind import Case
from assistant.answers.kinds.nothing import draft_nothing
from assistant.answers.kinds.notices import add_notices
from assistant.answers.kinds.registry import is_exact, name_family
from assistant.checks.verification import mend_draft
from assistant.finding.abstention import Abstention
from assistant.finding.organisations import keep_named
from assistant.finding.search import HITS, Sources, search
from assistant.finding.subject import leave_subject
from assistant.llm.brief import Brief, make_brief
from assistant.llm.rewriting import rewrite
from assistant.llm.writer import ModelFailed, ModelUnfounded, Writer
from assistant.process.clock import Clock
from assistant.process.computing import computing
from assistant.reading.message import tidy_question
from assistant.reading.read import read_of_one, read_question
from assistant.reading.reading import Reading, Turn
from assistant.wording import MODEL_FAILED, MODEL_UNFOUNDED, QUESTION_TOO_COSTLY, QUESTION_TOO_COSTLY_EN
from index.encoding.budget import Budget, QuestionTooCostly
from index.filters import Filters
from index.ranking.retrieval import Hit
from ingest.sheet import Sheet
from language.detection import detect_language

_READ = 60  # sheets whose sentences are looked through; the first of them are told as those found


@dataclass(frozen=True)
class Knowledge(Sources):
    """What an answer is made from, and the language model that writes it, if there is one."""

    model: Writer | None = None


async def answer(
    question: str,
    knowledge: Knowledge,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    ignored: Filters | None = None,
) -> Answer:
    """The answer to a question, whole."""
    async for event in stream_answer(question, knowledge, filters, history, ignored):
        if isinstance(event, Answer):
            return event
    raise AssertionError("a stream of an answer ends with the answer")


async def stream_answer(
    question: str,
    knowledge: Knowledge,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    ignored: Filters | None = None,
    seconds: float = math.inf,
) -> AsyncIterator[Delta | Answer]:
    """Pieces of text as they come, then the whole answer, to a question asked after the turns of `history`.

    `filters`, set by hand, are strict; those understood are not, and those that the person removed are `ignored`. A
    question that takes more `seconds` of processor time than these is not answered, and who asks is told so.
    """
    clock, budget = Clock(), Budget(seconds)
    question = tidy_question(question)
    try:
        async with aclosing(_stream(question, knowledge, filters, history, ignored, clock, budget)) as events:
            async for event in events:
                yield event
    except QuestionTooCostly:
        for event in _ask_for_less(question, clock):
            yield event


@dataclass(frozen=True)
class Worked:
    """What answers a question in the sheets' own words: what it is made from, the hits found, the answer chosen."""

    case: Case
    hits: list[Hit]
    choice: Choice
    parts: tuple[Worked, ...] = ()  # of a message that asks several questions, when they are answered one by one

    @property
    def reading(self) -> Reading:
        """What was read of the question."""
        return self.case.reading


async def work_out(
    question: str,
    knowledge: Knowledge,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    ignored: Filters | None = None,
    clock: Clock | None = None,
    budget: Budget | None = None,
) -> Worked:
    """The way of a question: read, search, choose. Its steps are marked on the clock, their time is the budget's.

    A message that asks several questions is answered one by one, each as one that follows those before it, and as one
    that is asked by itself for its budget.
    """
    clock, budget = clock or Clock(), budget or Budget()
    worked = await _work_out_one(question, knowledge, filters, history, ignored, clock, budget)
    if sheets := await computing(budget.run, find_practices, worked.case, worked.choice.draft):
        return await _work_out_each(worked, sheets, knowledge, history, clock, budget)
    turns, parts = list(history), list[Worked]()
    for part in worked.reading.parts:
        parts.append(await _work_out_one(part, knowledge, filters, turns, ignored, clock, budget.another()))
        turns.append(_as_turn(part, parts[-1], ignored))
    if not parts:
        return worked
    answered = [Part(each.reading.written, each.choice.draft) for each in parts]
    joined = join(answered, worked.choice.draft, worked.reading.understood.language)
    return replace(worked, choice=replace(worked.choice, draft=joined), parts=tuple(parts))


async def _work_out_each(
    worked: Worked, sheets: Sequence[Sheet], knowledge: Knowledge, history: Sequence[Turn], clock: Clock, budget: Budget
) -> Worked:
    """The same of a message that asks several things of a practice, or of a few: each is asked of each sheet alone."""
    told, parts, whole = list[Told](), list[Worked](), worked.reading
    for ask, sheet in product(list_asks(worked.case), sheets):
        own = budget.another()
        reading = await computing(own.run, read_of_one, ask, whole.written, sheet.id, history, knowledge.index)
        parts.append(await _choose(reading, knowledge, None, clock, own))
        told.append(Told(ask, sheet, parts[-1].case, parts[-1].choice.draft))
    draft = await computing(budget.run, tell_each, told, worked.choice.draft)
    return replace(worked, choice=replace(worked.choice, draft=draft), parts=tuple(parts))


def _as_turn(question: str, worked: Worked, ignored: Filters | None) -> Turn:
    """A question that was answered, as those that follow it need to know it."""
    draft = worked.choice.draft
    sheets = _tell_sheets(draft, worked.hits)
    return Turn(query=question, sheets=sheets, shown=draft.shown, ignored=ignored or Filters())


async def _work_out_one(
    question: str,
    knowledge: Knowledge,
    filters: Filters | None,
    history: Sequence[Turn],
    ignored: Filters | None,
    clock: Clock,
    budget: Budget,
) -> Worked:
    reading = await _read(question, knowledge, history, ignored, budget)
    return await _choose(reading, knowledge, filters, clock, budget)


async def _choose(
    reading: Reading, knowledge: Knowledge, filters: Filters | None, clock: Clock, budget: Budget
) -> Worked:
    clock.mark("understanding")
    found = await computing(budget.run, search, reading, knowledge, filters, _READ) if reading.needs_search else []
    clock.mark("search")
    found = keep_named(found, reading, knowledge.index)
    hits, further = found[:HITS], found[HITS:] if not reading.only else []
    case = Case(reading, find_about(reading, hits), knowledge, filters, further)
    choice = await computing(budget.run, choose, case)
    clock.mark("extractive")
    return Worked(case, hits, choice)


def _tell_sheets(draft: Draft, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The sheets that an answer is about, best first.

    What found nothing near has none: those of the answer before stay those that are talked about.
    """
    return tuple(dict.fromkeys((*draft.sheets, *(hit.sheet.id for hit in hits[:HITS] if not draft.abstained))))


def find_about(reading: Reading, hits: list[Hit]) -> list[Hit]:
    """The hits that a question is surely about, all when it does not tell."""
    return [hit for hit in hits if hit.sheet.id in reading.only] if reading.only else hits


async def answer_after(worked: Worked, knowledge: Knowledge, filters: Filters | None = None) -> Answer:
    """The answer that was worked out, whole, in the sheets' own words."""
    async for event in _tell(worked, replace(knowledge, model=None), filters, Clock()):
        if isinstance(event, Answer):
            return event
    raise AssertionError("what is told ends with the answer")


async def _stream(
    question: str,
    knowledge: Knowledge,
    filters: Filters | None,
    history: Sequence[Turn],
    ignored: Filters | None,
    clock: Clock,
    budget: Budget,
) -> AsyncGenerator[Delta | Answer, None]:
    worked = await work_out(question, knowledge, filters, history, ignored, clock, budget)
    async with aclosing(_tell(worked, knowledge, filters, clock, history)) as events:
        async for event in events:
            yield event


async def _tell(
    worked: Worked, knowledge: Knowledge, filters: Filters | None, clock: Clock, history: Sequence[Turn] = ()
) -> AsyncGenerator[Delta | Answer, None]:
    """What was worked out, in the words of the language model when there is one and it may write, dated and checked."""
    reading, hits, reply = worked.reading, worked.hits, _Reply(worked.choice.draft)
    if knowledge.model and hits and not reply.draft.abstained and not is_exact(reply.draft.kind):
        brief = await computing(make_brief, worked.case, reply.draft, find_about(reading, hits), history)
        async with aclosing(_write(reply, brief, knowledge, reading.understood.language)) as deltas:
            async for delta in deltas:
                yield delta
        clock.mark("model")
    if rest := await _finish(reply, reading, hits, knowledge):
        yield Delta(rest)
    draft = reply.draft
    yield Answer(
        answer=draft.text,
        abstained=draft.abstained,
        reason=draft.reason,
        kind=name_family(draft.kind),
        form=draft.form or draft.kind,
        mode=reply.mode,
        filters={**reading.understood.filters.to_json(), **(filters.to_json() if filters else {})},
        sheets=_tell_sheets(draft, hits),
        citations=draft.citations,
        notes=tuple(note.slug for note in draft.notes),
        listed=draft.sheets if draft.kind == "listing" else (),
        missing=draft.missing,
        standalone_question=reading.standalone,
        prompt=reply.prompt,
        tokens=draft.tokens,
        seconds=clock.seconds(),
    )


def _ask_for_less(question: str, clock: Clock) -> tuple[Delta, Answer]:
    """That a question takes too much work, asked back in the language in which it is put."""
    text = QUESTION_TOO_COSTLY_EN if detect_language(question) == "en" else QUESTION_TOO_COSTLY
    told = Answer(
        answer=text,
        abstained=True,
        kind="clarification",
        mode="extractive",
        filters={},
        sheets=(),
        citations=(),
        standalone_question=question,
        seconds=clock.seconds(),
    )
    return Delta(text), told


@dataclass
class _Reply:
    """The answer as it stands: its draft, who wrote it, what was streamed of it, and what went wrong before."""

    draft: Draft
    mode: Literal["extractive", "llm"] = "extractive"
    prompt: str = ""
    streamed: str = ""
    notice: str = ""


async def _write(reply: _Reply, brief: Brief, knowledge: Knowledge, language: str) -> AsyncGenerator[Delta, None]:
    """What a language model writes, as it comes; when it fails, the reply stays as it was, with a notice."""
    assert knowledge.model is not None
    try:
        # Whoever stops listening stops the model.
        async with aclosing(knowledge.model.write(brief, knowledge.index, knowledge.contact, language)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Draft):
                    reply.draft, reply.mode, reply.prompt = piece, "llm", knowledge.model.prompt_name
                else:
                    reply.streamed += piece
                    yield Delta(piece)
    except ModelFailed:
        reply.notice = MODEL_FAILED
    except ModelUnfounded:
        reply.notice = MODEL_UNFOUNDED


async def _finish(reply: _Reply, reading: Reading, hits: list[Hit], knowledge: Knowledge) -> str:
    """End the reply with the notices on its sheets; what of it was not streamed yet."""
    contact, language = knowledge.contact, reading.understood.language
    draft = add_notices(reply.draft, knowledge.index, contact, datetime.now(UTC).year, language)
    if reply.mode == "llm":
        reply.draft = draft
        shown = reply.streamed.strip()
        rest = draft.text[len(shown) :] if draft.text.startswith(shown) else ""
        return rest.removeprefix(reply.streamed[len(reply.streamed.rstrip()) :])
    # The last guard: what the product puts together is compared with the sheets as a model's words are.
    found = [*draft.sheets, *(hit.sheet.id for hit in hits), *(citation.sheet for citation in draft.citations)]
    mended = await computing(mend_draft, draft, knowledge.index, found, reading.standalone)
    draft = mended or draft_nothing(Abstention(reason="subject"), hits, knowledge.index, contact, language)
    text = f"{reply.notice}\n\n{draft.text}" if reply.notice else draft.text
    reply.draft = draft.model_copy(update={"text": text})
    return text


async def answer_turns(questions: Sequence[str], knowledge: Knowledge, filters: Filters | None = None) -> list[Answer]:
    """The answers to the questions of one conversation, each knowing what came before it."""
    history: list[Turn] = []
    answers: list[Answer] = []
    for question in questions:
        given = await answer(question, knowledge, filters, history)
        history.append(given.as_turn(question))
        answers.append(given)
    return answers


async def _read(
    question: str, knowledge: Knowledge, history: Sequence[Turn], ignored: Filters | None, budget: Budget
) -> Reading:
    """The reading of a question: by rules, and in the words of the language model when it has good ones."""
    reading = await computing(budget.run, read_question, question, history, knowledge.index, ignored)
    if not reading.needs_search:
        return reading
    reading = await computing(budget.run, leave_subject, reading, question, knowledge, ignored)
    if knowledge.model and history and reading.link != "new":
        return await rewrite(reading, question, history, knowledge.model, knowledge.index, ignored)
    return reading
