"""Quantities: where a sentence holds the figure, date, duration or name that a question asks for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from assistant.reading.asked import Asked, Quantity
from index.signals.lexical import split_words

_SPACE = r"[ \u00a0\u202f]"
_FIGURE = rf"\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,5}}(?:,\d{{1,9}})?|\d+(?:[.,]\d+)?"
_IN_WORDS = (
    r"(?:une? |plusieurs )?"
    r"(?:dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine|centaine|millier)s?"
    r"|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|"
    r"quarante|cinquante|cent|mille"
)
_MULTIPLE = rf"(?:{_SPACE}(?:milliards?|millions?|milliers?))?"
_NAME = r"[A-ZÉ][\w’'-]{1,40}"
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_THINGS = "habitant|personne|participant|votant|idée|logement|euro|€|m2|contribution|visite|vote|signature"
_PEOPLE = """
personnes habitants citoyens participants votants électeurs jeunes enfants élèves écoliers étudiants salariés agents
usagers inscrits membres joueurs contributeurs volontaires bénévoles volontaire lycéens collégiens riverains
"""
# "1ère réunion", "2ème phase" and "16h30" count nothing.
_ORDINAL = r"(?:ers?|[èe]?res?|[èe]?mes?|nde?s?|e|h)\b|h\d|°"
_NUMBER = rf"(?:(?<![\w.,])(?:{_FIGURE})(?!\d|{_ORDINAL})|\b(?:{_IN_WORDS})\b){_MULTIPLE}"

_HELD: dict[Quantity, re.Pattern[str]] = {
    "money": re.compile(rf"{_NUMBER}{_SPACE}?(?:d[’'])?{_SPACE}?(?:€|k€|M€|euros?\b)", re.IGNORECASE),
    "share": re.compile(
        rf"{_NUMBER}{_SPACE}?(?:%|pour cent\b)|\bun (?:tiers|quart|cinquième)\b|\bla moitié\b", re.IGNORECASE
    ),
    "duration": re.compile(
        rf"{_NUMBER}{_SPACE}(?:an(?:née)?s?|mois|semaines?|jours?|journées?|heures?)\b", re.IGNORECASE
    ),
    "date": re.compile(
        rf"\b(?P<day>\d{{1,2}}(?:er)? (?:{_MONTHS}) (?:19|20)\d\d)\b|"
        rf"\b(?:{_MONTHS}) (?:19|20)\d\d\b|\b(?:19|20)\d\d\b(?!{_SPACE}(?:{_THINGS}))",
        re.IGNORECASE,
    ),
    "count": re.compile(_NUMBER, re.IGNORECASE),
    "person": re.compile(rf"\b(?:M\.|Mme|Monsieur|Madame) {_NAME}|\b{_NAME}(?: [A-Z]\.)? {_NAME}"),
    "outcome": re.compile(
        r"\b(?:remport|l['’](?:a |ont )?emport|gagn[ée]|arriv\w+ (?:en tête|premi)|majorit|vainqueur|gagnant)\w*|"
        r"\bont (?:élu|voté (?:pour|contre))|\b(?:le|du|au) (?:oui|non)\b|"
        r"\b(?:sélectionn|retenu|approuv|adopt|rejet)[ée]*s?\b",
        re.IGNORECASE,
    ),
    "topic": re.compile(
        r"\b(?:autour (?:de|du|des|d[’'])|port\w* sur|au sujet d|à propos d|concern\w+|relati\w+ (?:à|aux?)|"
        r"en faveur d)",
        re.IGNORECASE,
    ),
    "name": re.compile(
        r"«[^»]{2,60}»|\"[^\"]{2,60}\"|(?<=[a-zé,’'] )(?:[A-ZÉ][\w’'-]+(?: (?:de |du |des |d[’'])?[A-ZÉ][\w’'-]+)*)"
    ),
}

_LABELLED = re.compile(
    r"\b(?:[ée]tape|phase|axe|article|acte|volet|chapitre|numéro|n°|agenda|covid-?)\s?$", re.IGNORECASE
)
# "depuis plus de 30 ans", "âgés de 13 ans": since when, how old or how often, not how long.
_AGE = re.compile(r"\b(?:depuis|il y a|[âa]g[ée]e?s? de|tou(?:s|tes) les)\b[^.,;:]{0,15}$", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR = re.compile(rf"(?:\b(?:en|depuis|dès|année|fin|début|{_MONTHS})|[-–/]){_SPACE}?(?:19|20)\d\d$", re.IGNORECASE)
_NOT_COUNTED = rf"{_SPACE}?(?:%|€|k€|(?:d[’'])?euros?\b|(?:{_MONTHS})\b)"
_CLAUSE_MARKS = (",", ";", ":", " (", ")")


@dataclass(frozen=True)
class Held:
    """Where a quantity stands in a sentence, and how well it fits what is asked, from 0 to 1."""

    start: int
    end: int
    fit: float


def find_held(sentence: str, asked: Asked) -> Held | None:
    """Where the asked quantity stands in a sentence and how well it fits; None when it does not."""
    found = [held for figure in _HELD[asked.quantity].finditer(sentence) if (held := _weigh(sentence, figure, asked))]
    if len(found) < 2:
        return next(iter(found), None)
    return max(found, key=lambda held: (held.fit, _shared_in_clause(sentence, held, asked)))


def _shared_in_clause(sentence: str, held: Held, asked: Asked, words: Iterable[str] | None = None) -> int:
    """How many words of the question, or of these, stand in the same clause as the figure."""
    start = max(sentence.rfind(mark, 0, held.start) for mark in _CLAUSE_MARKS) + 1
    ends = [end for mark in _CLAUSE_MARKS if (end := sentence.find(mark, held.end)) >= 0]
    return len(
        set(asked.words if words is None else words)
        & set(split_words(sentence[start : min(ends, default=len(sentence))]))
    )


def _weigh(sentence: str, figure: re.Match[str], asked: Asked) -> Held | None:
    """A figure of the asked kind with its fit; None for a number that names a step or another thing than is asked."""
    start, end = figure.span()
    if asked.quantity == "count":
        fit = 0.0 if _LABELLED.search(sentence[:start]) else _fit_count(sentence, figure, asked)
        return Held(start, end, fit) if fit else None
    if asked.quantity == "duration" and _AGE.search(sentence[:start]):
        return Held(start, end, 0.4)
    if asked.quantity == "person":
        return Held(start, end, 1.0) if set(asked.counted) & set(split_words(sentence)) else None
    if asked.quantity == "date":
        return Held(start, end, 1.0 if figure.lastgroup == "day" else 0.7)
    held = Held(start, end, 1.0)
    if asked.quantity == "share" and asked.counted and not _shared_in_clause(sentence, held, asked, asked.counted):
        return Held(start, end, 0.4)
    return held


def _fit_count(sentence: str, figure: re.Match[str], asked: Asked) -> float:
    """How well a number counts what is asked, 0 when it does not: what is counted is named soon after it."""
    rest = sentence[figure.end() : figure.end() + 45]
    if re.match(_NOT_COUNTED, rest, re.IGNORECASE) or _YEAR.search(sentence[: figure.end()]):
        return 0.0
    following = set(split_words(re.split(r"\d", rest, maxsplit=1)[0])[:3])
    if following & set(asked.counted):
        return 1.0
    if not asked.counted:
        return 0.0 if _BARE_YEAR.fullmatch(figure[0]) else 1.0
    people = _people()
    return 0.6 if people & set(asked.counted) and people & following else 0.0


@cache
def _people() -> frozenset[str]:
    """Words for persons: "combien de joueurs" may be answered by "1 500 personnes"."""
    return frozenset(split_words(_PEOPLE))
