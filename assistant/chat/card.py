"""The card of a sheet beside the chat: its public fields, with a quoted sentence marked."""

from typing import Any

from assistant.catalogue.links import ABOUT_SHEET, is_web_address, sheet_path
from assistant.members.documents import DOCUMENT
from assistant.wording import describe_origin, describe_place
from index.opened import Index
from ingest.passage import Passage
from ingest.sheet import Block, Section, Sheet


def card_props(sheet: Sheet, passage: Passage | None, quote: str, index: Index, contact: str) -> dict[str, Any]:
    """What SheetCard.jsx shows. The quote is marked where it stands, and nowhere if it does not.

    A passage of the sheet's document, for those who may read it, comes first.
    """
    is_members = index.access == "members"
    facets = index.manifest.facets
    tags = [
        facets[name].labels.get(code, code)
        for name, codes in (("porteur", sheet.porteur), ("demarche", sheet.demarche), ("thematique", sheet.thematique))
        if name in facets
        for code in codes
    ]
    return {
        "key": f"{sheet.id}-{hash(quote)}",
        "title": sheet.title,
        "path": sheet_path(sheet.id) if sheet.kind == "practice" else "",
        "question": ABOUT_SHEET.format(title=sheet.title) if sheet.kind == "practice" else "",
        "organisation": sheet.organisation,
        "place": describe_place(sheet),
        "origin": describe_origin(sheet, index),
        "tags": tags,
        "passage": _show_document(passage, quote),
        "sections": [
            {
                "title": section.title,
                "form": _choose_form(section),
                "blocks": [_mark(block, quote) for block in section.blocks],
            }
            for section in sheet.sections
        ],
        "website": sheet.website if is_web_address(sheet.website) else "",
        "contact": contact if sheet.has_document and not is_members else "",
        "document": f"{sheet_path(sheet.id)}#descriptive" if sheet.has_document and is_members else "",
    }


def _show_document(passage: Passage | None, quote: str) -> dict[str, Any] | None:
    """The passage of the sheet's document, with its page."""
    if passage is None or passage.key != DOCUMENT:
        return None
    return {"page": passage.page, "block": _mark(Block(text=passage.text), quote)}


def _choose_form(section: Section) -> str:
    """Steps that have a date or a name are a timeline; other short blocks a list."""
    if not section.joined:
        return "text"
    return "timeline" if any(block.label for block in section.blocks) else "list"


def _mark(block: Block, quote: str) -> dict[str, str]:
    """The block cut in three around the quote. A quote of a step may begin with the step's label."""
    part = quote.removeprefix(f"{block.label} : ") if block.label else quote
    before, marked, after = block.text.partition(part) if part else (block.text, "", "")
    return {"label": block.label, "before": before, "marked": marked, "after": after}
