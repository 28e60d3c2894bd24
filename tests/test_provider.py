"""What the server of a language model tells of it, and its outages."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from asked_server import answering
from conftest import start_server

from assistant.llm.provider import ask_context

QUESTION = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"


@pytest.mark.parametrize(
    ("told", "context"),
    [
        pytest.param({"/v1/models": {"data": [{"id": "x", "max_model_len": 8192}]}}, 8192, id="vllm"),
        pytest.param({"/v1/models": {"data": [{"id": "x", "max_context_length": 131072}]}}, 32000, id="mistral"),
        pytest.param({"/v1/models": {"data": [{"id": "y", "context_length": 9000}, {"id": "x"}]}}, None, id="another"),
        pytest.param({"/v1/models": {"data": [{"id": "/m.gguf", "meta": {"n_ctx_train": 12000}}]}}, 12000, id="llama"),
        pytest.param(
            {
                "/props": {"default_generation_settings": {"n_ctx": 4096}},
                "/v1/models": {"data": [{"id": "x", "meta": {"n_ctx_train": 32768}}]},
            },
            4096,
            id="llama-started-with-less",
        ),
        pytest.param({"/v1/models": {"data": "x"}, "/props": [1]}, None, id="anything"),
        pytest.param({"/v1/models": {"data": [{"id": "x", "max_model_len": "8192"}, 3]}}, None, id="no-number"),
        pytest.param({"/v1/models": {"data": [{"id": "x", "max_model_len": 10}]}}, None, id="too-little"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_the_context_is_what_a_server_tells(told: dict[str, Any], context: int | None) -> None:
    with answering(lambda path, _: told.get(path)) as url:
        assert asyncio.run(ask_context(url, "x", "")) == context


def test_a_server_that_is_not_there_tells_nothing() -> None:
    assert asyncio.run(ask_context("http://127.0.0.1:9/v1", "x", "")) is None


def test_an_outage_of_the_model_is_told_until_it_answers_again(own_data_dir: Path, tmp_path: Path) -> None:
    working = {"it": True}

    def reply(_: str, prompt: str) -> Any:
        return "47000 votants en 2019 [1]." if prompt and working["it"] else None

    with answering(reply) as model:
        settings = {"ASSISTANT_LLM": "openai:x", "ASSISTANT_LLM_BASE_URL": model}
        for url in start_server(own_data_dir, tmp_path, **settings):

            def ask() -> dict[str, Any]:
                httpx.post(f"{url}/api/ask", json={"query": QUESTION}, timeout=60).raise_for_status()  # noqa: B023
                ready = httpx.get(f"{url}/readyz", timeout=30)  # noqa: B023
                assert ready.status_code == 200
                told: dict[str, Any] = ready.json()
                return told

            assert ask()["status"] == "ready"
            working["it"] = False
            told = ask()
            assert told["status"] == "degraded"
            assert "modèle de langue" in " ".join(told["problems"])
            working["it"] = True
            assert ask()["status"] == "ready"
