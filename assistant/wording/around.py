"""What is said around what sheets say, in the two languages in which questions are answered: that none answers, which
practices are old, what members may read besides. Quotes stay in French.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AroundWords:
    """The words around quotes; names in braces are filled in."""

    nothing: str
    no_detail: str
    nearest_sheet: str
    says: str
    only_order: str
    nearest: str
    place_not_told: str
    not_told: str
    not_said: str
    not_existing: str
    nor: str
    ask_centre: str
    detailed: str
    old_one: str
    old_all: str
    old_some: str
    years: str
    members_one: str
    members_many: str


_FR = AroundWords(
    nothing="Aucune fiche ne répond à cette question.",
    no_detail="Aucune fiche ne donne cette information.",
    nearest_sheet="La fiche la plus proche du sujet : {sheet}.",
    says="Ce qu'elle dit de plus proche\u00a0: {quote}",
    only_order="Elle ne donne que l'ordre de ses étapes, sans leurs dates.",
    nearest="Ce qui s'en approche le plus dans le centre :",
    place_not_told="Aucune fiche ne parle {of}.",
    not_told="Aucune fiche ne parle de {words}.",
    not_said="Aucune fiche n'emploie {words}.",
    not_existing="Aucune fiche n'en donne d'exemple\u00a0: celles qui s'en approchent le plus n'emploient pas {words}.",
    nor=" ni ",
    ask_centre="Vous pouvez préciser votre question, ou écrire à {contact}.",
    detailed=(
        "Les fiches descriptives, plus détaillées, sont réservées aux adhérents du centre. "
        "Pour y accéder\u00a0: écrivez à {contact}."
    ),
    old_one="Cette démarche date de {year} : vérifiez qu'elle existe encore.",
    old_all="Ces démarches datent de {years} : vérifiez qu'elles existent encore.",
    old_some="Parmi ces démarches, les plus anciennes datent de {years} : vérifiez qu'elles existent encore.",
    years="{first} à {last}",
    members_one=(
        "1 fiche descriptive réservée aux adhérents porte aussi sur ce sujet. Pour y accéder : écrivez à {contact}."
    ),
    members_many=(
        "{count} fiches descriptives réservées aux adhérents portent aussi sur ce sujet. "
        "Pour y accéder : écrivez à {contact}."
    ),
)
_EN = AroundWords(
    nothing="No sheet answers this question.",
    no_detail="No sheet gives this information.",
    nearest_sheet="The sheet closest to the subject: {sheet}.",
    says="The nearest it says (in French): {quote}",
    only_order="It gives the order of its steps alone, without their dates.",
    nearest="What comes closest in the centre:",
    place_not_told="No sheet speaks of {place}.",
    not_told="No sheet speaks of {words}.",
    not_said="No sheet uses the word {words}.",
    not_existing="No sheet gives an example of it: those that come closest do not use the word {words}.",
    nor=" or ",
    ask_centre="You may put your question more precisely, or write to {contact}.",
    detailed="Detailed sheets are for the centre's members. To read them, write to {contact}.",
    old_one="This practice dates from {year}: check that it still exists.",
    old_all="These practices date from {years}: check that they still exist.",
    old_some="The oldest of these practices date from {years}: check that they still exist.",
    years="{first} to {last}",
    members_one="1 detailed sheet for members is on this subject too. To read it, write to {contact}.",
    members_many="{count} detailed sheets for members are on this subject too. To read them, write to {contact}.",
)


def around_words(language: str) -> AroundWords:
    """The words in English for those who ask in English, in French for all others."""
    return _EN if language == "en" else _FR
