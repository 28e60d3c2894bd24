"""Fit which figure of a sentence a question asks for: python -m training.figures DATA_DIR [--write | --kept].

Learned from questions/figures.jsonl: questions on the 101 real sheets, most with the sentences that answer them and
the figure there that does, in French and some in English; some that no sheet answers. `beside` are passages whose
figures are not what is asked. Figures are of questions left out; --kept tells those of the questions kept apart.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold

from assistant.finding.aim import read_aim
from assistant.finding.findings import Model
from assistant.finding.meant import SURE, find_candidates, read_signs
from assistant.reading.read import read_question
from index.encoding.encoder import open_encoder
from index.opened import Index
from ingest.passage import Passage
from ingest.sentence import split_sentences
from training.abstention import open_collection
from training.checks import QUESTIONS, ROOT
from training.linear import fit_signs

_MODEL = "multilingual-e5-small"
_WRITTEN = ROOT / "assistant" / "finding" / "meant.toml"
_SPLITS = 10
_OF_A_QUESTION = 20  # figures that count fully


@dataclass(frozen=True)
class Shown:
    """A question with a sentence: the signs of its figures, and which of them is asked, -1 when none is there."""

    row: str
    query: str
    language: str
    sentence: str
    signs: list[dict[str, float]]
    said: list[str]
    right: int
    held: bool

    @property
    def marks(self) -> list[int]:
        """1 for the figure that is asked."""
        return [int(at == self.right) for at in range(len(self.signs))]


def read_rows(*, kept: bool) -> list[dict[str, Any]]:
    """The judged questions, those kept apart or the others."""
    lines = (QUESTIONS / "figures.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row.get("kept", False) is kept]


def show_all(rows: Sequence[dict[str, Any]], index: Index) -> list[Shown]:
    """Every question in each of its languages with each sentence that is judged for it."""
    return [
        shown
        for row in rows
        for language, query in (("fr", row["query"]), ("en", row.get("english", "")))
        if query
        for shown in _show(row, query, language, index)
    ]


def _show(row: dict[str, Any], query: str, language: str, index: Index) -> Iterator[Shown]:
    passages = {passage.id: passage for passage in index.passages}
    aim = read_aim(read_question(query, (), index), index)
    answers = {each["sentence"]: each["figure"] for each in row["answers"]}
    for passage, number, sentence in _find_judged(row, answers, passages):
        figure, sheet = answers.get(f"{passage.id}#{number}"), index.find_sheet(passage.sheet)
        assert sheet is not None
        found = find_candidates(sentence, passage.role, aim) if aim else []
        signs = read_signs(sentence, sheet, found, aim) if aim and found else []
        said = [sentence[each.start : each.end] for each in found]
        right = next((at for at, each in enumerate(said) if figure and _same(each, figure)), -1)
        yield Shown(row["id"], query, language, sentence, signs, said, right, held=figure is not None)


def _find_judged(
    row: dict[str, Any], answers: dict[str, str], passages: dict[str, Passage]
) -> Iterator[tuple[Passage, int, str]]:
    """The sentences that are judged for a question: what answers, what is beside; of one sheet, all of it."""
    sheets = {each.split("/")[0] for each in (*answers, *row["beside"])}
    whole = sheets if len({each.split("/")[0] for each in answers}) <= 1 else set()
    if not answers:  # no sheet tells it: no figure of any is the one
        whole = {passage.sheet for passage in passages.values()}
    for passage in passages.values():
        sentences = list(enumerate(split_sentences(passage.text)))
        for number, sentence in sentences:
            judged = f"{passage.id}#{number}" in answers or passage.id in row["beside"] or passage.sheet in whole
            if judged:
                yield passage, number, sentence


def _same(said: str, figure: str) -> bool:
    digits, others = (re.sub(r"\D", "", each) for each in (said, figure))
    return digits == others if others else said in figure


def fit(shown: Sequence[Shown], strength: float) -> Model:
    """The logistic regression over the signs of these figures."""
    signs, marks = [each for one in shown for each in one.signs], [mark for one in shown for mark in one.marks]
    return fit_signs(signs, marks, _weigh(shown), strength=strength)


def _weigh(shown: Sequence[Shown]) -> np.ndarray:
    """1 for each figure, less where a question has very many."""
    of_a_question = Counter(one.query for one in shown for _ in one.signs)
    return np.array([min(1.0, _OF_A_QUESTION / of_a_question[one.query]) for one in shown for _ in one.signs])


def choose(shown: Shown, model: Model) -> int:
    """The figure that is told as the one asked, -1 when none is."""
    if not shown.signs:
        return -1
    chances = [model.estimate(each) for each in shown.signs]
    best = int(np.argmax(chances))
    return best if chances[best] >= SURE else -1


def tell(shown: Sequence[Shown], chosen: Sequence[int], *, verbose: bool) -> str:
    """How many sentences that answer have their figure told, and how many others have none told."""
    lines = []
    for language in ("fr", "en"):
        pairs = [(one, at) for one, at in zip(shown, chosen, strict=True) if one.language == language]
        held = [(one, at) for one, at in pairs if one.held]
        others = [(one, at) for one, at in pairs if not one.held and one.signs]
        right = sum(at == one.right and at >= 0 for one, at in held)
        wrong = sum(at not in (one.right, -1) for one, at in held)
        false = sum(at >= 0 for one, at in others)
        lines.append(
            f"{language}: right {right}/{len(held)} = {right / max(1, len(held)):.3f}, another one told {wrong}; "
            f"told where none answers {false}/{len(others)} = {false / max(1, len(others)):.3f}"
        )
        if verbose:
            lines += [
                f"  {'MISS' if one.held else 'FALSE'} {one.query} | {one.said[at] if at >= 0 else None} "
                f"| {one.said[one.right] if one.right >= 0 else None} | {one.sentence[:140]}"
                for one, at in pairs
                if at != one.right or (one.held and at < 0)
            ]
    return "\n".join(lines)


def main() -> None:
    """Cross-validate, or write the model, or look at what was kept apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--strength", type=float, default=1.0)
    given = parser.parse_args()
    encoder = open_encoder(_MODEL, ROOT / "var" / "models")
    index = open_collection("real", given.data_dir, encoder)
    shown = show_all(read_rows(kept=False), index)
    if given.kept:
        kept, model = show_all(read_rows(kept=True), index), fit(shown, given.strength)
        print(tell(kept, [choose(each, model) for each in kept], verbose=given.verbose))
        return
    chosen = [-1] * len(shown)
    groups = [each.row for each in shown]
    for learnt, left in GroupKFold(_SPLITS).split(groups, groups=groups):
        model = fit([shown[row] for row in learnt], given.strength)
        for row in left:
            chosen[row] = choose(shown[row], model)
    told = tell(shown, chosen, verbose=given.verbose)
    print(told)
    if given.write:
        _write(fit(shown, given.strength), told.split("\n"))


def _write(model: Model, told: Sequence[str]) -> None:
    head = ["# Which figure of a sentence is asked for: a logistic regression. Written by training/figures.py."]
    head += ["# Of questions left out:", *(f"# {line}" for line in told if not line.startswith(" "))]
    lines = [*head, "", f"intercept = {model.intercept:.4f}", "", "[coefficients]"]
    lines += [f'"{name}" = {value:.4f}' for name, value in model.coefficients.items()]
    _WRITTEN.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
