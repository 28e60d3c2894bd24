"""Answer: one page that chooses how a question is answered, then delegates. Chat, API and command line share it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from assistant.abstention import Abstention, Reason
from assistant.clock import Clock
from assistant.computing import computing
from assistant.conversation import Standalone, Turn, make_standalone
from assistant.declined import read_declined
from assistant.draft import Citation, Draft, Tokens
from assistant.kinds import draft_kind
from assistant.model import ModelFailed, ModelUnfounded
from assistant.nothing import draft_nothing
from assistant.notices import add_notices
from assistant.question import is_small_talk, tidy_question
from assistant.rewriting import rewrite
from assistant.search import Knowledge, find_sought
from assistant.verification import mend_draft
from assistant.wording import MODEL_FAILED, MODEL_UNFOUNDED
from index.filters import Filters
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
) -> AsyncIterator[Delta | Answer]:
    """Pieces of text as they come, then the whole answer, to a question asked after the turns of `history`.

    `filters`, set by hand, are strict; those understood are not, and those that the person removed are `ignored`.
    """
    clock = Clock()
    question = tidy_question(question)
    sought = await _understand(question, knowledge, history, ignored)
    clock.mark("understanding")
    hits = [] if _needs_no_search(question) else await computing(find_sought, sought, knowledge, filters)
    clock.mark("search")
    about = [hit for hit in hits if hit.sheet.id in sought.only] if sought.only else hits
    extractive = await computing(draft_kind, sought, about, knowledge, filters)
    clock.mark("extractive")
    draft, mode, prompt, notice, streamed = extractive, "extractive", "", "", ""
    if knowledge.model and hits and not extractive.abstained and extractive.kind not in _COMPUTED:
        try:
            written = knowledge.model.write(sought.question, about, knowledge.index, knowledge.contact)
            async with aclosing(written) as pieces:  # whoever stops listening stops the model
                async for piece in pieces:
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
        # The last guard: what the product puts together is compared with the sheets as a model's words are.
        found = [*draft.sheets, *(hit.sheet.id for hit in hits)]
        mended = await computing(mend_draft, draft, knowledge.index, found, sought.question)
        draft = mended or draft_nothing(Abstention(reason="subject"), hits, knowledge.index, knowledge.contact)
        text = f"{notice}\n\n{draft.text}" if notice else draft.text
        draft = draft.model_copy(update={"text": text})
        yield Delta(text)
    elif rest := _unstreamed(draft.text, streamed):
        yield Delta(rest)
    yield Answer(
        answer=draft.text,
        abstained=draft.abstained,
        reason=draft.reason,
        kind=draft.kind,
        mode="llm" if mode == "llm" else "extractive",
        filters={**sought.understood.filters.to_json(), **(filters.to_json() if filters else {})},
        sheets=tuple(dict.fromkeys((*draft.sheets, *(hit.sheet.id for hit in hits)))),
        citations=draft.citations,
        standalone_question=sought.question,
        prompt=prompt,
        tokens=draft.tokens if mode == "llm" else None,
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
    if _needs_no_search(question):
        return Standalone(question=question, asked=question)
    sought = await computing(make_standalone, question, history, knowledge.index, ignored)
    if knowledge.model and sought.link != "new":
        return await rewrite(sought, question, history, knowledge.model, knowledge.index, ignored)
    return sought


def _needs_no_search(question: str) -> bool:
    """Whether a message is answered without sheets: it greets, or is declined."""
    return is_small_talk(question) or read_declined(question) is not None
