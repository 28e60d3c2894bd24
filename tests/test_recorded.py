"""What a competent model answered, recorded, shown by the whole path; and what leaves for the model."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from asked_server import answering
from conftest import free_port
from written import model_at

from assistant.checks.verification import find_faults
from assistant.pipeline import Knowledge, answer
from index.encoding.encoder import Encoder
from index.opened import Index
from ingest.repair import drop_unseen


@pytest.fixture(params=["free", "near"])
def recorded_model(request: pytest.FixtureRequest, shared: Path) -> Iterator[str]:
    port, folder = free_port(), shared / "llm"
    command = [sys.executable, folder / "replay.py", str(port), folder / "completions.jsonl", request.param]
    process = subprocess.Popen(list(map(str, command)))
    try:
        for _ in range(100):
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
            except httpx.ConnectError:
                time.sleep(0.1)
            except httpx.HTTPError:
                break
            else:
                break
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def test_no_recorded_answer_has_a_fault(recorded_model: str, shared: Path, real_index: Index, encoder: Encoder) -> None:
    knowledge = Knowledge(real_index, encoder, "", model_at(recorded_model, 20.0, 16_000, "openai:recorded"))
    lines = (shared / "llm" / "completions.jsonl").read_text(encoding="utf-8").splitlines()
    written = 0
    for question in (json.loads(line)["query"] for line in lines):
        given = asyncio.run(answer(question, knowledge))
        assert find_faults(given, real_index) == [], question
        written += given.mode == "llm"
    assert written >= 0.8 * len(lines)


def test_no_members_text_leaves_for_the_model_with_a_visitors_question(
    own_index: Index, own_members_index: Index, encoder: Encoder
) -> None:
    secrets = [each for each in own_members_index.passages if each.access == "members" and len(each.text) > 60]
    asked: list[str] = []

    def reply(_: str, prompt: str) -> Any:
        asked.append(prompt)
        return "Rien."

    def send(index: Index) -> str:
        asked.clear()
        knowledge = Knowledge(index, encoder, "", model_at(url, context=16_000))
        for secret in secrets[:6]:
            heading = drop_unseen(secret.heading)
            asyncio.run(answer(f"Que dit la fiche {heading} : {' '.join(secret.text.split()[:12])} ?", knowledge))
        assert asked
        return "\n".join(asked)

    def holds(prompt: str, text: str) -> bool:
        return " ".join(text.split()[12:])[:60] in " ".join(prompt.split())

    with answering(reply) as url:
        visitors, members = send(own_index), send(own_members_index)
    long = [secret.text for secret in secrets if len(secret.text.split()) > 30]
    assert not any(holds(visitors, text) for text in long)
    assert any(holds(members, text) for text in long)
