"""Language model: writes an answer from passages, statement by statement, each proved before it is shown."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answers.draft import Citations, Draft, Tokens
from assistant.answers.kinds.nothing import draft_nothing
from assistant.checks.checker import Checker
from assistant.checks.given import Given
from assistant.checks.proofreading import Judging, Proofreader
from assistant.finding.abstention import Abstention
from assistant.llm.brief import Brief
from assistant.llm.connection import make_clients
from assistant.llm.context import choose_passages, count_tokens, write_passages
from assistant.llm.prompt import Prompts, read_prompts
from assistant.llm.provider import ask_context
from assistant.llm.review import Reviewer
from assistant.llm.writer import ModelFailed, ModelUnfounded
from assistant.process.computing import computing
from assistant.wording import MODEL_INTERRUPTED, SHEETS_CITED, describe_sheet, tell_corrections
from assistant.wording.written import tell_own
from index.opened import Index
from ingest.refusal import Refusal
from ingest.repair import drop_unseen

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

_log = logging.getLogger(__name__)

_NOTHING_FOUND = "AUCUNE FICHE NE RÉPOND"
CONTEXT = 16_000  # tokens, of a model whose server does not tell
_LONGEST_ANSWER = 800  # tokens: 250 words and their marks
_WHOLE_ANSWER = 3  # the whole answer may take this many times the patience for one piece of it
_REWRITING = 0.25  # of the patience for a piece of the answer: people wait for the rewriting first
# What a server writes although it is asked for 600 tokens is read no further: more than twice what they take.
_LONGEST_REPLY, _MOST_PIECES = 8_000, 1_250  # characters; some servers send pieces without any
_LONGEST_REWRITING = 1_000  # characters


class ModelUnavailable(Refusal):
    """The language model cannot be opened with these settings; the message says why, in French."""


@dataclass(frozen=True)
class Limits:
    """The seconds that a model has for each piece of text, its context in tokens (None: what its server tells, or
    16 000), whether doubtful sentences are replaced by the sheets' own, and whether the model reviews them first.
    """

    timeout: float
    context: int | None = None
    strict: bool = False
    review: bool = False


class LanguageModel:
    """A chat model with the prompts it is given, what judges its sentences, its limits, and what asks its server how
    much it reads.
    """

    def __init__(
        self,
        chat: "BaseChatModel",
        prompts: Prompts,
        checker: Checker,
        limits: Limits,
        ask: Callable[[], Awaitable[int | None]] | None = None,
    ) -> None:
        self._chat, self._prompts, self._checker, self._limits = chat, prompts, checker, limits
        self._timeout, self._ask = limits.timeout, ask
        self._context = limits.context
        self._failed = False

    @property
    def is_down(self) -> bool:
        """Whether the last call to the model failed."""
        return self._failed

    @property
    def prompt_name(self) -> str:
        """The prompts' names and versions."""
        return f"{self._prompts.rules.label} {self._prompts.question.label}"

    async def write(self, brief: Brief, index: Index, contact: str, language: str) -> AsyncGenerator[str | Draft, None]:
        """Proved statements as they come, then the whole draft; or raise ModelFailed or ModelUnfounded.

        A failure after something was shown ends the draft there, and says so: what was shown is true.
        """
        context = await self._find_context()
        passages = self._choose(brief, context)
        prompt, citations, reply = self._fill(brief, passages), Citations(), _Reply()
        rules, strict = prompt[0][1], self._limits.strict
        judging = Judging(self._checker, strict, language, rules, reviewed=self._limits.review)
        reader = Proofreader(brief.question, passages, citations, judging)
        shown, failed = "", False
        try:
            async with aclosing(self._prove(prompt, reply, reader)) as proved:
                async for piece in proved:
                    shown += piece
                    yield piece
        except ModelFailed:
            rest = await computing(reader.settle)
            if not shown + rest:
                raise
            shown, failed = shown + rest, True
            yield rest
        tokens = reply.count(prompt)
        if not shown and _NOTHING_FOUND in reply.text:
            nothing = draft_nothing(Abstention(reason="subject"), list(brief.hits), index, contact)
            yield nothing.text
            yield nothing.model_copy(update={"tokens": tokens})
            return
        if not shown:
            raise ModelUnfounded
        ending = "\n\n" + _write_ending(citations, reader, index, language, failed=failed)
        yield ending
        yield Draft(kind="examples", text=shown + ending, citations=citations.all(), tokens=tokens)

    async def _prove(
        self, prompt: list[tuple[str, str]], reply: "_Reply", reader: Proofreader
    ) -> AsyncGenerator[str, None]:
        """What may be shown of the model's words as they come, or raise ModelFailed.

        What judges is the model that searches, which one thread computes with, statement after statement: others have
        their turns in between.
        """
        async with aclosing(self._stream(prompt, reply)) as pieces:
            async for piece in pieces:
                for statement in reader.cut(piece):
                    if proved := await computing(reader.check, [statement]):
                        yield proved
        if proved := await computing(reader.finish):
            yield proved
        if doubts := reader.doubts:
            reviewer = Reviewer(self._chat, self._prompts.review, self._timeout, await self._find_context())
            confirmed = await reviewer.review(doubts)
            if proved := await computing(reader.settle, confirmed):
                yield proved

    async def rewrite(self, turns: str, question: str) -> str:
        """A question in words that stand alone, as the model writes it, after these turns; or raise ModelFailed."""
        messages = [("human", self._prompts.rewriting.fill(turns=turns, question=question))]
        try:
            written = await asyncio.wait_for(self._chat.ainvoke(messages), self._timeout * _REWRITING)
        except TimeoutError as error:
            _log.warning("The language model was too slow to rewrite a question")
            self._failed = True
            raise ModelFailed from error
        except Exception as error:  # every provider has its own errors; the rules understand the question instead
            self._failed = True
            _log.warning("The language model failed: %s", type(error).__name__)
            raise ModelFailed from error
        self._failed = False
        text = str(written.text)
        if len(text) > _LONGEST_REWRITING:
            _log.warning("The language model wrote %s characters to rewrite a question", len(text))
            raise ModelFailed
        return drop_unseen(text)

    async def _find_context(self) -> int:
        """The tokens that the model reads, asked of its server once, when a first answer is written."""
        if self._context is None:
            self._context = (await self._ask() if self._ask else None) or CONTEXT
        return self._context

    def _choose(self, brief: Brief, context: int) -> list[Given]:
        """The passages that fit beside the rest of the prompt and the answer."""
        rest = sum(count_tokens(text) for _, text in self._fill(brief, ()))
        return choose_passages(brief.passages, context - rest - _LONGEST_ANSWER)

    def _fill(self, brief: Brief, passages: Sequence[Given]) -> list[tuple[str, str]]:
        """The messages for the model. The mark of their tags is drawn anew: no sheet can write it, and close one."""
        mark = secrets.token_hex(4)
        asked = self._prompts.question.fill(
            passages=write_passages(passages, mark),
            turns=" | ".join(brief.turns) or "aucune",
            missing=", ".join(brief.missing) or "rien de connu",
            question=brief.question,
            mark=mark,
        )
        rules = self._prompts.rules.fill(nothing_found=_NOTHING_FOUND, mark=mark, form=self._prompts.form(brief.form))
        return [("system", rules), ("human", asked)]

    async def _stream(self, prompt: list[tuple[str, str]], reply: "_Reply") -> AsyncGenerator[str, None]:
        """The model's words as they come; any failure, a silence longer than the time-out, or no end is ModelFailed.

        Closing this closes the request: nobody pays for words that nobody waits for.
        """
        deadline = time.monotonic() + _WHOLE_ANSWER * self._timeout
        async with aclosing(_as_generator(self._chat.astream(prompt))) as pieces:
            try:
                while True:
                    patience = min(self._timeout, deadline - time.monotonic())
                    async with asyncio.timeout(patience):
                        chunk = await anext(pieces)
                    if text := reply.add(chunk):
                        yield text
                    if reply.is_endless:
                        _log.warning("The language model does not end its answer: the rest is not read")
                        raise ModelFailed
            except ModelFailed:
                self._failed = True
                raise
            except StopAsyncIteration:
                self._failed = False
                return
            except TimeoutError as error:
                _log.warning("The language model was too slow (ASSISTANT_LLM_TIMEOUT is %s s)", self._timeout)
                self._failed = True
                raise ModelFailed from error
            except Exception as error:  # every provider has its own errors; the reader gets the sheets' words instead
                _log.warning("The language model failed: %s", type(error).__name__)
                self._failed = True
                raise ModelFailed from error


