"""Nouns as French writes them after "de" and after their article."""

from __future__ import annotations

from language.grammar import Grammar
from language.text import read_text

_NOUN = Grammar("noun")


def say_of(phrase: str) -> str:
    """ "de signatures", "d'habitants": before a noun without article."""
    return f"d'{phrase}" if _is_elided(phrase) else f"de {phrase}"


def say_the(phrase: str, *, feminine: bool, plural: bool) -> str:
    """ "le salaire", "la note", "l'indemnité", "les outils"."""
    if plural:
        return f"les {phrase}"
    return f"l'{phrase}" if _is_elided(phrase) else f"{'la' if feminine else 'le'} {phrase}"


def say_this(phrase: str, *, feminine: bool, plural: bool) -> str:
    """ "ce salaire", "cette note", "cet outil", "ces outils"."""
    if plural or feminine:
        return f"{'ces' if plural else 'cette'} {phrase}"
    return f"{'cet' if _is_elided(phrase) else 'ce'} {phrase}"


def _is_elided(phrase: str) -> bool:
    return _NOUN.has("elided", read_text(phrase, "fr"))
