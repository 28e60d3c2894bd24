"""Verification of many answers: how many quotes are verbatim, figures proved, and passages forbidden to the reader.

Run: python -m benchmarks.verification DIR [--as public|member] [--limit N], with the settings of `assistant`; DIR is
laid out as an evaluation set. With ASSISTANT_LLM the language model writes, and what it had wrong is counted too.
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.answers.answer import Answer
from assistant.assembly.knowledge import assemble
from assistant.checks.verification import find_faults
from assistant.pipeline import Knowledge, answer, answer_turns
from assistant.settings import read_settings


def read_rows(folder: Path, limit: int | None) -> list[dict[str, Any]]:
    """The first rows of each file of a set."""
    files = [path.read_text(encoding="utf-8").splitlines()[:limit] for path in sorted(folder.glob("*.jsonl"))]
    return [json.loads(line) for lines in files for line in lines]


async def ask_all(rows: Sequence[dict[str, Any]], knowledge: Knowledge) -> list[Answer]:
    """The answers to all questions and to all turns of the conversations."""
    given: list[Answer] = []
    for row in rows:
        turns = [turn["user"] for turn in row.get("turns", [])]
        given += await answer_turns(turns, knowledge) if turns else [await answer(row["query"], knowledge)]
    return given


def main() -> None:
    """Ask, verify, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as", dest="reader", choices=("public", "member"), default="public")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    access = "members" if options.reader == "member" else "public"
    knowledge = assemble(read_settings(), access)
    answers = asyncio.run(ask_all(read_rows(options.folder, options.limit), knowledge))
    notes = knowledge.notes.library().notes.values()
    faults = Counter(fault.reason for each in answers for fault in find_faults(each, knowledge.index, notes))
    citations = [citation for each in answers for citation in each.citations]
    print(f"{len(answers)} answers: {dict(Counter(f'{each.mode}/{each.kind}' for each in answers))}")
    print(f"{len(citations)} citations: {dict(Counter(citation.access for citation in citations))}")
    wrong = faults["quote not verbatim"] + faults["not the quote"]
    print(f"quotes not verbatim {wrong}, figures unproved {faults['figure unproved']}, all faults {dict(faults)}")
    print(f"passages that the reader may not read: {faults['unknown passage']}")
    corrected = sum("confirmaient pas" in each.answer for each in answers)
    print(f"answers with a sentence of the language model left out or replaced: {corrected}")


if __name__ == "__main__":
    main()
