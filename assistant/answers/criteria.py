"""Criteria: what a sheet says of a criterion of comparison, in its own words, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answers.lines import Line, is_step, of_role, shorten
from assistant.finding.quantities import find_held
from assistant.reading.asked import Asked
from ingest.passage import Passage
from ingest.sentence import split_sentences
from ingest.sheet import Role, Sheet
from language.letters import fold
from language.patterns import any_of

_LONGEST = 24  # words of a cell
_BACKGROUND: frozenset[Role | None] = frozenset({"organisation", "partners", "team"})
# They say in a sentence what steps spread over many.
_TELLING: frozenset[Role | None] = frozenset({"lesson", "summary", "introduction"})
_CLAUSE = re.compile(r"(?<=[,;:])\s+|(?<!\s)\s+(?=\()|(?<!\s)\s+[–-]\s+")

# Patterns read folded text, but those of figures, which fold would part.
_INHABITANTS = re.compile(r"(?<!\d)\d[\d  \u202f.,]{0,14}(?:millions? )?(?:d[’'])?\s?habitants?\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE = any_of(
    r"""
    (?:en|depuis|des|de|a|fin|debut|annee|ete|automne|hiver|printemps|in|since) (?:19|20)\d\d
    (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) (?:19|20)\d\d
    """
)
_PUBLIC = any_of(
    """
    jeunes?|enfants?|adolescents?|ados|eleves|collegiens|lyceens|etudiants?|ecoliers|seniors?|aines|personnes agees
    parents
    habitants?|habitantes|citoyens?|citoyennes?|usagers|riverains?|locataires|salaries?|agents?|allocataires
    beneficiaires
    electeurs|grand public|tout public|associations?|acteurs|volontaires|femmes|participants?
    """
)
_TOOLS = any_of(
    """
    plateforme|site internet|site web|site participatif|application|logiciel|en ligne|numeriques?|visioconferences?
    ateliers?|reunions? publiques?|questionnaires?|enquetes?|sondages?|entretiens?|formulaires?|debats?|forums?|cafes?
    votes?|votation|urnes?|boites? a idees?|cartes?|marches? exploratoires?|balades?|jury|jurys|tirage au sort
    tires au sort
    porte a porte|stands?|camionnette|triporteur|jeux?|expositions?|films?|videos?|conseil citoyen
    conseil participatif|comite
    """
)
_RESULT = any_of(
    r"""
    resultats?|a permis|ont permis|permis de|debouche|abouti\w*|retenus?|laureats?|realises?|adoptee?s?|votes? par
    mise? en oeuvre|signee?|engagements?|bilan|impact|a ete (?:cree|elu|adopte|choisi)\w*|ont (?:ete )?(?:choisi|elu)\w*
    elus? majoritairement|recueillis?|integre\w*|prises? en compte|reconnu\w*
    """
)
_PEOPLE = any_of(
    """
    participants?|participations?|personnes|habitants?|votants?|votes|citoyens?|contributions?|contributeurs?|joueurs
    inscrits|eleves|jeunes|idees|propositions|avis|reponses|repondants|visiteurs|membres|familles|electeurs|usagers
    salaries
    """
)


@dataclass(frozen=True)
class Cell:
    """What a sheet says of a criterion: a verbatim piece of a passage."""

    passage: Passage
    text: str


@dataclass(frozen=True)
class Practice:
    """A sheet with its lines, and what cells already quote: a sentence tells one thing."""

    sheet: Sheet
    lines: list[Line]
    taken: set[str]

    def sentences(self, *, background: bool = False) -> list[tuple[Line, str]]:
        """The sentences that may be quoted in a cell, those on who runs it left out or alone."""
        lines = [line for line in self.lines if (line.passage.role in _BACKGROUND) is background]
        return [(line, sentence) for line in lines for sentence in split_sentences(line.text)]


def _find_size(practice: Practice) -> list[Cell]:
    """How many inhabitants the organisation says to have."""
    for line, sentence in practice.sentences(background=True):
        if (found := _INHABITANTS.search(sentence)) and line.passage.role == "organisation":
            return [Cell(line.passage, found[0].strip())]
    return []


def _find_period(practice: Practice) -> list[Cell]:
    """The dates of the first and of the last step, when a year is among them; else the first dated sentence."""
    dated = [line for line in practice.lines if is_step(line) and line.dated and re.search(r"\d", line.dated)]
    if dated and _YEAR.search(f"{dated[0].dated} {dated[-1].dated}"):
        ends = {line.dated: Cell(line.passage, line.dated) for line in (dated[0], dated[-1])}
        return list(ends.values())
    for line, sentence in practice.sentences():
        if _DATE.search(fold(sentence)):
            return _excerpt(practice, line, sentence, lambda text: bool(_DATE.search(fold(text))))
    return []


def _find_budget(practice: Practice) -> list[Cell]:
    return _find_figure(practice, Asked("money"), lambda _: True)


def _find_people(practice: Practice) -> list[Cell]:
    """The sentence that says how many took part: a count of persons or of what they gave."""
    asked = Asked("count", counted=())

    def tells(text: str) -> bool:
        held = find_held(text, asked)
        return held is not None and bool(_PEOPLE.search(fold(text[held.end : held.end + 40])))

    return _find_figure(practice, asked, tells)


def _find_figure(practice: Practice, asked: Asked, tells: Callable[[str], bool]) -> list[Cell]:
    """The first sentence that holds such a figure: what is to remember comes first in a sheet."""
    for line, sentence in practice.sentences():
        if find_held(sentence, asked) and tells(sentence):
            cell = _excerpt(practice, line, sentence, lambda text: find_held(text, asked) is not None and tells(text))
            if cell:
                return cell
    return []


def _find_words(words: re.Pattern[str]) -> Callable[[Practice], list[Cell]]:
    """The sentence, not quoted yet, with most of these words for its length."""

    def find(practice: Practice) -> list[Cell]:
        scored = [
            (_density(words, sentence) * (1.5 if line.passage.role in _TELLING else 1.0), line, sentence)
            for line, sentence in practice.sentences()
            if sentence not in practice.taken and words.search(fold(sentence))
        ]
        best = max(scored, key=lambda each: each[0], default=None)
        return _excerpt(practice, best[1], best[2], lambda text: bool(words.search(fold(text)))) if best else []

    return find


def _density(words: re.Pattern[str], sentence: str) -> float:
    """How many of these words a sentence has for its length; a few words of themselves weigh little."""
    return len(set(words.findall(fold(sentence)))) / (8 + len(sentence.split()))


def _find_lesson(practice: Practice) -> list[Cell]:
    """What is to remember first, not quoted yet."""
    for line in of_role(practice.lines, "lesson", "limits", "experience"):
        for sentence in split_sentences(line.text):
            if sentence not in practice.taken and "http" not in sentence:
                return _excerpt(practice, line, sentence, lambda _: True)
    return []


def _excerpt(practice: Practice, line: Line, sentence: str, tells: Callable[[str], bool]) -> list[Cell]:
    """A sentence, or the clauses around what it tells when it is longer than a cell."""
    practice.taken.add(sentence)
    if len(sentence.split()) <= _LONGEST:
        return [Cell(line.passage, sentence)]
    starts = [0, *(mark.end() for mark in _CLAUSE.finditer(sentence))]
    pieces = [shorten(sentence[start:], _LONGEST).strip() for start in starts]
    return next(([Cell(line.passage, piece)] for piece in pieces if tells(piece)), [])


CRITERIA: dict[str, Callable[[Practice], list[Cell]]] = {
    "taille": _find_size,
    "periode": _find_period,
    "budget": _find_budget,
    "participants": _find_people,
    "public": _find_words(_PUBLIC),
    "outils": _find_words(_TOOLS),
    "resultats": _find_words(_RESULT),
    "enseignements": _find_lesson,
}
