"""Remark groups: remarks that say the same of many rows are one, with how many and some examples."""

import re
from collections.abc import Iterable

from ingest.sheet import Frozen, Remark

_EXAMPLES = 3
# What differs from a row to the next in a sentence: what is quoted or in brackets, and figures.
_VALUE = re.compile(r"\([^()]*\)|'[^']*'|\"[^\"]*\"|«[^«»]*»|\d+(?:[.,]\d+)?")


class RemarkGroup(Frozen):
    """Remarks of one column that differ by their values alone: how many, and the first ones."""

    column: str
    count: int
    examples: tuple[Remark, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.examples)


def group_remarks(remarks: Iterable[Remark]) -> list[RemarkGroup]:
    """The remarks by column and by what they say, the most frequent first."""
    found: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        found.setdefault((remark.column, _VALUE.sub("…", remark.reason)), []).append(remark)
    groups = [
        RemarkGroup(column=column, count=len(alike), examples=tuple(alike[:_EXAMPLES]))
        for (column, _), alike in found.items()
    ]
    return sorted(groups, key=lambda group: -group.count)
