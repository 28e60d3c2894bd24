"""100 thousand passages in files and in PostgreSQL: time to build and to search, recall, size, memory.

Run as `python -m benchmarks.postgresql_scale`, with `--help` for its options. Passages are made by `scale_corpus.py`,
ten a sheet; the questions are PIAF's. Each place is searched with everything, and with filters that accept a tenth and
a hundredth of the passages. Prints a JSON value.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from psycopg.sql import SQL

from benchmarks.postgresql import RankedWords, open_server, rank_otherwise, summarise
from benchmarks.scale_corpus import Grown, Seeds, embed, grow, read_pieces, write_texts
from benchmarks.scale_search import FILTERS, choose_accepted
from index.encoding.bundled import NAME
from index.encoding.encoder import Encoded, Encoder, open_encoder
from index.manifest import Manifest
from index.opened import Index
from index.passage_index import PassageIndex
from index.ranking.retrieval import retrieve
from index.sheet_index import SheetIndex
from index.signals.late import Late, TokenStatistics
from index.signals.lexical import Lexical
from index.signals.vectors import Vectors
from index.storage.folder_store import FolderStore
from index.storage.postgresql.connection import Database
from index.storage.postgresql.passages import StoredPassages
from index.storage.postgresql.publish import publish
from index.storage.postgresql.store import PostgresqlStore
from index.storage.postgresql.tables import passages_table
from index.version_folder import new_version_name, write_version
from ingest.passage import Passage
from ingest.sheet import Sheet

_A_SHEET = 10  # passages
_QUESTIONS = 200
_K = 10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="real texts and questions")
    parser.add_argument("--data", type=Path, default=Path("var"), help="data directory, for the model")
    parser.add_argument("--pieces", type=int, default=3000, help="real pieces of text to start from")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the version in files is written, or stands already")
    parser.add_argument("--full-text", action="store_true", help="also time PostgreSQL's own ranking of words")
    options = parser.parse_args()
    encoder = open_encoder(NAME, options.data / "models")
    seeds, asked = _prepare(options.shared, encoder, options.pieces)
    encoded = [encoder.encode_question(question) for question in asked]
    grown = grow(seeds.vectors, options.passages)
    report: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder, open_server() as url:
        files, stored = FolderStore(options.folder or Path(folder)), PostgresqlStore(url, url, url)
        start = time.perf_counter()
        version = files.current()
        if version is None:
            files.promote(version := _write(files.index_dir, grown, seeds, encoder))
            report["files build s"] = round(time.perf_counter() - start, 1)
        report["files MB"] = round(sum(path.stat().st_size for path in files.index_dir.rglob("*.*")) / 1e6)
        _show(report)
        start = time.perf_counter()
        publish(Database(url), files.index_dir / version)
        report["postgresql publish s"] = round(time.perf_counter() - start, 1)
        report["postgresql MB"] = _measure_tables(Database(url), version)
        start = time.perf_counter()
        stored.verify(version)
        _show(report)
        report["postgresql verify s"] = round(time.perf_counter() - start, 1)
        indexes = {"files": files.open(encoder.name, "public", version)}
        start = time.perf_counter()
        indexes["postgresql"] = stored.open(encoder.name, "public", version)
        report["postgresql open s"] = round(time.perf_counter() - start, 1)
        for name, index in indexes.items():
            report[name] = measure(index, grown.vectors, asked, encoded, encoder)
            _show(report)
        report["overlap of the first ten"] = _compare(indexes["files"], indexes["postgresql"], asked, encoder)
        if options.full_text:
            _show(report)
            report["full text ms"] = _measure_full_text(indexes["postgresql"], Database(url), asked)
    print(json.dumps(report, indent=1))


def measure(
    index: Index, vectors: np.ndarray, asked: Sequence[str], encoded: Sequence[Encoded], encoder: Encoder
) -> dict[str, object]:
    """Milliseconds of each step, p50 and p95, and recall@10 of the vectors under each filter."""
    (part,) = index.parts
    report: dict[str, object] = {}
    for share in FILTERS:
        accepted = choose_accepted(len(part), share) if share < 1 else np.ones(len(part), dtype=bool)
        times, found = [], 0
        for each in encoded:
            nearest = _time(times, lambda: part.find_nearest(each.vector, 100, accepted))  # noqa: B023
            cosines = np.where(accepted, vectors @ each.vector, -1)
            found += len({*np.argpartition(-cosines, _K)[:_K].tolist()} & {*nearest.tolist()})
        report[f"nearest, {share:.0%} accepted"] = {**summarise(times), "recall10": round(found / _K / len(encoded), 4)}
    words: list[float] = []
    for question in asked:
        _time(words, lambda: part.score_words(question, ()))  # noqa: B023
    report["words"] = summarise(words)
    first: list[float] = []
    again: list[float] = []
    for times in (first, again):
        for question in asked:
            _time(times, lambda: retrieve(question, index, encoder))  # noqa: B023
    return report | {"whole search": summarise(first), "whole search, asked again": summarise(again)}


def _show(report: dict[str, object]) -> None:
    """What is known so far: the whole takes minutes."""
    print(json.dumps(report), file=sys.stderr)


def _prepare(shared: Path, encoder: Encoder, pieces: int) -> tuple[Seeds, list[str]]:
    passages, asked = (
        [json.loads(line)["text"] for line in (shared / "bench/piaf" / name).read_text("utf-8").splitlines()]
        for name in ("corpus.jsonl", "queries.jsonl")
    )
    sources = [str(shared / "corpus" / name) for name in ("decider-ensemble", "multibao-methods")]
    return embed(read_pieces(sources, passages, pieces), encoder), asked[:: len(asked) // _QUESTIONS][:_QUESTIONS]


def _write(index_dir: Path, grown: Grown, seeds: Seeds, encoder: Encoder) -> str:
    """Write a version of these passages, one sentence each, and of a sheet for every ten; its name."""
    texts = write_texts(seeds.texts, grown.parents)
    count, chosen = len(texts), grown.parents[:, 0].tolist()
    passages = [
        Passage(
            id=f"{row // _A_SHEET}/p/{row}", sheet=str(row // _A_SHEET), section="", heading="", order=row, text=text
        )
        for row, text in enumerate(texts)
    ]
    ids = [seeds.token_ids[row] for row in chosen]
    late = Late.build(
        [seeds.codes[row] for row in chosen], ids, TokenStatistics.measure(ids, np.arange(count)), seeds.codec
    )
    spans = np.array([(row, 0, len(text)) for row, text in enumerate(texts)], dtype=np.int32)
    index = PassageIndex(
        passages, Vectors.build(grown.vectors), Lexical.build(texts), late, spans, grown.vectors.astype(np.float16)
    )
    sheets = [Sheet(id=str(row // _A_SHEET), title=texts[row]) for row in range(0, count, _A_SHEET)]
    whole = Lexical.build([" ".join(texts[row : row + _A_SHEET]) for row in range(0, count, _A_SHEET)])
    manifest = Manifest(
        version=new_version_name(),
        created="",
        model=encoder.name,
        dimension=encoder.dimension,
        practices=len(sheets),
        pages=0,
        passages={"public": count, "members": 0},
    )
    with write_version(index_dir, manifest, manifest) as folder:
        index.save(folder / "public" / "passages")
        SheetIndex(sheets, Vectors.build(grown.vectors[::_A_SHEET]), whole).save(folder / "public" / "sheets")
    return manifest.version


def _measure_tables(database: Database, version: str) -> dict[str, int]:
    """Megabytes of the passages' table with what stands beside it, and of the index of its vectors."""
    name = passages_table("public", version).as_string()
    query = SQL(
        "SELECT pg_total_relation_size(t.oid), coalesce(sum(pg_relation_size(i.indexrelid)) FILTER "
        "(WHERE a.amname = 'hnsw'), 0) FROM pg_class t JOIN pg_index i ON i.indrelid = t.oid "
        "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
        "WHERE t.oid = %s::regclass GROUP BY t.oid"
    )
    ((everything, graph),) = database.read(query, [name])
    return {"passages": round(int(everything) / 1e6), "of which graph": round(int(graph) / 1e6)}


def _compare(one: Index, other: Index, asked: Sequence[str], encoder: Encoder) -> float:
    shares = []
    for question in asked:
        first, second = ({hit.sheet.id for hit in retrieve(question, index, encoder)} for index in (one, other))
        shares.append(len(first & second) / len(first))
    return round(float(np.mean(shares)), 4)


def _measure_full_text(index: Index, database: Database, asked: Sequence[str]) -> dict[str, dict[str, float]]:
    """Milliseconds to score the words as PostgreSQL's full text does."""
    (part,) = index.parts
    assert isinstance(part, StoredPassages)
    report = {}
    for name in rank_otherwise(index, database):
        if isinstance(part._words, RankedWords):
            times: list[float] = []
            for question in asked[:50]:
                _time(times, lambda: part.score_words(question, ()))  # noqa: B023
            report[name] = summarise(times)
    return report


def _time(times: list[float], work: Callable[[], np.ndarray | list[object]]) -> np.ndarray:
    start = time.perf_counter()
    result = work()
    times.append(time.perf_counter() - start)
    return np.asarray(result) if isinstance(result, np.ndarray) else np.zeros(0)


if __name__ == "__main__":
    main()
