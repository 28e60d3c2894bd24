"""Load: visitors who ask one question after another, half in real chat sessions, half on the API, against one server.

    python -m benchmarks.load --visitors 10 25 50 100 200      # each for half a minute; the largest that holds
    python -m benchmarks.load --visitors 20 --minutes 60       # memory over an hour

Starts a server of its own over ASSISTANT_DATA_DIR unless --url names one. A visitor reads an answer for about ten
seconds (--reading) before the next question. Times are those that a person sees: from sending to the last word. The
client runs on the same machine and takes its share of it.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import socketio

ROOT = Path(__file__).parent.parent
_QUESTIONS = ROOT / "training" / "questions" / "sheets.jsonl"
_PATIENCE = 60  # seconds
_BUSY = (429, 503)
_BUSY_WORDS = ("Beaucoup de personnes", "Trop de questions", "trop de questions")


@dataclass
class Tally:
    """What the visitors of one step met: seconds of answers, refusals, errors."""

    chat: list[float] = field(default_factory=list)
    api: list[float] = field(default_factory=list)
    refused: int = 0
    errors: Counter[str] = field(default_factory=Counter)


class ChatVisitor:
    """Someone in the chat, over Chainlit's own websocket protocol."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = socketio.AsyncClient(reconnection=False)
        self._done, self._message, self._run, self._text = asyncio.Event(), "", "", ""
        self._client.on("connect", self._connected)
        self._client.on("*", self._heard)

    async def open(self) -> None:
        """Open the chat."""
        auth = {"clientType": "webapp", "sessionId": str(uuid.uuid4()), "threadId": "", "userEnv": "{}"}
        await self._client.connect(
            self._url,
            transports=["websocket"],
            socketio_path="chat/ws/socket.io",
            auth={**auth, "chatProfile": "assistant"},
            wait_timeout=_PATIENCE,
        )

    async def ask(self, question: str) -> str:
        """The text of the answer, once the chat says that it is whole."""
        self._done.clear()
        self._message, self._run, self._text = str(uuid.uuid4()), "", ""
        message = {"threadId": "", "id": self._message, "name": "User", "type": "user_message", "output": question}
        message |= {"createdAt": datetime.now(UTC).isoformat(), "metadata": {}}
        await self._client.emit("client_message", {"message": message, "fileReferences": None})
        await asyncio.wait_for(self._done.wait(), _PATIENCE)
        return self._text

    async def close(self) -> None:
        """Leave."""
        await self._client.disconnect()

    async def _connected(self) -> None:
        await self._client.emit("connection_successful")

    async def _heard(self, event: str, *told: object) -> None:
        data = told[0] if told and isinstance(told[0], dict) else {}
        if event == "stream_token":
            self._text += str(data.get("token") or "")
        elif event == "new_message" and data.get("type") == "assistant_message":
            self._text += str(data.get("output") or "")
        elif event == "new_message" and data.get("type") == "run" and data.get("parentId") == self._message:
            self._run = str(data["id"])
        elif event == "update_message" and data.get("id") == self._run and data.get("end"):
            self._done.set()


async def visit_chat(url: str, questions: list[str], reading: float, until: float, tally: Tally) -> None:
    """Ask in the chat until it is time to go."""
    visitor = ChatVisitor(url)
    try:
        await asyncio.sleep(random.uniform(0, reading))  # noqa: S311 - people do not come all at once
        await visitor.open()
        while time.monotonic() < until:
            start = time.perf_counter()
            text = await visitor.ask(random.choice(questions))  # noqa: S311
            if any(words in text for words in _BUSY_WORDS):
                tally.refused += 1
            elif text:
                tally.chat.append(time.perf_counter() - start)
            else:
                tally.errors["chat: no text"] += 1
            await asyncio.sleep(random.uniform(0.5, 1.5) * reading)  # noqa: S311
    except Exception as error:  # noqa: BLE001 - what breaks is what is measured
        tally.errors[f"chat: {type(error).__name__}"] += 1
    finally:
        with contextlib.suppress(Exception):
            await visitor.close()


