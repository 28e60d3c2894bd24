"""Names of places with one typing mistake."""

from functools import cache
from importlib.resources import files

from index.places.names import larger_names
from ingest.communes import biggest_communes
from language.letters import fold

_SHORTEST_MISTYPED = 7  # letters: in shorter names one mistake makes too many other words
_SMALLEST_MISTYPED = 10_000  # inhabitants


def mistyped(name: str) -> tuple[str, ...]:
    """The known names that a folded name differs from by one letter added, lost, changed or swapped, if it is no word.

    One mistake leaves either the start or the end whole: only names that share one of them are compared.
    Départements, regions, areas and larger communes only.
    """
    if len(name) < _SHORTEST_MISTYPED - 1 or name in _lookalikes():
        return ()
    ends = _by_ends()
    lengths = range(len(name) - 1, len(name) + 2)
    near = [found for length in lengths for key in _ends(name, length) for found in ends.get(key, ())]
    return tuple(found for found in dict.fromkeys(near) if _is_one_mistake(found, name))


def _is_one_mistake(one: str, other: str) -> bool:
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    if one.count(" ") != other.count(" "):  # "jeu ont" is not Jeumont
        return one.replace(" ", "") == other.replace(" ", "")
    shortest = min(len(one), len(other))
    start = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    end = next((at for at in range(shortest - start) if one[-1 - at] != other[-1 - at]), shortest - start)
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


@cache
def _by_ends() -> dict[str, list[str]]:
    """The names that a mistyped one may mean, by their length and by their first and last letters."""
    names = larger_names() | {fold(commune.name) for commune in biggest_communes(_SMALLEST_MISTYPED)}
    by_ends: dict[str, list[str]] = {}
    for name in names:
        if len(name) >= _SHORTEST_MISTYPED:
            for key in _ends(name, len(name)):
                by_ends.setdefault(key, []).append(name)
    return by_ends


def _ends(name: str, length: int) -> tuple[str, str]:
    return f"{name[:3]}-{length}", f"{length}-{name[-3:]}"


@cache
def _lookalikes() -> frozenset[str]:
    """French words one letter away from one of these names; made by tools/make_communes.py."""
    return frozenset(files("index.places").joinpath("lookalikes.txt").read_text(encoding="utf-8").split())
