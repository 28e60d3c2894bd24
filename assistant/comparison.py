"""Comparison: two to five practices side by side, a source in each cell, "non renseigné" where a sheet says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.draft import Citations, Draft
from assistant.fact import Asked, find_held
from assistant.lines import Line, is_step, of_key, quote_text, read_all_lines, shorten
from assistant.patterns import any_of
from assistant.wording import (
    COMPARISON,
    COMPARISON_CRITERION,
    COMPARISON_MISSING,
    COMPARISON_ROWS,
    COMPARISON_UNTOLD,
    NOT_TOLD,
    describe_origin,
    describe_place,
    escape,
    place_page,
)
from index.versions import Index
from ingest.passage import Passage
from ingest.repair import fold
from ingest.sentence import split_sentences
from ingest.sheet import Sheet

_LONGEST = 24  # words of a cell
_BACKGROUND = frozenset({"porteur", "partenaires", "equipe"})
_TELLING = frozenset({"retenir", "presentation", "introduction"})  # they say in a sentence what steps spread over many
_CLAUSE = re.compile(r"(?<=[,;:])\s+|\s+(?=\()|\s+[–-]\s+")

# Patterns read folded text, but those of figures, which fold would part.
_INHABITANTS = re.compile(r"\d[\d  \u202f.,]*(?:millions? )?(?:d[’'])?\s?habitants?\b", re.IGNORECASE)
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
class _Cell:
    """What a sheet says of a criterion: a verbatim piece of a passage."""

    passage: Passage
    text: str


@dataclass(frozen=True)
class _Practice:
    """A sheet with its lines, and what cells already quote: a sentence tells one thing."""

    sheet: Sheet
    lines: list[Line]
    taken: set[str]

    def sentences(self, *, background: bool = False) -> list[tuple[Line, str]]:
        """The sentences that may be quoted in a cell, those on who runs it left out or alone."""
        lines = [line for line in self.lines if (line.passage.key in _BACKGROUND) is background]
        return [(line, sentence) for line in lines for sentence in split_sentences(line.text)]


def draft_comparison(sheets: list[Sheet], missing: tuple[str, ...], index: Index) -> Draft:
    """A table with a row for each criterion that some sheet tells of and a column for each practice."""
    practices = [_Practice(sheet, read_all_lines(sheet, index), set()) for sheet in sheets]
    citations = Citations()
    rows = [
        (COMPARISON_ROWS["organisation"], [_describe_owner(practice.sheet) for practice in practices]),
        (COMPARISON_ROWS["origine"], [escape(describe_origin(practice.sheet, index)) for practice in practices]),
        (COMPARISON_ROWS["demarche"], [_describe_codes(practice.sheet, index) for practice in practices]),
    ]
    for name, find in _CRITERIA.items():
        pairs = [(find(practice), practice) for practice in practices]
        rows.append((COMPARISON_ROWS[name], [_write(cell, practice, citations) for cell, practice in pairs]))
    table = _write_table([sheet.title for sheet in sheets], [row for row in rows if any(row[1])])
    untold = [name.lower() for name, cells in rows if not any(cells)]
    blocks = [COMPARISON, table]
    blocks += [COMPARISON_UNTOLD.format(criteria=", ".join(untold))] if untold else []
    blocks += [COMPARISON_MISSING.format(names=escape(", ".join(missing)))] if missing else []
    ids = tuple(sheet.id for sheet in sheets)
    return Draft(kind="comparison", text="\n\n".join(blocks), citations=citations.all(), sheets=ids)


def _describe_owner(sheet: Sheet) -> str:
    return escape(", ".join(dict.fromkeys(part for part in (sheet.organisation, describe_place(sheet)) if part)))


def _describe_codes(sheet: Sheet, index: Index) -> str:
    facet = index.manifest.facets.get("demarche")
    return escape(", ".join(facet.labels.get(code, code) for code in sheet.demarche)) if facet else ""


def _find_size(practice: _Practice) -> list[_Cell]:
    """How many inhabitants the organisation says to have."""
    for line, sentence in practice.sentences(background=True):
        if (found := _INHABITANTS.search(sentence)) and line.passage.key == "porteur":
            return [_Cell(line.passage, found[0].strip())]
    return []


def _find_period(practice: _Practice) -> list[_Cell]:
    """The dates of the first and of the last step, when a year is among them; else the first dated sentence."""
    dated = [line for line in practice.lines if is_step(line) and line.dated and re.search(r"\d", line.dated)]
    if dated and _YEAR.search(f"{dated[0].dated} {dated[-1].dated}"):
        ends = {line.dated: _Cell(line.passage, line.dated) for line in (dated[0], dated[-1])}
        return list(ends.values())
    for line, sentence in practice.sentences():
        if _DATE.search(fold(sentence)):
            return _excerpt(practice, line, sentence, lambda text: bool(_DATE.search(fold(text))))
    return []


def _find_budget(practice: _Practice) -> list[_Cell]:
    return _find_figure(practice, Asked("money"), lambda _: True)


def _find_people(practice: _Practice) -> list[_Cell]:
    """The sentence that says how many took part: a count of persons or of what they gave."""
    asked = Asked("count", counted=())

    def tells(text: str) -> bool:
        held = find_held(text, asked)
        return held is not None and bool(_PEOPLE.search(fold(text[held.end : held.end + 40])))

    return _find_figure(practice, asked, tells)


def _find_figure(practice: _Practice, asked: Asked, tells: Callable[[str], bool]) -> list[_Cell]:
    """The first sentence that holds such a figure: what is to remember comes first in a sheet."""
    for line, sentence in practice.sentences():
        if find_held(sentence, asked) and tells(sentence):
            cell = _excerpt(practice, line, sentence, lambda text: find_held(text, asked) is not None and tells(text))
            if cell:
                return cell
    return []


def _find_words(words: re.Pattern[str]) -> Callable[[_Practice], list[_Cell]]:
    """The sentence, not quoted yet, with most of these words for its length."""

    def find(practice: _Practice) -> list[_Cell]:
        scored = [
            (_density(words, sentence) * (1.5 if line.passage.key in _TELLING else 1.0), line, sentence)
            for line, sentence in practice.sentences()
            if sentence not in practice.taken and words.search(fold(sentence))
        ]
        best = max(scored, key=lambda each: each[0], default=None)
        return _excerpt(practice, best[1], best[2], lambda text: bool(words.search(fold(text)))) if best else []

    return find


def _density(words: re.Pattern[str], sentence: str) -> float:
    """How many of these words a sentence has for its length; a few words of themselves weigh little."""
    return len(set(words.findall(fold(sentence)))) / (8 + len(sentence.split()))


def _find_lesson(practice: _Practice) -> list[_Cell]:
    """What is to remember first, not quoted yet."""
    for line in of_key(practice.lines, "retenir", "limites", "experience"):
        for sentence in split_sentences(line.text):
            if sentence not in practice.taken and "http" not in sentence:
                return _excerpt(practice, line, sentence, lambda _: True)
    return []


def _excerpt(practice: _Practice, line: Line, sentence: str, tells: Callable[[str], bool]) -> list[_Cell]:
    """A sentence, or the clauses around what it tells when it is longer than a cell."""
    practice.taken.add(sentence)
    if len(sentence.split()) <= _LONGEST:
        return [_Cell(line.passage, sentence)]
    starts = [0, *(mark.end() for mark in _CLAUSE.finditer(sentence))]
    pieces = [shorten(sentence[start:], _LONGEST).strip() for start in starts]
    return next(([_Cell(line.passage, piece)] for piece in pieces if tells(piece)), [])


def _write(cells: list[_Cell], practice: _Practice, citations: Citations) -> str:
    quoted = (
        quote_text(cell.passage, cell.text, practice.sheet, citations) + place_page(cell.passage.page) for cell in cells
    )
    return " → ".join(quoted)


def _write_table(titles: list[str], rows: list[tuple[str, list[str]]]) -> str:
    head = [COMPARISON_CRITERION, *(escape(title) for title in titles)]
    lines = [_row(head), _row(["---"] * len(head))]
    lines += [_row([f"**{name}**", *(cell or NOT_TOLD for cell in cells)]) for name, cells in rows]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    """A row of a Markdown table: `escape` has taken care of "|", and a line break would end the row."""
    return "| " + " | ".join(" ".join(cell.split("\n")) for cell in cells) + " |"


_CRITERIA: dict[str, Callable[[_Practice], list[_Cell]]] = {
    "taille": _find_size,
    "periode": _find_period,
    "budget": _find_budget,
    "participants": _find_people,
    "public": _find_words(_PUBLIC),
    "outils": _find_words(_TOOLS),
    "resultats": _find_words(_RESULT),
    "enseignements": _find_lesson,
}
