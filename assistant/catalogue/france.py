"""The map of France: where a point stands on it, and which points are shown as one.

`tools/make_outlines.py` draws `web/static/france.svg` with the same frames.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.french.numbers import say_count
from ingest.sheet import Place, Sheet

WIDTH, HEIGHT = 600, 700
# Two marks never stand nearer: on a screen of 390 px they are still 24 px apart, which a finger can tell.
_APART = 42.0


@dataclass(frozen=True)
class Frame:
    """A part of the map: some départements, between meridians and parallels (degrees), in a box of the drawing."""

    name: str
    departements: tuple[str, ...]  # none: all that no other frame has
    south: float
    west: float
    north: float
    east: float
    x: float
    y: float
    width: float
    height: float

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Mercator's projection, as large as the box allows, in its middle."""
        left, right = math.radians(self.west), math.radians(self.east)
        top, bottom = _mercator(self.north), _mercator(self.south)
        scale = min(self.width / (right - left), self.height / (top - bottom))
        x = self.x + self.width / 2 + scale * (math.radians(longitude) - (left + right) / 2)
        y = self.y + self.height / 2 - scale * (_mercator(latitude) - (top + bottom) / 2)
        return round(x, 1), round(y, 1)


FRAMES = (
    Frame("Petite couronne", ("75", "92", "93", "94"), 48.68, 2.14, 49.02, 2.61, 4, 4, 124, 118),
    Frame("Guadeloupe", ("971",), 15.82, -61.82, 16.52, -60.98, 4, 596, 112, 76),
    Frame("Martinique", ("972",), 14.37, -61.24, 14.9, -60.78, 124, 596, 112, 76),
    Frame("Guyane", ("973",), 2.05, -54.65, 5.8, -51.55, 244, 596, 112, 76),
    Frame("La Réunion", ("974",), -21.4, 55.2, -20.85, 55.85, 364, 596, 112, 76),
    Frame("Mayotte", ("976",), -13.02, 45.0, -12.62, 45.32, 484, 596, 112, 76),
    Frame("", (), 41.3, -5.2, 51.15, 9.6, 0, 4, WIDTH, 580),
)


@dataclass(frozen=True)
class Mark:
    """A place on the map with the sheets of its communes, or of those that are too near to be told apart."""

    x: float
    y: float
    communes: tuple[str, ...]  # INSEE codes, the commune with most sheets first
    names: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    @property
    def radius(self) -> float:
        """So that areas follow counts, within what can be read and pressed."""
        return round(min(21.0, 9.0 + 2.6 * math.sqrt(len(self.sheets) - 1)), 1)


def frame_of(departement: str) -> Frame:
    """The frame where a département stands."""
    return next((frame for frame in FRAMES if departement in frame.departements), FRAMES[-1])


def find_point(place: Place) -> tuple[float, float] | None:
    """Where a place stands in the drawing; None when it is not known, or off the map."""
    if place.latitude is None or place.longitude is None:
        return None
    frame = frame_of(place.departement)
    x, y = frame.project(place.latitude, place.longitude)
    inside = frame.x <= x <= frame.x + frame.width and frame.y <= y <= frame.y + frame.height
    return (x, y) if inside else None


def place_marks(sheets: Iterable[Sheet]) -> list[Mark]:
    """The marks of these sheets, the largest first. Sheets that have no place on the map have none."""
    communes: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        if find_point(sheet.place):
            communes.setdefault(commune_key(sheet), []).append(sheet)
    groups: list[list[list[Sheet]]] = []
    seeds: list[tuple[float, float]] = []
    for commune in sorted(communes.values(), key=len, reverse=True):
        x, y = find_point(commune[0].place) or (0.0, 0.0)
        distances = [math.hypot(x - seed[0], y - seed[1]) for seed in seeds]
        nearest = min(range(len(seeds)), key=distances.__getitem__, default=-1)
        if nearest >= 0 and distances[nearest] < _APART:
            groups[nearest].append(commune)
        else:
            groups.append([commune])
            seeds.append((x, y))
    return [_make_mark(seed, group) for seed, group in zip(seeds, groups, strict=True)]


def commune_key(sheet: Sheet) -> str:
    """The commune's INSEE code, or what else tells it from the others; "" without a commune."""
    return sheet.place.insee or sheet.place.commune


def _make_mark(seed: tuple[float, float], group: Sequence[Sequence[Sheet]]) -> Mark:
    return Mark(
        x=seed[0],
        y=seed[1],
        communes=tuple(commune_key(sheets[0]) for sheets in group),
        names=tuple(sheets[0].place.commune for sheets in group),
        sheets=tuple(sheet for sheets in group for sheet in sheets),
    )


def _mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))


def name_mark(mark: Mark) -> str:
    """What a mark of the map leads to: "Budget Participatif Gersois, Auch", "Lille et Hellemmes : 4 fiches"."""
    if len(mark.sheets) == 1:
        return ", ".join(part for part in (mark.sheets[0].title, mark.names[0]) if part)
    first, *others = dict.fromkeys(mark.names)
    where = first
    if len(others) == 1:
        where = f"{first} et {others[0]}"
    elif others:
        where = f"{first} et {say_count(len(others), 'autre commune', 'autres communes')}"
    return f"{where} : {say_count(len(mark.sheets), 'fiche')}"
