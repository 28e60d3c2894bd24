"""Logs: one line an event on stderr, in plain text or in JSON, each with the id of the request that it is about."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

LogForm = Literal["text", "json"]

request_id: ContextVar[str] = ContextVar("request_id", default="")

# They tell whole addresses at this level, with what people ask.
_TALKATIVE = ("httpx", "httpx2", "httpcore", "uvicorn.access", "engineio", "socketio")


def configure_logs(form: LogForm) -> None:
    """Send what the program and its libraries say to stderr, in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if form == "json" else _Lines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("assistant").setLevel(logging.INFO)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Lines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(about)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, and what follows it if it tells an error."""
        record.about = f" [{request_id.get()}]" if request_id.get() else ""
        return super().format(record)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """The record as one JSON object on one line."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= getattr(record, "fields", {})
        if request_id.get():
            told["request"] = request_id.get()
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)
