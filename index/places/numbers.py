"""Places said by a number: a département ("dans le 32", "le 93", "2A"), a postcode."""

import re

from index.words import Words
from ingest.places import departements

# A number before one of these counts or dates.
_COUNTED = re.compile(
    r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|heures?|h|ans?|jours?|mois|euros?|eur|habitants|personnes|pour|cent|minutes?|km|m2|er?"
)
_IN_NUMBER = re.compile(r"(?:^| )(?:dans|sur) le$|(?:^| )(?:departement|dept|dpt|dep)(?: du)?$")
_THE_NUMBER = re.compile(r"(?:^| )(?:le|du)$")
_THE_DEPARTEMENT = re.compile(
    r"^(?:et |ou |pour )?le$|(?:^| )(?:communes?|villes?|villages?|mairies?|elus|habitants|jeunes|gens|exemples?) du$"
)
_LAST_DAY = 31
_KNOWN_BY_NUMBER = {"75", "77", "78", "91", "92", "93", "94", "95"}  # said as names around Paris
_COUNTS = re.compile(
    r"(?:^| )(?:article|loi|numero|n|no|de|d|les|des|aux|a|et|ou|fiche|etape|axe|page|plus|moins|environ)$"
)


def departement_number(words: Words, at: int) -> str:
    """The code of the département that a number names ("dans le 32", "(93)", "2A"), or ""."""
    code = words.folded[at].upper()
    if len(code) > 3:
        return ""
    if (
        code not in departements()
        or _COUNTED.fullmatch(words.follows(at + 1))
        or re.match(r"\s*[€%/°]", words.gaps[at + 1])
    ):
        return ""
    if not code.isdigit() or words.is_bracketed(at) or _IN_NUMBER.search(words.before(at)):
        return code
    # "le 12" may be a day, and nothing may follow that the number could count.
    ends = not words.follows(at + 1) or words.follows(at + 1) in {"et", "ou", "pour", "qui", "sur", "avec"}
    said = _THE_NUMBER if int(code) > _LAST_DAY else _THE_DEPARTEMENT
    if ends and said.search(words.before(at)):
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
