"""The names of places and their people: what a folded name may mean."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ingest.communes import Commune, communes_named, is_commune_name
from ingest.places import departements
from ingest.refusal import Refusal
from language.letters import fold

Kind = Literal["commune", "departement", "region", "area"]

LONGEST_NAME = 9  # words
# From this size on, a town is likelier meant than the rare word that is spelt like it.
_CITY = 50_000


class PlacesFileWrong(Refusal):
    """places.toml names a commune that does not exist."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a name may mean. `ordinary`: the name is an everyday word too, so it needs a clue beside it."""

    kind: Kind
    name: str
    departements: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    communes: tuple[Commune, ...] = ()
    ordinary: bool = False
    capitals: bool = False  # it needs a capital to be a name at all
    people: bool = False  # the name of those who live there


def meanings(name: str) -> tuple[Meaning, ...]:
    """What a folded name may mean, the larger places first."""
    found = _named().get(name, ())
    if not is_commune_name(name):
        return found
    return (*found, of_communes(communes_named(name), name))


def larger_names() -> frozenset[str]:
    """Every folded name of a département, a region or an area."""
    return frozenset(name for name, found in _named().items() if not any(one.capitals or one.people for one in found))


def is_elsewhere(name: str) -> bool:
    """Whether a folded name only holds the name of a place in France: "grande bretagne"."""
    return name in _table().elsewhere


def of_communes(found: tuple[Commune, ...], name: str = "") -> Meaning:
    """The meaning "one of these communes", biggest first."""
    biggest = found[0]
    codes = tuple(dict.fromkeys(one.departement for one in found))
    regions = (departements()[code].region for code in codes if code in departements())
    everyday = name in _table().ordinary or (biggest.ordinary and biggest.population < _CITY)
    return Meaning("commune", biggest.name, codes, tuple(dict.fromkeys(regions)), found, everyday)


def of_departement(code: str) -> Meaning:
    """The meaning "this département"."""
    departement = departements()[code]
    return Meaning("departement", departement.name, (code,), (departement.region,))


@dataclass(frozen=True)
class _Table:
    """The file places.toml, its names folded."""

    ordinary: frozenset[str]
    capitals: frozenset[str]
    elsewhere: frozenset[str]
    regions: Mapping[str, Mapping[str, Any]]
    departements: Mapping[str, Mapping[str, Any]]
    communes: Mapping[str, Mapping[str, Any]]
    areas: Mapping[str, Mapping[str, Any]]


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("index.places").joinpath("places.toml").read_text(encoding="utf-8"))
    folded = {name: frozenset(map(fold, raw[name])) for name in ("ordinary", "capitals", "elsewhere")}
    return _Table(**(raw | folded))


@cache
def _named() -> dict[str, tuple[Meaning, ...]]:
    """Regions, areas and départements by every folded name, and communes by their people's."""
    named: dict[str, tuple[Meaning, ...]] = {}
    for written, meaning in _all_names():
        name = fold(written)
        flagged = Meaning(
            meaning.kind,
            meaning.name,
            meaning.departements,
            meaning.regions,
            meaning.communes,
            ordinary=name in _table().ordinary,
            capitals=name in _table().capitals,
            people=meaning.people,
        )
        if all(flagged.name != known.name or flagged.kind != known.kind for known in named.get(name, ())):
            named[name] = (*named.get(name, ()), flagged)
    return named


def _all_names() -> Iterator[tuple[str, Meaning]]:
    table = _table()
    for code in departements():
        also = table.departements.get(code, {})
        yield from _spellings(of_departement(code), also)
    for region in dict.fromkeys(departement.region for departement in departements().values()):
        inside = [code for code, departement in departements().items() if departement.region == region]
        if len(inside) > 1:  # overseas, the département is the region
            name = departements()[inside[0]].region_name
            yield from _spellings(Meaning("region", name, tuple(inside), (region,)), table.regions.get(region, {}))
    for name, area in table.areas.items():
        covered = tuple(area["departements"].split())
        regions = dict.fromkeys(departements()[code].region for code in covered if code in departements())
        yield from _spellings(Meaning("area", name, covered, tuple(regions)), area)
    for name, also in table.communes.items():
        namesakes = communes_named(name)
        if not namesakes:
            message = f"places.toml, [communes] : {name!r} n'est pas une commune. Écrivez son nom officiel."
            raise PlacesFileWrong(message)
        commune = of_communes(namesakes[:1])
        yield from ((short, commune) for short in also.get("also", ()))
        yield from _people(commune, also.get("people", ()))


def _spellings(meaning: Meaning, also: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for name in (meaning.name, *also.get("also", ())):
        yield name, meaning
    yield from _people(meaning, also.get("people", ()))


def _people(meaning: Meaning, people: Iterable[str]) -> Iterator[tuple[str, Meaning]]:
    their = Meaning(meaning.kind, meaning.name, meaning.departements, meaning.regions, meaning.communes, people=True)
    for masculine in people:
        for form in (masculine, _feminine(masculine)):
            yield form, their
            yield _plural(form), their


def _feminine(masculine: str) -> str:
    """ "breton" gives "bretonne", "manceau" "mancelle", "corse" itself."""
    if masculine.endswith("eau"):
        return f"{masculine[:-3]}elle"
    if masculine.endswith(("ien", "éen", "yen", "on")):
        return f"{masculine}ne"
    return masculine if masculine.endswith("e") else f"{masculine}e"


def _plural(singular: str) -> str:
    if singular.endswith("al"):
        return f"{singular[:-1]}ux"
    return f"{singular}x" if singular.endswith("eau") else singular if singular.endswith("s") else f"{singular}s"
