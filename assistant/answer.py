"""Answer: one page that chooses how a question is answered, then delegates. Chat, API and command line share it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from assistant.clock import Clock
from assistant.compared import find_compared
from assistant.comparison import draft_comparison
from assistant.conversation import Standalone, Turn, make_standalone
from assistant.draft import Citation, Draft
from assistant.extractive import ABSTAIN_BELOW, draft_answer, draft_centre, draft_nothing, draft_small_talk
from assistant.fact import read_asked
from assistant.form import Form, read_form
from assistant.listing import draft_listing
from assistant.method import draft_method
from assistant.model import ModelFailed, ModelUnfounded
from assistant.notices import add_notices
from assistant.one_sheet import draft_sheet, find_told
from assistant.question import is_small_talk, is_surely_about_centre, tidy_question
from assistant.rewriting import rewrite
from assistant.search import Knowledge, find_sought
from assistant.wording import COMPARISON_ALONE, MODEL_FAILED, MODEL_UNFOUNDED, escape
from index.evidence import is_covered
from index.filters import Filters
from index.gazetteer import PlaceNamed
from index.retrieval import Hit
from index.versions import Index
from ingest.sheet import Frozen

# What is computed from the catalogue or set side by side is exact: a language model could only spoil it.
_COMPUTED = frozenset({"listing", "comparison"})


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
) -> AsyncIterator[Delta | Answer]:
    """Pieces of text as they come, then the whole answer, to a question asked after the turns of `history`.

    `filters`, set by hand, are strict; those understood are not, and those that the person removed are `ignored`.
    """
    clock = Clock()
    question = tidy_question(question)
    sought = await _understand(question, knowledge, history, ignored)
    clock.mark("understanding")
    hits = [] if is_small_talk(question) else await asyncio.to_thread(find_sought, sought, knowledge, filters)
    clock.mark("search")
    about = [hit for hit in hits if hit.sheet.id in sought.only] if sought.only else hits
    extractive = await asyncio.to_thread(_draft, sought, about, knowledge, filters)
    clock.mark("extractive")
    draft, mode, prompt, notice, streamed = extractive, "extractive", "", "", ""
    if knowledge.model and hits and not extractive.abstained and extractive.kind not in _COMPUTED:
        try:
            async for piece in knowledge.model.write(sought.question, about, knowledge.index, knowledge.contact):
                if isinstance(piece, Draft):
                    draft, mode, prompt = piece, "llm", knowledge.model.prompt_name
                else:
                    streamed += piece
                    yield Delta(piece)
        except ModelFailed:
            notice = MODEL_FAILED
        except ModelUnfounded:
            notice = MODEL_UNFOUNDED
        clock.mark("model")
    draft = add_notices(draft, knowledge.index, knowledge.contact, datetime.now(UTC).year)
    if mode == "extractive":
        text = f"{notice}\n\n{draft.text}" if notice else draft.text
        draft = draft.model_copy(update={"text": text})
        yield Delta(text)
    elif rest := _unstreamed(draft.text, streamed):
        yield Delta(rest)
    yield Answer(
        answer=draft.text,
        abstained=draft.abstained,
        kind=draft.kind,
        mode="llm" if mode == "llm" else "extractive",
        filters={**sought.understood.filters.to_json(), **(filters.to_json() if filters else {})},
        sheets=tuple(dict.fromkeys((*draft.sheets, *(hit.sheet.id for hit in hits)))),
        citations=draft.citations,
        standalone_question=sought.question,
        prompt=prompt,
        seconds=clock.seconds(),
    )


def _unstreamed(text: str, streamed: str) -> str:
    """What of a text was not streamed yet: the notices after what a language model wrote."""
    shown = streamed.strip()
    return text[len(shown) :].removeprefix(streamed[len(streamed.rstrip()) :]) if text.startswith(shown) else ""


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
    question: str, knowledge: Knowledge, history: Sequence[Turn], ignored: Filters | None
) -> Standalone:
    """What to search: by rules, and in the words of the language model when it has good ones."""
    if is_small_talk(question):
        return Standalone(question=question, asked=question)
    sought = await asyncio.to_thread(make_standalone, question, history, knowledge.index, ignored)
    if knowledge.model and sought.link != "new":
        return await rewrite(sought, question, history, knowledge.model, knowledge.index, ignored)
    return sought


def _draft(sought: Standalone, hits: list[Hit], knowledge: Knowledge, filters: Filters | None) -> Draft:
    """The answer in the sheets' own words. What was surely shown before is about the question, whatever its words."""
    question, index = sought.asked, knowledge.index
    if is_small_talk(question):
        return draft_small_talk(question)
    form = read_form(sought.understood.mended or question)
    if computed := _compute(sought, form, hits, knowledge, filters):
        return computed
    if hits and hits[0].sheet.kind == "page":
        return draft_centre(question, hits[0])
    nothing = not hits or (not sought.only and hits[0].relevance < ABSTAIN_BELOW)
    if nothing or _is_elsewhere(sought.understood.places, index):
        return draft_nothing(hits, index, knowledge.contact)
    return _draft_from_sheets(sought, form, hits, knowledge)


def _draft_from_sheets(sought: Standalone, form: Form, hits: list[Hit], knowledge: Knowledge) -> Draft:
    """One sheet when it is named or pointed at, a method when one is asked and there are steps, else what fits."""
    question, index = sought.asked, knowledge.index
    if told := find_told(form, hits, index, pointed=sought.single):
        return draft_sheet(told, index)
    if form.method and not sought.only and not read_asked(question) and (method := draft_method(hits, index)):
        return method
    return draft_answer(question, hits, index, knowledge.contact, sought.understood.filters)


def _compute(
    sought: Standalone, form: Form, hits: list[Hit], knowledge: Knowledge, filters: Filters | None
) -> Draft | None:
    """A list or a comparison, which the best hits alone do not give; None when the question asks for neither."""
    index = knowledge.index
    if is_surely_about_centre(sought.question):
        return None
    if form.comparison:
        compared = find_compared(sought, hits, knowledge, filters)
        sheets = [sheet for sheet in map(index.find_sheet, compared.sheets) if sheet]
        if len(sheets) > 1:
            return draft_comparison(sheets, compared.missing, index)
        alone = [hit for hit in hits if compared.missing and hit.sheet.id in compared.sheets]
        if alone:
            return draft_sheet(alone[0], index, COMPARISON_ALONE.format(names=escape(", ".join(compared.missing))))
    if sought.only:
        return None
    listed = sought.asked
    if sought.context and form.counted is None and form.listed is None:  # "et en Bretagne ?" after "combien de… ?"
        listed = sought.context
    return draft_listing(listed, read_form(listed), sought.understood, index, filters, knowledge.contact)


def _is_elsewhere(places: Sequence[PlaceNamed], index: Index) -> bool:
    """Whether a question is about places of which no sheet tells."""
    return bool(places) and not any(is_covered(place, index.catalogue) for place in places)
