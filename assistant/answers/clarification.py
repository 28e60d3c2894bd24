"""Clarification: which sheet a question points at is asked when what was shown does not tell."""

from __future__ import annotations

from assistant.answers.draft import Draft
from assistant.wording import WHICH_OF_NONE, WHICH_OF_SHOWN, describe_sheet
from index.opened import Index


def draft_clarification(shown: tuple[str, ...], index: Index) -> Draft:
    """What is asked back, with the sheets among which to choose."""
    sheets = [sheet for sheet in map(index.find_sheet, shown) if sheet]
    if not sheets:
        return Draft(kind="clarification", text=WHICH_OF_NONE, abstained=True)
    named = "\n".join(f"{number}. {describe_sheet(sheet, index)}" for number, sheet in enumerate(sheets, start=1))
    return Draft(kind="clarification", text=f"{WHICH_OF_SHOWN}\n\n{named}", sheets=shown, abstained=True)
