"""Review: a language model judges the doubtful statements of an answer, all in one call, by the passages they cite.

It can only confirm what is doubtful in meaning: figures, names and negation were compared before, and stay decided.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.checks.checker import Doubt
from assistant.llm.context import count_tokens
from assistant.llm.prompt import Prompt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_log = logging.getLogger(__name__)

_LONGEST_REPLY = 400  # tokens: a line a statement
_ANSWERS = ("oui", "non")


class Reviewer:
    """A chat model with the prompt by which it judges, the seconds that it has, and its context in tokens."""

    def __init__(self, chat: BaseChatModel, prompt: Prompt, timeout: float, context: int) -> None:
        self._chat, self._prompt, self._timeout, self._context = chat, prompt, timeout, context

    async def review(self, doubts: Sequence[Doubt]) -> frozenset[int]:
        """The rows of the statements that the model confirms: none of those that do not fit in its context, and none
        at all when it fails, is too slow, or answers anything but what was asked.
        """
        prompt, many = self._fill(doubts)
        if not many:
            return frozenset()
        try:
            written = await asyncio.wait_for(self._chat.ainvoke([("human", prompt)]), self._timeout)
        except Exception as error:  # noqa: BLE001 - every provider has its own errors; what is doubtful stays so
            _log.warning("The language model did not review %s statements: %s", many, type(error).__name__)
            return frozenset()
        return read_review(str(written.text), many)

    def _fill(self, doubts: Sequence[Doubt]) -> tuple[str, int]:
        """The prompt for the first of these statements, as many as fit, and how many they are."""
        mark = secrets.token_hex(4)  # no sheet can write it, and close a tag
        left = self._context - _LONGEST_REPLY - count_tokens(self._prompt.text)
        numbers: dict[tuple[str, str], int] = {}
        passages: list[str] = []
        statements: list[str] = []
        for row, doubt in enumerate(doubts, start=1):
            new = [each for each in dict.fromkeys(doubt.passages) if each not in numbers]
            known = numbers | {each: len(numbers) + at for at, each in enumerate(new, start=1)}
            cited = ", ".join(str(known[each]) for each in dict.fromkeys(doubt.passages))
            more = [_write_passage(known[each], each, mark) for each in new]
            stated = f'<phrase-{mark} numéro="{row}" passages="{cited}">\n{doubt.statement}\n</phrase-{mark}>'
            left -= sum(count_tokens(each) for each in (*more, stated))
            if left < 0:
                break
            numbers, passages, statements = known, passages + more, [*statements, stated]
        filled = self._prompt.fill(passages="\n\n".join(passages), statements="\n\n".join(statements), mark=mark)
        return filled, len(statements)


def _write_passage(number: int, passage: tuple[str, str], mark: str) -> str:
    heading, text = passage
    return f'<passage-{mark} numéro="{number}">\n{heading}\n{text}\n</passage-{mark}>'


def read_review(written: str, many: int) -> frozenset[int]:
    """The rows, from 0, of the statements that a review confirms; none when a line is not a number and yes or no, or
    when a number is told twice or is not one of those asked.
    """
    lines = [line.partition(":") for line in written.splitlines() if line.strip()]
    told = {number.strip(): answer.strip(" .").lower() for number, _, answer in lines}
    asked = set(map(str, range(1, many + 1)))
    if len(told) != len(lines) or not told.keys() <= asked or not set(told.values()) <= set(_ANSWERS):
        _log.warning("The language model's review of %s statements could not be read", many)
        return frozenset()
    return frozenset(int(number) - 1 for number, answer in told.items() if answer == "oui")