async def visit_api(
    client: httpx.AsyncClient, questions: list[str], reading: float, until: float, tally: Tally
) -> None:
    """Ask the API until it is time to go."""
    await asyncio.sleep(random.uniform(0, reading))  # noqa: S311
    while time.monotonic() < until:
        start = time.perf_counter()
        try:
            answer = await client.post("/api/ask", json={"query": random.choice(questions)})  # noqa: S311
            if answer.status_code in _BUSY:
                tally.refused += 1
            elif answer.status_code == 200 and answer.json()["answer"]:
                tally.api.append(time.perf_counter() - start)
            else:
                tally.errors[f"api: {answer.status_code}"] += 1
        except httpx.HTTPError as error:
            tally.errors[f"api: {type(error).__name__}"] += 1
        await asyncio.sleep(random.uniform(0.5, 1.5) * reading)  # noqa: S311


async def run_step(url: str, visitors: int, seconds: float, reading: float, questions: list[str]) -> Tally:
    """So many visitors for so long."""
    tally, until = Tally(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE, limits=limits) as client:
        each = [
            visit_chat(url, questions, reading, until, tally)
            if number % 2 == 0
            else visit_api(client, questions, reading, until, tally)
            for number in range(visitors)
        ]
        await asyncio.gather(*each)
    return tally


def describe(visitors: int, seconds: float, tally: Tally, memory: float) -> dict[str, object]:
    """The figures of a step."""
    both = [*tally.chat, *tally.api]

    def at(times: list[float], share: float) -> float | None:
        return round(float(np.quantile(times, share)), 3) if times else None

    return {
        "visitors": visitors,
        "answers": len(both),
        "per_second": round(len(both) / seconds, 1),
        "p50": at(both, 0.5),
        "p95": at(both, 0.95),
        "chat_p95": at(tally.chat, 0.95),
        "api_p95": at(tally.api, 0.95),
        "refused": tally.refused,
        "errors": dict(tally.errors),
        "memory_mb": round(memory),
    }


def read_memory(pid: int) -> float:
    """Resident memory of a process, in MB; not a number when it is not ours to read."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return float("nan")
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


@contextlib.contextmanager
def serve() -> Iterator[tuple[str, int]]:
    """A server of ours: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        database = {"ASSISTANT_DATABASE_URL": f"sqlite:///{folder}/load.db"}
        # No limit of one visitor is met: they are not counted against this machine's own addresses.
        settings = {"ASSISTANT_PORT": str(port), **database}
        command = [sys.executable, "-m", "assistant.cli", "serve"]
        process = subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
        try:
            for _ in range(600):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                        break
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait(30)


async def measure(url: str, pid: int, options: argparse.Namespace) -> None:
    """Print a line of figures for each step, or each minute."""
    lines = [json.loads(line) for line in _QUESTIONS.read_text(encoding="utf-8").splitlines()]
    questions = sorted({line["question"] for line in lines})
    await run_step(url, 4, 5, 1.0, questions)  # warm
    for visitors in options.visitors:
        minutes = options.minutes or 1
        seconds = 60.0 if options.minutes else options.seconds
        for minute in range(minutes):
            tally = await run_step(url, visitors, seconds, options.reading, questions)
            told = describe(visitors, seconds, tally, read_memory(pid))
            print(json.dumps({"minute": minute + 1, **told} if options.minutes else told), flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, nargs="+", default=[10, 25, 50, 100, 200])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--minutes", type=int, default=0)
    parser.add_argument("--reading", type=float, default=10)
    parser.add_argument("--url", default="")
    parser.add_argument("--pid", type=int, default=0, help="the server's process, to read its memory")
    options = parser.parse_args()
    if options.url:
        asyncio.run(measure(options.url, options.pid, options))
    else:
        with serve() as (url, pid):
            asyncio.run(measure(url, pid, options))


if __name__ == "__main__":
    main()
