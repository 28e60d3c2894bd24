"""A mail server that speaks SMTP and keeps what it is given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default


class MailServer:
    """Messages that were sent, in order; `port` listens on this machine."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.arrived = threading.Event()
        self.port = 0

    def wait(self) -> Message:
        """The next message to arrive, within ten seconds."""
        assert self.arrived.wait(10), "no message came"
        self.arrived.clear()
        return self.messages[-1]


@contextmanager
def run_mail_server() -> Iterator[MailServer]:
    kept = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                command = line[:4].upper().strip()
                if command == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    kept.messages.append(message_from_bytes(b"".join(lines), policy=default))
                    kept.arrived.set()
                self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 fine\r\n")
                if command == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield kept
        server.shutdown()
