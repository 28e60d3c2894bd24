"""Fit whether a sentence is the assistant's own or tells of practices: python -m training.own_words [--write].

Learned from own/sentences.jsonl (openings, links, caveats, advice, offers; facts as short) and from the statements of
statements/statements.jsonl that have no figure and no name: those alone are asked. What may be told of practices in
general ("une ville peut…") is of neither kind, and left out. Figures are of folds left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from assistant.checks.checker import lacks_name
from assistant.checks.figures import find_figures, is_small
from assistant.checks.own_words import MODEL, OwnWords, save
from assistant.settings import ROOT
from index.encoding.encoder import open_encoder
from training.support import STATEMENTS

_SENTENCES = ROOT / "training" / "own" / "sentences.jsonl"
_ENCODER = "multilingual-e5-small"
_STRENGTH = 300.0  # of the fit: the states of one model all point much the same way
_OF_NEITHER = ("advice", "general")
# Of what tells of practices, taken for the assistant's own: of sentences as short as own words, and of longer ones.
_PASSED = (0.05, 0.01)
_SHORT = 5.0  # the weight of such a sentence: statements are long, and easily told apart


def read_sentences() -> Iterator[tuple[str, bool]]:
    """Sentences without figure or name, and whether they are the assistant's own."""
    yield from _read_written()
    for row in map(json.loads, STATEMENTS.read_text(encoding="utf-8").splitlines()):
        if row["type"] not in _OF_NEITHER and _is_asked(row["statement"]):
            yield row["statement"], False


def _read_written() -> Iterator[tuple[str, bool]]:
    for row in map(json.loads, _SENTENCES.read_text(encoding="utf-8").splitlines()):
        yield row["text"], row["own"]


def main() -> None:
    """Fit, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    texts, labels = zip(*read_sentences(), strict=True)
    encoder = open_encoder(_ENCODER, ROOT / "var" / "models")
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    for row, encoded in encoder.encode_passages(list(texts)):
        vectors[row] = encoded.vector
    own, mean = np.array(labels), vectors.mean(axis=0)
    short = ~own & (np.arange(len(own)) < sum(1 for _ in _read_written()))
    weights = np.where(short, _SHORT, 1.0)
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=2000)
    told = np.zeros(len(own))
    for learned, left in StratifiedKFold(10, shuffle=True, random_state=0).split(vectors, own):
        fitted = model.fit((vectors - mean)[learned], own[learned], weights[learned])
        told[left] = fitted.decision_function((vectors - mean)[left])
    least = max(float(np.quantile(told[of], 1 - _PASSED[each])) for each, of in enumerate((short, ~own & ~short)))
    found = [float((told[of] > least).mean()) for of in (own, short, ~own & ~short)]
    print(f"{own.sum()} own: {found[0]:.3f} found; {found[1]:.3f} of {short.sum()} short, {found[2]:.3f} others taken")
    for row in np.flatnonzero((told > least) != own):
        print("  taken for own:" if not own[row] else "  missed:", texts[row])
    fitted = model.fit(vectors - mean, own, weights)
    slope = fitted.coef_[0].astype(np.float32)
    bias = float(fitted.intercept_[0]) - float(slope @ mean) - least
    if arguments.write:
        save(OwnWords(encoder.name, slope, bias), MODEL)


def _is_asked(statement: str) -> bool:
    return not lacks_name(statement, "") and all(map(is_small, find_figures(statement)))


if __name__ == "__main__":
    main()
