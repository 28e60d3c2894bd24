"""Départements and regions of France: codes, names, the postcode's département, distances."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from language.letters import fold

# Farther than this from its département's main town, a point was badly geocoded. Guyane is the widest.
_FARTHEST_KM = 160.0
_FARTHEST_GUYANE_KM = 450.0


@dataclass(frozen=True)
class Departement:
    """A département with its region (INSEE codes) and the place of its main town (WGS 84 degrees)."""

    code: str
    name: str
    region: str
    region_name: str
    latitude: float
    longitude: float


@cache
def departements() -> dict[str, Departement]:
    """Every département by its INSEE code. Source: INSEE, Code officiel géographique (Licence Ouverte)."""
    with files("ingest").joinpath("departements.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["code"]: _departement(row) for row in rows}


def _departement(row: dict[str, str]) -> Departement:
    return Departement(
        code=row["code"],
        name=row["name"],
        region=row["region"],
        region_name=row["region_name"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
    )


def departement_of_postcode(postcode: str) -> str:
    """The département's code of a postcode, with or without its leading zero; "" if there is none.

    Postcodes follow the département except in Corsica, overseas, and for some communes on a border
    between two départements, which stay with the département of their post office.
    """
    digits = "".join(c for c in postcode if c.isdigit())
    if len(digits) == 4:
        digits = "0" + digits  # spreadsheets eat the first zero
    if len(digits) != 5:
        return ""
    if digits.startswith("20"):
        return "2A" if digits < "20200" else "2B"
    code = digits[:3] if digits.startswith("97") else digits[:2]
    return code if code in departements() else ""


def region_name(code: str) -> str:
    """The name of a region; "" when there is none."""
    return next((found.region_name for found in departements().values() if found.region == code), "")


def is_plausible(departement: str, latitude: float, longitude: float) -> bool:
    """Whether a point may lie in the département: near enough to its main town."""
    known = departements().get(departement)
    if known is None:
        return True
    farthest = _FARTHEST_GUYANE_KM if departement == "973" else _FARTHEST_KM
    return distance_km(known.latitude, known.longitude, latitude, longitude) <= farthest


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in kilometres (haversine formula)."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def tidy_commune(name: str) -> str:
    """A commune's name in the usual letters: "LES-PONTS-DE-CE" becomes "Les-Ponts-de-Ce".

    Accents lost in capitals cannot be found again here; a geocoded name is better when there is one.
    """
    name = " ".join(name.split())
    if not name.isupper():
        return name
    small = {"de", "du", "des", "la", "le", "les", "en", "sur", "sous", "lès", "et", "aux", "au", "l", "d"}
    words = [w if i and w in small else w.capitalize() for i, w in enumerate(_split(name.lower()))]
    return "".join(words)


def _split(name: str) -> list[str]:
    parts, word = [], ""
    for character in name:
        if character in " -'’":
            parts += [word, character]
            word = ""
        else:
            word += character
    return [part for part in [*parts, word] if part]


def same_commune(one: str, other: str) -> bool:
    """Whether two spellings may name the same commune: equal once folded, or one holds the other."""
    a, b = fold(one), fold(other)
    return bool(a and b) and (a == b or a in b or b in a)
