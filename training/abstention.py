"""Fit when to abstain: python -m training.abstention DATA_DIR [--write]; needs ../shared.

Questions of questions/abstention.jsonl are asked of the collections they were written for, and those of sheets.jsonl
and methods.jsonl of theirs. DATA_DIR keeps one index a collection between runs. Figures are cross-validated.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from assistant.finding.abstention import is_bare
from assistant.finding.names import find_unknown
from assistant.finding.search import search
from assistant.finding.signs import Signs, read_signs
from assistant.pipeline import Knowledge
from assistant.reading.read import read_question
from assistant.reading.reading import Reading
from index.build import build_index
from index.encoding.encoder import Encoder, open_encoder
from index.opened import Index
from index.ranking.retrieval import Hit
from index.storage.folder_store import FolderStore
from ingest.choice import choose_layout
from ingest.source import read_source
from training.checks import QUESTIONS, ROOT, SHARED, read_written

_COLLECTIONS = {
    "real": SHARED / "corpus/decider-ensemble",
    "own": ROOT / "sheets",
    "methods": SHARED / "corpus/multibao-methods",
}
_WRITTEN = {"own": "sheets", "methods": "methods"}
_MODEL = ROOT / "assistant" / "finding" / "abstention.toml"
_HITS = 20
# What of those whom a sheet answers may be told that none does, and what of them is shown when no sheet is near.
_WRONGLY = {"subject": 0.03, "detail": 0.03}
_FAR = 0.01


@dataclass(frozen=True)
class Case:
    """A question asked of a collection, with whether its sheets answer it and with its signs."""

    question: str
    collection: str
    kind: str
    answered: bool
    ruled: str  # why it is set aside before any model, "" when it is not
    signs: Signs

    @property
    def group(self) -> str:
        """What figures are told by."""
        return f"{self.collection:8} {self.kind:9} {'answered' if self.answered else 'not':8}"


def read_cases(collection: str, index: Index, encoder: Encoder) -> list[Case]:
    """Every question for a collection, and those for one sheet again without that sheet."""
    knowledge = Knowledge(index, encoder, "")
    rows = [json.loads(line) for line in (QUESTIONS / "abstention.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if collection in row["collections"]]
    if collection in _WRITTEN:
        written = read_written(_WRITTEN[collection])
        rows += [{"question": text, "kind": "written", "answered": True, "sheet": sheet} for text, sheet in written]
    cases = []
    for row in rows:
        reading = read_question(row["question"], (), index)
        hits = search(reading, knowledge, None, _HITS)
        cases.append(_make_case(row, collection, reading, hits, index, encoder))
        others = [hit for hit in hits if hit.sheet.id != row.get("sheet")]
        if len(others) < len(hits):
            without = row | {"answered": False, "kind": "left out"}
            cases.append(_make_case(without, collection, reading, others, index, encoder))
    return cases


def _make_case(
    row: dict[str, object], collection: str, reading: Reading, hits: list[Hit], index: Index, encoder: Encoder
) -> Case:
    question = str(row["question"])
    unknown = find_unknown(reading.asked, reading.understood, index)
    return Case(
        question=question,
        collection=collection,
        kind=str(row["kind"]),
        answered=bool(row["answered"]),
        ruled=reading.declined or ("name" if unknown else "bare" if is_bare(question, reading.understood) else ""),
        signs=read_signs(reading, hits, index, encoder, left_out=question),
    )


def choose(cases: Sequence[Case], model: str) -> list[Case]:
    """The cases that a model learns from: what no rule sets aside, and for a detail what asks for one."""
    free = [case for case in cases if not case.ruled]
    if model == "subject":
        return [case for case in free if case.answered or case.kind in ("off", "topic", "year")]
    # Of the other collections too few facts are asked.
    asking = [case for case in free if case.signs.detail and case.kind != "list" and case.collection == "real"]
    return [case for case in asking if case.answered or case.kind in ("detail", "left out")]


def fit(cases: Sequence[Case], model: str) -> dict[str, object]:
    """The coefficients on the signs as they are, the threshold and how well it does, cross-validated by question."""
    names = list(getattr(cases[0].signs, model))
    values = np.array([list(getattr(case.signs, model).values()) for case in cases])
    answered = np.array([case.answered for case in cases])
    estimates = np.zeros(len(cases))
    sizes = Counter((case.collection, case.answered) for case in cases)
    shares = np.array([1 / sizes[case.collection, case.answered] for case in cases])
    shares *= len(cases) / shares.sum()
    for train, test in GroupKFold(10).split(values, answered, [case.question for case in cases]):
        scaler, regression = _regress(values[train], answered[train], shares[train])
        estimates[test] = regression.predict_proba(scaler.transform(values[test]))[:, 1]
    collections = np.array([case.collection for case in cases])
    threshold, far = (
        # In no collection are more of the answered questions lost.
        min(float(np.quantile(estimates[answered & (collections == name)], share)) for name in np.unique(collections))
        for share in (_WRONGLY[model], _FAR)
    )
    scaler, regression = _regress(values, answered, shares)
    weights = regression.coef_[0] / scaler.scale_
    _tell(model, cases, estimates, threshold)
    return {
        "intercept": round(float(regression.intercept_[0] - (weights * scaler.mean_).sum()), 4),
        "threshold": round(threshold, 3),
        "far": round(min(far, threshold), 3),
        "coefficients": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        "measured": _measure(answered, estimates, threshold),
    }


def _measure(answered: np.ndarray, estimates: np.ndarray, threshold: float) -> str:
    rightly, wrongly = ((estimates[rows] < threshold).mean() for rows in (~answered, answered))
    area = roc_auc_score(answered, estimates)
    counts = f"{answered.sum()} answered, {(~answered).sum()} not"
    return f"{counts}; AUC {area:.3f}; {rightly:.2f} abstained, {wrongly:.3f} wrongly"


def _regress(values: np.ndarray, answered: np.ndarray, shares: np.ndarray) -> tuple[StandardScaler, LogisticRegression]:
    """Each collection counts as much as another, and its answered questions as much as the others."""
    scaler = StandardScaler().fit(values)
    return scaler, LogisticRegression().fit(scaler.transform(values), answered, shares)


def _tell(model: str, cases: Sequence[Case], estimates: np.ndarray, threshold: float) -> None:
    """By collection and kind, the share that the model abstains from."""
    for group in sorted({case.group for case in cases}):
        rows = [row for row, case in enumerate(cases) if case.group == group]
        share = float((estimates[rows] < threshold).mean())
        print(f"{model:8} {group} {len(rows):4} abstained {share:.2f}")


def tell_rules(cases: Sequence[Case]) -> None:
    """What the rules set aside, rightly and wrongly, by kind."""
    for group in sorted({case.group for case in cases}):
        own = [case for case in cases if case.group == group]
        ruled = [case for case in own if case.ruled]
        if ruled:
            print(f"rules    {group} {len(own):4} set aside {len(ruled)}")
        for case in ruled:
            if case.answered and case.ruled != "bare":
                print(f"         wrongly, {case.ruled}: {case.question}")


def write_models(models: dict[str, dict[str, object]]) -> None:
    """Write abstention.toml."""
    lines = [
        "# When to abstain: logistic regressions on the signs of finding/signs.py. Written by training/abstention.py."
    ]
    for name, model in models.items():
        lines += ["", f"# {model['measured']}", f"[{name}]"]
        lines += [f"{key} = {model[key]}" for key in ("intercept", "threshold", "far")]
        lines += [f"[{name}.coefficients]"]
        coefficients = model["coefficients"]
        assert isinstance(coefficients, dict)
        lines += [f'"{sign}" = {weight}' for sign, weight in coefficients.items()]
    _MODEL.write_text("\n".join(lines) + "\n", encoding="utf-8")


def open_collection(name: str, data_dir: Path, encoder: Encoder) -> Index:
    """The public index of a collection, made on the first run."""
    store, source = FolderStore(data_dir / name / "index"), _COLLECTIONS[name]
    if store.current() is None:
        reading = read_source(str(source), choose_layout(source))
        store.promote(build_index(reading, str(source), encoder, store.index_dir).version)
    return store.open(encoder.name, "public")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--collections", nargs="+", default=list(_COLLECTIONS))
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    model = open_encoder("multilingual-e5-small", ROOT / "var" / "models")
    every = [
        case
        for name in arguments.collections
        for case in read_cases(name, open_collection(name, arguments.data_dir, model), model)
    ]
    tell_rules(every)
    fitted = {name: fit(choose(every, name), name) for name in ("subject", "detail")}
    for name, each in fitted.items():
        print(name, each["measured"])
    if arguments.write:
        write_models(fitted)
