"""Language: that of the chat's own words. Answers and sheets are in French whatever it is."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout import Language


def read_language(*wanted: object) -> Language:
    """The first of these that names one of our languages ("en-GB", "fr"), else French."""
    for each in wanted:
        for language in _LANGUAGES:
            if isinstance(each, str) and each.lower().split("-")[0] == language:
                return language
    return "fr"


_LANGUAGES: Sequence[Language] = ("fr", "en")
