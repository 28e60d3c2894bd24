"""The answers to the judged questions on the real sheets: several tests look at them, each is asked once."""

import asyncio
import logging
from collections.abc import Sequence

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
