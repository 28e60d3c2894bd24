"""Places said by a number: a département ("dans le 32", "le 93", "2A"), a postcode."""

from functools import cache

from index.places.words import Words
from ingest.places import departements
from language.grammar import Grammar

_PLACE = Grammar("place")
_LAST_DAY = 31
_KNOWN_BY_NUMBER = {"75", "77", "78", "91", "92", "93", "94", "95"}  # said as names around Paris
_UNITS = ("€", "%", "/", "°")
_POSTCODE = 5  # figures


def departement_number(words: Words, at: int) -> str:
    """The code of the département that a number names ("dans le 32", "(93)", "2A"), or ""."""
    code = words.folded[at].upper()
    if len(code) > 3 or code not in departements() or _is_counted(words, at):
        return ""
    before = words.before(at)
    if not code.isdigit() or words.is_bracketed(at) or _PLACE.is_in("number_said", before, words.language):
        return code
    # "le 12" may be a day, and nothing may follow that the number could count.
    ends = not words.follows(at + 1) or words.follows(at + 1) in _after_a_number()
    said = "the_number" if int(code) > _LAST_DAY else "the_low_number"
    if ends and _PLACE.is_in(said, before, words.language):
        return code
    last = at == len(words) - 1 and code in _KNOWN_BY_NUMBER
    return code if last and before and not _PLACE.is_in("number_counts", before, words.language) else ""


def is_postcode(words: Words, at: int) -> bool:
    """Whether five figures stand as a postcode and not as a count."""
    code = words.folded[at]
    if len(code) != _POSTCODE or not code.isdecimal() or _has_unit(words, at):
        return False
    before = words.before(at)
    if words.is_bracketed(at) or _PLACE.is_in("postcode_said", before, words.language):
        return True
    if words.follows(at + 1):
        return words.written[at + 1][0].isupper()
    return not _PLACE.is_in("number_is_count", before, words.language)


def _is_counted(words: Words, at: int) -> bool:
    """Whether what follows a number is what it counts: "33 %", "33 habitants", "12 mars"."""
    follows = words.follows(at + 1)
    return _has_unit(words, at) or _PLACE.is_in("counted", follows, words.language)


def _has_unit(words: Words, at: int) -> bool:
    return words.gaps[at + 1].lstrip().startswith(_UNITS)


@cache
def _after_a_number() -> frozenset[str]:
    return _PLACE.every_word("after_a_number")
