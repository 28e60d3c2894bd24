"""Elements: what stands under an answer, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.answers.answer import Answer
from assistant.chat.cards import list_cards
from assistant.chat.counts import count_facets
from assistant.chat.suggestions import suggest
from assistant.wording import describe_filter
from index.filters import Filters
from index.manifest import Manifest
from index.opened import Index
from ingest.layout import Language


@dataclass(frozen=True)
class Element:
    """A component of `root/public/elements` and what it shows."""

    name: str
    props: dict[str, Any]


@dataclass(frozen=True)
class Asking:
    """How a question was asked: its place in the conversation, its language, the filters of the conversation."""

    question: str
    turn: int
    language: Language
    chosen: Filters


def list_elements(answer: Answer, asking: Asking, index: Index) -> list[Element]:
    """The sheets, how a list divides, what was understood, what may be asked next."""
    return list(_list_elements(answer, asking, index))


def _list_elements(answer: Answer, asking: Asking, index: Index) -> Iterator[Element]:
    if answer.citations:
        yield Element("Cards", list_cards(answer, index).model_dump(mode="json"))
    if facets := count_facets(answer, index):
        counted = [facet.model_dump(mode="json") for facet in facets]
        yield Element("Counts", {"turn": asking.turn, "facets": counted})
    if understood := _describe_understood(answer, asking, index.manifest):
        yield Element("Understood", understood)
    suggestions = [each.model_dump(mode="json") for each in suggest(answer, index, asking.language)]
    yield Element("Next", {"suggestions": suggestions})


def _describe_understood(answer: Answer, asking: Asking, manifest: Manifest) -> dict[str, Any]:
    """The filters that this question can do without, and those of the conversation."""
    every = Filters.model_validate(answer.filters)
    pairs = [(key, value) for key in every.stated for value in every.values(key)]
    own = [(key, value) for key, value in pairs if value not in asking.chosen.values(key)]
    within = [(key, value) for key in asking.chosen.stated for value in asking.chosen.values(key)]
    if not own and not within:
        return {}
    return {
        "turn": asking.turn,
        "filters": [{"key": key, "value": value, "label": describe_filter(key, value, manifest)} for key, value in own],
        "within": [describe_filter(key, value, manifest) for key, value in within],
    }
