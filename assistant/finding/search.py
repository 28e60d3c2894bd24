"""Search: what is read of a question becomes hits, among the sheets, those shown before, or the pages on the centre."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.finding.taught import read_asked, recall_sheets
from assistant.notes.shelf import Shelf, shipped_shelf
from assistant.process.computing import compute
from assistant.reading.read import read_question
from assistant.reading.reading import Reading
from index.filters import Filters
from index.opened import Index
from index.ranking.retrieval import Hit, retrieve

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

_RECALLED = 60  # sheets found among which those that like questions were answered by come up
HITS = 10  # sheets that are told as those found


@dataclass(frozen=True)
class Sources:
    """What an answer is made from, for readers of one access: the sheets, and the centre's `notes`.

    `contact` is whom to write to.
    """

    index: Index
    encoder: Encoder
    contact: str
    notes: Shelf = field(default_factory=shipped_shelf, kw_only=True)


def find_hits(
    question: str, sources: Sources, filters: Filters | None = None, k: int = HITS, *, taught: bool = True
) -> list[Hit]:
    """The hits of a question that follows none, best first; it is not `taught` when it is a name or a statement."""
    return search(read_question(question, (), sources.index), sources, filters, k, taught=taught)


def search(
    reading: Reading, sources: Sources, filters: Filters | None = None, k: int = HITS, *, taught: bool = True
) -> list[Hit]:
    """The hits of a question that was read, best first. Pages on the centre stand among them only when asked for.

    Where it is `taught`, sheets that labelled questions like it were answered by come up.
    """
    if reading.only:
        return _search_shown(reading, sources, filters, k)
    pages = filters is None and reading.link == "new" and bool(reading.centre)
    most = k + len(reading.left)
    hits = _retrieve(reading, sources, filters, max(most, _RECALLED) if taught else most, pages=pages)
    # No question on the centre was labelled: whether its page answers is told before sheets come up.
    asked_page = bool(hits) and (hits[0].sheet.kind == "page" or reading.centre == "surely")
    if taught:
        hits = recall_sheets(hits, read_asked(reading, sources.encoder, whole=True))
    if asked_page:
        hits = sorted(hits, key=lambda hit: hit.sheet.kind != "page")
    elif pages:
        hits = [hit for hit in hits if hit.sheet.kind == "practice"]
    return [hit for hit in hits if hit.sheet.id not in reading.left][:k]


def _search_shown(reading: Reading, sources: Sources, filters: Filters | None, k: int) -> list[Hit]:
    """The sheets that the question is surely about, in the order in which they were shown, then the others of then."""
    shown = dict.fromkeys((*reading.only, *reading.favoured))
    hits = _retrieve(reading, sources, filters, len(shown), pages=True, only=tuple(shown))
    order = {sheet: row for row, sheet in enumerate(shown)}
    return sorted(hits, key=lambda hit: order[hit.sheet.id])[:k]


def _retrieve(
    reading: Reading,
    sources: Sources,
    filters: Filters | None,
    k: int,
    *,
    pages: bool,
    only: tuple[str, ...] = (),
) -> list[Hit]:
    return compute(
        retrieve,
        reading.asked,
        sources.index,
        sources.encoder,
        filters,
        k,
        pages=pages,
        understood=reading.understood,
        favoured=reading.favoured,
        context=reading.context,
        only=only,
    )
