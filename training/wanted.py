"""Fit what questions want: python -m training.wanted DATA_DIR [--write]; needs ../shared.

Learned from questions/forms.jsonl and questions/answers.jsonl, ours, and the 360 labelled questions of ../shared.
DATA_DIR keeps an index of the real sheets between runs. Figures are cross-validated, by question.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from assistant.reading.read import read_question
from assistant.reading.wanted import ASPECTS_MODEL, FORMS, FORMS_MODEL, WantedForm, read_signs
from index.aspects.aspects import ASPECTS
from index.encoding.encoder import Encoder, open_encoder
from index.opened import Index
from training.abstention import open_collection
from training.checks import QUESTIONS, SHARED
from training.linear import Scales, Texts, fit

_MODEL = "multilingual-e5-small"
_FORM_SCALES = Scales(vector=4.0, terms=3.0, strength=1.0)
_ASPECT_SCALES = Scales(vector=5.0, terms=3.0, strength=1.0)
_OTHER = ("smalltalk", "offtopic", "misuse", "personal", "centre", "followup")
# What the questions of ../shared were labelled with before these forms were told apart.
_RENAMED = {"absent": "examples"}


@dataclass(frozen=True)
class Question:
    """A question with the form that it wants and the aspects; `group` holds it and its rewordings together."""

    text: str
    form: WantedForm
    aspects: frozenset[str]
    group: str


def read_questions() -> list[Question]:
    """Every labelled question; those of ../shared whose labels mean something else here are left out."""
    rows = [json.loads(line) for line in (QUESTIONS / "forms.jsonl").read_text(encoding="utf-8").splitlines()]
    rows += [
        row
        for row in map(json.loads, (SHARED / "training/questions.jsonl").read_text(encoding="utf-8").splitlines())
        if row["form"] not in ("count", "definition", "fact")
    ]
    found = [_make(row["q"], row["form"], row.get("asks") or (), row["q"]) for row in rows]
    for row in map(json.loads, (QUESTIONS / "answers.jsonl").read_text(encoding="utf-8").splitlines()):
        found += [_make(text, row["form"], row["asks"], row["query"]) for text in (row["query"], *row["reworded"])]
    return found


def _make(text: str, form: str, aspects: Sequence[str], group: str) -> Question:
    form = "other" if form in _OTHER else _RENAMED.get(form, form)
    assert form in get_args(WantedForm), form
    return Question(text, form, frozenset(aspects), group)  # type: ignore[arg-type] # it was looked at


def read_texts(questions: Sequence[Question], index: Index, encoder: Encoder) -> Texts:
    """The questions as both classifiers read them."""
    readings = [read_question(each.text, (), index) for each in questions]
    vectors = np.stack([encoder.encode_question(reading.asked).vector for reading in readings])
    signs = np.array([read_signs(reading) for reading in readings], dtype=np.float32)
    return Texts([reading.asked for reading in readings], vectors, signs)


def _tell_forms(texts: Texts, questions: Sequence[Question], groups: np.ndarray, name: str) -> None:
    labels = np.array([[each.form == form for form in FORMS] for each in questions], dtype=int)
    told = np.zeros(len(questions), dtype=int)
    for others, tested in GroupKFold(5).split(labels, groups=groups):
        model = fit(texts.take(others), labels[others], FORMS, _FORM_SCALES, exclusive=True)
        part = texts.take(tested)
        told[tested] = model.score(part.texts, part.vectors, part.signs, name).argmax(axis=1)
    truth = labels.argmax(axis=1)
    print(f"forms, {name}: {np.mean(truth == told):.3f} right")
    wrong = Counter((FORMS[a], FORMS[b]) for a, b in zip(truth, told, strict=True) if a != b)
    for row, form in enumerate(FORMS):
        mistaken = [(other, n) for (own, other), n in wrong.most_common() if own == form][:4]
        print(f"  {form:11} {np.mean(told[truth == row] == row):.2f} of {np.sum(truth == row):3}  {mistaken}")


def _tell_aspects(texts: Texts, questions: Sequence[Question], groups: np.ndarray, name: str) -> None:
    labels = np.array([[aspect in each.aspects for aspect in ASPECTS] for each in questions], dtype=int)
    told = np.zeros(labels.shape, dtype=bool)
    for others, tested in GroupKFold(5).split(labels, groups=groups):
        model = fit(texts.take(others), labels[others], ASPECTS, _ASPECT_SCALES)
        part = texts.take(tested)
        told[tested] = model.score(part.texts, part.vectors, part.signs, name) >= 0.0
    scores = f1_score(labels, told, average=None, zero_division=0)
    print(f"aspects, {name}: macro F1 {scores.mean():.3f}")
    print("  ".join(f"{aspect} {score:.2f}" for aspect, score in zip(ASPECTS, scores, strict=True)))


def main() -> None:
    """Tell the figures, and write both models when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = open_encoder(_MODEL, options.folder / "models")
    index = open_collection("real", options.folder, encoder)
    questions = read_questions()
    texts = read_texts(questions, index, encoder)
    groups = np.array([each.group for each in questions])
    print(f"{len(questions)} questions")
    _tell_forms(texts, questions, groups, encoder.name)
    _tell_aspects(texts, questions, groups, encoder.name)
    if options.write:
        forms = np.array([[each.form == form for form in FORMS] for each in questions], dtype=int)
        fit(texts, forms, FORMS, _FORM_SCALES, exclusive=True).save(FORMS_MODEL)
        aspects = np.array([[aspect in each.aspects for aspect in ASPECTS] for each in questions], dtype=int)
        fit(texts, aspects, ASPECTS, _ASPECT_SCALES).save(ASPECTS_MODEL)


if __name__ == "__main__":
    main()
