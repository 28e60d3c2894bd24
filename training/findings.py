"""Fit which sentences answer: python -m training.findings DATA_DIR [--write | --kept]; needs ../shared.

Learned from questions/answers.jsonl: questions on the 101 real sheets with the sentences, of any sheet, that answer
them, each with one rewording. What sentences tell is taken from classifiers that did not see their sheet, and what
questions want from classifiers that did not see them: as it is when people ask.
Figures are of questions left out; --kept tells those of answers_kept.jsonl, once the rest is settled.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from assistant.finding.findings import read_features
from assistant.finding.search import Sources, search
from assistant.reading.read import read_question
from assistant.reading.wanted import Wanted, read_wanted
from index.encoding.encoder import open_encoder
from index.passages import Sentence
from training.abstention import open_collection
from training.aspects import learn_apart, read_labelled
from training.checks import QUESTIONS, ROOT
from training.wanted import learn_apart as learn_wanted_apart

_MODEL = "multilingual-e5-small"
_WRITTEN = ROOT / "assistant" / "finding" / "findings.toml"
_HITS = 60  # sheets, as the assistant looks through
_REWORDED = 1  # of the rewordings of each question
_NEEDED = 2.0  # what an answer needs counts so many times what is useful too
_OF_A_QUESTION = 10.0  # all that answers one question counts as so many sentences, however many they are
_SHOWN = 6
_MOST = 8  # needed sentences that an answer can be asked to hold


@dataclass(frozen=True, eq=False)
class Asked:
    """A question with the features (sentences, features) of what was looked through, and how each answers: 0, 1, 2."""

    row: dict[str, Any]
    text: str
    features: np.ndarray
    grades: np.ndarray
    ids: list[str]

    @property
    def needed(self) -> list[set[str]]:
        """The ids of what an answer needs; one of each is enough."""
        groups: dict[str, set[str]] = {}
        for each in self.row["evidence"]:
            if each["grade"] == _NEEDED:
                groups.setdefault(each.get("same") or each["id"], set()).add(each["id"])
        return list(groups.values())


def read_rows(name: str) -> list[dict[str, Any]]:
    """The labelled questions of a file."""
    return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]


def ask(
    rows: Sequence[dict[str, Any]], sources: Sources, apart: dict[str, np.ndarray], wanted: dict[str, Wanted]
) -> Iterator[tuple[str, Asked]]:
    """Each question, and its rewordings, with its id.

    `apart` has what each sentence tells, by its id, and `wanted` what each question wants, where it was learned from.
    """
    for row in rows:
        for text in (row["query"], *row.get("reworded", ())[:_REWORDED]):
            reading = read_question(text, (), sources.index)
            hits = search(reading, sources, None, _HITS)
            hits = [replace(hit, sentences=tuple(_tell(each, apart) for each in hit.sentences)) for hit in hits]
            if not hits:
                continue
            ids = [_name(sentence) for hit in hits for sentence in hit.sentences]
            grades = {each["id"]: each["grade"] for each in row["evidence"]}
            wants = wanted.get(text) or read_wanted(reading, sources.encoder)
            features = read_features(reading, wants, hits, sources.index)
            names[:] = list(features)
            values = np.stack(list(features.values()), axis=1).astype(np.float32)
            yield row["id"], Asked(row, text, values, np.array([grades.get(each, 0) for each in ids]), ids)


names: list[str] = []  # of the features, in their order


def _name(sentence: Sentence) -> str:
    return f"{sentence.passage.id}#{sentence.row}"


def _tell(sentence: Sentence, apart: dict[str, np.ndarray]) -> Sentence:
    return replace(sentence, aspects=apart.get(_name(sentence), sentence.aspects))


def regress(asked: Sequence[Asked]) -> tuple[np.ndarray, float]:
    """The coefficients of the features as they are (features,), and the intercept, fitted over standardised ones.

    Each question that is answered counts as much as another.
    """
    values = np.concatenate([each.features for each in asked])
    answers = np.concatenate([each.grades > 0 for each in asked])
    weights = np.concatenate([weigh_sentences(each) for each in asked])
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(solver="newton-cholesky").fit(scaler.transform(values), answers, weights)
    coefficients = model.coef_[0] / scaler.scale_
    return coefficients, float(model.intercept_[0] - coefficients @ scaler.mean_)


def regress_apart(asked: Sequence[Asked], groups: np.ndarray) -> list[np.ndarray]:
    """The logits of the sentences of each question by a regression that saw no question of its group."""
    logits: list[np.ndarray] = [np.empty(0)] * len(asked)
    for others, tested in GroupKFold(5).split(groups, groups=groups):
        coefficients, intercept = regress([asked[row] for row in others])
        for row in tested.tolist():
            logits[row] = asked[row].features @ coefficients + intercept
    return logits


def scale(asked: Sequence[Asked], logits: Sequence[np.ndarray]) -> tuple[float, float]:
    """What makes probabilities of what a regression said of questions left out (Platt 1999): slope and shift."""
    flat, truth = np.concatenate(logits)[:, None], np.concatenate([each.grades > 0 for each in asked])
    platt = LogisticRegression().fit(flat, truth)
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def weigh_sentences(asked: Asked) -> np.ndarray:
    """How much each sentence counts: (sentences,)."""
    share = _OF_A_QUESTION / max(1, int((asked.grades > 0).sum()))
    return np.where(asked.grades > 0, share * np.where(asked.grades == _NEEDED, _NEEDED, 1.0), 1.0)


def tell(asked: Sequence[tuple[Asked, np.ndarray]], shown: int = _SHOWN) -> str:
    """How much of what is needed the best sentences hold, and how many of them answer."""
    recalls, precisions = [], []
    for each, scores in asked:
        if not each.needed or each.row.get("absent"):
            continue
        best = np.argsort(-scores)[:shown]
        held = {each.ids[row] for row in best.tolist()}
        recalls.append(min(1.0, sum(bool(held & group) for group in each.needed) / min(_MOST, len(each.needed))))
        precisions.append(float((each.grades[best] > 0).mean()))
    means = f"recall {np.mean(recalls):.3f} precision {np.mean(precisions):.3f}"
    return f"{means} of the best {shown}, {len(recalls)} questions"


def main() -> None:
    """Tell the figures, and write the model when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--kept", action="store_true")
    options = parser.parse_args()
    encoder = open_encoder(_MODEL, options.folder / "models")
    sources = Sources(open_collection("real", options.folder, encoder), encoder, "")
    apart = learn_apart(read_labelled(encoder, options.folder))
    pairs = list(ask(read_rows("answers.jsonl"), sources, apart, learn_wanted_apart(sources.index, encoder)))
    asked, groups = [each for _, each in pairs], np.array([group for group, _ in pairs])
    logits = regress_apart(asked, groups)
    firsts = [(asked[row], logits[row]) for row in range(len(asked)) if row == 0 or groups[row] != groups[row - 1]]
    again = [(asked[row], logits[row]) for row in range(1, len(asked)) if groups[row] == groups[row - 1]]
    closeness = names.index("closeness")
    print("closeness alone     ", tell([(each, each.features[:, closeness]) for each, _ in firsts]))
    print("questions left out  ", tell(firsts))
    print("their rewordings    ", tell(again))
    coefficients, intercept = regress(asked)
    slope, shift = scale(asked, logits)
    if options.kept:
        kept = [each for _, each in ask(read_rows("answers_kept.jsonl"), sources, apart, {})]
        scored = [(each, each.features @ coefficients + intercept) for each in kept]
        print("kept apart          ", tell(scored))
        print("  closeness alone   ", tell([(each, each.features[:, closeness]) for each in kept]))
    if options.write:
        weights = slope * coefficients
        measured = f"# Of questions left out: {tell(firsts)}."
        lines = ["# Which sentences answer: a logistic regression. Written by training/findings.py.", measured, ""]
        lines += [f"intercept = {shift + slope * intercept:.4f}", "", "[coefficients]"]
        lines += [f'"{name}" = {weight:.4f}' for name, weight in zip(names, weights.tolist(), strict=True)]
        _WRITTEN.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
