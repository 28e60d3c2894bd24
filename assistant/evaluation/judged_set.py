"""Reads a judged set from a folder, laid out as `eval/dev` or as BEIR (Thakur et al. 2021, arXiv:2104.08663)."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError

from assistant.evaluation.judged import (
    JudgedConversation,
    JudgedFact,
    JudgedFilters,
    JudgedQuestion,
    JudgedRow,
    JudgedSet,
    OutOfScope,
)
from assistant.validation.messages import explain_error
from ingest.refusal import Refusal, explain_os_error
from ingest.sheet import Block, Section, Sheet

_CORPUS = "corpus.jsonl"  # what a folder in BEIR's layout has and the others lack
_GRADES = ("qrels.tsv", "qrels/test.tsv")

Row = TypeVar("Row", bound=JudgedRow)


class SetWrong(Refusal):
    """A judged set cannot be read; the message says which file, which line and why, in French."""


class _BeirText(JudgedRow):
    id: str = Field(alias="_id")
    title: str = ""
    text: str = ""


def read_set(folder: Path, limit: int | None = None) -> JudgedSet:
    """The set in a folder, or raise SetWrong; with `limit`, only the first questions of each file."""
    digest = hashlib.sha256(str(limit).encode())
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".jsonl", ".tsv")):
        digest.update(path.read_bytes())
    judged = _read_folder(folder, limit, digest.hexdigest())
    if judged.count == 0:
        raise SetWrong(
            f"{str(folder)!r} n'est pas un jeu de questions jugées : il y faut au moins un fichier, queries.jsonl, "
            "conversations.jsonl, facts.jsonl, filters.jsonl ou out_of_scope.jsonl."
        )
    return judged


def _read_folder(folder: Path, limit: int | None, digest: str) -> JudgedSet:
    named = JudgedSet(name=folder.resolve().name, digest=digest)
    if (folder / _CORPUS).is_file():
        corpus = tuple(_make_sheet(text) for text in _read_rows(folder / _CORPUS, _BeirText) if text.title or text.text)
        return named.model_copy(update={"questions": _read_beir_questions(folder)[:limit], "corpus": corpus})
    return named.model_copy(
        update={
            "questions": _read_rows(folder / "queries.jsonl", JudgedQuestion)[:limit],
            "conversations": _read_rows(folder / "conversations.jsonl", JudgedConversation)[:limit],
            "facts": _read_rows(folder / "facts.jsonl", JudgedFact)[:limit],
            "filters": _read_rows(folder / "filters.jsonl", JudgedFilters)[:limit],
            "out_of_scope": _read_rows(folder / "out_of_scope.jsonl", OutOfScope)[:limit],
        }
    )


def _make_sheet(text: _BeirText) -> Sheet:
    """A text of BEIR as a sheet of one section, a paragraph a line."""
    lines = [line.strip() for line in (text.text or text.title).splitlines() if line.strip()]
    section = Section(key="texte", title="", blocks=tuple(Block(text=line) for line in lines))
    return Sheet(id=text.id, title=text.title, sections=(section,))


def _read_beir_questions(folder: Path) -> tuple[JudgedQuestion, ...]:
    """The questions that have a relevant text, with its grade."""
    grades: dict[str, dict[str, int]] = {}
    for question, text, grade in _read_grades(folder):
        if grade > 0:
            grades.setdefault(question, {})[text] = grade
    rows = _read_rows(folder / "queries.jsonl", _BeirText)
    return tuple(JudgedQuestion(id=row.id, query=row.text, relevant=grades[row.id]) for row in rows if row.id in grades)


def _read_grades(folder: Path) -> Iterator[tuple[str, str, int]]:
    path = next((folder / name for name in _GRADES if (folder / name).is_file()), None)
    if path is None:
        raise SetWrong(f"{str(folder)!r} a un fichier {_CORPUS}, mais ni {' ni '.join(_GRADES)}.")
    for number, line in _read_lines(path):
        question, _, rest = line.partition("\t")
        text, _, grade = rest.partition("\t")
        if grade.strip().removeprefix("-").isdigit():
            yield question, text, int(grade)
        elif number > 1:  # the first line may name the columns
            raise SetWrong(f"{path}, ligne {number} : il faut question, texte et note, séparés par des tabulations.")


def _read_rows(path: Path, kind: type[Row]) -> tuple[Row, ...]:
    """The lines of a JSONL file; none when there is no such file."""
    if not path.is_file():
        return ()
    return tuple(_parse(path, number, line, kind) for number, line in _read_lines(path))


def _read_lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise SetWrong(f"{path} : ce fichier n'est pas en UTF-8.") from error
    except OSError as error:
        raise SetWrong(f"{path} : {explain_os_error(error)}.") from error
    yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _parse(path: Path, number: int, line: str, kind: type[Row]) -> Row:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        where = f", champ {field!r}" if field else ""
        raise SetWrong(f"{path}, ligne {number}{where} : {explain_error(first)}.") from error