class _Reply:
    """What a model has written, and the tokens that its provider counts."""

    def __init__(self) -> None:
        self.text = ""
        self.is_endless = False
        self._pieces = self._prompt = self._completion = 0

    def add(self, chunk: "AIMessageChunk") -> str:
        """The text of a further piece, of characters that are seen, as far as an answer may go."""
        if chunk.usage_metadata:
            self._prompt += chunk.usage_metadata["input_tokens"]
            self._completion += chunk.usage_metadata["output_tokens"]
        written, left = str(chunk.text), _LONGEST_REPLY - len(self.text)
        self._pieces += 1
        self.is_endless = len(written) > left or self._pieces > _MOST_PIECES
        text = drop_unseen(written[:left])
        self.text += text
        return text

    def count(self, prompt: list[tuple[str, str]]) -> Tokens:
        """The tokens read and written, estimated when the provider does not say."""
        if self._prompt:
            return Tokens(prompt=self._prompt, completion=self._completion)
        asked = sum(count_tokens(text) for _, text in prompt)
        return Tokens(prompt=asked, completion=count_tokens(self.text), estimated=True)


async def _as_generator(pieces: AsyncIterator["AIMessageChunk"]) -> AsyncGenerator["AIMessageChunk", None]:
    async for piece in pieces:
        yield piece


