"""Location: what the address of the chat says, which the browser sends with each question: language and filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import QueryParams

from assistant.catalogue.selection import read_selection
from assistant.chat.language import read_language
from index.filters import FilterKey, Filters
from ingest.layout import Language

_LONGEST = 4_000  # characters
_NO_FILTERS = Filters()


@dataclass(frozen=True)
class Location:
    """The language of the interface, and the filters that hold for the whole conversation."""

    language: Language = "fr"
    filters: Filters = _NO_FILTERS


def read_location(address: object, known: Mapping[FilterKey, Sequence[str]], browser: str = "fr") -> Location:
    """What an address says, without ever refusing: "/chat/?lang=en&porteur=PV&annee=2019".

    The filters have the names that they have in the list of the sheets; values that no sheet has are left out.
    """
    written = address if isinstance(address, str) and len(address) <= _LONGEST else ""
    try:
        parameters = QueryParams(urlsplit(written).query)
    except ValueError:
        parameters = QueryParams("")
    return Location(read_language(parameters.get("lang"), browser), read_selection(parameters, known).filters)
