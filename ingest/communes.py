"""Communes of France: code, official name, population, place, postcodes; today's, and those now part of another."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from language.letters import fold

# A namesake this many times bigger than the others is the one meant when nothing else tells.
_FAR_BIGGER = 20


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


def communes_called(short: str, departement: str) -> tuple[Commune, ...]:
    """The communes of a département that this name is the start of: "Grigny" for Grigny-sur-Rhône; biggest first."""
    start, lines = f"{fold(short)} ", _lines()
    inside = (line for line in lines if line.startswith(departement))
    found = (_read(line) for line in inside if fold(line.split(",", 2)[1]).startswith(start))
    return tuple(sorted(found, key=lambda one: -one.population))


def biggest_communes(inhabitants: int) -> Iterator[Commune]:
    """Today's communes of at least so many inhabitants."""
    for line in _lines():
        if int(line.split(",", 3)[2]) >= inhabitants:
            yield _read(line)


def likeliest(found: tuple[Commune, ...]) -> tuple[Commune, ...]:
    """Of namesakes, biggest first, those not dwarfed by the first one."""
    return tuple(one for one in found if one.population * _FAR_BIGGER > found[0].population or one is found[0])


@cache
def _lines() -> tuple[str, ...]:
    """One line a commune: code,name,population,latitude,longitude,postcodes,ordinary,approximate; no comma in cells."""
    return _read_lines("communes.csv")


@cache
def _former_by_name() -> dict[str, list[str]]:
    """Lines name,commune,population,ordinary by their folded name."""
    lines = _read_lines("former_communes.csv")
    return _group([_fold_name(line.split(",", 1)[0]) for line in lines], lines)


@cache
def _by_name() -> dict[str, list[str]]:
    return _group([_fold_name(line.split(",", 2)[1]) for line in _lines()], _lines())


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


def _fold_name(name: str) -> str:
    """A folded name without what stands in brackets."""
    return fold(name.split("(", maxsplit=1)[0])


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