def _write_ending(citations: Citations, reader: Proofreader, index: Index, language: str, *, failed: bool) -> str:
    """The sheets cited with their origin, what italics mean, and what was left out or is missing."""
    cited = dict.fromkeys(citation.sheet for citation in citations.all())
    lines = [f"- {describe_sheet(sheet, index)}" for sheet in map(index.find_sheet, cited) if sheet]
    own = tell_own(language) if reader.own else ""
    notices = [own, tell_corrections(reader.removed, reader.quoted), MODEL_INTERRUPTED if failed else ""]
    return "\n\n".join([SHEETS_CITED, "\n".join(lines), *(notice for notice in notices if notice)])


def open_model(
    name: str, base_url: str, api_key: str, limits: Limits, prompts_dir: Path, open_checker: Callable[[], Checker]
) -> LanguageModel | None:
    """The language model that the settings name, None when they name none, or raise ModelUnavailable or PromptWrong."""
    prompts = read_prompts(prompts_dir)
    chat = open_chat(name, base_url, api_key, limits.timeout)
    if chat is None:
        return None
    is_asked = bool(base_url) and name.startswith("openai:")
    ask = partial(ask_context, base_url, name.partition(":")[2], api_key) if is_asked else None
    return LanguageModel(chat, prompts, open_checker(), limits, ask)


def open_chat(name: str, base_url: str, api_key: str, timeout: float) -> "BaseChatModel | None":
    """The chat model of this name, None for no name, or raise ModelUnavailable."""
    if not name:
        return None
    # Takes a second, for those alone who configure a language model.
    from langchain.chat_models import init_chat_model  # noqa: PLC0415

    options: dict[str, Any] = {"base_url": base_url} if base_url else {}
    if api_key or base_url:  # a local server needs no key, but the client refuses to start without one
        options["api_key"] = api_key or "none"
    if name.startswith("openai:"):
        options |= make_clients(_WHOLE_ANSWER * timeout)
    try:
        chat: BaseChatModel = init_chat_model(
            name, temperature=0.0, max_tokens=_LONGEST_ANSWER, timeout=timeout, max_retries=0, **options
        )
    except Exception as error:  # each provider's client has its own errors for what is wrong or missing
        raise ModelUnavailable(
            f"ASSISTANT_LLM = {name!r} : ce modèle ne s'ouvre pas avec ces réglages ({str(error).splitlines()[0]}). "
            "Une clé manque-t-elle dans ASSISTANT_LLM_API_KEY ? Écrivez « fournisseur:modèle », par exemple "
            "« openai:mistral-small », avec ASSISTANT_LLM_BASE_URL pour un serveur compatible OpenAI."
        ) from error
    return chat
