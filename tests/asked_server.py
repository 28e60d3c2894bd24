"""A server of OpenAI's kind that answers by what it is asked, over real HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[str, str], Any]  # a path and a prompt in; text of a chat, JSON of a GET; None fails with status 500


@contextmanager
def answering(reply: Reply) -> Iterator[str]:
    """The address of a server that answers so; a chat is streamed when it is asked to be."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            told = reply(self.path, "")
            self._send(200 if told is not None else 404, "application/json", json.dumps(told).encode())

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            text = reply(self.path, "\n".join(message["content"] for message in asked["messages"]))
            if text is None:
                self._send(500, "application/json", b"{}")
            elif asked.get("stream"):
                chunk = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
                body = f"data: {json.dumps(_complete(chunk, 'chat.completion.chunk'))}\n\ndata: [DONE]\n\n"
                self._send(200, "text/event-stream", body.encode())
            else:
                choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
                self._send(200, "application/json", json.dumps(_complete(choice, "chat.completion")).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def _complete(choice: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 1, "model": "x", "choices": [choice]}
