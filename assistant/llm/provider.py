"""Provider: what the server of a language model tells of it: how many tokens it reads."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from assistant.llm.connection import make_clients

_log = logging.getLogger(__name__)

_PATIENCE = 3.0  # seconds, for all that is asked
# Where the servers of OpenAI's kind tell it: vLLM, Mistral and OpenRouter, LM Studio, llama.cpp.
_FIELDS = ("max_model_len", "context_length", "loaded_context_length", "max_context_length")
_LEAST, _MOST = 2_048, 32_000  # tokens: more is paid for at each question, and holds little more that answers


async def ask_context(base_url: str, name: str, api_key: str) -> int | None:
    """The tokens that a model of OpenAI's kind reads, 32 000 at most; None where its server does not tell."""
    client = make_clients(_PATIENCE)["http_async_client"]
    headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
    sizes: list[int] = []
    async with client:
        # llama.cpp says in /props what it was started with, and in /models what the model could read.
        for address in (f"{base_url.removesuffix('/v1')}/props", f"{base_url}/models"):
            try:
                response = await client.get(address, headers=headers, timeout=_PATIENCE)
                told = response.json() if response.is_success else None
            except Exception as error:  # noqa: BLE001 - whatever a server does when it is asked what it may not know
                _log.info("The language model's server does not tell its context: %s", type(error).__name__)
                continue
            sizes += list(read_context(told, name))
    return min(sizes[0], _MOST) if sizes else None


def read_context(told: Any, name: str) -> Iterator[int]:  # noqa: ANN401 - whatever a server answered in JSON
    """The sizes that an answer of /props or of /models tells of a model, the surest first."""
    if not isinstance(told, dict):
        return
    models = told.get("data")
    every = [each for each in models if isinstance(each, dict)] if isinstance(models, list) else []
    named = [each for each in every if each.get("id") == name] or (every if len(every) == 1 else [])
    for each, fields in (
        (told.get("default_generation_settings"), ("n_ctx",)),
        *((each, _FIELDS) for each in named),
        *((each.get("meta"), ("n_ctx", "n_ctx_train")) for each in named),
    ):
        if isinstance(each, dict):
            sizes = (each.get(field) for field in fields)
            yield from (size for size in sizes if type(size) is int and size >= _LEAST)
