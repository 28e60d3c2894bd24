"""Fit what sentences tell: python -m training.aspects DATA_DIR [--write | --kept]; needs ../shared.

Learned from aspects.jsonl, ours, and from the sentences of the 101 real sheets, whose labels stand in ../shared.
Figures are of sheets left out; those of the lines `kept` apart are told with --kept alone, once the rest is settled.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from index.aspects.aspects import ASPECTS, MODEL, read_signs
from index.aspects.linear import Linear
from index.encoding.encoder import Encoder, open_encoder
from ingest.layout import read_layout
from ingest.passage import split_sheet
from training.checks import SHARED, read_collection
from training.linear import Scales, Texts, fit

_OURS = Path(__file__).parent / "aspects.jsonl"
_MODEL = "multilingual-e5-small"
_SCALES = Scales(vector=4.0, terms=6.0, strength=3.0)
_OURS_COUNT = 0.6  # a sentence of ours beside one of the real sheets
_CUTS = np.arange(0.2, 0.9, 0.05)


@dataclass(frozen=True, eq=False)
class Labelled:
    """Sentences with what they tell (sentences, aspects), the group of each, and which are of the real sheets."""

    texts: Texts
    labels: np.ndarray
    groups: np.ndarray
    real: np.ndarray
    kept: np.ndarray
    ids: list[str]  # of those of the real sheets, which come first


def read_labelled(encoder: Encoder, folder: Path) -> Labelled:
    """Every labelled sentence; the vectors are kept in a folder, since reading them takes a minute."""
    layout = read_layout("decider-ensemble")
    roles = {section.title: section.role for section in layout.sections}
    rows, ids = [], []
    passages = {
        passage.id: passage
        for sheet in read_collection(SHARED / "corpus/decider-ensemble/csv")
        for passage in split_sheet(sheet)
    }
    for row in map(json.loads, (SHARED / "training/aspects.jsonl").read_text(encoding="utf-8").splitlines()):
        passage = passages[row["passage"]]
        rows.append(
            (row["text"], passage.role, row["row"], row["aspects"], passage.sheet, passage.heading, passage.text)
        )
        ids.append(f"{passage.id}#{row['row']}")
    real = len(rows)
    ours = [json.loads(line) for line in _OURS.read_text(encoding="utf-8").splitlines()]
    for number, row in enumerate(ours):
        section, text = row["section"], row["text"]
        rows.append((text, roles.get(section), 0, row["aspects"], f"ours {number}", section, text))
    vectors = _read_vectors(encoder, [(f"{heading}\n{whole}", text) for text, *_, heading, whole in rows], folder)
    signs = np.array([read_signs(text, role, place) for text, role, place, *_ in rows], dtype=np.float32)
    return Labelled(
        Texts([row[0] for row in rows], vectors, signs),
        np.array([[aspect in row[3] for aspect in ASPECTS] for row in rows], dtype=int),
        np.array([row[4] for row in rows]),
        np.arange(len(rows)) < real,
        np.array([False] * real + [bool(row.get("kept")) for row in ours]),
        ids,
    )


def _read_vectors(encoder: Encoder, pairs: list[tuple[str, str]], folder: Path) -> np.ndarray:
    """The vector of each sentence in its text: the mean of its tokens' states there, as the index has it."""
    path = folder / "aspects-vectors.npy"
    if path.exists() and len(kept := np.load(path)) == len(pairs):
        return np.asarray(kept)
    texts = list(dict.fromkeys(text for text, _ in pairs))
    read = {texts[at]: encoded for at, encoded in encoder.encode_passages(texts)}
    vectors = []
    for text, sentence in pairs:
        start = text.index(sentence, text.index("\n"))
        offsets = read[text].offsets
        inside = (offsets[:, 1] > start) & (offsets[:, 0] < start + len(sentence))
        mean = read[text].tokens[inside].mean(axis=0) if inside.any() else read[text].vector
        vectors.append(mean / np.linalg.norm(mean))
    np.save(path, np.array(vectors, dtype=np.float32))
    return np.array(vectors, dtype=np.float32)


def _score(model: Linear, texts: Texts, name: str) -> np.ndarray:
    return 1 / (1 + np.exp(-model.score(texts.texts, texts.vectors, texts.signs, name)))


def cross_validate(data: Labelled, scales: Scales, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities (real sentences, aspects) of sheets left out, and what the cut found on the others tells."""
    learned = ~data.kept
    real = np.flatnonzero(data.real)
    chances = np.zeros((len(real), len(ASPECTS)))
    folds = list(GroupKFold(5).split(real, groups=data.groups[real]))
    for _, tested in folds:
        others = np.flatnonzero(learned & ~np.isin(data.groups, data.groups[real[tested]]))
        model = fit(data.texts.take(others), data.labels[others], ASPECTS, scales, _weigh(data, others))
        chances[tested] = _score(model, data.texts.take(real[tested]), name)
    told = np.zeros_like(chances, dtype=bool)
    for trained, tested in folds:
        for column in range(len(ASPECTS)):
            told[tested, column] = chances[tested, column] >= _find_cut(
                data.labels[real[trained], column], chances[trained, column]
            )
    return chances, told


def learn_apart(data: Labelled) -> dict[str, np.ndarray]:
    """What each real sentence tells by classifiers that did not see its sheet, by its id: its passage's and its row."""
    chances, _ = cross_validate(data, _SCALES, _MODEL)
    return dict(zip(data.ids, chances, strict=True))


def _weigh(data: Labelled, rows: np.ndarray) -> np.ndarray:
    return np.where(data.real[rows], 1.0, _OURS_COUNT)


def _find_cut(labels: np.ndarray, chances: np.ndarray) -> float:
    return float(_CUTS[np.argmax([f1_score(labels, chances >= cut, zero_division=0) for cut in _CUTS])])


def main() -> None:
    """Fit, tell the figures, and write the model when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--kept", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    encoder = open_encoder(_MODEL, options.folder / "models")
    data = read_labelled(encoder, options.folder)
    for name in (_MODEL, "another model"):
        _, told = cross_validate(data, _SCALES, name)
        truth = data.labels[data.real]
        scores = f1_score(truth, told, average=None, zero_division=0)
        print(f"{name}: macro F1 on sheets left out {scores.mean():.3f}")
        print("  ".join(f"{aspect} {score:.2f}" for aspect, score in zip(ASPECTS, scores, strict=True)))
    learned = np.flatnonzero(~data.kept)
    model = fit(data.texts.take(learned), data.labels[learned], ASPECTS, _SCALES, _weigh(data, learned))
    if options.kept:
        kept = np.flatnonzero(data.kept)
        told = _score(model, data.texts.take(kept), _MODEL) >= 0.5
        print(f"kept apart: micro F1 {f1_score(data.labels[kept], told, average='micro'):.3f}")
        print(f"kept apart: macro F1 {f1_score(data.labels[kept], told, average='macro', zero_division=0):.3f}")
    if options.write:
        model.save(MODEL)
        print(f"{MODEL}: {MODEL.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
