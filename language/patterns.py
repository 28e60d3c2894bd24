"""Patterns: whole words and expressions looked for in a folded text, written one after the other."""

import re


def any_of(expressions: str) -> re.Pattern[str]:
    """A pattern of whole expressions, parted by "|" or by lines; each may be a regular expression itself."""
    parts = (part.strip() for part in re.split(r"[|\n]", expressions))
    return re.compile(rf"\b(?:{'|'.join(part for part in parts if part)})\b")
