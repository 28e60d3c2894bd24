"""A server of OpenAI's kind whose replies are given, over real HTTP, byte by byte as a test wants them."""

import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

_HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "


def stream(pieces: Iterable[str], end: bool = True) -> list[bytes]:
    """The events of a streamed reply; what a piece holds is escaped as JSON does, halves of characters included."""
    events = [b"data: " + json.dumps(_chunk(piece)).encode() + b"\n\n" for piece in pieces]
    return [_HEAD + b"text/event-stream\r\n\r\n", b"".join(events), *([b"data: [DONE]\n\n"] if end else [])]


def whole(text: str) -> list[bytes]:
    """A reply that is not streamed."""
    message = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "x", "choices": [message]}
    return [_HEAD + b"application/json\r\n\r\n", json.dumps(body).encode()]


def _chunk(piece: str) -> dict[str, object]:
    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "x", "choices": [choice]}


def _read_request(connection: socket.socket) -> None:
    """All of it: closing what was not read would reset the connection."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(1 << 16)
    head, _, body = request.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(1 << 16)


@contextmanager
def serving(reply: Iterable[bytes], pause: float = 0.0) -> Iterator[str]:
    """The address of a server that answers each request with these bytes, and a pause between them."""
    blocks = reply if isinstance(reply, list) else None
    stopped = threading.Event()

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            _read_request(connection)
            for block in blocks if blocks is not None else reply:
                if stopped.is_set():
                    return
                connection.sendall(block)
                time.sleep(pause)
            connection.shutdown(socket.SHUT_WR)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        stopped.set()
