"""Answer: one page that chooses how a question is answered, then delegates. Chat, API and command line share it."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from assistant.answers.draft import Citation, Draft, Tokens
from assistant.answers.kinds import draft_kind
from assistant.answers.nothing import draft_nothing
from assistant.answers.notices import add_notices
from assistant.checks.verification import mend_draft
from assistant.clock import Clock
from assistant.computing import computing
from assistant.dialogue.conversation import Standalone, Turn, make_standalone
from assistant.dialogue.subject import leave_subject
from assistant.llm.model import ModelFailed, ModelUnfounded
from assistant.llm.rewriting import rewrite
from assistant.question import is_small_talk, tidy_question
from assistant.scope.abstention import Abstention, Reason
from assistant.scope.declined import read_declined
from assistant.search import Knowledge, find_sought
from assistant.wording import MODEL_FAILED, MODEL_UNFOUNDED, QUESTION_TOO_COSTLY, QUESTION_TOO_COSTLY_EN
from index.encoding.budget import Budget, QuestionTooCostly
from index.filters import Filters
from index.language import detect_language
from index.ranking.retrieval import Hit
from ingest.sheet import Frozen

# What is computed from the catalogue or set side by side is exact: a language model could only spoil it.
_COMPUTED = frozenset({"listing", "comparison"})


class Answer(Frozen):
    """What is told to a person, with its proofs: `[n]` in `answer` (Markdown) points at citation n.

    `filters` are those set by hand and those understood of the question and of what came before it.
    """

    answer: str
    abstained: bool
    reason: Reason | Literal[""] = ""  # why it abstains
    kind: str
    mode: Literal["extractive", "llm"]
    filters: dict[str, object]
    sheets: tuple[str, ...]
    citations: tuple[Citation, ...]
    listed: tuple[str, ...] = ()  # all the sheets that a list counts, of which the text may show some
    standalone_question: str
    prompt: str = ""  # name@version of the prompt, when a language model wrote
    tokens: Tokens | None = None  # that it read and wrote
    seconds: dict[str, float]

    @property
    def shown(self) -> tuple[str, ...]:
        """The sheets that the text shows, in its order."""
        return tuple(dict.fromkeys(citation.sheet for citation in self.citations))

    def as_turn(self, question: str, ignored: Filters | None = None) -> Turn:
        """This answer and its question as those that follow need to know them."""
        return Turn(query=question, sheets=self.sheets, shown=self.shown, ignored=ignored or Filters())


@dataclass(frozen=True)
class Delta:
    """A piece of text to show at once; the Answer that comes last has the final wording."""

    text: str


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


async def _stream(
    question: str,
    knowledge: Knowledge,
    filters: Filters | None,
    history: Sequence[Turn],
    ignored: Filters | None,
    clock: Clock,
    budget: Budget,
) -> AsyncGenerator[Delta | Answer, None]:
    sought = await _understand(question, knowledge, history, ignored, budget)
    clock.mark("understanding")
    searched = not (sought.unclear or _needs_no_search(question))
    hits = await computing(budget.run, find_sought, sought, knowledge, filters) if searched else []
    clock.mark("search")
    about = [hit for hit in hits if hit.sheet.id in sought.only] if sought.only else hits
    extractive = await computing(budget.run, draft_kind, sought, about, knowledge, filters)
    clock.mark("extractive")
    reply = _Reply(extractive)
    if knowledge.model and hits and not extractive.abstained and extractive.kind not in _COMPUTED:
        async with aclosing(_write(reply, sought.question, about, knowledge)) as deltas:
            async for delta in deltas:
                yield delta
        clock.mark("model")
    if rest := await _finish(reply, sought.question, hits, knowledge):
        yield Delta(rest)
    draft = reply.draft
    yield Answer(
        answer=draft.text,
        abstained=draft.abstained,
        reason=draft.reason,
        kind=draft.kind,
        mode=reply.mode,
        filters={**sought.understood.filters.to_json(), **(filters.to_json() if filters else {})},
        # What found nothing near has no sheets: those of the answer before stay those that are talked about.
        sheets=tuple(dict.fromkeys((*draft.sheets, *(hit.sheet.id for hit in hits if not draft.abstained)))),
        citations=draft.citations,
        listed=draft.sheets if draft.kind == "listing" else (),
        standalone_question=sought.question,
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


async def _write(reply: _Reply, question: str, hits: list[Hit], knowledge: Knowledge) -> AsyncGenerator[Delta, None]:
    """What a language model writes, as it comes; when it fails, the reply stays as it was, with a notice."""
    assert knowledge.model is not None
    try:
        # Whoever stops listening stops the model.
        async with aclosing(knowledge.model.write(question, hits, knowledge.index, knowledge.contact)) as pieces:
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


async def _finish(reply: _Reply, question: str, hits: list[Hit], knowledge: Knowledge) -> str:
    """End the reply with the notices on its sheets; what of it was not streamed yet."""
    draft = add_notices(reply.draft, knowledge.index, knowledge.contact, datetime.now(UTC).year)
    if reply.mode == "llm":
        reply.draft = draft
        shown = reply.streamed.strip()
        rest = draft.text[len(shown) :] if draft.text.startswith(shown) else ""
        return rest.removeprefix(reply.streamed[len(reply.streamed.rstrip()) :])
    # The last guard: what the product puts together is compared with the sheets as a model's words are.
    found = [*draft.sheets, *(hit.sheet.id for hit in hits)]
    mended = await computing(mend_draft, draft, knowledge.index, found, question)
    draft = mended or draft_nothing(Abstention(reason="subject"), hits, knowledge.index, knowledge.contact)
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


async def _understand(
    question: str, knowledge: Knowledge, history: Sequence[Turn], ignored: Filters | None, budget: Budget
) -> Standalone:
    """What to search: by rules, and in the words of the language model when it has good ones."""
    if _needs_no_search(question):
        return Standalone(question=question, asked=question)
    sought = await computing(budget.run, make_standalone, question, history, knowledge.index, ignored)
    sought = await computing(budget.run, leave_subject, sought, question, knowledge, ignored)
    if knowledge.model and history and sought.link != "new":
        return await rewrite(sought, question, history, knowledge.model, knowledge.index, ignored)
    return sought


def _needs_no_search(question: str) -> bool:
    """Whether a message is answered without sheets: it greets, or is declined."""
    return is_small_talk(question) or read_declined(question) is not None
