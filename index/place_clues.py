"""Clues to a place in a question: its words, their capitals, what stands before and after a name, numbers."""

import re

from ingest.places import departements
from ingest.repair import fold

_WORD = re.compile(r"[^\W_][\w\u0300-\u036f]*")
_JOINED = re.compile(r"[\s\u00a0\u202f'’ʼ‑–-]{1,3}$")
_LIGHT = {"le", "la", "les", "l", "de", "du", "des", "d", "en", "sur", "sous", "et", "aux", "au", "a", "lez"}
_SPELT_OUT = {"st": "saint", "ste": "sainte"}
_CONTRACTED = {"au": "le", "du": "le", "aux": "les", "des": "les"}  # "au Mans": Le Mans

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
    r"|lycee|college|stade|gare|station|professeure?|madame|monsieur|mme|m|mr)(?: de| d| du| des)?(?: la| l)?$"
)
_NOT_A_PLACE_AFTER = {"de", "du", "des", "d", "est", "ouest", "publique", "publiques", "sportif", "sportifs"}

_MONTHS = {
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
}
_UNITS = {
    "h",
    "heures",
    "heure",
    "ans",
    "an",
    "jours",
    "mois",
    "euros",
    "euro",
    "eur",
    "habitants",
    "personnes",
    "pour",
    "cent",
    "minutes",
    "km",
    "m2",
    "e",
    "er",
}
_IN_NUMBER = re.compile(
    r"(?:^| )(?:dans|sur)(?: le)?$|(?:^| )(?:departement|dept|dpt|dep|dans le departement)(?: du)?$"
)
_THE_NUMBER = re.compile(r"(?:^| )(?:le|du)$")
_KNOWN_BY_NUMBER = {"75", "77", "78", "91", "92", "93", "94", "95"}  # said as names around Paris
_COUNTS = re.compile(
    r"(?:^| )(?:article|loi|numero|n|no|de|d|les|des|aux|a|et|ou|fiche|etape|axe|page|plus|moins|environ)$"
)


