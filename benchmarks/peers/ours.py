"""One measured process of this project: `ours.py index|search|steps WORK` prints one JSON value.

The index is of the sheets in WORK/source, made by the product's own functions, all signals included. `steps` is apart
from `search`: watching each step slows it a little.
"""

import time

START = time.perf_counter()  # what is imported below is part of what is measured

import functools
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from index.build import build_index
from index.encoding.encoder import Encoder, open_encoder
from index.opened import Index
from index.passage_index import PassageIndex
from index.ranking.retrieval import retrieve
from index.signals.late import Late
from index.signals.lexical import Lexical
from index.signals.vectors import Vectors
from index.storage.folder_store import FolderStore
from ingest.choice import choose_layout
from ingest.source import read_source

_MODEL = "multilingual-e5-small"
# The steps of a search, and the methods that do them; what is left is called "fuse".
_STEPS: dict[str, tuple[type, str]] = {
    "encode": (Encoder, "encode_question"),
    "dense": (Vectors, "score"),
    "lexical": (Lexical, "score"),
    "late": (Late, "match"),
    "sentences": (PassageIndex, "read_sentences"),
}


def main(task: str, work: Path) -> None:
    """Measure and print."""
    encoder = open_encoder(_MODEL, work / "models")
    if task == "index":
        result = _index(encoder, work)
    else:
        index = FolderStore(work / "index").open(encoder.name, "public")
        questions = [json.loads(line) for line in (work / "questions.jsonl").open(encoding="utf-8")]
        retrieve(questions[0]["query"], index, encoder)
        load = time.perf_counter() - START
        result = {"load": load, **(_search if task == "search" else _time_steps)(questions, index, encoder)}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**result, "memory": memory}))


def _index(encoder: Encoder, work: Path) -> dict[str, float]:
    start = time.perf_counter()
    source = work / "source"
    reading = read_source(str(source), choose_layout(source))
    built = build_index(reading, str(source), encoder, work / "index")
    FolderStore(work / "index").promote(built.version)
    return {"index": time.perf_counter() - start, "texts": built.passages.total}


def _search(questions: list[dict[str, str]], index: Index, encoder: Encoder) -> dict[str, object]:
    seconds, fused, dense = [], {}, {}
    for question in questions:
        start = time.perf_counter()
        hits = retrieve(question["query"], index, encoder)
        seconds.append(time.perf_counter() - start)
        fused[question["id"]] = [hit.sheet.id for hit in hits]
    for question in questions:
        # What the vector of the best passage alone says: the signal that the peer has.
        hits = retrieve(question["query"], index, encoder, weights={"dense passage": 1.0})
        dense[question["id"]] = [hit.sheet.id for hit in hits]
    return {"seconds": seconds, "fused": fused, "dense": dense}


def _time_steps(questions: list[dict[str, str]], index: Index, encoder: Encoder) -> dict[str, object]:
    spent = dict.fromkeys(_STEPS, 0.0)
    for step, (owner, method) in _STEPS.items():
        setattr(owner, method, _watch(getattr(owner, method), step, spent))
    start = time.perf_counter()
    for question in questions:
        retrieve(question["query"], index, encoder)
    total = time.perf_counter() - start
    spent["fuse"] = total - sum(spent.values())
    return {"steps": {step: seconds / len(questions) for step, seconds in spent.items()}}


def _watch(method: Callable[..., object], step: str, spent: dict[str, float]) -> Callable[..., object]:
    @functools.wraps(method)
    def watched(*arguments: object, **options: object) -> object:
        start = time.perf_counter()
        result = method(*arguments, **options)
        spent[step] += time.perf_counter() - start
        return result

    return watched


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
