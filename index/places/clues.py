"""Clues to a place in a question: what stands before and after a name."""

from functools import cache

from index.places.words import Words
from language.grammar import Grammar

_PLACE = Grammar("place")


def score_before(words: Words, first: int, *, is_commune: bool, ordinary: bool) -> float:
    """How much what stands before a name speaks for a place: from -3 (a street, a river) to 2.5 ("mairie de")."""
    text = words.before(first)

    def has(clue: str) -> bool:
        return _PLACE.is_in(clue, text, words.language)

    if has("namesake") or (ordinary and not is_commune and words.is_part_of(first)):
        return -3.0
    if has("town_before" if is_commune else "county_before"):
        return 2.5
    if has("near_before") or has("around_before"):
        return 2.0
    if words.continues_name(first):
        return -2.0
    if has("in_town" if is_commune else "in_county"):
        # "a" without its accent is also a verb, and an article in English.
        return 1.5 if words.written[first - 1] != "a" else 0.5 if ordinary else 1.0
    return 0.5 if has("linked") or (first and not text) else 0.0


def score_after(words: Words, after: int, *, ordinary: bool) -> float:
    """How much what follows speaks against a place: "le nord du quartier", "la réunion publique", "Gray Eagle"."""
    follows = words.follows(after)
    if ordinary and follows in _words("not_after"):
        return -2.0
    named = bool(follows) and words.written[after][0].isupper() and not words.is_upper(after, after + 1)
    return -1.5 if named and follows not in _words("after_a_name") and words.continues_name(after) else 0.0


def is_near(words: Words, first: int, after: int, *, is_commune: bool) -> bool:
    """Whether around the place counts too: "près de", "et sa métropole", "l'agglomération de"."""
    before = words.before(first)
    if is_commune and _PLACE.is_in("around_before", before, words.language):
        return True
    near_before = _PLACE.is_in("near_before", before, words.language)
    return near_before or _PLACE.is_in("near_after", words.after(after), words.language)


@cache
def _words(name: str) -> frozenset[str]:
    return _PLACE.every_word(name)
