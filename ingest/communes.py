"""Communes of France: code, official name, population, place, postcodes; today's, and those now part of another."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.places import departements, distance_km
from ingest.repair import fold
from ingest.sheet import Place

# A namesake this many times bigger than the others is the one meant when nothing else tells.
_FAR_BIGGER = 20
# A town hall is rarely farther from its commune's edge.
_AROUND_KM = 15.0


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune. `code` is INSEE's; coordinates are WGS 84 degrees, of its town hall, to about 100 m.

    A former commune has the code, the point and the postcodes of the one it is now part of, and its own population.
    `ordinary` says that its name is also a French word, first name or family name: Sens, Contes, Albert.
    """

    code: str
    name: str
    population: int
    latitude: float
    longitude: float
    postcodes: tuple[str, ...]
    ordinary: bool

    @property
    def departement(self) -> str:
        """INSEE code of its département, or of its collectivity overseas."""
        return self.code[:3] if self.code.startswith(("97", "98")) else self.code[:2]


def commune(code: str) -> Commune | None:
    """The commune of an INSEE code, or None."""
    line = _by_code().get(code)
    return _read(line) if line else None


def communes_named(name: str) -> tuple[Commune, ...]:
    """The communes of a name, whatever its accents, hyphens and capitals, biggest first.

    Former communes are among them, unless a commune of today has their name in the same département.
    """
    folded = fold(name)
    today = [_read(line) for line in _by_name().get(folded, ())]
    departements = {found.departement for found in today}
    former = [found for found in map(_read_former, _former_by_name().get(folded, ())) if found]
    found = today + [one for one in former if one.departement not in departements]
    return tuple(sorted(found, key=lambda one: -one.population))


def is_commune_name(folded: str) -> bool:
    """Whether a folded name is a commune's, today's or former."""
    return folded in _by_name() or folded in _former_by_name()


def communes_of_postcode(postcode: str) -> tuple[Commune, ...]:
    """The communes that a postcode serves, by code."""
    return tuple(_read(line) for line in _by_postcode().get(postcode, ()))


def biggest_communes(inhabitants: int) -> Iterator[Commune]:
    """Today's communes of at least so many inhabitants."""
    for line in _lines():
        if int(line.split(",", 3)[2]) >= inhabitants:
            yield _read(line)


def likeliest(found: tuple[Commune, ...]) -> tuple[Commune, ...]:
    """Of namesakes, biggest first, those not dwarfed by the first one."""
    return tuple(one for one in found if one.population * _FAR_BIGGER > found[0].population or one is found[0])


def find_commune(place: Place) -> Commune | None:
    """The one commune that a sheet's place means, or None when its cells leave a doubt.

    Name and postcode agree, or name and département, or name and point, or else the name is that of a single commune
    or of a far bigger one. A name that is no commune's may hold one ("La Plaine Saint-Denis"), or be misspelt where
    the postcode has a single commune.
    """
    served = communes_of_postcode(place.postcode)
    for name in _parts(place.commune):
        namesakes = communes_named(name)
        agreeing = _agreeing(namesakes, place)
        if not agreeing and name == fold(place.commune) and not place.departement:
            agreeing = likeliest(namesakes)
        if agreeing:
            return agreeing[0] if len({one.code for one in agreeing}) == 1 else None
        if namesakes and name == fold(place.commune):
            return None
    return served[0] if len(served) == 1 else None


def _agreeing(namesakes: tuple[Commune, ...], place: Place) -> tuple[Commune, ...]:
    return (
        tuple(one for one in namesakes if place.postcode in one.postcodes)
        or tuple(one for one in namesakes if one.departement == place.departement)
        or tuple(one for one in namesakes if not place.departement and _is_around(one, place))
    )


def _is_around(one: Commune, place: Place) -> bool:
    if place.latitude is None or place.longitude is None:
        return False
    return distance_km(one.latitude, one.longitude, place.latitude, place.longitude) < _AROUND_KM


def _parts(name: str) -> Iterator[str]:
    """A folded name, whole first, then spelt out, then its ends and its starts, where a commune's name may be."""
    yield fold(name)
    words = _spell_out(name).split()
    yield from (" ".join(words[start:]) for start in range(len(words)))
    yield from (" ".join(words[:end]) for end in range(len(words) - 1, 0, -1))


def complete_place(place: Place) -> Place:
    """The place with what is known of its commune; what was written stays, but the name takes its official form."""
    found = find_commune(place)
    if found is None:
        return place
    departement = place.departement or (found.departement if found.departement in departements() else "")
    no_point = place.latitude is None or place.longitude is None
    return place.model_copy(
        update={
            "commune": found.name,
            "insee": found.code,
            "postcode": place.postcode or (found.postcodes[0] if len(found.postcodes) == 1 else ""),
            "departement": departement,
            "region": departements()[departement].region if departement else place.region,
            "latitude": found.latitude if no_point else place.latitude,
            "longitude": found.longitude if no_point else place.longitude,
            "population": found.population,
        }
    )


def _spell_out(name: str) -> str:
    """A name without its abbreviations, nor "Cedex" and figures: "ST DENIS CEDEX 2" is "saint denis"."""
    whole = {"st": "saint", "ste": "sainte"}
    words = fold(name).split("cedex", maxsplit=1)[0].split()
    return " ".join(whole.get(word, word) for word in words if not word.isdigit())


@cache
def _lines() -> tuple[str, ...]:
    """One line a commune: code,name,population,latitude,longitude,postcodes,ordinary,approximate; no comma in cells."""
    return _read_lines("communes.csv")


@cache
def _former_by_name() -> dict[str, list[str]]:
    """Lines name,commune,population,ordinary by their folded name."""
    lines = _read_lines("former_communes.csv")
    return _group(_fold_all([line.split(",", 1)[0] for line in lines]), lines)


@cache
def _by_name() -> dict[str, list[str]]:
    return _group(_fold_all([line.split(",", 2)[1] for line in _lines()]), _lines())


@cache
def _by_code() -> dict[str, str]:
    return {line[:5]: line for line in _lines()}


@cache
def _by_postcode() -> dict[str, list[str]]:
    served: dict[str, list[str]] = {}
    for line in _lines():
        for postcode in line.split(",", 6)[5].split():
            served.setdefault(postcode, []).append(line)
    return served


def _read_lines(name: str) -> tuple[str, ...]:
    text = files("ingest").joinpath(name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines()[1:] if line)[1:]


def _fold_all(names: list[str]) -> list[str]:
    """What `fold` gives for each name without what stands in brackets; all at once, which is ten times faster."""
    text = unicodedata.normalize("NFD", "\n".join(names).lower().replace("œ", "oe").replace("æ", "ae"))
    plain = text.replace("-", " ").replace("’", " ").replace("'", " ").encode("ascii", "ignore").decode()
    return [" ".join(name.split("(")[0].split()) for name in plain.split("\n")]


def _group(names: list[str], lines: tuple[str, ...]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, line in zip(names, lines, strict=True):
        grouped.setdefault(name, []).append(line)
    return grouped


def _read(line: str) -> Commune:
    code, name, population, latitude, longitude, postcodes, ordinary, _ = line.split(",")
    return Commune(
        code, name, int(population), float(latitude), float(longitude), tuple(postcodes.split()), bool(ordinary)
    )


def _read_former(line: str) -> Commune | None:
    name, code, population, ordinary = line.split(",")
    whole = commune(code)
    if whole is None:
        return None
    return Commune(code, name, int(population), whole.latitude, whole.longitude, whole.postcodes, bool(ordinary))
