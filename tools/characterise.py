"""Characterise: what is read of every judged question, and how it is answered, in a file that a test compares.

Each move of the code then shows what it changes. The file holds ids of questions, never their words:

    python -m tools.characterise ../shared/eval/dev ../shared/eval/dev2            what differs from the file
    python -m tools.characterise ../shared/eval/dev ../shared/eval/dev2 --write    make it anew
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.answers.answer import Answer
from assistant.assembly.knowledge import assemble
from assistant.pipeline import Knowledge, answer_turns
from assistant.reading.read import read_question
from assistant.reading.reading import Turn
from assistant.settings import ROOT, Settings

FILE = ROOT / "tests" / "data" / "characterisation.jsonl"
_SETS = ("queries", "facts", "out_of_scope", "filters", "counts", "answers", "conversations")
_SHEETS = 5

Line = dict[str, object]
Ask = Callable[[Sequence[str]], Sequence[Answer]]


def characterise(folders: Sequence[Path], knowledge: Knowledge, ask: Ask | None = None) -> Iterator[Line]:
    """A line for each question of these judged sets, turns of conversations included, in their order.

    `ask` answers the questions of one conversation, where somebody keeps the answers.
    """
    asking = ask or (lambda questions: asyncio.run(answer_turns(questions, knowledge)))
    for folder in folders:
        for name in _SETS:
            path = folder / f"{name}.jsonl"
            for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
                judged = json.loads(line)
                turns = [turn["user"] for turn in judged["turns"]] if "turns" in judged else [judged["query"]]
                yield from _follow(f"{folder.name}/{name}/{judged['id']}", turns, knowledge, asking)


def _follow(name: str, questions: Sequence[str], knowledge: Knowledge, ask: Ask) -> Iterator[Line]:
    """A line for each question of one conversation."""
    history: list[Turn] = []
    for row, (question, told) in enumerate(zip(questions, ask(questions), strict=True), start=1):
        own = name if len(questions) == 1 else f"{name}.{row}"
        yield {"id": own, "reading": _read(question, history, knowledge), **_tell(told)}
        history.append(told.as_turn(question))


def _read(question: str, history: Sequence[Turn], knowledge: Knowledge) -> Line:
    """What is read of a question, without what holds nothing."""
    reading = read_question(question, history, knowledge.index)
    said, form = reading.understood, reading.form
    read = {
        "declined": reading.declined,
        "link": reading.link,
        "unclear": reading.unclear,
        "single": reading.single,
        "only": list(reading.only),
        "filters": said.filters.to_json(),
        "asker": said.asker.to_json(),
        "places": [f"{place.name}{' +' if place.near else ''}" for place in said.places],
        "inhabitants": list(said.population_range or ()),
        "online": said.online,
        "bounds": list(said.bounds),
        "language": said.language,
        "comparison": form.comparison,
        "method": form.method,
        "card": form.card,
        "counted": form.counted is not None,
        "listed": form.listed is not None,
        "asked": reading.fact.quantity if reading.fact else None,
    }
    return {key: value for key, value in read.items() if value not in (None, False, [], {}, "fr", "new")}


def _tell(told: Answer) -> Line:
    """How it was answered."""
    return {
        "form": told.kind,
        "reason": told.reason,
        "sheets": list(told.sheets[:_SHEETS]),
        "cited": list(told.shown[:_SHEETS]),
        "listed": len(told.listed),
    }


def read_file(path: Path = FILE) -> dict[str, Line]:
    """The lines of the file by the id of their question."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {line["id"]: line for line in lines}


def compare(known: dict[str, Line], now: Sequence[Line]) -> list[str]:
    """What differs, a line for each value of each question: id, what it is, what it was, what it is now."""
    told = []
    for line in now:
        before = known.get(str(line["id"]), {})
        pairs = [(key, before.get(key), line.get(key)) for key in line if key not in ("id", "reading")]
        old, new = before.get("reading", {}), line["reading"]
        assert isinstance(old, dict)
        assert isinstance(new, dict)
        pairs += [(f"reading.{key}", old.get(key), new.get(key)) for key in sorted({*old, *new})]
        told += [f"{line['id']} {key}: {was} -> {became}" for key, was, became in pairs if was != became]
    return told


def main() -> None:
    """Compare with the file, or write it."""
    folders = [Path(argument) for argument in sys.argv[1:] if argument != "--write"]
    lines = list(characterise(folders, assemble(Settings(), "public")))
    if "--write" in sys.argv:
        FILE.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    else:
        print("\n".join(compare(read_file(), lines)) or "Nothing differs.")


if __name__ == "__main__":
    main()
