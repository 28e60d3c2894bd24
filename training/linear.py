"""Fitting of what `index/aspects/linear.py` reads: one logistic regression a class, over a vector, terms and signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from assistant.finding.findings import Model
from index.aspects.linear import Fit, Linear, split_terms

_FEWEST = 2  # texts that have a term
_SPLITS = 10  # of those left out


@dataclass(frozen=True, eq=False)
class Texts:
    """What is learned from: texts, their vectors (texts, dimension), their signs (texts, signs)."""

    texts: Sequence[str]
    vectors: np.ndarray
    signs: np.ndarray

    def take(self, rows: np.ndarray) -> Texts:
        """Those at these rows."""
        return Texts([self.texts[row] for row in rows.tolist()], self.vectors[rows], self.signs[rows])


@dataclass(frozen=True)
class Scales:
    """How much the vector, the terms and the signs count, and how little the weights are held back."""

    vector: float = 4.0
    terms: float = 1.0
    signs: float = 1.0
    strength: float = 1.0


def fit(
    texts: Texts,
    labels: np.ndarray,
    classes: Sequence[str],
    scales: Scales,
    weights: np.ndarray | None = None,
    *,
    exclusive: bool = False,
) -> Linear:
    """The fit for labels (texts, classes) of 0 and 1; of one class a text, `exclusive`, all are fitted together."""
    split = [split_terms(text) for text in texts.texts]
    counts = Counter(term for terms in split for term in dict.fromkeys(terms))
    known = {term: row for row, term in enumerate(sorted(term for term, n in counts.items() if n >= _FEWEST))}
    idf = np.array([1 + np.log((1 + len(split)) / (1 + counts[term])) for term in known], dtype=np.float32)
    empty = Fit(*(np.zeros((0, len(classes))),) * 4)
    blank = Linear(tuple(classes), known, idf, empty, empty)
    rows = [list(blank.weigh(text)) for text in texts.texts]
    pointers = np.cumsum([0, *map(len, rows)])
    columns = [at for row in rows for at, _ in row]
    terms = csr_matrix(([weight for row in rows for _, weight in row], columns, pointers), (len(rows), len(known)))
    fits = [_fit(texts, terms, labels, scales, weights, vector=vector, exclusive=exclusive) for vector in (True, False)]
    return Linear(tuple(classes), known, idf, *fits)


def _fit(
    texts: Texts,
    terms: csr_matrix,
    labels: np.ndarray,
    scales: Scales,
    weights: np.ndarray | None,
    *,
    vector: bool,
    exclusive: bool,
) -> Fit:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - two seconds, for fitting alone

    dimension = texts.vectors.shape[1] if vector else 0
    values = hstack(
        [texts.vectors[:, :dimension] * scales.vector, texts.signs * scales.signs, terms * scales.terms]
    ).tocsr()
    if exclusive:
        model = LogisticRegression(C=scales.strength, max_iter=500)
        model.fit(values, labels.argmax(axis=1), sample_weight=weights)
        found, intercept = model.coef_.T, model.intercept_
    else:
        models = [
            LogisticRegression(C=scales.strength, class_weight="balanced", solver="liblinear").fit(
                values, column, sample_weight=weights
            )
            for column in labels.T
        ]
        found = np.stack([model.coef_[0] for model in models], axis=1)
        intercept = np.array([model.intercept_[0] for model in models])
    signs = texts.signs.shape[1]
    return Fit(
        terms=found[dimension + signs :] * scales.terms,
        signs=found[dimension : dimension + signs] * scales.signs,
        vector=found[:dimension] * scales.vector,
        intercept=intercept,
    )


def fit_signs(
    signs: Sequence[Mapping[str, float]],
    marks: Sequence[int],
    weights: np.ndarray | None = None,
    *,
    strength: float,
    balanced: bool = False,
) -> Model:
    """A logistic regression over signs by name, fitted on standardised ones and written for them as they are.

    `marks` are 1 for what is to be found; with `balanced` both kinds count as much as one another.
    """
    names = list(signs[0])
    features = np.array([[each[name] for name in names] for each in signs])
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=strength, class_weight="balanced" if balanced else None, max_iter=2000)
    model.fit(scaler.transform(features), marks, sample_weight=weights)
    coefficients = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (coefficients * scaler.mean_).sum())
    return Model(intercept=intercept, coefficients=dict(zip(names, map(float, coefficients), strict=True)))


def estimate_apart(
    signs: Sequence[Mapping[str, float]], marks: Sequence[int], groups: Sequence[str], *, strength: float
) -> np.ndarray:
    """How likely each is to be found, by a balanced fit of `fit_signs` that did not learn from its group: (signs,)."""
    chances = np.zeros(len(signs))
    for learnt, left in GroupKFold(_SPLITS).split(groups, groups=groups):
        taken = learnt.tolist()
        model = fit_signs(
            [signs[row] for row in taken], [marks[row] for row in taken], strength=strength, balanced=True
        )
        chances[left] = [model.estimate(signs[row]) for row in left]
    return chances


def tell_apart(marks: Sequence[int], chances: np.ndarray, bounds: Mapping[str, float]) -> str:
    """How well both kinds are told apart, and how many of each reach the bounds that answers use, by name."""
    found = np.array(marks, dtype=bool)
    told = [f"{len(found)}, {int(found.sum())} of them so: area under the curve {roc_auc_score(found, chances):.3f}"]
    for name, least in bounds.items():
        of_found, of_others = ((chances[found == kind] >= least).mean() for kind in (True, False))
        told.append(f"{name} from {least}: {of_found:.2f} of those, {of_others:.2f} of the others")
    return "; ".join(told)


def write_model(model: Model, section: str = "") -> list[str]:
    """The lines of a model in TOML, under the name of its section if it has one."""
    head = [f"[{section}]"] if section else []
    coefficients = [f'"{sign}" = {value:.4f}' for sign, value in model.coefficients.items()]
    return [
        "",
        *head,
        f"intercept = {model.intercept:.4f}",
        "",
        f"[{section}{'.' * bool(section)}coefficients]",
        *coefficients,
    ]
