"""Labelled: statements with the passages that they cite, supported or not, that the checker learns from or is told on.

From ../shared/training/groundedness.jsonl, statements/statements.jsonl and `near_copies.py`; statements/kept.jsonl and
../shared/eval/dev are for figures alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.settings import ROOT
from index.signals.lexical import split_words
from ingest.layout import read_layout
from ingest.passage import split_sheet
from ingest.source import read_source
from training.near_copies import make_copies

SHARED = ROOT.parent / "shared"
STATEMENTS = ROOT / "training" / "statements" / "statements.jsonl"
KEPT = STATEMENTS.with_name("kept.jsonl")
_WRONG = 0.2  # of the supported ones, cited wrongly: with half of them, fewer true sentences were kept


@dataclass(frozen=True)
class Labelled:
    """A statement with the passages that it cites, each a heading and a text; `group` is left out together."""

    statement: str
    passages: tuple[tuple[str, str], ...]
    supported: bool
    kind: str
    group: str


def read_labelled() -> list[Labelled]:
    """What is learned from."""
    known = _read_known()
    lines = (SHARED / "training" / "groundedness.jsonl").read_text(encoding="utf-8").splitlines()
    given = [_given(json.loads(line)) for line in lines]
    apart = {ref.partition("/")[0] for row in _read_lines(KEPT) for ref in row["refs"]}
    rows = [row for row in _read_lines(STATEMENTS) if not apart & {ref.partition("/")[0] for ref in row["refs"]}]
    learned = given + [_written(each, known) for each in rows]
    wrong = list(_cite_wrongly(learned, sorted(set(known["real"].values()))))
    return [*learned, *wrong, *_copy(known, apart)]


def read_kept() -> list[Labelled]:
    """The statements kept apart, their half before their kind."""
    known = _read_known()
    rows = [_written(row, known) for row in _read_lines(KEPT)]
    halves = [row["half"] for row in _read_lines(KEPT)]
    return [replace(row, kind=f"{half} {row.kind}") for row, half in zip(rows, halves, strict=True)]


def _read_known() -> dict[str, Mapping[str, tuple[str, str]]]:
    """The passages of the project's own and of the real sheets by their ids."""
    return {
        "own": _read_sheets(str(ROOT / "sheets/csv/fiches.csv")),
        "real": _read_sheets(str(SHARED / "corpus/decider-ensemble/csv")),
    }


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _copy(known: Mapping[str, Mapping[str, tuple[str, str]]], apart: Collection[str]) -> Iterator[Labelled]:
    """Near copies of the sentences of all sheets but some, true and false."""
    sheets: dict[str, list[tuple[str, str]]] = {}
    for where, passages in known.items():
        for name, passage in passages.items():
            if f"{where}:{name.partition('/')[0]}" not in apart:
                sheets.setdefault(f"{where}{name.partition('/')[0]}", []).append(passage)
    for group, copy in make_copies(sheets):
        yield Labelled(copy.statement, copy.passages, copy.supported, copy.kind, group)


def _cite_wrongly(rows: Sequence[Labelled], passages: Sequence[tuple[str, str]]) -> Iterator[Labelled]:
    """Some of the supported statements with a passage that shares most words with them and does not support them.

    How a statement sounds is not to tell whether it is supported.
    """
    stems = [frozenset(split_words(f"{heading} {text}")) for heading, text in passages]
    for row in [each for each in rows if each.supported and not each.group.startswith("g")][:: round(1 / _WRONG)]:
        sheets = {heading.rpartition(" – ")[0] for heading, _ in row.passages}
        own = frozenset(split_words(row.statement))
        ranked = sorted(range(len(passages)), key=lambda at: -len(own & stems[at]))
        wrong = next(passages[at] for at in ranked if passages[at][0].rpartition(" – ")[0] not in sheets)
        yield Labelled(row.statement, (wrong,), supported=False, kind="wrong passage", group=row.group)


def read_judged() -> list[Labelled]:
    """The development set, for one figure at the end."""
    lines = (SHARED / "eval" / "dev" / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    return [_given({**row, "supported": row["label"] == "faithful", "group": "dev"}) for row in map(json.loads, lines)]


def _read_sheets(source: str) -> Mapping[str, tuple[str, str]]:
    read = read_source(source, read_layout("decider-ensemble"))
    return {each.id: (each.heading, each.text) for sheet in read.sheets for each in split_sheet(sheet)}


def _given(row: dict[str, object]) -> Labelled:
    passages = tuple((each["heading"], each["text"]) for each in row["passages"])  # type: ignore[attr-defined]
    return Labelled(str(row["statement"]), passages, bool(row["supported"]), str(row["type"]), f"g{row['group']}")


def _written(row: dict[str, object], known: Mapping[str, Mapping[str, tuple[str, str]]]) -> Labelled:
    refs = [str(each).partition(":") for each in row["refs"]]  # type: ignore[attr-defined]
    passages = tuple(known[where][name] for where, _, name in refs)
    group = f"{refs[0][0]}{refs[0][2].partition('/')[0]}"
    return Labelled(str(row["statement"]), passages, bool(row["supported"]), str(row["type"]), group)
