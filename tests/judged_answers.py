"""The answers to the judged questions on the real sheets: several tests look at them, each is asked once."""

import asyncio
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.answers.answer import Answer
from assistant.pipeline import Knowledge, answer_turns


class JudgedAnswers(logging.Handler):
    """Asks questions that follow one another, and keeps their answers and what the product logged meanwhile."""

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__(logging.WARNING)
        self._knowledge = knowledge
        self._given: dict[tuple[str, ...], list[Answer]] = {}
        self.logged: list[str] = []

    def ask(self, questions: Sequence[str]) -> list[Answer]:
        """The answers to questions of one conversation."""
        key = tuple(questions)
        if key not in self._given:
            logger = logging.getLogger("assistant")
            logger.addHandler(self)
            try:
                self._given[key] = asyncio.run(answer_turns(questions, self._knowledge))
            finally:
                logger.removeHandler(self)
        return self._given[key]

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is logged."""
        self.logged.append(record.getMessage())


def ask_all(folder: Path, judged: JudgedAnswers) -> list[Answer]:
    """The answers to all the questions of a judged set."""

    def rows(name: str) -> list[dict]:
        return [json.loads(line) for line in (folder / f"{name}.jsonl").open(encoding="utf-8")]

    names = ("queries", "facts", "filters", "out_of_scope")
    asked = [[row["query"]] for name in names for row in rows(name)]
    asked += [[turn["user"] for turn in row["turns"]] for row in rows("conversations")]
    return [given for questions in asked for given in judged.ask(questions)]
