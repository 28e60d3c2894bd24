"""Batches: files of questions that a command asks one after the other."""

import json
from pathlib import Path
from typing import Any

from ingest.refusal import Refusal, explain_os_error


class BatchWrong(Refusal):
    """A file of questions cannot be used."""


def read_batch(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file, each with an id and a query or turns, or raise BatchWrong with the line."""
    rows = []
    for number, row in read_lines(path):
        if "id" not in row or not ({"query", "turns"} & row.keys()):
            raise BatchWrong(f'{path}, ligne {number} : il faut un objet avec "id" et "query" (ou "turns").')
        rows.append(row)
    return rows


def read_lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file, each with the number of its line, or raise BatchWrong."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BatchWrong(f"Fichier de questions {str(path)!r} illisible : {_explain_unread(error)}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BatchWrong(f"{path}, ligne {number} : ce n'est pas du JSON ({error}).") from error
        if not isinstance(row, dict):
            raise BatchWrong(f"{path}, ligne {number} : il faut un objet JSON, entre accolades.")
        rows.append((number, row))
    return rows


def _explain_unread(error: OSError | UnicodeDecodeError) -> str:
    return explain_os_error(error) if isinstance(error, OSError) else "ce n'est pas du texte en UTF-8"


def question_of(row: dict[str, Any]) -> str:
    """The question of a row."""
    return str(row.get("query", ""))
