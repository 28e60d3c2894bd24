"""Letters: a character or a text in lower case, without accents."""

import unicodedata

_LIGATURES = {"œ": "oe", "æ": "ae"}


def fold_letter(character: str) -> str:
    """A character in lower case without its accent: one or two, none for an accent that stands alone."""
    if character.isascii():
        return character.lower()
    lower = _LIGATURES.get(character.lower(), character.casefold())
    return "".join(each for each in unicodedata.normalize("NFD", lower) if not unicodedata.combining(each))


def fold(text: str) -> str:
    """Lower case without accents nor punctuation, to compare names: "Les-Ponts-de-Cé" is "les ponts de ce"."""
    return " ".join(text.translate(_FOLDED).split())


def has_name(text: str, name: str) -> bool:
    """Whether a text has a name whole, however both are written: "Saint-Denis" in "la ville de SAINT DENIS"."""
    return f" {fold(name)} " in f" {fold(text)} "


def slug(text: str) -> str:
    """A text as addresses and names of files have it: "Jury de citoyens" is "jury-de-citoyens"."""
    return "-".join(fold(text).split())


class _Folded(dict[int, str]):
    """What each character of a name is compared as, found when it is first met: whole sheets are folded."""

    def __missing__(self, code: int) -> str:
        self[code] = "".join(each if each.isalnum() else " " for each in fold_letter(chr(code)))
        return self[code]


_FOLDED = _Folded()
