"""Fit how likely what was found answers at all: python -m training.answered DATA_DIR [--write]; needs ../shared.

Learned on the 101 real sheets, after taught.py: the questions of answers.jsonl and their first rewordings, none of
which teaches itself, and those of absent.jsonl and of abstention.jsonl that ask for a detail or a need; of those that
are not declined. Figures are of questions left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answers.kinds.kind import Case
from assistant.answers.proofs import choose_proofs
from assistant.finding.answered import DOUBTFUL, SURE_WITHOUT, read_signs
from assistant.finding.missing import find_unshown
from assistant.finding.search import Sources, search
from assistant.finding.taught import read_asked, recall
from assistant.reading.read import read_question
from index.encoding.encoder import open_encoder
from training.abstention import open_collection
from training.checks import ROOT
from training.findings import read_rows
from training.linear import estimate_apart, fit_signs, tell_apart, write_model

_MODEL = "multilingual-e5-small"
_WRITTEN = ROOT / "assistant" / "finding" / "answered.toml"
_STRENGTH = 0.3
_KINDS = frozenset({"detail", "need", "oblique", "fact"})  # of abstention.jsonl


@dataclass(frozen=True)
class Asked:
    """A question that is not declined, with its signs, and whether the sheets answer it."""

    group: str
    signs: dict[str, float]
    answered: bool


def ask_all(sources: Sources) -> Iterator[Asked]:
    """Every labelled question."""
    for number, row in enumerate(read_rows("answers.jsonl")):
        for text in (row["query"], *row["reworded"][:1]):
            yield from _ask(text, sources, answered=not row.get("absent"), group=row["id"], left_out=(number,))
    for row in read_rows("absent.jsonl"):
        yield from _ask(row["q"], sources, answered=False, group=row["q"])
    for row in _read_real():
        yield from _ask(row["question"], sources, answered=row["answered"], group=row["question"])


def _read_real() -> Iterator[dict[str, Any]]:
    for row in read_rows("abstention.jsonl"):
        if row["kind"] in _KINDS and "real" in row["collections"]:
            yield row


def _ask(text: str, sources: Sources, *, answered: bool, group: str, left_out: Sequence[int] = ()) -> Iterator[Asked]:
    reading = read_question(text, (), sources.index)
    hits = search(reading, sources)
    hits = sorted(hits, key=lambda hit: -(hit.score - hit.evidence.get("taught", 0.0)))  # its own labels rank it too
    case = Case(reading, hits, sources)
    if not hits or case.abstention is not None:
        return
    found = recall(case.read, read_asked(reading, sources.encoder), left_out)
    cited = list({each.hit.sheet.id: each.hit for each in choose_proofs(found)}.values())
    lacking = bool(find_unshown(reading, cited, sources.index, sources.encoder))
    detail = case.judgement.detail
    signs = read_signs(reading.asked, case.read, found, case.wanted, hits, detail=detail, lacking=lacking)
    yield Asked(group, signs, answered)


def main() -> None:
    """Cross-validate, and write the model when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    encoder = open_encoder(_MODEL, ROOT / "var" / "models")
    sources = Sources(open_collection("real", arguments.data_dir, encoder), encoder, "")
    asked = list(ask_all(sources))
    signs, answered = [each.signs for each in asked], [int(each.answered) for each in asked]
    apart = estimate_apart(signs, answered, [each.group for each in asked], strength=_STRENGTH)
    bounds = {"not doubted": DOUBTFUL, "no word missed": SURE_WITHOUT}
    lines = [
        "# How likely what was found answers at all: a logistic regression. Written by training/answered.py.",
        f"# Of questions left out that are not declined, {tell_apart(answered, apart, bounds)}",
        *write_model(fit_signs(signs, answered, strength=_STRENGTH, balanced=True)),
    ]
    print("\n".join(lines))
    if arguments.write:
        _WRITTEN.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
