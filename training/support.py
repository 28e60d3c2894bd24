"""Fit whether passages support a statement: python -m training.support [FOLDER] [--write]; needs ../shared and PyTorch.

Learned from ../shared/training/groundedness.jsonl, from statements/statements.jsonl (sentences that a language model
might write, supported by the passages that they cite or subtly not) and from near copies that `near_copies.py` makes.
Those on the real sheets name their passages, whose text stays in ../shared. Figures are of sheets left out; nothing is
learned from the sheets of statements/kept.jsonl, which is told with eval/dev at the end and never chosen on. What is
read of the texts is kept in FOLDER, for it takes minutes, under a name that changes with the statements and the code
that reads them. The same code and statements make the same file on one machine, whatever else it does meanwhile: texts
are read in one order, on as many threads, and networks are fitted on one.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from torch import nn

from assistant.checks.alignment import Alignment
from assistant.checks.passage_text import TextReader, tell_language
from assistant.checks.signs import read_signs
from assistant.checks.support import MODEL, Compared, Support, climb, compare, save, score
from assistant.settings import ROOT
from index.encoding.encoder import Encoder, open_encoder
from training.labelled import Labelled, read_judged, read_kept, read_labelled

CHECKS = ROOT / "assistant" / "checks"
_ENCODER = "multilingual-e5-small"
_WIDTH, _HIDDEN = 96, 64
_MEMBERS, _FOLDS, _PASSES, _BATCH = 2, 3, 8, 32
_AT_ONCE = 1_000  # statements
_PASSED = 0.13  # of the statements that are not supported: the guards of the checker take a quarter of these
_LOST = 0.02  # of the supported ones that may be taken for contradicted by their meaning


@dataclass(frozen=True, eq=False)
class Read:
    """Labelled statements as the model takes them."""

    rows: list[Labelled]
    compared: list[Compared]
    signs: np.ndarray
    names: tuple[str, ...]

    @property
    def supported(self) -> np.ndarray:
        """Their labels: (statements,)."""
        return np.array([row.supported for row in self.rows])


def read_all(rows: Sequence[Labelled], encoder: Encoder, mean: np.ndarray) -> Read:
    """What the assistant would read of these statements."""
    compared, signs = [], []
    reader = TextReader(encoder, mean, remembered=10 * _AT_ONCE)
    for number, row in enumerate(rows):
        if number % _AT_ONCE == 0:  # texts of like length are read together: three times faster
            ahead = rows[number : number + _AT_ONCE]
            passages = tuple(dict.fromkeys(passage for each in ahead for passage in each.passages))
            reader.read_passages(passages)
            reader.read((each.statement, tell_language(each.statement)) for each in ahead)
        statement = reader.read([(row.statement, tell_language(row.statement))])[0]
        cited = reader.read_passages(row.passages)
        compared.append(compare(statement, cited))
        signs.append(read_signs(Alignment(statement, cited)))
        if number % _AT_ONCE == 0:
            print(f"{number} of {len(rows)} statements read", flush=True)
    names = tuple(signs[0])
    return Read(list(rows), compared, np.array([[each[name] for name in names] for each in signs], np.float32), names)


@dataclass(frozen=True, eq=False)
class Batch:
    """The tokens of some statements, one statement after the other: (tokens, …); `owners` are the statements' rows."""

    own: torch.Tensor
    said: torch.Tensor
    nearest: torch.Tensor
    owners: torch.Tensor


class Network(nn.Module):
    """The network whose arrays `assistant/checks/support.py` multiplies."""

    def __init__(self, dimension: int, signs: int) -> None:
        super().__init__()
        self.project = nn.Linear(dimension, _WIDTH)
        nn.init.orthogonal_(self.project.weight)
        self.compare = nn.Linear(3 * _WIDTH + 1, _HIDDEN)
        self.norm = nn.LayerNorm(2 * _HIDDEN)
        self.signs, self.plain = nn.Linear(signs, _HIDDEN), nn.Linear(signs, 1)
        self.join, self.out = nn.Linear(3 * _HIDDEN, _HIDDEN), nn.Linear(_HIDDEN, 1)
        self.little, self.more = nn.Dropout(0.2), nn.Dropout(0.3)

    def forward(self, batch: Batch, signs: torch.Tensor) -> torch.Tensor:
        """The logits of a batch: (statements,)."""
        own, other = self.project(batch.own), self.project(batch.said)
        pairs = torch.cat([own, own - other, own * other, batch.nearest[:, None]], -1)
        told = self.little(torch.relu(self.compare(self.little(pairs))))
        none = torch.zeros(len(signs), _HIDDEN)
        mean = none.index_add(0, batch.owners, told) / torch.bincount(batch.owners)[:, None]
        most = none.scatter_reduce(0, batch.owners[:, None].expand_as(told), told, "amax")
        known = torch.relu(self.signs(self.little(signs)))
        hidden = self.more(torch.relu(self.join(torch.cat([self.norm(torch.cat([mean, most], -1)), known], -1))))
        return (self.out(hidden) + self.plain(signs))[:, 0]

    def arrays(self) -> dict[str, np.ndarray]:
        """The same as `support.score` multiplies them."""
        found = {}
        for name in ("project", "compare", "signs", "plain", "join", "out"):
            layer: nn.Linear = getattr(self, name)
            found |= {name: layer.weight.detach().numpy().T, f"{name}_bias": layer.bias.detach().numpy()}
        return found | {"norm": self.norm.weight.detach().numpy(), "norm_bias": self.norm.bias.detach().numpy()}


