"""Fit whether a sheet tells what is asked of it: python -m training.given DATA_DIR [--write]; needs ../shared.

Learned on the 101 real sheets: the questions of answers.jsonl that one sheet alone answers, asked of it; those of
absent.jsonl and, of abstention.jsonl, the details that no sheet tells, asked of the sheet found first; and the asks of
asks.jsonl, of the practice that their message names. Figures are of questions left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.answers.kinds.kind import Case
from assistant.finding.given import LEAST, SURE, name_kind, read_signs
from assistant.finding.search import Sources, search
from assistant.reading.asks import Ask
from assistant.reading.read import read_of_one, read_question
from index.encoding.encoder import open_encoder
from training.abstention import open_collection
from training.checks import ROOT
from training.findings import read_rows
from training.linear import estimate_apart, fit_signs, tell_apart, write_model

_MODEL = "multilingual-e5-small"
_WRITTEN = ROOT / "assistant" / "finding" / "given.toml"
_STRENGTH = 0.3
_GRADE = 2  # of what an answer needs


@dataclass(frozen=True)
class Asked:
    """Something asked of a sheet, with its signs, and whether the sheet tells it."""

    group: str
    kind: str
    signs: dict[str, float]
    given: bool


def ask_all(sources: Sources) -> Iterator[Asked]:
    """Every question that is labelled, asked of its sheet."""
    for row in read_rows("answers.jsonl"):
        sheets = {each["id"].split("/")[0] for each in row["evidence"] if each["grade"] == _GRADE}
        if len(sheets) == 1 and not row.get("absent"):
            (sheet,) = sheets
            for query in (row["query"], *row.get("reworded", ())[:1]):
                yield from _ask(query, query, sheet, sources, given=True, group=row["id"])
    absent = [row["q"] for row in read_rows("absent.jsonl")]
    details = [row for row in read_rows("abstention.jsonl") if row["kind"] == "detail" and not row["answered"]]
    for query in (*absent, *(row["question"] for row in details)):
        first = search(read_question(query, (), sources.index), sources)[0].sheet.id
        yield from _ask(query, query, first, sources, given=False, group=query)
    for row in read_rows("asks.jsonl"):
        yield from _ask(row["q"], row["after"], row["sheet"], sources, given=row["given"], group=row["after"])


def _ask(query: str, message: str, sheet: str, sources: Sources, *, given: bool, group: str) -> Iterator[Asked]:
    if sheet not in sources.index.catalogue.rows:  # a page of the centre
        return
    reading = read_of_one(Ask(written=query, question=query), message, sheet, (), sources.index)
    case = Case(reading, search(reading, sources), sources)
    yield Asked(group, name_kind(case.aim), read_signs(case.read, case.wanted, case.aim), given)


def main() -> None:
    """Cross-validate, and write the models when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    encoder = open_encoder(_MODEL, ROOT / "var" / "models")
    sources = Sources(open_collection("real", arguments.data_dir, encoder), encoder, "")
    every = list(ask_all(sources))
    lines = [
        "# Whether a sheet tells what is asked of it: logistic regressions. Written by training/given.py.",
        "# Of questions left out:",
    ]
    models = list[str]()
    for name in ("figure", "other"):
        own = [each for each in every if each.kind == name]
        signs, given = [each.signs for each in own], [int(each.given) for each in own]
        apart = estimate_apart(signs, given, [each.group for each in own], strength=_STRENGTH)
        bounds = {"not denied": LEAST[name], "told as sure": SURE}
        lines.append(f"# {name}: {tell_apart(given, apart, bounds)}")
        models += write_model(fit_signs(signs, given, strength=_STRENGTH, balanced=True), name)
    lines += models
    print("\n".join(lines))
    if arguments.write:
        _WRITTEN.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
