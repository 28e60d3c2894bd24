"""Checks: the sets that an adapter is judged on, none of whose questions it is trained on."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.ranking import Judged
from index.training.pairs import strip_sheet
from ingest.choice import choose_layout
from ingest.sheet import Block, Section, Sheet
from ingest.source import read_source

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
QUESTIONS = Path(__file__).parent / "questions"
_KEPT_APART = 0.15  # of sheets, methods and PIAF articles


@dataclass(frozen=True)
class Check:
    """Questions asked to a collection of sheets; collections with the same name hold the same sheets."""

    name: str
    collection: str
    sheets: tuple[Sheet, ...]
    questions: tuple[Judged, ...]


def is_kept_apart(name: str) -> bool:
    """Whether a sheet, a method or an article is for checking: decided by its name, so that it stays so."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 100 < 100 * _KEPT_APART


def read_collection(folder: Path) -> list[Sheet]:
    """The sheets of a folder, pages about the centre left out."""
    return read_source(str(folder), choose_layout(folder)).practices


def read_written(name: str) -> list[tuple[str, str]]:
    """Questions written for training, each with the id of its sheet."""
    lines = (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(row["question"], str(row["sheet"])) for row in rows]


def read_checks() -> list[Check]:
    """Every check, the largest collection last."""
    own, methods = tuple(read_collection(ROOT / "sheets")), tuple(read_collection(SHARED / "corpus/multibao-methods"))
    checks = [
        Check("own sheets kept apart", "own", own, _ask_written("sheets")),
        Check("methods kept apart", "methods", methods, _ask_written("methods")),
        _read_bare(),
        _read_dev(),
    ]
    return [*checks, *read_piaf()]


def _ask_written(name: str) -> tuple[Judged, ...]:
    return tuple(Judged(text, {sheet: 1}) for text, sheet in read_written(name) if is_kept_apart(sheet))


def _read_dev() -> Check:
    sheets = tuple(read_collection(SHARED / "corpus/decider-ensemble/csv"))
    lines = (SHARED / "eval/dev/queries.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return Check("eval/dev", "dev", sheets, tuple(Judged(row["query"], row["relevant"]) for row in rows))


def _read_bare() -> Check:
    """The titles of the 101 sheets must find them by their text alone."""
    sheets = read_collection(SHARED / "corpus/decider-ensemble/csv")
    asked = tuple(Judged(sheet.title, {sheet.id: 1}) for sheet in sheets)
    return Check("titles find bare text", "bare", tuple(map(strip_sheet, sheets)), asked)


def read_piaf() -> list[Check]:
    """The first 1 000 questions of bench/piaf, and questions on articles kept apart from training."""
    sheets, questions, articles = read_piaf_whole()
    first = {articles[sheet] for question in questions[:1000] for sheet in question.grades}
    apart = [
        question
        for question in questions[1000:]
        if all(articles[sheet] not in first and is_kept_apart(articles[sheet]) for sheet in question.grades)
    ]
    chance = random.Random(0)  # noqa: S311 - nothing secret
    return [
        Check("bench/piaf, first 1 000", "piaf", sheets, tuple(questions[:1000])),
        Check("PIAF articles kept apart", "piaf", sheets, tuple(chance.sample(apart, min(200, len(apart))))),
    ]


def read_piaf_training() -> list[tuple[str, Sheet]]:
    """Questions and passages of PIAF that no check asks about, by article."""
    sheets, questions, articles = read_piaf_whole()
    first = {articles[sheet] for question in questions[:1000] for sheet in question.grades}
    by_id = {sheet.id: sheet for sheet in sheets}
    return [
        (question.question, by_id[sheet])
        for question in questions[1000:]
        for sheet in list(question.grades)[:1]
        if not any(articles[each] in first or is_kept_apart(articles[each]) for each in question.grades)
    ]


def read_piaf_whole() -> tuple[tuple[Sheet, ...], Sequence[Judged], Mapping[str, str]]:
    """The passages as sheets, the questions in their order, and the article of each passage."""
    folder = SHARED / "bench/piaf"
    passages = [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, passage, score = line.split("\t")
        grades.setdefault(query, {})[passage] = int(score)
    sheets = tuple(_as_sheet(row["_id"], row["title"], row["text"]) for row in passages)
    articles = {row["_id"]: row["title"] for row in passages}
    return sheets, [Judged(row["text"], grades[row["_id"]]) for row in queries], articles


def _as_sheet(name: str, title: str, text: str) -> Sheet:
    blocks = tuple(Block(text=line) for line in text.split("\n") if line.strip())
    return Sheet(id=name, title=title, sections=(Section(key="presentation", title="", blocks=blocks),))
