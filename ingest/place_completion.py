"""Place completion: what is known of a sheet's commune is added to what its source says of its place."""

from collections.abc import Iterator

from ingest.communes import Commune, communes_named, communes_of_postcode, likeliest
from ingest.places import departements, distance_km
from ingest.sheet import Place
from language.letters import fold

_AROUND_KM = 15.0  # a place is rarely farther from its commune's town hall


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
