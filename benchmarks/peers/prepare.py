"""Writes what the measured processes read: `prepare.py WORK TABLE SET CACHE`.

A process of its own: the memory of whoever starts a process counts in the peak that the system reports of it.
"""

import csv
import json
import re
import sys
from pathlib import Path

from assistant.evaluation.judged_set import read_set
from index.build import split_reading
from index.encoding.bundled import NAME, prepare_bundled_model
from index.encoding.encoder import open_encoder
from index.passages import indexed_text
from ingest.choice import choose_layout
from ingest.source import read_source


def main(work: Path, table: Path, judged: Path, cache: Path) -> None:
    """The sheets, the questions and the model, as each side takes them."""
    base = prepare_bundled_model(cache / NAME)  # without the adapter: the peer has the model as published
    (work / "model").symlink_to(base.resolve(), target_is_directory=True)
    models = cache / "models"
    open_encoder(NAME, models)  # written before anything is timed
    (work / "models").symlink_to(models.resolve(), target_is_directory=True)
    (work / "source").mkdir()
    (work / "source" / table.name).write_bytes(table.read_bytes())
    reading = read_source(str(work / "source"), choose_layout(work / "source"))
    passages = split_reading(reading)["public"]
    _write(work / "questions.jsonl", [{"id": each.id, "query": each.query} for each in read_set(judged).questions])
    _write(work / "raw.jsonl", _read_raw(table))
    _write(work / "passages.jsonl", [{"sheet": each.sheet, "text": indexed_text(each)} for each in passages])


def _read_raw(table: Path) -> list[dict[str, str]]:
    """Each row as LangChain's CSVLoader writes it, a line a column, with its sheet's id."""
    text = table.read_text(encoding="utf-8-sig")
    dialect = csv.Sniffer().sniff(text.splitlines()[0], delimiters=",;\t")
    rows = []
    for row in csv.DictReader(text.splitlines(keepends=True), dialect=dialect):
        number = re.match(r"\d+", row["PDF FILE NAME"])
        if number:
            lines = [f"{name}: {value}" for name, value in row.items() if value]
            rows.append({"sheet": number[0], "text": "\n".join(lines)})
    return rows


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