def fit(read: Read, signs: np.ndarray, rows: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """One network fitted on these rows, its signs standardised."""
    torch.manual_seed(seed)
    network = Network(read.compared[0].tokens.shape[1], signs.shape[1])
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.05)
    batches = [part for _ in range(_PASSES) for part in _shuffle(rows, seed + _)]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=len(batches) + 1)
    labels = torch.tensor(read.supported, dtype=torch.float32) * 0.9 + 0.05  # annotators err
    for part in batches:
        logits = network(_gather(read, part), torch.tensor(signs[part]))
        loss = nn.functional.binary_cross_entropy_with_logits(logits, labels[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    network.eval()
    return network.arrays()


def plant(read: Read, signs: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
    """A forest fitted on these rows, as `support.climb` goes through it."""
    fitted = HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.05,
        max_leaf_nodes=12,
        min_samples_leaf=20,
        l2_regularization=3,
        max_features=0.4,
        random_state=0,
    ).fit(signs[rows], read.supported[rows])
    trees = [predictor.nodes for (predictor,) in fitted._predictors]
    roots = np.cumsum([0, *(len(nodes) for nodes in trees)])[:-1]
    own = np.concatenate([root + np.arange(len(nodes)) for root, nodes in zip(roots, trees, strict=True)])
    leaf = np.concatenate([nodes["is_leaf"] for nodes in trees]).astype(bool)
    left, right = (
        np.concatenate([root + nodes[side] for root, nodes in zip(roots, trees, strict=True)])
        for side in ("left", "right")
    )
    return {
        "roots": roots.astype(np.int32),
        "left": np.where(leaf, own, left).astype(np.int32),
        "right": np.where(leaf, own, right).astype(np.int32),
        "sign": np.concatenate([nodes["feature_idx"] for nodes in trees]).astype(np.int16),
        "threshold": np.concatenate([nodes["num_threshold"] for nodes in trees]).astype(np.float32),
        "value": np.concatenate([nodes["value"] for nodes in trees]).astype(np.float32),
        "start": np.float32(fitted._baseline_prediction.ravel()[0]),
        "depth": np.int16(max(int(nodes["depth"].max()) for nodes in trees) + 1),
    }


def _shuffle(rows: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    order = np.random.default_rng(seed).permutation(rows)
    yield from (order[start : start + _BATCH] for start in range(0, len(order) - _BATCH + 1, _BATCH))


def _gather(read: Read, rows: np.ndarray) -> Batch:
    """The tokens of these rows."""
    some = [read.compared[row] for row in rows]
    own, said, nearest = (
        torch.from_numpy(np.concatenate([getattr(each, name) for each in some]).astype(np.float32))
        for name in ("tokens", "said", "nearest")
    )
    owners = np.repeat(np.arange(len(some)), [len(each.tokens) for each in some])
    return Batch(own, said, nearest, torch.from_numpy(owners))


def predict(
    read: Read,
    signs: np.ndarray,
    rows: Sequence[int],
    members: Sequence[Mapping[str, np.ndarray]],
    forest: Mapping[str, np.ndarray],
) -> np.ndarray:
    """The logits of these rows, by the code that answers."""
    networks = [np.mean([score(each, read.compared[row], signs[row]) for each in members]) for row in rows]
    return np.array(networks) + np.array([climb(forest, signs[row]) for row in rows])


def share_kept(logits: np.ndarray, supported: np.ndarray, passed: float) -> float:
    """The share of supported statements that are kept where so many of the others pass."""
    return float((logits[supported] > np.quantile(logits[~supported], 1 - passed)).mean())


def tell(name: str, logits: np.ndarray, supported: np.ndarray) -> None:
    """Print the figures of a set."""
    kept = ", ".join(f"{share_kept(logits, supported, each):.3f} at {each}" for each in (0.05, 0.1, 0.15))
    print(f"{name} ({len(logits)}): AUC {roc_auc_score(supported, logits):.3f}, kept {kept}")


def main() -> None:
    """Fit, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("var/support"))
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    encoder = open_encoder(_ENCODER, ROOT / "var" / "models")
    rows = read_labelled()
    made_of = f"{arguments.folder}/{_tell_apart(rows)}"
    mean = _keep(Path(f"{made_of}.mean"), lambda: _read_mean(rows, encoder))
    read = _keep(Path(f"{made_of}.learned"), lambda: read_all(rows, encoder, mean))
    judged = _keep(Path(f"{made_of}.judged"), lambda: read_all(read_judged(), encoder, mean))
    kept = _keep(Path(f"{made_of}.kept"), lambda: read_all(read_kept(), encoder, mean))
    fitted = _settle(read, encoder.name, mean)
    _tell_judged("eval/dev", fitted, judged, np.full(len(judged.rows), True))
    for half in "ab":
        _tell_judged(f"kept.jsonl {half}", fitted, kept, np.array([row.kind[0] == half for row in kept.rows]))
    if arguments.write:
        save(fitted, MODEL)


def _settle(read: Read, encoder: str, mean: np.ndarray) -> Support:
    """The model with its scale and thresholds, which are those of statements whose sheet was left out."""
    centre, spread = read.signs.mean(axis=0), read.signs.std(axis=0) + 1e-6
    bare = Support(encoder, mean, read.names, centre, spread, (), {}, (1, 0), 1, 0)
    signs, labels = bare.standard(read.signs).astype(np.float32), read.supported
    logits = _predict_apart(read, signs)
    kinds = np.array([row.kind for row in read.rows])
    given = np.array([row.group.startswith("g") for row in read.rows])
    # On sheets alone: what the assistant answers from. PIAF's encyclopaedia is harder, and nobody asks it.
    ours = ~given & ~np.isin(kinds, ("wrong passage", "near copy"))
    tell("groundedness.jsonl", logits[given], labels[given])
    tell("statements.jsonl", logits[ours], labels[ours])
    tell("near copies", logits[kinds == "near copy"], labels[kinds == "near copy"])
    scaled = LogisticRegression().fit(logits[ours][:, None], labels[ours])
    scale = (float(scaled.coef_[0, 0]), float(scaled.intercept_[0]))
    chances = 1 / (1 + np.exp(-(scale[0] * logits + scale[1])))
    contradicted = float(np.quantile(chances[ours & labels], _LOST))
    confirmed = float(np.quantile(chances[ours & ~labels], 1 - _PASSED))
    kept, passed = ((chances[ours & of] >= confirmed).mean() for of in (labels, ~labels))
    print(f"confirmed from {confirmed:.2f} on: {kept:.3f} of the supported, {passed:.3f} of the others")
    _tell_kinds(read.rows, chances >= confirmed)
    every = np.arange(len(read.rows))
    members, forest = tuple(fit(read, signs, every, seed) for seed in range(_MEMBERS)), plant(read, signs, every)
    return replace(bare, members=members, forest=forest, scale=scale, confirmed=confirmed, contradicted=contradicted)


def _tell_judged(name: str, fitted: Support, judged: Read, asked: np.ndarray) -> None:
    """Print the figures of those of a set that are asked for: (statements,)."""
    named = [dict(zip(judged.names, signs.tolist(), strict=True)) for signs in judged.signs]
    told = np.array([fitted.chance(*each) for each in zip(judged.compared, named, strict=True)])[asked]
    right = judged.supported[asked]
    tell(name, told, right)
    print(
        f"kept {(told[right] >= fitted.confirmed).mean():.3f}, passed {(told[~right] >= fitted.confirmed).mean():.3f}"
    )
    lost, found = ((told[of] < fitted.contradicted).mean() for of in (right, ~right))
    print(f"contradicted: {lost:.3f} of the supported, {found:.3f} of the others")


def _predict_apart(read: Read, signs: np.ndarray) -> np.ndarray:
    """The logit of each statement by a network that saw none of its sheet."""
    logits, groups = np.zeros(len(read.rows)), [row.group for row in read.rows]
    for seed, (learned, left) in enumerate(GroupKFold(_FOLDS).split(logits, groups=groups)):
        # As many networks as in the end: a mean of several is less sure than each, and thresholds depend on it.
        networks = [fit(read, signs, learned, _MEMBERS * seed + each) for each in range(_MEMBERS)]
        fitted = networks, plant(read, signs, learned)
        logits[left] = predict(read, signs, left.tolist(), *fitted)
    return logits


def _tell_kinds(rows: Sequence[Labelled], confirmed: np.ndarray) -> None:
    """Print the share of each kind of statement that is confirmed."""
    many = Counter((row.supported, row.kind) for row in rows)
    kept = Counter((row.supported, row.kind) for row, told in zip(rows, confirmed.tolist(), strict=True) if told)
    for (supported, kind), number in many.most_common(40):
        print(f"  {'supported' if supported else 'not'}: {kind} {kept[supported, kind] / number:.2f} of {number}")


def _read_mean(rows: Sequence[Labelled], encoder: Encoder) -> np.ndarray:
    """The mean state of the tokens of some passages: (dimension,)."""
    texts = sorted({text for row in rows[::7] for _, text in row.passages})
    states = [encoded.tokens.astype(np.float32) for _, encoded in encoder.encode_passages(texts)]
    return np.asarray(np.concatenate(states).mean(axis=0))


def _tell_apart(rows: Sequence[Labelled]) -> str:
    """What changes with the statements, with the code that reads them and with the words that it knows."""
    files = sorted([*CHECKS.glob("*.py"), *(ROOT / "language").glob("*.*")])
    told = [repr(rows).encode(), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"".join(told)).hexdigest()[:16]


def _keep(path: Path, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is kept
    """What a file holds, made and kept there first."""
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())  # noqa: S301 - written just above or by an earlier run


if __name__ == "__main__":
    main()
