"""Answer: one page that chooses how a question is answered, then delegates. Chat, API and command line share it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.clock import Clock
from assistant.conversation import Standalone, Turn, make_standalone
from assistant.draft import Citation, Draft
from assistant.extractive import ABSTAIN_BELOW, draft_answer, draft_centre, draft_nothing, draft_small_talk
from assistant.model import LanguageModel, ModelFailed, ModelUnfounded
from assistant.rewriting import rewrite
from assistant.question import is_small_talk, is_surely_about_centre, may_be_about_centre
from assistant.wording import MODEL_FAILED, MODEL_UNFOUNDED
from index.filters import Filters
from index.retrieval import Hit, retrieve
from index.versions import Index
from ingest.sheet import Frozen

if TYPE_CHECKING:
    from index.encoder import Encoder

LONGEST_QUESTION = 2_000  # characters
_HITS = 10


class Answer(Frozen):
    """What is told to a person, with its proofs: `[n]` in `answer` (Markdown) points at citation n.

    `filters` are those set by hand and those understood of the question and of what came before it.
    """

    answer: str
    abstained: bool
    kind: str
    mode: Literal["extractive", "llm"]
    filters: dict[str, object]
    sheets: tuple[str, ...]
    citations: tuple[Citation, ...]
    standalone_question: str
    prompt: str = ""  # name@version of the prompt, when a language model wrote
    seconds: dict[str, float]


@dataclass(frozen=True)
class Delta:
    """A piece of text to show at once; the Answer that comes last has the final wording."""

    text: str


@dataclass(frozen=True)
class Knowledge:
    """What an answer is made from, for readers of one access."""

    index: Index
    encoder: Encoder
    model: LanguageModel | None
    contact: str


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
) -> AsyncIterator[Delta | Answer]:
    """Pieces of text as they come, then the whole answer, to a question asked after the turns of `history`.

    `filters`, set by hand, are strict; those understood are not, and those that the person removed are `ignored`.
    """
    clock = Clock()
    question = tidy_question(question)
    sought = await _understand(question, knowledge, history, ignored)
    clock.mark("understanding")
    hits = [] if is_small_talk(question) else await asyncio.to_thread(search, sought, knowledge, filters)
    clock.mark("search")
    about = hits[: max(1, len(sought.only))] if sought.single or sought.only else hits
    extractive = await asyncio.to_thread(_draft, sought, about, knowledge)
    clock.mark("extractive")
    draft, mode, prompt, notice = extractive, "extractive", "", ""
    if knowledge.model and hits and not extractive.abstained:
        try:
            async for piece in knowledge.model.write(sought.question, about, knowledge.index, knowledge.contact):
                if isinstance(piece, Draft):
                    draft, mode, prompt = piece, "llm", knowledge.model.prompt_name
                else:
                    yield Delta(piece)
        except ModelFailed:
            notice = MODEL_FAILED
        except ModelUnfounded:
            notice = MODEL_UNFOUNDED
        clock.mark("model")
    if mode == "extractive":
        text = f"{notice}\n\n{draft.text}" if notice else draft.text
        draft = draft.model_copy(update={"text": text})
        yield Delta(text)
    yield Answer(
        answer=draft.text,
        abstained=draft.abstained,
        kind=draft.kind,
        mode="llm" if mode == "llm" else "extractive",
        filters={**sought.understood.filters.to_json(), **(filters.to_json() if filters else {})},
        sheets=tuple(hit.sheet.id for hit in hits),
        citations=draft.citations,
        standalone_question=sought.question,
        prompt=prompt,
        seconds=clock.seconds(),
    )


def tidy_question(question: str) -> str:
    """A question on one line and no longer than is read."""
    return " ".join(question.split())[:LONGEST_QUESTION]


async def _understand(
    question: str, knowledge: Knowledge, history: Sequence[Turn], ignored: Filters | None
) -> Standalone:
    """What to search: by rules, and in the words of the language model when it has good ones."""
    if is_small_talk(question):
        return Standalone(question=question, asked=question)
    sought = await asyncio.to_thread(make_standalone, question, history, knowledge.index, ignored)
    if knowledge.model and sought.link != "new":
        return await rewrite(sought, question, history, knowledge.model, knowledge.index, ignored)
    return sought


def find_hits(question: str, knowledge: Knowledge, filters: Filters | None = None, k: int = _HITS) -> list[Hit]:
    """The hits of a question that follows none, best first."""
    return search(make_standalone(tidy_question(question), (), knowledge.index), knowledge, filters, k)


def search(sought: Standalone, knowledge: Knowledge, filters: Filters | None = None, k: int = _HITS) -> list[Hit]:
    """The hits of what is sought, best first. Pages about the centre stand among them only when they are asked for."""
    if sought.only:
        return _search_shown(sought, knowledge, filters, k)
    pages = filters is None and sought.link == "new" and may_be_about_centre(sought.question)
    hits = _retrieve(sought, knowledge, filters, k, pages=pages)
    asked_page = bool(hits) and (hits[0].sheet.kind == "page" or is_surely_about_centre(sought.question))
    if not pages or asked_page:
        return sorted(hits, key=lambda hit: hit.sheet.kind != "page") if asked_page else hits
    return [hit for hit in hits if hit.sheet.kind == "practice"]


def _search_shown(sought: Standalone, knowledge: Knowledge, filters: Filters | None, k: int) -> list[Hit]:
    """The sheets that the question is surely about, in the order in which they were shown, then the others of then."""
    shown = dict.fromkeys((*sought.only, *sought.favoured))
    hits = _retrieve(sought, knowledge, filters, len(shown), pages=True, only=tuple(shown))
    order = {sheet: row for row, sheet in enumerate(shown)}
    return sorted(hits, key=lambda hit: order[hit.sheet.id])[:k]


def _retrieve(
    sought: Standalone,
    knowledge: Knowledge,
    filters: Filters | None,
    k: int,
    *,
    pages: bool,
    only: tuple[str, ...] = (),
) -> list[Hit]:
    return retrieve(
        sought.asked,
        knowledge.index,
        knowledge.encoder,
        filters,
        k,
        pages=pages,
        understood=sought.understood,
        favoured=sought.favoured,
        context=sought.context,
        only=only,
    )


def _draft(sought: Standalone, hits: list[Hit], knowledge: Knowledge) -> Draft:
    """The answer in the sheets' own words. What was surely shown before is about the question, whatever its words."""
    question = sought.asked
    if is_small_talk(question):
        return draft_small_talk(question)
    if hits and hits[0].sheet.kind == "page":
        return draft_centre(question, hits[0])
    if not hits or (not sought.only and hits[0].relevance < ABSTAIN_BELOW):
        return draft_nothing(hits, knowledge.index, knowledge.contact)
    return draft_answer(question, hits, knowledge.index, knowledge.contact)
