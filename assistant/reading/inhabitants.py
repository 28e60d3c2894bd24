"""Inhabitants: how many a question gives to a town."""

import re

from ingest.sheet import Frozen
from language.nearby import before

MOST = 100_000_000  # no town has more
_NEARBY = 45  # characters before a number among which its noun is looked for

_THOUSANDS = {
    "mille": 1, "deux mille": 2, "trois mille": 3, "quatre mille": 4, "cinq mille": 5, "six mille": 6, "sept mille": 7,
    "huit mille": 8, "neuf mille": 9, "dix mille": 10, "douze mille": 12, "quinze mille": 15, "vingt mille": 20,
    "trente mille": 30, "quarante mille": 40, "cinquante mille": 50, "soixante mille": 60, "cent mille": 100,
    "deux cent mille": 200, "un million": 1000,
}  # fmt: skip
_COUNT = (
    r"(?:\d{1,3}(?:[ .,\u00a0\u202f]\d{3}){1,4}|\d{1,12}(?:[.,]\d{1,6})?\s?(?:millions?|k\b)?|"
    + "|".join(sorted(_THOUSANDS, key=len, reverse=True))
    + ")"
)
_PEOPLE = r"\s*(?:d['’]|of\s+)?(?:habitants?|habs?\b\.?|[âa]mes\b|administr[ée]s|inhabitants?|residents?|people|souls)"
_POPULATION = re.compile(
    rf"(?:\b(?:entre|de|between|from)\s+(?P<low>{_COUNT})\s*(?:et|à|-|–|and|to)\s*(?P<high>{_COUNT})"
    r"|(?P<least>plus de|plus d['’]|au moins|au-dessus de|au-delà de|over|more than|at least|above)\s*"
    rf"(?P<more>{_COUNT})"
    rf"|(?P<most>moins de|moins d['’]|jusqu['’]à|au plus|maximum|en dessous de|sous les|under|less than|fewer than|"
    rf"up to|below)\s*(?P<less>{_COUNT})"
    rf"|(?<!\d)(?P<about>{_COUNT})){_PEOPLE}",
    re.IGNORECASE,
)
_TOWN = re.compile(
    r"\b(?:villes?|villages?|communes?|bourgs?|bourgades?|mairies?|municipalit\w+|agglos?|agglom\w+|intercommunalit\w+|"
    r"interco|epci|communaut\w+|collectivit\w+|m[ée]tropoles?|territoires?|towns?|city|cities|authorit\w+|"
    r"[eé]lue?s?|maires?|mayor|council)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"(?:\b(?:on est|nous sommes|on fait|on a|nous avons|compt\w+|peupl\w+|on n['’]est que|we are|we have|"
    r"chez nous,?|with|pour|à|de|d['’]environ|environ|seulement|que)\s*"
    r"(?:(?:environ|à peu près|quelque|only)\s*)?)$|^\W*$",
    re.IGNORECASE,
)
# "Un panel de 150 habitants", "associer 2 000 habitants": these take part, they are not the town's.
_TAKE_PART = re.compile(
    r"\b(?:panel|groupe|jury|assembl[ée]e|conseil|comit[ée]|convention|[ée]chantillon|r[ée]union|atelier|forum|rencontre|quartier|r[ée]sidence|"
    r"mobilis\w+|r[ée]uni\w*|consult\w+|associ\w+|interrog\w+|touch\w+|invit\w+|rassembl\w+|auprès|group|meeting)\b",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\s*(?:ont|qui ont|sont|tir[ée]s|volontaires|consult[ée]s|interrog[ée]s|mobilis[ée]s|present|took)\b"
)


class Inhabitants(Frozen):
    """How many inhabitants a question gives to a town, and the range that this stands for, ends included."""

    number: int | None
    least: int
    most: int
    start: int = 0  # the characters that say so
    end: int = 0

    def is_about(self, least: int, most: int) -> bool:
        """Whether this falls in a range, its end excluded: a number in it, a range over half of the narrower."""
        if self.number is not None:
            return least <= self.number < most
        common = min(self.most, most) - max(self.least, least)
        return 2 * common >= min(self.most - self.least, most - least)


def find_inhabitants(question: str) -> Inhabitants | None:
    """The first number of inhabitants that is a town's, or None; participants and quarters do not count."""
    for match in _POPULATION.finditer(question):
        said = before(question, match.start())
        nearby = re.split(r"[.;?!]", said)[-1][-_NEARBY:]
        town, part = _last(_TOWN, nearby), _last(_TAKE_PART, nearby)
        if part > town or (town < 0 and _ACT.match(question, match.end())):
            continue
        souls = re.search(r"[âa]mes", match[0], re.IGNORECASE)
        if town >= 0 or souls or match["about"] is None or _OURS.search(said):
            return _read_inhabitants(match).model_copy(update={"start": match.start(), "end": match.end()})
    return None


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where a pattern is last found, -1 if nowhere."""
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _read_inhabitants(match: re.Match[str]) -> Inhabitants:
    if match["low"]:
        low, high = _read_count(match["low"]), _read_count(match["high"])
        low = low * 1000 if low < 100 <= high // 100 else low  # "entre 20 et 50 000 habitants"
        return Inhabitants(number=None, least=min(low, high), most=max(low, high))
    if match["more"]:
        return Inhabitants(number=None, least=_read_count(match["more"]), most=MOST)
    if match["less"]:
        return Inhabitants(number=None, least=0, most=_read_count(match["less"]))
    number = _read_count(match["about"])
    return Inhabitants(number=number, least=number, most=number)


def _read_count(written: str) -> int:
    """ "3 000", "3.000", "10k", "1,5 million", "deux mille" as a number."""
    text = " ".join(written.lower().split())
    if text in _THOUSANDS:
        return _THOUSANDS[text] * 1000
    factor = 1_000_000 if "million" in text else 1000 if text.endswith("k") else 1
    figures = text.rstrip("milonsk ").strip()
    if factor > 1:
        return int(float(figures.replace(",", ".")) * factor)
    digits = re.sub(r"\D", "", figures)
    return int(digits) if digits else 0
