"""This product beside LangChain + FAISS: the same sheets, questions and model, one after the other, in one run.

`run.py [--set DIR] [--source TABLE.csv] [--cache DIR] [--rounds N] [--json]`. Every measure is a process of its own;
the peer has its own environment, made in the cache at the first run. With several rounds the least of each figure
counts: what else the machine does only slows. The peer has two rows: raw text, as its quick start would take the
table, and the passages that this project repairs and cuts.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.evaluation.judged import JudgedSet
from assistant.evaluation.judged_set import read_set
from index.measuring.measure import Ranked, measure_ranking

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SHARED = ROOT.parent / "shared"
TABLE = SHARED / "corpus" / "decider-ensemble" / "csv" / "decider-ensemble-ressources.csv"
REQUIREMENTS = HERE / "requirements-langchain.txt"
ROWS = ("ours", "langchain, raw text", "langchain, our passages")
_CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def main() -> None:
    """Prepare, measure, print."""
    options = _read_options()
    judged = read_set(options.set)
    python = _make_environment(options.cache)
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        work = Path(folder)
        _run(sys.executable, str(HERE / "prepare.py"), *map(str, (work, options.source, options.set, options.cache)))
        rounds = [_measure(work, python) for _ in range(options.rounds)]
    figures = {row: _summarise([each[row] for each in rounds], judged) for row in ROWS}
    report = {"rows": figures, "ratios": {row: _divide(figures["ours"], figures[row]) for row in ROWS[1:]}}
    print(json.dumps(report) if options.json else _show(report))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=SHARED / "eval" / "dev")
    parser.add_argument("--source", type=Path, default=TABLE)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "assistant-peers")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _make_environment(cache: Path) -> Path:
    """The Python of the peer's environment, made again when its requirements change."""
    mark = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    folder = cache / f"langchain-{mark}"
    python, finished = folder / "bin" / "python", folder / "finished"
    if not finished.is_file():
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        pip = (str(python), "-m", "pip", "install", "--quiet")
        torch = next(line for line in REQUIREMENTS.read_text().splitlines() if line.startswith("torch=="))
        # PyTorch's own index has builds without CUDA; where it cannot be reached, the second line takes PyPI's.
        subprocess.run(
            [*pip, "--no-deps", torch, "--index-url", _CPU_INDEX, "--timeout", "5", "--retries", "0"], check=False
        )
        _run(*pip, "--requirement", str(REQUIREMENTS))
        finished.touch()
    return python


def _measure(work: Path, python: Path) -> dict[str, list[dict[str, Any]]]:
    """Every process once, indexing then searching: for each row what they printed."""
    ours = (sys.executable, str(HERE / "ours.py"))
    peer = (str(python), str(HERE / "langchain_faiss.py"))
    return {
        ROWS[0]: [_run(*ours, task, str(work)) for task in ("index", "search", "steps")],
        ROWS[1]: [_run(*peer, task, str(work), "raw") for task in ("index", "search")],
        ROWS[2]: [_run(*peer, task, str(work), "passages") for task in ("index", "search")],
    }


def _run(*command: str) -> dict[str, Any]:
    """Run a program to its end; the JSON value on its last line, if it prints one."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    lines = done.stdout.splitlines()
    return json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}


def _summarise(rounds: list[list[dict[str, Any]]], judged: JudgedSet) -> dict[str, float]:
    index, search = rounds[0][0], rounds[0][1]

    def least(figure: Callable[[list[dict[str, Any]]], float]) -> float:
        return min(figure(each) for each in rounds)

    figures = {
        "texts": index["texts"],
        "load_seconds": least(lambda each: each[1]["load"]),
        "index_seconds": least(lambda each: each[0]["index"]),
        "search_p50_ms": least(lambda each: 1000 * statistics.median(each[1]["seconds"])),
        "search_p95_ms": least(lambda each: 1000 * statistics.quantiles(each[1]["seconds"], n=20)[-1]),
        "index_memory_mb": least(lambda each: each[0]["memory"]),
        "search_memory_mb": least(lambda each: each[1]["memory"]),
        "ndcg10_dense": _rate(search["dense"], judged),
        "ndcg10": _rate(search.get("fused", search["dense"]), judged),
    }
    for step in rounds[0][2]["steps"] if len(rounds[0]) > 2 else ():
        figures[f"step_{step}_ms"] = least(lambda each, step=step: 1000 * each[2]["steps"][step])
    return {name: round(value, 4) for name, value in figures.items()}


def _rate(rankings: dict[str, list[str]], judged: JudgedSet) -> float:
    asked = [each for each in judged.questions if each.relevant]
    return measure_ranking([Ranked(tuple(rankings[each.id][:10]), each.relevant) for each in asked]).ndcg10


def _divide(ours: dict[str, float], peer: dict[str, float]) -> dict[str, float]:
    names = ("load_seconds", "index_seconds", "search_p50_ms", "search_p95_ms", "index_memory_mb", "search_memory_mb")
    return {name: round(ours[name] / peer[name], 2) for name in names}


def _show(report: dict[str, Any]) -> str:
    rows = report["rows"]
    names = dict.fromkeys(name for row in ROWS for name in rows[row])
    lines = [f"{'':20}" + "".join(f"{row:>26}" for row in ROWS)]
    lines += [f"{name:20}" + "".join(f"{rows[row].get(name, ''):>26}" for row in ROWS) for name in names]
    for row, ratios in report["ratios"].items():
        lines.append(f"ours / {row}: " + ", ".join(f"{name} {ratio}" for name, ratio in ratios.items()))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
