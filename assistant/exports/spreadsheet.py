"""Spreadsheets: tables as files that a spreadsheet opens in French, and that make it run nothing."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST_CELL = 32_000  # characters; spreadsheets take no more


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file with semicolons, in UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_make_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _make_harmless(text: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it starts with."""
    text = text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
    return f"'{text}" if text.startswith(_FORMULA) else text
