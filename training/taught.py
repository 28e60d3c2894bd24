"""Fit what labelled questions teach of what answers: python -m training.taught DATA_DIR [--write | --kept].

Learned from questions/answers.jsonl, on what training/findings.py says of questions left out: no question teaches
itself, nor does one of its own fold. Figures are of questions left out, each with two rewordings, by what the assistant
would quote; --kept tells those of answers_kept.jsonl, once the rest is settled.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from assistant.finding.search import Sources
from assistant.finding.taught import Memory, Question, Taught, centre, digest, read_asked, save
from assistant.reading.read import read_question
from index.encoding.encoder import Encoder, open_encoder
from index.opened import Index
from ingest.sentence import split_sentences
from training.abstention import open_collection
from training.aspects import learn_apart, read_labelled
from training.findings import Asked, ask, read_rows, regress, regress_apart, scale, weigh_sentences
from training.wanted import learn_apart as learn_wanted_apart

_MODEL = "multilingual-e5-small"
_FOLDS = 5
_QUOTED, _AS_GOOD = 10, 0.35  # at most so many sentences, as likely as that beside the best: answers/proofs.py
_MOST = 8  # needed sentences that an answer can be asked to hold


def remember(rows: Sequence[dict[str, Any]], index: Index, encoder: Encoder) -> tuple[Memory, dict[str, int]]:
    """The memory of labelled questions, as they are worded and reworded, over all sentences of an index; and the row
    of each sentence in it by its id.
    """
    sentences = [
        (f"{passage.id}#{row}", passage.sheet, digest(passage.heading, text))
        for passage in index.passages
        for row, text in enumerate(split_sentences(passage.text))
    ]
    known = {name: row for row, (name, _, _) in enumerate(sentences)}
    sheets = {sheet: number for number, sheet in enumerate(dict.fromkeys(sheet for _, sheet, _ in sentences))}
    wordings = [(number, text) for number, row in enumerate(rows) for text in (row["query"], *row["reworded"])]
    asked = [read_asked(read_question(text, (), index), encoder) for _, text in wordings]
    vectors = np.stack([each.vector for each in asked])
    mean = vectors.mean(axis=0)
    grades = np.zeros((len(rows), len(sentences)), dtype=np.float32)
    for number, row in enumerate(rows):
        for each in row["evidence"]:
            grades[number, known[each["id"]]] = each["grade"]
    memory = Memory(
        encoder=encoder.name,
        mean=mean,
        wordings=tuple(text for _, text in wordings),
        vectors=centre(vectors, mean),
        owners=np.array([number for number, _ in wordings]),
        quantities=np.array([each.quantity for each in asked]),
        grades=grades,
        digests=np.array([each for *_, each in sentences], dtype=np.uint64),
        sheets=np.array([sheets[sheet] for _, sheet, _ in sentences]),
    )
    return memory, known


@dataclass(frozen=True, eq=False)
class Case:
    """A question asked, with the number of its row, as it is compared, and the logit of each sentence found."""

    asked: Asked
    row: int
    question: Question
    logits: np.ndarray


def read_signs(case: Case, memory: Memory, known: dict[str, int], left_out: Iterable[int]) -> np.ndarray:
    """The signs of the sentences of a case, its own question and these left out: (sentences, 1 + signs)."""
    signs = memory.read_signs(case.question, [*left_out, *([case.row] if case.row >= 0 else [])])
    at = [known[name] for name in case.asked.ids]
    return np.column_stack([case.logits, *(values[at] for values in signs.values())])


def weigh(signs: Sequence[np.ndarray], cases: Sequence[Case]) -> tuple[np.ndarray, float]:
    """The weights (1 + signs,) and the intercept that tell which sentences answer, every question counting the same."""
    values = np.concatenate(signs)
    answers = np.concatenate([case.asked.grades > 0 for case in cases])
    scaler = StandardScaler().fit(values)
    counts = np.concatenate([weigh_sentences(case.asked) for case in cases])
    model = LogisticRegression(solver="newton-cholesky").fit(scaler.transform(values), answers, counts)
    weights = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - weights @ scaler.mean_)


def tell(name: str, scored: Iterable[tuple[Asked, np.ndarray]]) -> None:
    """Print how much of what is needed would be quoted, and how much of what is quoted answers."""
    figures = []
    for asked, logits in scored:
        if not asked.needed or asked.row.get("absent"):
            continue
        chances = 1 / (1 + np.exp(-logits))
        best = [row for row in np.argsort(-chances)[:_QUOTED] if chances[row] >= _AS_GOOD * chances.max()]
        held = {asked.ids[row] for row in best}
        recall = min(1.0, sum(bool(held & group) for group in asked.needed) / min(_MOST, len(asked.needed)))
        precision = float((asked.grades[best] > 0).mean())
        figures.append((recall, precision, 2 * recall * precision / (recall + precision or 1.0)))
    recall, precision, f1 = np.mean(figures, axis=0)
    error = np.std([each[2] for each in figures]) / len(figures) ** 0.5
    print(
        f"{name}: recall {recall:.3f}, precision {precision:.3f}, F1 {f1:.3f} ({error:.3f}), {len(figures)} questions"
    )


def _weigh_apart(cases: Sequence[Case], memory: Memory, known: dict[str, int]) -> list[np.ndarray]:
    """The logits of each case by weights that saw none of its fold, on signs that none of its fold gave."""
    logits: list[np.ndarray] = [np.empty(0)] * len(cases)
    rows = np.array([case.row for case in cases])
    for others, tested in GroupKFold(_FOLDS).split(rows, groups=rows):
        apart = set(rows[tested].tolist())
        learned = [cases[at] for at in others]
        weights, intercept = weigh([read_signs(case, memory, known, apart) for case in learned], learned)
        for at in tested.tolist():
            logits[at] = read_signs(cases[at], memory, known, ()) @ weights + intercept
    return logits


def read_options() -> argparse.Namespace:
    """Where the real sheets are indexed, and what is asked of the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--kept", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Tell the figures, and write what was taught when asked."""
    options = read_options()
    encoder = open_encoder(_MODEL, options.folder / "models")
    sources = Sources(open_collection("real", options.folder, encoder), encoder, "")
    rows = read_rows("answers.jsonl")
    numbers = {row["id"]: number for number, row in enumerate(rows)}
    memory, known = remember(rows, sources.index, encoder)
    apart = learn_apart(read_labelled(encoder, options.folder))
    asked = [each for _, each in ask(rows, sources, apart, learn_wanted_apart(sources.index, encoder))]
    found = regress_apart(asked, np.array([each.row["id"] for each in asked]))
    slope, shift = scale(asked, found)

    def make(each: Asked, logits: np.ndarray) -> Case:
        question = read_asked(read_question(each.text, (), sources.index), encoder)
        return Case(each, numbers.get(each.row["id"], -1), question, slope * logits + shift)

    cases = [make(*pair) for pair in zip(asked, found, strict=True)]
    told = _weigh_apart(cases, memory, known)
    tell("found alone, left out", ((case.asked, case.logits) for case in cases))
    tell("with what was taught ", zip(asked, told, strict=True))
    weights, intercept = weigh([read_signs(case, memory, known, ()) for case in cases], cases)
    again, moved = scale(asked, told)
    names = ["found", *memory.read_signs(cases[0].question)]
    taught = dict(zip(names, (again * weights).tolist(), strict=True))
    print({name: round(weight, 2) for name, weight in taught.items()})
    if options.kept:
        coefficients, start = regress(asked)
        kept = [
            make(each, each.features @ coefficients + start)
            for _, each in ask(read_rows("answers_kept.jsonl"), sources, apart, {})
        ]
        tell("kept apart, found alone", ((case.asked, case.logits) for case in kept))
        signs = [read_signs(case, memory, known, ()) @ weights + intercept for case in kept]
        tell("with what was taught   ", ((case.asked, each) for case, each in zip(kept, signs, strict=True)))
    if options.write:
        save(Taught(memory, taught, moved + again * intercept))


if __name__ == "__main__":
    main()
