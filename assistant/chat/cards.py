"""Cards: the sheets that an answer cites, each once, with what opens them and where they stand on the map."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.answer import Answer
from assistant.answers.draft import Citation
from assistant.answers.kinds.registry import is_exact
from assistant.catalogue.france import FRAMES, name_mark, place_marks
from assistant.catalogue.links import sheet_path
from assistant.catalogue.selection import Selection
from assistant.wording import describe_place
from index.opened import Index
from ingest.sheet import Frozen, Sheet


class Cited(Frozen):
    """What a mark "[n]" opens: a sentence of a passage."""

    n: int
    passage: str
    quote: str
    page: int | None


class Card(Frozen):
    """A sheet as a card; `path` is that of its own page, "" when it has none."""

    sheet: str
    title: str
    organisation: str
    place: str
    year: str
    prize: str
    path: str
    cited: tuple[Cited, ...]


class Pin(Frozen):
    """A place on the map of an answer. `sheets` are those there, which `path` shows on a page."""

    x: float
    y: float
    radius: float
    name: str
    sheets: tuple[str, ...]
    titles: tuple[str, ...]
    path: str


class FrameName(Frozen):
    """The name of a part of the map and where it is written."""

    name: str
    x: float
    y: float


class Cards(Frozen):
    """The cards of an answer, its map, and whether the text shows the sheets so that the cards stay folded."""

    kind: str
    folded: bool
    cards: tuple[Card, ...]
    pins: tuple[Pin, ...]
    frames: tuple[FrameName, ...]
    off_map: int  # sheets that have no place on the map


_FRAMES = tuple(
    FrameName(name=frame.name, x=frame.x + frame.width / 2, y=frame.y + frame.height + 15)
    for frame in FRAMES
    if frame.name
)


def list_cards(answer: Answer, index: Index) -> Cards:
    """The sheets that the text cites, in its order. A list is drawn whole on the map, even where its text stops."""
    cards = tuple(_make_card(sheet, answer.citations, index) for sheet in answer.shown)
    drawn = [sheet for sheet in map(index.find_sheet, answer.listed or answer.shown) if sheet]
    practices = [sheet for sheet in drawn if sheet.kind == "practice"]
    pins = _place_pins(practices)
    return Cards(
        kind=answer.kind,
        folded=is_exact(answer.kind),
        cards=cards,
        pins=pins,
        frames=_FRAMES,
        off_map=len(practices) - sum(len(pin.sheets) for pin in pins),
    )


def _make_card(sheet_id: str, citations: Sequence[Citation], index: Index) -> Card:
    cited = [citation for citation in citations if citation.sheet == sheet_id]
    marks = tuple(Cited(n=each.n, passage=each.passage, quote=each.quote, page=each.page) for each in cited)
    sheet = index.find_sheet(sheet_id)
    if sheet is None:
        return Card(
            sheet=sheet_id, title=cited[0].title, organisation="", place="", year="", prize="", path="", cited=marks
        )
    return Card(
        sheet=sheet.id,
        title=sheet.title,
        organisation=sheet.organisation,
        place=describe_place(sheet),
        year=sheet.edition,
        prize=sheet.prize,
        path=sheet_path(sheet.id) if sheet.kind == "practice" else "",
        cited=marks,
    )


def _place_pins(sheets: Sequence[Sheet]) -> tuple[Pin, ...]:
    return tuple(
        Pin(
            x=mark.x,
            y=mark.y,
            radius=mark.radius,
            name=name_mark(mark),
            sheets=tuple(sheet.id for sheet in mark.sheets),
            titles=tuple(sheet.title for sheet in mark.sheets),
            path=sheet_path(mark.sheets[0].id)
            if len(mark.sheets) == 1
            else Selection(communes=mark.communes).address(),
        )
        for mark in place_marks(sheets)
    )
