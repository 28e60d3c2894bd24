"""Links: where the page of a sheet is, its document, and the chat with a question asked."""

import re
from urllib.parse import quote

from assistant.catalogue.selection import LIST

ABOUT_SHEET = "Que retenir de « {title} » ?"


def sheet_path(sheet_id: str) -> str:
    """Where the page of a sheet is."""
    return f"{LIST}/{quote(sheet_id)}"


def document_path(sheet_id: str) -> str:
    """Where the PDF of a sheet is, for members."""
    return f"{sheet_path(sheet_id)}.pdf"


def ask_address(question: str) -> str:
    """The chat, with a question asked."""
    return f"/chat/?question={quote(question)}"


def is_web_address(address: str) -> bool:
    """Whether a sheet's link may be followed: what a table holds may be anything."""
    return bool(re.match(r"https?://[^\s/]", address, re.IGNORECASE))
