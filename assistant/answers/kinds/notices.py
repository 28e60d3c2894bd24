"""Notices: the lines that end an answer: which practices are old, and how many documents members may read besides."""

from collections.abc import Sequence

from assistant.answers.draft import Draft
from assistant.answers.kinds.registry import find_kind
from assistant.wording.around import AroundWords, around_words
from index.opened import Index
from ingest.sheet import Sheet

_OLD = 5  # years after which a practice may have ended


def add_notices(draft: Draft, index: Index, contact: str, year: int, language: str = "fr") -> Draft:
    """The draft with what its reader should know of its sheets, in the `year` of today; as it is without sheets."""
    kind = find_kind(draft.kind)
    if draft.abstained or kind is None or not kind.about_sheets:
        return draft
    cited = dict.fromkeys(citation.sheet for citation in draft.citations)
    sheets = [sheet for sheet in map(index.find_sheet, cited) if sheet and sheet.kind == "practice"]
    words = around_words(language)
    lines = [_warn_of_age(sheets, year, words) if kind.dated else "", _tell_documents(sheets, index, contact, words)]
    return draft.model_copy(update={"text": "\n\n".join([draft.text, *(f"*{line}*" for line in lines if line)])})


def _warn_of_age(sheets: Sequence[Sheet], year: int, words: AroundWords) -> str:
    """One line for all the practices that are old, "" when none is."""
    known = [sheet.last_year for sheet in sheets if sheet.last_year]
    old = sorted(each for each in known if year - each >= _OLD)
    if not old:
        return ""
    if len(sheets) == 1:
        return words.old_one.format(year=old[0])
    years = str(old[0]) if old[0] == old[-1] else words.years.format(first=old[0], last=old[-1])
    return (words.old_all if len(old) == len(sheets) else words.old_some).format(years=years)


def _tell_documents(sheets: Sequence[Sheet], index: Index, contact: str, words: AroundWords) -> str:
    """How many of the answer's sheets have a document that only members read, for those who are not: a count alone."""
    documents = sum(sheet.has_document for sheet in sheets)
    if index.access == "members" or not documents:
        return ""
    return (words.members_one if documents == 1 else words.members_many).format(count=documents, contact=contact)
