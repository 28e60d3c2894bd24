"""Searching an index of `scale.py` in a process of its own: time of each step, recall, memory.

Run as `python -m benchmarks.scale_search FOLDER`; prints one JSON value. `cpu` is the processor's time, which says what
a step costs whatever else the machine does.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.encoding.encoder import Encoded
from index.signals.late import Late
from index.signals.lexical import Lexical, best_rows
from index.signals.vectors import Vectors

Times = dict[str, list[tuple[float, float]]]  # of each step, one (seconds, seconds of the processor) a question
Result = TypeVar("Result")

FILTERS = (1.0, 0.1, 0.01)  # share of the passages that are accepted
_NAMES = {1.0: "vectors", 0.1: "10 % accepted", 0.01: "1 % accepted"}
_K = 10
_CANDIDATES = 100  # of the vectors and of the words, for late interaction


def main(folder: Path) -> None:
    """Measure and print."""
    before = _read_memory()
    start = time.perf_counter()
    vectors, lexical, late = (
        Vectors.load(folder / "vectors"),
        Lexical.load(folder / "words"),
        Late.load(folder / "late"),
    )
    loading = time.perf_counter() - start
    questions = _read_questions(folder)
    truth = np.load(folder / "truth.npz")
    times: Times = {}
    recall: dict[str, float] = {}
    for share, name in _NAMES.items():
        accepted = None if share == 1 else choose_accepted(len(vectors), share)
        found = []
        for _, encoded in questions:
            found.append(_time(times, name, lambda: vectors.search(encoded.vector, _K, accepted))[0])  # noqa: B023
        hits = sum(len(set(one) & set(other)) for one, other in zip(found, truth[str(share)].tolist(), strict=True))
        recall[name] = round(hits / _K / len(questions), 4)
    for text, encoded in questions:
        _time(times, "all three", lambda: _search(text, encoded, vectors, lexical, late, times))  # noqa: B023
    steps = {name: _summarise(each) for name, each in times.items()}
    memory = {name: round(each - before[name]) for name, each in _read_memory().items()}
    print(json.dumps({"load_s": round(loading, 2), "memory_mb": memory, "recall": recall, "ms": steps}))


def choose_accepted(count: int, share: float) -> np.ndarray:
    """Passages drawn at random, as a filter accepts them: (count,)."""
    return np.asarray(np.random.default_rng(2).random(count) < share)


def _search(text: str, encoded: Encoded, vectors: Vectors, lexical: Lexical, late: Late, times: Times) -> np.ndarray:
    near, _ = vectors.search(encoded.vector, _CANDIDATES)
    worded = _time(times, "words", lambda: best_rows(lexical.score(text, len(vectors)), _CANDIDATES))
    rows = np.union1d(near, worded) % len(late)  # the tokens of some passages stand for those of all
    return _time(times, "late", lambda: late.match(encoded, rows))


def _time(times: Times, name: str, work: Callable[[], Result]) -> Result:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    times.setdefault(name, []).append((time.perf_counter() - wall, time.process_time() - cpu))
    return result


def _summarise(times: list[tuple[float, float]]) -> dict[str, float]:
    wall, cpu = np.array(times).T * 1000
    p50, p95 = np.quantile(wall, (0.5, 0.95))
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1), "cpu": round(float(np.median(cpu)), 1)}


def _read_questions(folder: Path) -> list[tuple[str, Encoded]]:
    texts = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    with np.load(folder / "questions.npz") as arrays:
        ends = arrays["ends"][:-1]
        tokens, ids = np.split(arrays["tokens"], ends), np.split(arrays["token_ids"], ends)
        no_offsets = np.zeros((0, 2), dtype=np.int32)
        encoded = [Encoded(*each, no_offsets) for each in zip(arrays["vectors"], tokens, ids, strict=True)]
    return list(zip(texts, encoded, strict=True))


def _read_memory() -> dict[str, float]:
    """Megabytes of this process that stand in memory: its own, and pages of files that the system can take back."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    return {"own": int(status["RssAnon"].split()[0]) / 1000, "of files": int(status["RssFile"].split()[0]) / 1000}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
