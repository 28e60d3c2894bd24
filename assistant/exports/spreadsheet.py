"""Spreadsheets: tables as files that a spreadsheet opens in French, and that make it run nothing."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from ingest.repair import drop_unseen

_FORMULA = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")  # before a formula, they hide it from whoever looks at the first sign alone
# Signs that look like these and that Unicode does not fold into them, as it does full-width and small ones.
_LOOK_ALIKES = frozenset("−‐➕➖꞊═⹀゠᐀")
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
    clean = drop_unseen(text[: _LONGEST_CELL + 1])
    clean = clean if len(clean) <= _LONGEST_CELL else f"{clean[:_LONGEST_CELL]}…"
    return f"'{clean}" if _may_be_formula(clean) else clean


def _may_be_formula(text: str) -> bool:
    """Whether the first sign that is seen begins a formula, in ASCII or in a writing that looks like it."""
    seen = text.lstrip()
    folded = unicodedata.normalize("NFKC", seen[:1])[:1]
    blank = text[: len(text) - len(seen)]
    return not _BREAKS.isdisjoint(blank) or not (_FORMULA | _LOOK_ALIKES).isdisjoint((seen[:1], folded))
