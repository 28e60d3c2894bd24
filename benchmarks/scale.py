"""Search at 10 thousand, 100 thousand and a million passages: time, recall, memory, disk, and time to build.

Run as `python -m benchmarks.scale`, with `--help` for its options. Makes passages with the spread of real ones
(scale_corpus.py), indexes them, and searches them in a process of their own with real questions (scale_search.py).
Prints a table, and writes `scale.json` and `scale.svg`. What it writes in the folder it works in is removed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.scale_corpus import Grown, Seeds, compare_spread, embed, grow, read_pieces, write_texts
from benchmarks.scale_plot import draw
from benchmarks.scale_search import FILTERS, choose_accepted
from index.encoding.bundled import NAME
from index.encoding.encoder import Encoded, open_encoder
from index.signals.late import Late, TokenStatistics
from index.signals.lexical import Lexical
from index.signals.vectors import Vectors

_QUESTIONS = 200
_K = 10
_LATE_TEXTS = 50_000  # whose tokens are written: a million's would take more disk than is asked for
_COLUMNS = ("vectors", "1 % accepted", "10 % accepted", "words", "late", "all three")


def main() -> None:
    """Measure every size, print and write."""
    options = _read_options()
    seeds, questions, encoded = _prepare(Path(options.shared), Path(options.data), options.pieces)
    vectors = np.stack([each.vector for each in encoded])
    grown = grow(seeds.vectors, max(options.sizes))
    beside = {"real": seeds.vectors, "grown": grown.vectors[: len(seeds.texts)]}
    report: dict[str, object] = {
        "machine": {"cores": os.cpu_count(), "load": os.getloadavg()[0]},
        "spread": {name: asdict(compare_spread(each, vectors)) for name, each in beside.items()},
    }
    print(json.dumps(report, indent=1))
    sizes = []
    for size in sorted(options.sizes):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            _write_questions(Path(folder), questions, encoded)
            part = Grown(grown.vectors[:size], grown.parents[:size])
            built = _build(Path(folder), part, seeds)
            _write_truth(Path(folder), part.vectors, vectors)
            sizes.append({"passages": size, **built, **_search(Path(folder))})
        print(json.dumps(sizes[-1], indent=1))
    report["sizes"] = sizes
    out = Path(options.out)
    (out / "scale.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (out / "images" / "scale.svg").write_text(draw(sizes), encoding="utf-8")
    _print_table(sizes)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", default="../shared", help="real texts and questions")
    parser.add_argument("--data", default="var", help="data directory, for the model")
    parser.add_argument("--folder", help="where to work; 5 GB for a million passages (the system's own by default)")
    parser.add_argument("--out", default="docs", help="where to write scale.json and images/scale.svg")
    parser.add_argument("--pieces", type=int, default=6000, help="real pieces of text to start from")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    return parser.parse_args()


def _prepare(shared: Path, data: Path, pieces: int) -> tuple[Seeds, list[str], list[Encoded]]:
    """Pieces of PIAF, of the sheets and of the methods, and questions of PIAF, read by the model."""
    passages, asked = (
        [json.loads(line)["text"] for line in (shared / "bench/piaf" / name).read_text("utf-8").splitlines()]
        for name in ("corpus.jsonl", "queries.jsonl")
    )
    sources = [str(shared / "corpus" / name) for name in ("decider-ensemble", "multibao-methods")]
    encoder = open_encoder(NAME, data / "models")
    seeds = embed(read_pieces(sources, passages, pieces), encoder)
    questions = asked[:: len(asked) // _QUESTIONS][:_QUESTIONS]
    return seeds, questions, [encoder.encode_question(question) for question in questions]


def _write_questions(folder: Path, questions: list[str], encoded: list[Encoded]) -> None:
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    np.savez(
        folder / "questions.npz",
        vectors=np.stack([each.vector for each in encoded]),
        tokens=np.concatenate([each.tokens for each in encoded]),
        token_ids=np.concatenate([each.token_ids for each in encoded]),
        ends=np.cumsum([len(each.tokens) for each in encoded]),
    )


def _build(folder: Path, part: Grown, seeds: Seeds) -> dict[str, dict[str, float]]:
    """Write the three signals of these passages; seconds to build and bytes of each."""
    chosen = part.parents[:_LATE_TEXTS, 0].tolist()
    ids = [seeds.token_ids[row] for row in chosen]
    builders: dict[str, Callable[[], Vectors | Lexical | Late]] = {
        "vectors": lambda: Vectors.build(part.vectors),
        "words": lambda: Lexical.build(write_texts(seeds.texts, part.parents)),
        "late": lambda: Late.build(
            [seeds.codes[row] for row in chosen], ids, TokenStatistics.measure(ids, np.arange(len(ids))), seeds.codec
        ),
    }
    seconds, megabytes = {}, {}
    for name, build in builders.items():
        (folder / name).mkdir()
        start = time.perf_counter()
        build().save(folder / name)
        seconds[name] = round(time.perf_counter() - start, 1)
        megabytes[name] = round(sum(path.stat().st_size for path in (folder / name).rglob("*.*")) / 1e6, 1)
    megabytes["late"] = round(megabytes["late"] * len(part.vectors) / len(chosen), 1)  # as if all were written
    return {"build_s": seconds, "disk_mb": megabytes}


def _write_truth(folder: Path, vectors: np.ndarray, questions: np.ndarray) -> None:
    """The `_K` nearest of each question, without a filter and with each, all compared."""
    cosines = np.concatenate([questions @ vectors[at : at + 50_000].T for at in range(0, len(vectors), 50_000)], axis=1)
    truth = {}
    for share in FILTERS:
        rows = np.flatnonzero(choose_accepted(len(vectors), share))
        best = np.argpartition(-cosines[:, rows], _K, axis=1)[:, :_K]
        truth[str(share)] = rows[best]
    np.savez(folder / "truth.npz", **truth)


def _search(folder: Path) -> dict[str, object]:
    """One thread, as a server gives each question: two wait for each other more than they gain."""
    command = [sys.executable, "-m", "benchmarks.scale_search", str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return dict(json.loads(ran.stdout))


def _print_table(sizes: list[dict[str, object]]) -> None:
    """Milliseconds as p50 / p95, recall@10 in brackets."""
    print("passages", *_COLUMNS, sep=" | ")
    for each in sizes:
        steps, recall = each["ms"], each["recall"]
        assert isinstance(steps, dict)
        assert isinstance(recall, dict)
        cells = [
            f"{steps[name]['p50']} / {steps[name]['p95']}" + (f" ({recall[name]})" if name in recall else "")
            for name in _COLUMNS
        ]
        print(each["passages"], *cells, sep=" | ")


if __name__ == "__main__":
    main()
