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
    folded = "".join(map(fold_letter, text))
    return " ".join("".join(each if each.isalnum() else " " for each in folded).split())
