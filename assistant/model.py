"""Language model: writes an answer from passages, statement by statement, each proved before it is shown."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.abstention import Abstention
from assistant.draft import Citations, Draft
from assistant.nothing import draft_nothing
from assistant.prompt import Prompt, read_prompt
from assistant.statement import cut_statements, prove_statement
from index.retrieval import Hit
from index.versions import Index
from ingest.passage import Passage
from ingest.refusal import Refusal

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_log = logging.getLogger(__name__)

_NOTHING_FOUND = "AUCUNE FICHE NE RÉPOND"
_LONGEST_ANSWER = 600  # tokens
_WHOLE_ANSWER = 3  # the whole answer may take this many times the patience for one piece of it
_REWRITING = 0.25  # of the patience for a piece of the answer: people wait for the rewriting first
_PASSAGES = 6
_PASSAGES_OF_A_SHEET = 2
_NEAR_BEST = 0.75  # sheets that match less than this part of what the best one matches are not given to the model


class ModelUnavailable(Refusal):
    """The language model cannot be opened with these settings; the message says why, in French."""


class ModelFailed(Exception):
    """The language model did not answer, or too slowly."""


class ModelUnfounded(Exception):
    """Nothing of what the language model wrote was proved by the passages."""


class LanguageModel:
    """A chat model with the prompts it is given and the time it has for each piece of text."""

    def __init__(
        self, chat: "BaseChatModel", rules: Prompt, question: Prompt, rewriting: Prompt, timeout: float
    ) -> None:
        self._chat, self._rules, self._question, self._rewriting = chat, rules, question, rewriting
        self._timeout = timeout

    @property
    def prompt_name(self) -> str:
        """The prompts' names and versions."""
        return f"{self._rules.label} {self._question.label}"

    async def write(self, question: str, hits: Sequence[Hit], index: Index, contact: str) -> AsyncIterator[str | Draft]:
        """Proved statements as they come, then the whole draft; or raise ModelFailed or ModelUnfounded."""
        passages = _choose_passages(hits)
        citations = Citations()
        written, rest, shown = "", "", ""
        async for piece in self._stream(question, passages):
            written += piece
            statements, rest = cut_statements(rest + piece)
            for proved in (prove_statement(statement, passages, citations) for statement in statements):
                shown += proved
                if proved:
                    yield proved
        if _NOTHING_FOUND in written:
            yield draft_nothing(Abstention(reason="subject"), hits, index, contact)
            return
        last = prove_statement(rest, passages, citations)
        text = re.sub(r"\n{3,}", "\n\n", shown + last).strip()
        if not text:
            raise ModelUnfounded
        if last:
            yield last
        yield Draft(kind="examples", text=text, citations=citations.all())

    async def rewrite(self, turns: str, question: str) -> str:
        """A question in words that stand alone, as the model writes it, after these turns; or raise ModelFailed."""
        messages = [("human", self._rewriting.fill(turns=turns, question=question))]
        try:
            written = await asyncio.wait_for(self._chat.ainvoke(messages), self._timeout * _REWRITING)
        except TimeoutError as error:
            _log.warning("The language model was too slow to rewrite a question")
            raise ModelFailed from error
        except Exception as error:  # every provider has its own errors; the rules understand the question instead
            _log.warning("The language model failed: %s", type(error).__name__)
            raise ModelFailed from error
        return str(written.text)

    async def _stream(self, question: str, passages: Sequence[tuple[Hit, Passage]]) -> AsyncIterator[str]:
        """The model's words as they come; any failure, or a silence longer than the time-out, is ModelFailed."""
        messages = [
            ("system", self._rules.fill(nothing_found=_NOTHING_FOUND)),
            ("human", self._question.fill(passages=_list_passages(passages), question=question)),
        ]
        pieces = self._chat.astream(messages)
        deadline = time.monotonic() + _WHOLE_ANSWER * self._timeout
        try:
            while True:
                patience = min(self._timeout, deadline - time.monotonic())
                chunk = await asyncio.wait_for(anext(pieces), patience)
                yield str(chunk.text)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            _log.warning("The language model was too slow (ASSISTANT_LLM_TIMEOUT is %s s)", self._timeout)
            raise ModelFailed from error
        except Exception as error:  # every provider has its own errors; the reader gets the sheets' words instead
            _log.warning("The language model failed: %s", type(error).__name__)
            raise ModelFailed from error


def open_model(name: str, base_url: str, api_key: str, timeout: float, prompts_dir: Path) -> LanguageModel | None:
    """The language model that the settings name, None when they name none, or raise ModelUnavailable or PromptWrong."""
    rules, question, rewriting = (
        read_prompt(prompts_dir, name) for name in ("answer_rules", "answer_question", "rewrite_question")
    )
    chat = open_chat(name, base_url, api_key, timeout)
    return LanguageModel(chat, rules, question, rewriting, timeout) if chat else None


def open_chat(name: str, base_url: str, api_key: str, timeout: float) -> "BaseChatModel | None":
    """The chat model of this name, None for no name, or raise ModelUnavailable."""
    if not name:
        return None
    # Takes a second, for those alone who configure a language model.
    from langchain.chat_models import init_chat_model  # noqa: PLC0415

    options: dict[str, Any] = {"base_url": base_url} if base_url else {}
    if api_key or base_url:  # a local server needs no key, but the client refuses to start without one
        options["api_key"] = api_key or "none"
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


def _choose_passages(hits: Sequence[Hit]) -> list[tuple[Hit, Passage]]:
    """The passages given to the model: those of the best sentences of the best sheets, best sheets first."""
    chosen: list[tuple[Hit, Passage]] = []
    for hit in hits:
        if hit.relevance < _NEAR_BEST * hits[0].relevance:
            continue
        ranked = sorted(hit.sentences, key=lambda sentence: -sentence.similarity)
        passages = {passage.id: passage for passage in [hit.passage, *(sentence.passage for sentence in ranked)]}
        chosen += [(hit, passage) for passage in list(passages.values())[:_PASSAGES_OF_A_SHEET]]
    return chosen[:_PASSAGES]


def _list_passages(passages: Sequence[tuple[Hit, Passage]]) -> str:
    """Numbered passages; what looks like a mark inside a sheet's text is put in round brackets."""
    return "\n\n".join(
        f"[{number}] {passage.heading} ({hit.sheet.edition or 'sans date'})\n"
        + re.sub(r"\[(\d+)\]", r"(\1)", passage.text)
        for number, (hit, passage) in enumerate(passages, start=1)
    )
