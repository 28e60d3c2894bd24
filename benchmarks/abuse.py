"""Abuse: one visitor does all that the limits let through for minutes; the server's memory, and how long another waits.

    python -m benchmarks.abuse --minutes 10

Starts a server of its own on 127.0.0.1 over ASSISTANT_DATA_DIR. The visitor is an address that a proxy would tell. It
opens conversations, sends in them what is long, deep or too frequent, asks a little and leaves; it asks and searches
over HTTP without a pause, with histories of --turns turns. Another visitor asks an ordinary question now and then.
"""

import argparse
import asyncio
import contextlib
import json
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import httpx
import numpy as np
import socketio

from benchmarks.load import read_memory, serve

_VISITOR, _OTHER = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "198.51.100.9"}
_QUESTIONS = (
    "Des exemples de budget participatif",
    "Comment mobiliser les jeunes ?",
    "Compare les démarches sur le climat",
    "Toutes les fiches sur le numérique",
    "Et dans une commune plus petite ?",
)
_PATIENCE = 60.0  # seconds
_LONG = 900_000  # characters, less than Chainlit refuses by itself


@dataclass
class Tally:
    """What the visitor was told, and the seconds that the other waited."""

    told: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)


async def converse(url: str, number: int, tally: Tally) -> None:
    """Open a conversation, send what may stay in memory, ask, and leave without a word."""
    client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
    done = asyncio.Event()
    client.on("task_end", lambda *_: done.set())
    auth = {"clientType": "webapp", "sessionId": str(uuid.uuid4()), "threadId": "", "chatProfile": "assistant"}
    auth["userEnv"] = json.dumps({"site": "", "more": "e" * 3_000})
    try:
        await client.connect(
            url,
            headers=_VISITOR,
            transports=["websocket"],
            socketio_path="chat/ws/socket.io",
            auth=auth,
            wait_timeout=_PATIENCE,
        )
        await client.emit("connection_successful")
        for asked in range(3):
            question = _QUESTIONS[(number + asked) % len(_QUESTIONS)]
            done.clear()
            await client.emit("client_message", make_message(question, number))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), 20)
        long = "x" * (_LONG if number % 3 == 0 else 100_000)
        await client.emit("client_message", make_message(long, number))
        await client.emit("chat_settings_change", {f"key{number}": long})
        for _ in range(100):
            await client.emit("window_message", {"assistant": "resume", "turns": [{"query": "mot " * 20}] * 20})
        await asyncio.sleep(1)
        tally.told["conversation"] += 1
    except Exception as error:  # noqa: BLE001 - what is refused is what is measured
        tally.told[f"conversation: {type(error).__name__}"] += 1
        await asyncio.sleep(0.5)
    finally:
        with contextlib.suppress(Exception):
            await client.disconnect()


def make_message(text: str, number: int) -> dict[str, object]:
    """A message as a page sends it, with more than a page brings."""
    message = {"threadId": "", "id": str(uuid.uuid4()), "name": "n" * 1000, "type": "user_message", "output": text}
    more = {"location": "", "more": {"number": number, "text": "m" * 10_000}}
    return {"message": {**message, "createdAt": "2026-11-24T12:00:00Z", "metadata": more}, "fileReferences": None}


async def keep_conversing(url: str, until: float, first: int, tally: Tally) -> None:
    """One conversation after another."""
    number = first
    while time.monotonic() < until:
        await converse(url, number, tally)
        number += 7


async def keep_asking(url: str, until: float, first: int, turns: int, tally: Tally) -> None:
    """One request over HTTP after another."""
    number = first
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE, headers=_VISITOR) as client:
        while time.monotonic() < until:
            question = f"{_QUESTIONS[number % len(_QUESTIONS)]} {number}"
            history = [{"query": each} for each in (_QUESTIONS * 4)[:turns]]
            try:
                if number % 3 == 0:
                    answer = await client.post("/api/ask", json={"query": question, "history": history})
                elif number % 3 == 1:
                    answer = await client.get("/api/search", params={"query": question, "top": 100})
                else:
                    answer = await client.get("/fiches.docx" if number % 2 else "/fiches", params={"q": question})
                tally.told[f"http {answer.status_code}"] += 1
            except httpx.HTTPError as error:
                tally.told[f"http: {type(error).__name__}"] += 1
            number += 1
            await asyncio.sleep(0.05)


async def ask_now_and_then(url: str, until: float, tally: Tally) -> None:
    """The other visitor, who asks an ordinary question every two seconds."""
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE, headers=_OTHER) as client:
        while time.monotonic() < until:
            start = time.perf_counter()
            try:
                answer = await client.post("/api/ask", json={"query": "Des exemples de conseils citoyens"})
                tally.told[f"other: {answer.status_code}"] += 1
            except httpx.HTTPError as error:
                tally.told[f"other: {type(error).__name__}"] += 1
            tally.waits.append(time.perf_counter() - start)
            await asyncio.sleep(2)


async def abuse(url: str, seconds: float, turns: int) -> Tally:
    """All of it at once, for so long."""
    tally, until = Tally(), time.monotonic() + seconds
    await asyncio.gather(
        *(keep_conversing(url, until, first, tally) for first in range(6)),
        *(keep_asking(url, until, first, turns, tally) for first in range(8)),
        ask_now_and_then(url, until, tally),
    )
    return tally


async def measure(url: str, pid: int, minutes: float, turns: int) -> None:
    """Print a line of figures each minute, then how much the memory grew."""
    await abuse(url, 20, turns)  # models warm, pages made once
    await asyncio.sleep(5)
    start, left = read_memory(pid), minutes * 60
    print(json.dumps({"memory_mb": round(start)}), flush=True)
    while left > 0:
        tally = await abuse(url, min(60.0, left), turns)
        left -= 60
        waits = [round(float(np.quantile(tally.waits, share)), 3) for share in (0.5, 1.0)] if tally.waits else []
        memory = read_memory(pid)
        told = {"memory_mb": round(memory), "grown_mb": round(memory - start), "other_p50_max": waits}
        print(json.dumps({**told, "told": dict(tally.told)}), flush=True)
    await asyncio.sleep(10)
    print(json.dumps({"grown_mb": round(read_memory(pid) - start)}), flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--turns", type=int, default=20, help="of the histories that questions come with")
    options = parser.parse_args()
    with serve() as (url, pid):
        asyncio.run(measure(url, pid, options.minutes, options.turns))


if __name__ == "__main__":
    main()