class Words:
    """The words of a question, folded, with where they stand and what parts them."""

    def __init__(self, question: str) -> None:
        found = list(_WORD.finditer(question))
        self.written = [match[0] for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        folded = [fold(word).replace(" ", "") for word in self.written]
        self.folded = [_SPELT_OUT.get(word, word) for word in folded]
        edges = [0, *self.ends], [*self.starts, len(question)]
        self.gaps = [question[start:end] for start, end in zip(*edges, strict=True)]  # gaps[i] stands before word i
        self._shouted = question.isupper()
        self._lasts = self._last_joined()

    def __len__(self) -> int:
        return len(self.folded)

    def joined_from(self, first: int) -> int:
        """How many words from `first` on may make one name: no punctuation parts them."""
        return self._lasts[first] - first + 1

    def _last_joined(self) -> list[int]:
        lasts = list(range(len(self)))
        for at in range(len(self) - 2, -1, -1):
            if _JOINED.match(self.gaps[at + 1]):
                lasts[at] = lasts[at + 1]
        return lasts

    def name(self, first: int, after: int) -> str:
        """The folded words from `first` to before `after`."""
        return " ".join(self.folded[first:after])

    def with_article(self, first: int, name: str) -> tuple[str, ...]:
        """The name with the article that the word before it has swallowed: "au Mans" gives "le mans"."""
        article = _CONTRACTED.get(self.folded[first - 1]) if first and _JOINED.match(self.gaps[first]) else None
        return (f"{article} {name}",) if article else ()

    def heavy_words(self, first: int, after: int) -> int:
        """How many words are more than articles and prepositions."""
        return sum(word not in _LIGHT for word in self.folded[first:after])

    def is_hyphenated(self, first: int, after: int) -> bool:
        """Whether a hyphen joins some of these words."""
        return any("-" in gap for gap in self.gaps[first + 1 : after])

    def is_upper(self, first: int, after: int) -> bool:
        """Whether these words are in capitals, all letters of them."""
        return all(word.isupper() for word in self.written[first:after])

    def has_capitals(self, first: int, after: int) -> bool:
        """Whether capitals set these words apart; those of a sentence's start and of a shouted question say nothing."""
        if self._shouted:
            return False
        words = [at for at in range(first, after) if self.folded[at] not in _LIGHT and not self._starts_sentence(at)]
        return bool(words) and all(self.written[at][0].isupper() for at in words)

    def before(self, first: int) -> str:
        """The five folded words before, back to the last punctuation."""
        start = first
        while start and first - start < 5 and _JOINED.match(self.gaps[start]):
            start -= 1
        return self.name(start, first)

    def after(self, after: int) -> str:
        """The six folded words that follow, whatever parts them."""
        return self.name(after, after + 6)

    def follows(self, after: int) -> str:
        """The folded word that follows with no punctuation between, or ""."""
        return self.folded[after] if after < len(self) and _JOINED.match(self.gaps[after]) else ""

    def is_bracketed(self, at: int) -> bool:
        """Whether the word stands alone in brackets."""
        return self.gaps[at].rstrip().endswith("(") and self.gaps[at + 1].lstrip().startswith(")")

    def links(self, after: int, first: int) -> bool:
        """Whether only brackets and small words part what ends before `after` and what starts at `first`."""
        between = self.folded[after:first]
        return after <= first and all(word in _LIGHT | {"dans", "departement"} for word in between)

    def continues_name(self, first: int) -> bool:
        """Whether the word before is a part of a longer name: "Jean Latour", "Du Bosc", "Baie-Sainte-Anne"."""
        before = first - 1
        if before < 0 or not _JOINED.match(self.gaps[first]) or self._shouted:
            return False
        word = self.written[before]
        named = word[0].isupper() and not word.isupper() and not self._starts_sentence(before)
        return named or self.gaps[first] in {"-", "‑"}

    def is_part_of(self, first: int) -> bool:
        """Whether a capitalised name stands before with "du" or "de l'": "Italie du Sud"."""
        found = re.search(r"(\S+) (?:du|de l)$", self.before(first))
        at = first - len(found[0].split()) if found else 0
        return at > 0 and self.written[at][0].isupper() and self.folded[at] not in {"departement", "departemental"}

    def _starts_sentence(self, at: int) -> bool:
        return at == 0 or bool(re.search(r"[.?!:;\n«\"]", self.gaps[at]))


def score_before(words: Words, first: int, *, is_commune: bool, ordinary: bool) -> float:
    """How much what stands before a name speaks for a place: from -2 (a street, a river) to 2.5 ("mairie de")."""
    text = words.before(first)
    if _NAMESAKE.search(text) or (ordinary and not is_commune and words.is_part_of(first)):
        return -2.0
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
    """How much what follows an everyday word speaks against a place: "le nord du quartier", "la réunion publique"."""
    follows = words.follows(after)
    return -2.0 if ordinary and (follows in _NOT_A_PLACE_AFTER) else 0.0


def is_near(words: Words, first: int, after: int, *, is_commune: bool) -> bool:
    """Whether around the place counts too: "près de", "et sa métropole", "l'agglomération de"."""
    before = words.before(first)
    around = is_commune and bool(_AROUND.search(before))
    return around or bool(_NEAR.search(before)) or bool(_NEAR_AFTER.match(words.after(after)))


def departement_number(words: Words, at: int) -> str:
    """The code of the département that a number names ("dans le 32", "(93)", "2A"), or ""."""
    code = words.folded[at].upper()
    if len(code) > 3:
        return ""
    if (
        code not in departements()
        or words.follows(at + 1) in _MONTHS | _UNITS
        or re.match(r"\s*[€%/°]", words.gaps[at + 1])
    ):
        return ""
    if not code.isdigit() or words.is_bracketed(at) or _IN_NUMBER.search(words.before(at)):
        return code
    # "le 32" may be a day: nothing may follow that the number could count.
    ends = not words.follows(at + 1) or words.follows(at + 1) in {"et", "ou", "pour", "qui", "sur", "avec"}
    if ends and _THE_NUMBER.search(words.before(at)):
        return code
    last = at == len(words) - 1 and code in _KNOWN_BY_NUMBER
    return code if last and words.before(at) and not _COUNTS.search(words.before(at)) else ""


def is_postcode(words: Words, at: int) -> bool:
    """Whether five figures stand as a postcode and not as a count."""
    if not re.fullmatch(r"\d{5}", words.folded[at]) or re.match(r"\s*[€%]", words.gaps[at + 1]):
        return False
    if words.is_bracketed(at) or re.search(r"(?:^| )(?:postal|cp)$", words.before(at)):
        return True
    if words.follows(at + 1):
        return words.written[at + 1][0].isupper()
    return not re.search(r"(?:^| )(?:de|d|a|environ|que|entre|et|ou|les|jusqu|about|of)$", words.before(at))
