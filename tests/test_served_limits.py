"""A real server whose visitors ask too much, too slowly or all at once."""

import asyncio
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import socketio
from chat_client import ChatClient
from conftest import make_data_dir, start_server

_TURNS = [{"query": f"Des exemples de budget participatif pour les jeunes, numéro {row}"} for row in range(20)]


@pytest.fixture(scope="module")
def limited(own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the project's own sheets and limits that a test meets soon."""
    folder = tmp_path_factory.mktemp("limited")
    data_dir = make_data_dir(tmp_path_factory.mktemp("limited-data"), own_data_dir)
    yield from start_server(data_dir, folder, ASSISTANT_LIMIT_VISITOR="60/hour")


def visitor(number: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"192.0.2.{number}"}


def test_one_who_asks_fifty_questions_at_once_does_not_hold_up_another(limited: str) -> None:
    answered: list[int] = []

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        body = {"query": f"Et pour une commune plus petite, numéro {number} ?", "history": _TURNS[:4]}
        answer = await client.post("/api/ask", json=body, headers=visitor(1))
        answered.append(answer.status_code)

    async def ask_all() -> int:
        async with httpx.AsyncClient(
            base_url=limited, timeout=120, limits=httpx.Limits(max_connections=None)
        ) as client:
            many = [asyncio.create_task(ask(client, number)) for number in range(50)]
            await asyncio.sleep(0.5)
            before = answered.count(200)
            other = await client.post("/api/ask", json={"query": "Des conseils citoyens"}, headers=visitor(2))
            meanwhile = answered.count(200) - before
            await asyncio.gather(*many)
        assert other.status_code == 200
        return meanwhile

    assert asyncio.run(ask_all()) <= 5, "those that were nearly answered already"
    assert sorted(set(answered)) in ([200], [200, 503]), "beyond half the places, one is asked to come back"


def test_searches_have_a_limit_told_as_that_of_questions_is(limited: str) -> None:
    with httpx.Client(base_url=limited, headers=visitor(3), timeout=60) as client:
        statuses = [client.get("/fiches.csv").status_code for _ in range(59)]
        answers = [client.get("/api/search", params={"query": "climat"}) for _ in range(7)]
        page = client.get("/fiches.csv", headers={"Accept": "text/html"})
    assert set(statuses) == {200}
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert page.status_code == 429
    assert "<h1>Trop de demandes</h1>" in page.text


def test_the_page_that_answers_counts_as_a_question_and_says_when_to_come_back(limited: str) -> None:
    with httpx.Client(base_url=limited, headers=visitor(9), timeout=60) as client:
        statuses = [client.get("/reponse", params={"question": "bonjour"}).status_code for _ in range(60)]
        refused = client.get("/reponse", params={"question": "bonjour"})
        form = client.get("/reponse")
    assert statuses == [200] * 60
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "Trop de questions : attendez" in refused.text
    assert form.status_code == 200


def test_earlier_turns_count_since_they_are_read_again(limited: str) -> None:
    body = {"query": "bonjour", "history": _TURNS}
    with httpx.Client(base_url=limited, headers=visitor(4), timeout=60) as client:
        statuses = [client.post("/api/ask", json=body).status_code for _ in range(13)]
    assert statuses == [200] * 12 + [429]


def test_cookies_made_to_be_read_slowly_are_not_read(limited: str) -> None:
    cookies = {"Cookie": 'assistant_member="' + "\\\\" * 28_000 + '"; other=kept'}
    for path in ("/healthz", "/admin/connexion", "/chat/project/settings"):
        assert httpx.get(f"{limited}{path}", headers=cookies, timeout=60).elapsed.total_seconds() < 2


def test_packets_that_no_page_sends_hold_up_nobody(limited: str) -> None:
    """What Chainlit would read of each takes some hundredths of a second, in which nobody is served."""
    long = {"a": [[]] * 42_000}

    async def converse(number: int) -> None:
        client = socketio.AsyncClient(reconnection=False)
        auth = {"sessionId": str(uuid.uuid4()), "clientType": "webapp", "userEnv": "{}"}
        headers, path = visitor(40), "chat/ws/socket.io"
        await client.connect(limited, headers=headers, auth=auth, transports=["websocket"], socketio_path=path)
        for _ in range(20):
            await client.emit("window_message" if number % 2 else "unknown", long)
        await client.disconnect()

    def wait_meanwhile(ended: threading.Event) -> float:
        """In a thread of its own: what is measured is not how long the packets take to be made here."""
        longest = 0.0
        with httpx.Client(base_url=limited, headers=visitor(41), timeout=60) as other:
            while not ended.is_set():
                longest = max(longest, other.get("/healthz").elapsed.total_seconds())
        return longest

    async def wait_for_another() -> float:
        ended = threading.Event()
        waiting = asyncio.create_task(asyncio.to_thread(wait_meanwhile, ended))
        await asyncio.gather(*(converse(number) for number in range(6)))
        ended.set()
        return await waiting

    assert asyncio.run(wait_for_another()) < 1


def _talk_slowly(url: str, sent: bytes) -> bytes:
    """What the server answers to one who sends this and then nothing."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    with socket.create_connection((host, port), timeout=45) as connection:
        connection.sendall(sent)
        heard = b""
        while piece := connection.recv(65536):
            heard += piece
        return heard


def test_a_body_that_trickles_in_is_refused_and_slow_headers_are_left(limited: str) -> None:
    body = b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
    polling = b"POST /chat/ws/socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\n"
    chunked = polling + b"Transfer-Encoding: chunked\r\n\r\n1\r\na"

    async def wait_for_all() -> tuple[bytes, bytes, bytes]:
        return await asyncio.gather(
            *(asyncio.to_thread(_talk_slowly, limited, sent) for sent in (body, chunked, b"GET / HTTP/1.1\r\nX-A"))
        )

    start = time.monotonic()
    slow, polled, headers = asyncio.run(wait_for_all())
    assert b" 408 " in slow.splitlines()[0]
    assert b"application/problem+json" in slow
    assert b" 408 " in polled.splitlines()[0]
    assert headers == b""
    assert time.monotonic() - start < 40


def test_a_poll_of_the_chat_is_not_read_beyond_what_a_page_sends(limited: str) -> None:
    answer = httpx.post(f"{limited}/chat/ws/socket.io/?EIO=4&transport=polling", content=b"x" * 200_000)
    assert answer.status_code == 413


def test_a_chat_that_is_sent_too_much_answers_again_what_is_asked_of_it(limited: str) -> None:
    async def talk() -> tuple[str, str]:
        async with ChatClient(limited) as chat:
            await chat._socket.emit("chat_settings_change", {"key": "x" * 50_000})
            await chat._socket.emit("client_message", {"message": {"id": "../..", "output": ["x"]}})
            await chat._socket.emit("client_message")
            await chat._socket.emit("edit_message", None)
            await chat._socket.emit("stop", {"more": 1}, callback=None)
            for _ in range(30):
                await chat._socket.emit("window_message", {"assistant": "address", "address": "x" * 9000})
            answer = await chat.ask("bonjour")
        async with ChatClient(limited) as chat:
            message: dict[str, Any] = {"id": "7d2f1a52-6d1b-4c0e-9f53-3f3d33f3a111", "output": "x" * 30_000}
            await chat._socket.emit("client_message", {"message": message})
            await asyncio.sleep(1)
            long = chat.take()
            assert "bonjour" in (await chat.ask("bonjour")).lower()
        return answer, long

    answer, long = asyncio.run(talk())
    assert "Bonjour" in answer
    assert "La question est trop longue : 30000 caractères, 2000 au plus." in long


def test_connections_that_become_no_conversation_are_few_and_closed(limited: str) -> None:
    def arrive(number: int) -> httpx.Response:
        return httpx.get(f"{limited}/chat/ws/socket.io/?EIO=4&transport=polling", headers=visitor(number), timeout=30)

    statuses = [arrive(5).status_code for _ in range(32)]
    assert statuses == [200] * 30 + [401] * 2
    assert arrive(6).status_code == 200


def test_a_packet_longer_than_a_page_sends_ends_the_connection(limited: str) -> None:
    async def send() -> bool:
        client, ended = socketio.AsyncClient(reconnection=False), asyncio.Event()
        client.on("disconnect", lambda *_: ended.set())
        auth = {"clientType": "webapp", "sessionId": "7d2f1a52-6d1b-4c0e-9f53-3f3d33f3a112", "userEnv": "{}"}
        await client.connect(limited, transports=["websocket"], socketio_path="/chat/ws/socket.io", auth=auth)
        await client.emit("client_message", {"message": {"output": "x" * 900_000}})
        await asyncio.wait_for(ended.wait(), 10)
        return ended.is_set()

    assert asyncio.run(send())
