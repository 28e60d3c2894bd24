"""Facts: which sentence of a sheet holds the figure, date, duration or name that a question asks for."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from index.encoding.budget import spend
from index.passages import Sentence
from index.signals.lexical import split_words

Quantity = Literal["money", "share", "duration", "date", "count", "person", "outcome", "topic", "name"]

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
# Offices and trades: who holds them is a person, and sheets seldom name persons.
_ROLES = (
    r"maire|adjointe?s?|[ée]lue?s?|pr[ée]sidente?|vice-pr[ée]sidente?|d[ée]put[ée]e?|pr[ée]f[eè]te?|pr[ée]fet|"
    r"direct(?:eur|rice)|responsable|chef(?:fe)?|charg[ée]e? de|animat(?:eur|rice)|architecte|paysagiste|urbaniste|"
    r"garante?|journaliste"
)
_ROLE = re.compile(rf"\b({_ROLES})\b", re.IGNORECASE)
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

UNCERTAIN: tuple[Quantity, ...] = ("topic", "name")  # too many forms for a sentence that holds one to be known

# What each form of question asks for, first match wins.
_ASKED: tuple[tuple[Quantity, str], ...] = (
    (
        "duration",
        r"combien de (?:temps|mois|jours|semaines|ann[ée]es)|quelle (?:est |était |a été )?(?:la )?dur[ée]e|how long",
    ),
    (
        "share",
        r"quel(?:le)?s? (?:est |était )?(?:la |le )?(?:part|pourcentage|proportion|taux)|what (?:share|percentage)",
    ),
    ("date", r"quelle (?:ann[ée]e|date|p[ée]riode)"),
    (
        "money",
        r"combien .{0,60}\b(?:co[uû]t|d[ée]pens|consacr|financ|euros?|investi|pay[ée]|allou)|combien de budget\b|"
        r"\b(?:budget|co[uû]t|enveloppe)\b.{0,90}\bcombien\b(?! de)|[àa] combien .{0,30}(?:budget|co[uû]t|enveloppe)|"
        r"combien (?!de |d['’]).{0,30}\b(?:budget|co[uû]t|enveloppe)\b|combien d['’ ]?(?:argent|euros)|"
        r"quel(?:le)?s? .{0,30}\b(?:somme|montant|budget(?!s? (?:participati|citoyen))|co[uû]t|prix|tarif|enveloppe)|"
        r"how much",
    ),
    (
        "outcome",
        r"\b(?:le |du )?oui ou (?:le |du )?non\b|r[ée]sultats? (?:du|des|de la) (?:vote|votation|scrutin|"
        r"r[ée]f[ée]rendum)|"
        r"\bquel(?:le)?s? (?:projet|sc[ée]nario|id[ée]e|proposition|option|candidat|[ée]quipe)\w*\b.{0,25}"
        r"\b(?:gagn|remport|emport|arriv|[ée]lu)|which (?:project|option|scenario)s? won",
    ),
    (
        "person",
        rf"\bnoms?\b.{{0,12}}\b(?:d[ue]s?|de la|de l['’]|d['’]) ?(?:{_ROLES})|"
        rf"\bqui (?:est|sont|[ée]tai(?:en)?t|fut) (?:le |la |les |l['’])(?:{_ROLES})|"
        rf"\bcomment s['’ ]?appel\w+ (?:le |la |les |l['’])(?:{_ROLES})|who (?:is|was) the (?:mayor|head|director)",
    ),
    (
        "date",
        r"^\W*(?:et |mais )?quand\b(?! (?:c['’]|l['’]on|on|ils?|elles?|je|nous|vous|une?|des)\b)|"
        r"\b(?:depuis|jusqu['’][àa]|c['’](?:[ée]tait|est)|de|pour) quand\b|"
        r"\bwhen\b",
    ),
    (
        "topic",
        r"\b(?:sur|de) quoi\b|\bquel(?:le)? (?:est|était|fut) (?:le |l['’])(?:sujet|thème|objet)\b|what .{0,40} about",
    ),
    ("count", r"\bcombien\b|\bnb\b|\bnombre d|quel(?:le)? .{0,10}nombre|how many"),
    (
        "name",
        r"comment s['’ ]?appell|quel(?:le)? (?:est |était )?(?:le |la |l['’])?"
        r"(?:nom|titre|agence|outil|prestataire|[ée]tablissement|logiciel)|"
        # "Qui a associé des enfants ?" asks for examples; "Qui a animé Tok-Tok ?", of what it names, asks who.
        r"(?<!ce )\bqui (?:est|était)\b|\bqui (?:a|ont|avait)\b(?=.*[ '’](?-i:[A-ZÉÈÀ]))",
    ),
)
_LABELLED = re.compile(
    r"\b(?:[ée]tape|phase|axe|article|acte|volet|chapitre|numéro|n°|agenda|covid-?)\s?$", re.IGNORECASE
)
# "depuis plus de 30 ans", "âgés de 13 ans": since when, how old or how often, not how long.
_AGE = re.compile(r"\b(?:depuis|il y a|[âa]g[ée]e?s? de|tou(?:s|tes) les)\b[^.,;:]{0,15}$", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_SHARED = re.compile(r"(?:part|pourcentage|proportion|taux|share|percentage)\s*(.*)", re.IGNORECASE)
_YEAR = re.compile(rf"(?:\b(?:en|depuis|dès|année|fin|début|{_MONTHS})|[-–/]){_SPACE}?(?:19|20)\d\d$", re.IGNORECASE)
_NOT_COUNTED = rf"{_SPACE}?(?:%|€|k€|(?:d[’'])?euros?\b|(?:{_MONTHS})\b)"
_CLAUSE_MARKS = (",", ";", ":", " (", ")")
_COUNTS_SHEETS = re.compile(
    r"\b(?:combien|nombre) (?:de |d['’])(?:fiches?|exemples?|cas|laur[ée]ats?|retours? d['’]exp[ée]rience)\b|"
    r"how many (?:sheets|examples|cases)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?:combien|\bnb|\bnombre|how many)\b\s*(.*)", re.IGNORECASE)


# Sections on the organisation and its partners: they seldom say what was done.
BACKGROUND = frozenset({"porteur", "partenaires"})


@dataclass(frozen=True)
class Asked:
    """What a question asks to be told: a kind of quantity, and for a count the words of what is counted."""

    quantity: Quantity
    counted: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()  # of the question, to choose between figures of one sentence


@dataclass(frozen=True)
class Held:
    """Where a quantity stands in a sentence, and how well it fits what is asked, from 0 to 1."""

    start: int
    end: int
    fit: float


def read_asked(question: str) -> Asked | None:
    """The quantity a question asks for, or None when it asks for no single fact; sheets are counted, not quoted."""
    if _COUNTS_SHEETS.search(question):
        return None
    for quantity, pattern in _ASKED:
        if re.search(pattern, question, re.IGNORECASE):
            named = {"count": _COUNTED, "share": _SHARED, "person": _ROLE}.get(quantity)
            counted = named.search(question) if named else None
            things = tuple(split_words(counted[1])[: 2 if quantity == "count" else 1]) if counted else ()
            return Asked(quantity, things, frozenset(split_words(question)))
    return None


def rank_sentences(
    question: str, known: str, sentences: Sequence[Sentence], asked: Asked | None
) -> list[tuple[Sentence, float]]:
    """The sentences of one sheet with their scores, those that answer the question first.

    What counts: closeness in meaning; words of the question that are rare in this sheet and not already
    in `known`, its title and organisation; for a fact, that the asked kind of quantity is there; and that
    the sentence tells what was done rather than who the organisation is.
    """
    if not sentences:
        return []
    spend()
    similarity = np.array([sentence.similarity for sentence in sentences])
    words = [set(split_words(sentence.text)) for sentence in sentences]
    wanted = set(split_words(question)) - set(split_words(known))
    having = Counter(word for other in words for word in wanted & other)
    rarity = {word: np.log((len(words) + 1) / (0.5 + having[word])) for word in wanted}
    shared = np.array([sum(rarity[word] for word in wanted & found) for found in words])
    background = np.array([sentence.passage.key in BACKGROUND for sentence in sentences], dtype=float)
    if asked:
        held = (find_held(sentence.text, asked) for sentence in sentences)
        fits = 1.5 * np.array([found.fit if found else 0.0 for found in held]) - 0.5 * background
    else:
        fits = -1.5 * background
    scores = _standard(similarity) + 0.25 * _standard(shared) + fits
    order = np.argsort(-scores, kind="stable").tolist()
    return [(sentences[row], float(scores[row])) for row in order]


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


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return np.asarray((values - values.mean()) / spread) if spread > 0 else np.zeros_like(values)
