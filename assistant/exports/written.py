"""Written: an answer with all that goes with it outside of the chat, whatever draws it: a page, a file, a link."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers.answer import Answer
from assistant.exports.sources import Source, find_sources
from assistant.wording import (
    NOTE_AUTOMATIC,
    NOTE_CENTRE,
    NOTE_DATED,
    NOTE_MEMBERS,
    NOTE_ONLY_HERE,
    NOTE_WRITTEN,
    describe_filters,
)
from index.filters import Filters
from index.opened import Index


@dataclass(frozen=True)
class Written:
    """A question and its answer (Markdown) with the sheets that it cites; `understood` are the filters, in words.

    `limits` (Markdown) say what it is worth. `version` is that of the sheets that answered.
    """

    question: str
    answer: Answer
    understood: str
    sources: tuple[Source, ...]
    limits: tuple[str, ...]
    version: str


def write_down(question: str, answer: Answer, index: Index, version: str = "") -> Written:
    """An answer of this index, or of an earlier `version` whose sheets are looked up in this one."""
    return Written(
        question=question,
        answer=answer,
        understood=describe_filters(Filters.model_validate(answer.filters), index.manifest),
        sources=find_sources(answer.citations, answer.answer, index),
        limits=tuple(list_limits([answer])),
        version=version or index.manifest.version,
    )


def list_limits(answers: list[Answer]) -> list[str]:
    """What one must know before one takes these answers over."""
    modes = {answer.mode for answer in answers}
    members = any(citation.access == "members" for answer in answers for citation in answer.citations)
    told = (
        (members, NOTE_MEMBERS),
        ("llm" in modes, NOTE_WRITTEN),
        ("extractive" in modes, NOTE_AUTOMATIC),
        (any(answer.notes for answer in answers), NOTE_CENTRE),
        (True, NOTE_DATED),
        (True, NOTE_ONLY_HERE),
    )
    return [limit for holds, limit in told if holds]
