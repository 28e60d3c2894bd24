"""Search: what is sought becomes hits, among the sheets, those of the answer before, or the pages about the centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.computing import compute
from assistant.dialogue.conversation import Standalone, make_standalone
from assistant.llm.model import LanguageModel
from assistant.question import is_surely_about_centre, may_be_about_centre, tidy_question
from index.filters import Filters
from index.opened import Index
from index.ranking.retrieval import Hit, retrieve

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

_HITS = 10


@dataclass(frozen=True)
class Knowledge:
    """What an answer is made from, for readers of one access."""

    index: Index
    encoder: Encoder
    model: LanguageModel | None
    contact: str


def find_hits(question: str, knowledge: Knowledge, filters: Filters | None = None, k: int = _HITS) -> list[Hit]:
    """The hits of a question that follows none, best first."""
    return find_sought(make_standalone(tidy_question(question), (), knowledge.index), knowledge, filters, k)


def find_sought(sought: Standalone, knowledge: Knowledge, filters: Filters | None = None, k: int = _HITS) -> list[Hit]:
    """The hits of what is sought, best first. Pages about the centre stand among them only when they are asked for."""
    if sought.only:
        return _search_shown(sought, knowledge, filters, k)
    pages = filters is None and sought.link == "new" and may_be_about_centre(sought.question)
    hits = _retrieve(sought, knowledge, filters, k, pages=pages)
    asked_page = bool(hits) and (hits[0].sheet.kind == "page" or is_surely_about_centre(sought.question))
    if not pages or asked_page:
        return sorted(hits, key=lambda hit: hit.sheet.kind != "page") if asked_page else hits
    return [hit for hit in hits if hit.sheet.kind == "practice"]


def _search_shown(sought: Standalone, knowledge: Knowledge, filters: Filters | None, k: int) -> list[Hit]:
    """The sheets that the question is surely about, in the order in which they were shown, then the others of then."""
    shown = dict.fromkeys((*sought.only, *sought.favoured))
    hits = _retrieve(sought, knowledge, filters, len(shown), pages=True, only=tuple(shown))
    order = {sheet: row for row, sheet in enumerate(shown)}
    return sorted(hits, key=lambda hit: order[hit.sheet.id])[:k]


def _retrieve(
    sought: Standalone,
    knowledge: Knowledge,
    filters: Filters | None,
    k: int,
    *,
    pages: bool,
    only: tuple[str, ...] = (),
) -> list[Hit]:
    return compute(
        retrieve,
        sought.asked,
        knowledge.index,
        knowledge.encoder,
        filters,
        k,
        pages=pages,
        understood=sought.understood,
        favoured=sought.favoured,
        context=sought.context,
        only=only,
    )
