"""Fit what questions want: python -m training.wanted DATA_DIR [--write | --kept]; needs ../shared.

Learned from questions/forms.jsonl and questions/answers.jsonl, ours, and the 360 labelled questions of ../shared; what
each form means stands in README.md. DATA_DIR keeps an index of the real sheets between runs. Figures are
cross-validated, a question and its rewordings together; --kept tells those of forms_kept.jsonl, once all is settled.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from assistant.reading.read import read_question
from assistant.reading.wanted import (
    ASPECTS_MODEL,
    FORMS,
    FORMS_MODEL,
    Wanted,
    WantedForm,
    make_wanted,
    read_form_signs,
    read_signs,
    read_words,
)
from index.aspects.aspects import ASPECTS
from index.aspects.linear import Linear
from index.encoding.encoder import Encoder, open_encoder
from index.opened import Index
from training.abstention import open_collection
from training.checks import QUESTIONS, SHARED
from training.linear import Scales, Texts, fit

_MODEL = "multilingual-e5-small"
_FORM_SCALES = Scales(vector=4.0, terms=3.0, signs=0.6)
_ASPECT_SCALES = Scales(vector=5.0, terms=3.0)
_OTHER = ("smalltalk", "offtopic", "misuse", "personal", "centre", "followup")
# What the questions of ../shared were labelled with before these forms were told apart.
_RENAMED = {"absent": "examples"}
_FOLDS = 5
# To be told one of these instead of something else, or something else instead, is to be told beside the question.
_COSTLY = ("why", "duration", "count", "contact", "extreme")
_SURE = (0.5, 0.7, 0.9)


@dataclass(frozen=True)
class Question:
    """A question with the form that it wants and the aspects; `group` holds it and its rewordings together."""

    text: str
    form: WantedForm
    aspects: frozenset[str]
    group: str


@dataclass(frozen=True, eq=False)
class Read:
    """Questions as the classifiers read them: `forms` by the words that ask, `aspects` by all of them."""

    questions: Sequence[Question]
    forms: Texts
    aspects: Texts

    @property
    def form_labels(self) -> np.ndarray:
        """The form of each: (questions, forms) of 0 and 1."""
        return np.array([[each.form == form for form in FORMS] for each in self.questions], dtype=int)

    @property
    def aspect_labels(self) -> np.ndarray:
        """The aspects of each: (questions, aspects) of 0 and 1."""
        return np.array([[aspect in each.aspects for aspect in ASPECTS] for each in self.questions], dtype=int)


def read_questions() -> list[Question]:
    """Every labelled question; those of ../shared whose labels mean something else here are left out."""
    shared = [
        row for row in _read(SHARED / "training/questions.jsonl") if row["form"] not in ("count", "definition", "fact")
    ]
    rows = [*_read(QUESTIONS / "forms.jsonl"), *shared]
    found = [_make(row["q"], row.get("wants") or row["form"], row.get("asks") or (), row["q"]) for row in rows]
    forms = {row["q"]: row["form"] for row in _read(QUESTIONS / "forms_of_answers.jsonl")}
    for row in _read(QUESTIONS / "answers.jsonl"):
        found += [
            _make(text, forms.get(text, row["form"]), row["asks"], row["query"])
            for text in (row["query"], *row["reworded"])
        ]
    return found


def read_kept() -> list[Question]:
    """The questions that nothing was chosen on."""
    return [_make(row["q"], row["form"], row["asks"], row["q"]) for row in _read(QUESTIONS / "forms_kept.jsonl")]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _make(text: str, form: str, aspects: Sequence[str], group: str) -> Question:
    form = "other" if form in _OTHER else _RENAMED.get(form, form)
    assert form in get_args(WantedForm), form
    return Question(text, form, frozenset(aspects), group)  # type: ignore[arg-type] # it was looked at


def read_texts(questions: Sequence[Question], index: Index, encoder: Encoder) -> Read:
    """The questions as both classifiers read them."""
    readings = [read_question(each.text, (), index) for each in questions]
    vectors = np.stack([encoder.encode_question(reading.asked).vector for reading in readings])
    signs = np.array([read_signs(reading) for reading in readings], dtype=np.float32)
    ways = np.array([read_form_signs(reading) for reading in readings], dtype=np.float32)
    asking = Texts([read_words(reading) for reading in readings], vectors, ways)
    return Read(questions, asking, Texts([reading.asked for reading in readings], vectors, signs))


def fit_forms(texts: Texts, labels: np.ndarray) -> Linear:
    """The classifier of forms, of which a question has one."""
    return fit(texts, labels, FORMS, _FORM_SCALES, exclusive=True)


def fit_aspects(texts: Texts, labels: np.ndarray) -> Linear:
    """The classifiers of aspects, of which a question has some or none."""
    return fit(texts, labels, ASPECTS, _ASPECT_SCALES)


def tell_forms(questions: Sequence[Question], logits: np.ndarray) -> None:
    """How often the form is right, how sure it is of that, how often being wrong costs much, and what is mistaken."""
    truth = np.array([FORMS.index(each.form) for each in questions])
    told = logits.argmax(axis=1)
    right = truth == told
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    sure = (chances / chances.sum(axis=1, keepdims=True)).max(axis=1)
    held = [f"{right[sure >= least].mean():.3f} of the {np.mean(sure >= least):.0%} at {least}" for least in _SURE]
    costly = np.array([FORMS.index(form) for form in _COSTLY])
    costs = ~right & (np.isin(truth, costly) | np.isin(told, costly))
    print(
        f"forms of {len(truth)}: {right.mean():.3f} right, {costs.mean():.3f} wrong at a cost; right {', '.join(held)}"
    )
    wrong = Counter((FORMS[a], FORMS[b]) for a, b in zip(truth, told, strict=True) if a != b)
    for row, form in enumerate(FORMS):
        if (truth == row).any():
            mistaken = [(other, n) for (own, other), n in wrong.most_common() if own == form][:4]
            print(f"  {form:11} {right[truth == row].mean():.2f} of {np.sum(truth == row):3}  {mistaken}")


def tell_aspects(labels: np.ndarray, logits: np.ndarray) -> None:
    """How well the aspects asked are told."""
    scores = f1_score(labels, logits >= 0.0, average=None, zero_division=0)
    print(f"aspects of {len(labels)}: macro F1 {scores.mean():.3f}")
    print("  ".join(f"{aspect} {score:.2f}" for aspect, score in zip(ASPECTS, scores, strict=True)))


def learn_apart(index: Index, encoder: Encoder) -> dict[str, Wanted]:
    """What each labelled question wants, by its text, as classifiers say that saw neither it nor its rewordings."""
    read = read_texts(read_questions(), index, encoder)
    scored = zip(read.questions, *_score_apart(read, encoder.name), strict=True)
    return {question.text: make_wanted(forms, aspects) for question, forms, aspects in scored}


def _score_apart(read: Read, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The logits of the forms and of the aspects of questions left out: (questions, forms), (questions, aspects)."""
    groups = np.array([each.group for each in read.questions])
    forms = np.zeros((len(groups), len(FORMS)))
    aspects = np.zeros((len(groups), len(ASPECTS)))
    for others, tested in GroupKFold(_FOLDS).split(groups, groups=groups):
        forms[tested] = _score(
            fit_forms(read.forms.take(others), read.form_labels[others]), read.forms.take(tested), name
        )
        fitted = fit_aspects(read.aspects.take(others), read.aspect_labels[others])
        aspects[tested] = _score(fitted, read.aspects.take(tested), name)
    return forms, aspects


def _score(model: Linear, texts: Texts, name: str) -> np.ndarray:
    return model.score(texts.texts, texts.vectors, texts.signs, name)


def main() -> None:
    """Tell the figures, and write both models when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--kept", action="store_true")
    options = parser.parse_args()
    encoder = open_encoder(_MODEL, options.folder / "models")
    index = open_collection("real", options.folder, encoder)
    read = read_texts(read_questions(), index, encoder)
    forms_apart, aspects_apart = _score_apart(read, encoder.name)
    tell_forms(read.questions, forms_apart)
    tell_aspects(read.aspect_labels, aspects_apart)
    if not (options.write or options.kept):
        return
    forms, aspects = fit_forms(read.forms, read.form_labels), fit_aspects(read.aspects, read.aspect_labels)
    if options.kept:
        kept = read_texts(read_kept(), index, encoder)
        print("kept apart")
        tell_forms(kept.questions, _score(forms, kept.forms, encoder.name))
        tell_aspects(kept.aspect_labels, _score(aspects, kept.aspects, encoder.name))
    if options.write:
        forms.save(FORMS_MODEL)
        aspects.save(ASPECTS_MODEL)


if __name__ == "__main__":
    main()
