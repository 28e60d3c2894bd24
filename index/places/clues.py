"""Clues to a place in a question: what stands before and after a name."""

import re

from index.words import Words

_OF = r"(?: de vie| d emploi)?(?: de| d| du| des| of)(?: la| le| les| l| the)?$"
_NEAR = re.compile(
    r"(?:^| )(?:pres|proches?|autour|alentours?|environs|proximite|loin|cote|voisin(?:e?s)?|peripherie|abords|banlieue)"
    r"(?: de| d| du| des)(?: la| le| les| l)?$|(?:^| )(?:near|around|close to|next to)$"
)
_AROUND = re.compile(
    r"(?:^| )(?:agglo|agglomeration|metropole|bassin|secteur|region|pays|communaute urbaine|communaute d agglomeration"
    rf"|communaute de communes|intercommunalite){_OF}|(?:^| )(?:agglo|agglomeration|metropole|region|greater|grand)$"
)
_NEAR_AFTER = re.compile(
    r"(?:et|ou|and|or)(?: (?:sa|son|ses|leur|leurs|its|the|aux?|dans|les|tout|pas|trop|non|a))*"
    r" (?:metropole|agglo|agglomeration|environs|alentours|banlieue|region|couronne|peripherie|autour|cote|loin|pres"
    r"|proche|coin|nearby|surroundings|surrounding|around)\b|(?:metropole|agglo|agglomeration)\b"
)
_TOWN = re.compile(
    rf"(?:^| )(?:villes?|mairie|communes?|village|bourg|maire|municipalite|city|town|mayor|council|municipality){_OF}"
)
_COUNTY = re.compile(
    rf"(?:^| )(?:departements?|conseil departemental|conseil general|prefecture|regions?|conseil regional|county){_OF}"
    r"|(?:^| )(?:departement|region)$"
)
_IN_TOWN = re.compile(r"(?:^| )(?:a|sur|vers|depuis|in|at|from)(?: la| le| les| l)?$|(?:^| )(?:au|aux)$")
_IN_COUNTY = re.compile(
    r"(?:^| )(?:dans|sur|vers|depuis|in|from|across|throughout)(?: le| la| les| l| the)?$|(?:^| )en$"
)
_LINKED = re.compile(
    r"(?:^| )(?:de|d|du|des|le|la|les|l|et|ou|pour|par|avec|entre|comme|of|and|or|for|the)$|(?:^| )(?:de|a) (?:la|l)$"
)
# The river rather than its département, the street rather than the town it is named after.
_NAMESAKE = re.compile(
    r"(?:^| )(?:bords?|rives?|berges?|quais?|vallee|estuaire|crues?|fleuve|riviere|rue|avenue|place|boulevard|square"
    r"|lycee|college|professeure?|madame|monsieur|mme|m|mr)(?: de| d| du| des)?(?: la| l)?$|(?:^| )quartier$"
)
_NOT_A_PLACE_AFTER = {"de", "du", "des", "d", "est", "ouest", "publique", "publiques", "sportif", "sportifs"}

_AFTER_A_NAME = {"metropole", "agglo", "agglomeration", "communaute", "habitat", "ville"}


def score_before(words: Words, first: int, *, is_commune: bool, ordinary: bool) -> float:
    """How much what stands before a name speaks for a place: from -3 (a street, a river) to 2.5 ("mairie de")."""
    text = words.before(first)
    if _NAMESAKE.search(text) or (ordinary and not is_commune and words.is_part_of(first)):
        return -3.0
    if (_TOWN if is_commune else _COUNTY).search(text):
        return 2.5
    if _NEAR.search(text) or _AROUND.search(text):
        return 2.0
    if words.continues_name(first):
        return -2.0
    if (_IN_TOWN if is_commune else _IN_COUNTY).search(text):
        # "a" without its accent is also a verb, and an article in English.
        return 1.5 if words.written[first - 1] != "a" else 0.5 if ordinary else 1.0
    return 0.5 if _LINKED.search(text) or (first and not text) else 0.0


def score_after(words: Words, after: int, *, ordinary: bool) -> float:
    """How much what follows speaks against a place: "le nord du quartier", "la réunion publique", "Gray Eagle"."""
    follows = words.follows(after)
    if ordinary and follows in _NOT_A_PLACE_AFTER:
        return -2.0
    named = bool(follows) and words.written[after][0].isupper() and not words.is_upper(after, after + 1)
    return -1.5 if named and follows not in _AFTER_A_NAME and words.continues_name(after) else 0.0


def is_near(words: Words, first: int, after: int, *, is_commune: bool) -> bool:
    """Whether around the place counts too: "près de", "et sa métropole", "l'agglomération de"."""
    before = words.before(first)
    around = is_commune and bool(_AROUND.search(before))
    return around or bool(_NEAR.search(before)) or bool(_NEAR_AFTER.match(words.after(after)))
