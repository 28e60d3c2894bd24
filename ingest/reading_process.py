"""Reading process: reads the files that it is told, one after the other, with what the system lets it take at most.

Run by `ingest.confined`, which speaks to it in lines of JSON: a file that takes its memory or its time ends it alone.
"""

import contextlib
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ingest.layout import Layout
from ingest.markdown import TextReading, read_headings, read_page, read_text_sheet
from ingest.pdf import PdfReading, read_pdf
from ingest.proposal import usual_names
from ingest.questions import QuestionReading, read_question_file
from ingest.sheet import Sheet
from ingest.sketch import TableSketch, read_sketch
from ingest.table import TableReading, read_header, read_table

NAMES: TypeAdapter[list[str]] = TypeAdapter(list[str])
PDF: TypeAdapter[PdfReading] = TypeAdapter(PdfReading)
SHEET: TypeAdapter[Sheet] = TypeAdapter(Sheet)
TEXT: TypeAdapter[TextReading] = TypeAdapter(TextReading)
TABLE: TypeAdapter[TableReading] = TypeAdapter(TableReading)
SKETCH: TypeAdapter[TableSketch] = TypeAdapter(TableSketch)
QUESTIONS: TypeAdapter[QuestionReading] = TypeAdapter(QuestionReading)
_SHEETS: TypeAdapter[dict[str, Sheet]] = TypeAdapter(dict[str, Sheet])


def _layout(asked: dict[str, Any]) -> Layout:
    return Layout.model_validate(asked["layout"])


# What each kind of reading gives, as JSON says it.
_READINGS: dict[str, Callable[[Path, dict[str, Any]], object]] = {
    "headings": lambda path, _: NAMES.dump_python(read_headings(path), mode="json"),
    "header": lambda path, asked: NAMES.dump_python(read_header(path, _layout(asked)), mode="json"),
    "table": lambda path, asked: TABLE.dump_python(read_table(path, _layout(asked), asked["access"]), mode="json"),
    "sketch": lambda path, _: SKETCH.dump_python(read_sketch(path, usual_names()), mode="json"),
    "text": lambda path, asked: TEXT.dump_python(read_text_sheet(path, _layout(asked), asked["access"]), mode="json"),
    "page": lambda path, _: SHEET.dump_python(read_page(path), mode="json"),
    "pdf": lambda path, asked: PDF.dump_python(read_pdf(path, asked["password"]), mode="json"),
    "questions": lambda path, asked: QUESTIONS.dump_python(
        read_question_file(path, _SHEETS.validate_python(asked["sheets"])), mode="json"
    ),
}


def run(seconds: int, megabytes: int) -> None:
    """Read until nobody asks any more. What readers print goes where errors go: replies stand alone."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit(resource.RLIMIT_AS, megabytes << 20)
    _limit(resource.RLIMIT_CORE, 0)  # a member's document would be in it
    _limit(resource.RLIMIT_FSIZE, 0)
    for line in sys.stdin.buffer:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)
        replies.write(json.dumps(_reply(json.loads(line))).encode() + b"\n")
        replies.flush()


def _limit(kind: int, value: int) -> None:
    """Some systems know a limit and do not apply it, or refuse it: the others stay."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def _reply(asked: dict[str, Any]) -> dict[str, object]:
    try:
        return {"read": _READINGS[asked["kind"]](Path(asked["path"]), asked)}
    except Exception as error:  # noqa: BLE001 - the outermost edge of this process: whoever asked is told
        return {"error": type(error).__name__, "reason": str(error)[:2000], "column": getattr(error, "column", "")}


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]))
