"""Writer: what the pipeline asks of a language model."""

from collections.abc import AsyncGenerator
from typing import Protocol

from assistant.answers.draft import Draft
from assistant.llm.brief import Brief
from index.opened import Index


class ModelFailed(Exception):
    """The language model did not answer, or too slowly."""


class ModelUnfounded(Exception):
    """Nothing of what the language model wrote was proved by the passages."""


class Writer(Protocol):
    """A language model that writes answers, and follow-ups in words that stand alone."""

    @property
    def prompt_name(self) -> str:
        """The prompts' names and versions."""

    @property
    def is_down(self) -> bool:
        """Whether the last call to the model failed."""

    def write(self, brief: Brief, index: Index, contact: str, language: str) -> AsyncGenerator[str | Draft, None]:
        """Proved statements as they come, then the whole draft; or raise ModelFailed or ModelUnfounded."""

    async def rewrite(self, turns: str, question: str) -> str:
        """A question in words that stand alone, or raise ModelFailed."""
