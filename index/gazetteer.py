"""Gazetteer: the places that a question names. (Stand-in: départements and regions by name.)"""

import re
from functools import cache
from typing import Literal

from ingest.places import departements
from ingest.repair import fold
from ingest.sheet import Frozen


class PlaceNamed(Frozen):
    """A place of a question, by its characters there, preposition excluded."""

    start: int
    end: int
    name: str
    kind: Literal["commune", "departement", "region", "area"]
    communes: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    near: bool = False


def find_places(question: str) -> tuple[PlaceNamed, ...]:
    """The départements and regions named in a question."""
    words = [(match.start(), match.end(), fold(match[0])) for match in re.finditer(r"[^\W_]+", question)]
    found: list[PlaceNamed] = []
    for first in range(len(words)):
        for last in range(min(len(words), first + 6), first, -1):
            name = " ".join(word for _, _, word in words[first:last])
            place = _names().get(name)
            before = fold(question[: words[first][0]])
            if place and (last - first > 1 or re.search(r"\b(dans|en|le|l|du|de|la|au)$", before)):
                start, end = words[first][0], words[last - 1][1]
                if not found or start >= found[-1].end:
                    found.append(place.model_copy(update={"start": start, "end": end}))
                break
    return tuple(found)


@cache
def _names() -> dict[str, PlaceNamed]:
    names: dict[str, PlaceNamed] = {}
    for each in departements().values():
        region = PlaceNamed(start=0, end=0, name=each.region_name, kind="region", regions=(each.region,))
        names.setdefault(fold(each.region_name), region)
    for code, each in departements().items():
        place = PlaceNamed(start=0, end=0, name=each.name, kind="departement", departements=(code,))
        names[fold(each.name)] = place
        names[fold(code)] = place
    return names
