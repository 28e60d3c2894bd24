"""Filters: what the filter panel of the chat offers, with how many sheets have each value."""

from __future__ import annotations

from assistant.catalogue.directory import Directory
from assistant.catalogue.selection import Selection
from index.filters import FilterKey
from ingest.sheet import Frozen


class Offered(Frozen):
    """A value of a filter as people read it."""

    value: str
    label: str
    count: int


class FacetOffered(Frozen):
    """A filter and its values; `single` when only one of them can be chosen."""

    key: FilterKey
    title: str
    single: bool
    choices: tuple[Offered, ...]


def offer_filters(directory: Directory) -> tuple[FacetOffered, ...]:
    """The filters that the sheets can be chosen by, in the order of the list of the sheets."""
    counts = directory.list_sheets(Selection()).counts
    return tuple(
        FacetOffered(
            key=facet.key,
            title=facet.title,
            single=facet.key == "source",
            choices=tuple(
                Offered(value=choice.value, label=choice.label, count=counts[facet.key][choice.value])
                for choice in facet.choices
            ),
        )
        for facet in directory.facets
    )
