"""Listed: what a question counts or lists, and which of its words no filter says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answers.form import Form
from assistant.scope.patterns import any_of
from index.opened import Index
from index.phrases import read_words
from index.places.gazetteer import find_places
from index.signals.lexical import split_words
from index.understanding import Understood
from ingest.repair import fold
from ingest.sheet import FACETS

# All patterns read folded text.
_SHEETS = re.compile(
    r"^(?:\w+ )?(?:fiches?|exemples?|cas|cas d etudes?|retours? d experiences?|sheets?|examples?|case stud)"
)
_THINGS = re.compile(
    r"^(?:\w+ )?(?:demarches?|projets?|initiatives?|actions?|pratiques?|experiences?|laureate?s?|organisations?|"
    r"structures?|porteurs?|prix|mentions? speciales?|recompenses?|trophees?|"
    r"projects?|approach(?:es)?|initiatives?|practices?|winners?|"
    r"methodes?|methods?)\b"
)
# "Combien de démarches sur le climat": what follows is a subject; in "combien de projets ont été votés" it is not.
_ABOUT = re.compile(
    r"^(?:\w+ ){1,3}?(?:sur|concern\w+|autour d\w*|port\w+ sur|parl\w+ d\w*|trait\w+ d\w*|abord\w+|en matiere d\w*|"
    r"relati\w+ aux?|lie\w* aux?|about|on|dealing with)\b"
)
_TOWNS = re.compile(
    r"^(?:\w+ )?(?:communes?|villes?|mairies?|municipalites?|collectivites?|towns?|city|cities|municipalit)"
)
_PRIZED = any_of("laureate?s?|palmares|prime(?:e?s)?|recompense(?:e?s)|winners?|prize winning|award winning")
_WHICH = re.compile(r"^(?:et |and )?(?:quell?es|quels|which|what)\b (?:sont (?:les |vos )?|are (?:the |your )?)?")
_WHO_WON = re.compile(r"^(?:qui|quels|quelles|who) (?:sont|etaient|are|were) (?:les |the )?")
_ASKED_OTHERWISE = any_of(
    """
    comment|com?ent|pourquoi|quand|ou est|a quoi|qui a|qui ont|y a t il|existe t il|are there|is there|how to
    why|when|who has|je|on|nous|notre|nos|i|we|our
    """
)
# What a question for a list is made of beside what it lists.
_SAY_NOTHING = frozenset(
    split_words(
        """
        méthode method fiche exemple étude retour expérience cas démarche projet initiative action pratique
        dispositif lauréat prix
        palmarès organisation structure porteur porté commune ville mairie municipalité collectivité primé récompensé
        liste lister énumérer énumère recenser recense récapitule récapituler total totalité nombre nb ensemble
        intégralité montrer montre montrez donner donne donnez afficher affiche citer cite citez voir voudrais veux
        souhaite cherche connaître connaissez avoir avez ont disposer dispose comptez compte contient base catalogue
        centre ressource site recensé référencé disponible présent présente présenté existe exister existant concerner
        concerne concernant porter porte portant portent parler parle parlent traiter traite toucher touche touchent
        lié relatif rapport sujet thème thématique mener mené menée mènent lancer lancé lance lancent conduire conduit
        conduisent réaliser réalisé organiser organisé organisent mettre mis mise place œuvre utiliser utilisé utilisent
        faire fait adopter adopté venir vient viennent issu année édition département région type niveau étoile
        dater date datent daté remonter remonte remontent
        peux peut pouvez puis
        complet exhaustif stp svp merci bonjour plaît moins plus entre habitant habitants environ environs jusqu
        autour près proche été être étaient était sont depuis avant après dès puis ayant dernier dernière
        deux trois quatre cinq
        list all every sheet example case study project approach initiative practice winner prize award show give me
        your have has do does you there are is the of in on about with by how many number total which what were was
        did run ran used using use made make please from for and or that who
        town towns city cities municipality municipalities
        """
    )
)
_NUMBERS_OF_STARS = frozenset({"une", "deux", "trois", "quatre", "cinq"})


@dataclass(frozen=True)
class Listed:
    """What a list is asked of: sheets and nothing else, or what many words may say; towns when it says so.

    `about` when what is counted is told by its subject, whatever its words.
    """

    counted: bool
    sheets: bool = False
    towns: bool = False
    about: bool = False


def read_listed(question: str, form: Form, understood: Understood, index: Index) -> Listed | None:
    """What is counted or listed, None when it is nothing that the catalogue holds."""
    said = fold(question)
    for what in (form.counted, form.listed):
        if what is not None and (asked := _read_things(what, understood, index, counted=what == form.counted)):
            return asked
    if form.counted is not None or _ASKED_OTHERWISE.search(said):
        return None
    if _PRIZED.search(_WHO_WON.sub("", said)):
        return Listed(counted=False)
    which = _WHICH.match(said)
    return _read_which(said[which.end() :], understood, index) if which else None


def _read_things(what: str, understood: Understood, index: Index, *, counted: bool) -> Listed | None:
    """What follows "combien de" or "la liste des"."""
    if _SHEETS.match(what):
        return Listed(counted, sheets=True)
    if counted and any(place.kind == "commune" for place in understood.places):
        return None  # "combien de projets à Auch ?" asks for a figure of its sheet
    towns = bool(_TOWNS.match(what))
    if not what and not counted:
        return Listed(counted)  # "les démarches de Bretagne : liste complète"
    known = towns or _THINGS.match(what) or _starts_with_coded(what, index) or (not counted and what.startswith("qui "))
    return Listed(counted, towns=towns, about=counted and bool(_ABOUT.match(what))) if known else None


def _read_which(rest: str, understood: Understood, index: Index) -> Listed | None:
    """What follows "quelles": organisations or sheets, not the things that they did."""
    if _SHEETS.match(rest) and not find_unsaid(rest, index):  # "quels exemples de…" asks for some, which are found
        return Listed(counted=False, sheets=True)
    if _TOWNS.match(rest) and understood.filters.stated:
        return Listed(counted=False, towns=True)
    return Listed(counted=False) if _starts_with_coded(rest, index, "porteur") else None


def _starts_with_coded(what: str, index: Index, *facets: str) -> bool:
    """Whether an expression that stands for a kind of organisation or of démarche comes first."""
    words = read_words(what)
    books = [index.lexicon.facets.get(facet) for facet in FACETS if facet in (facets or ("porteur", "demarche"))]
    return any(found.positions[0] == 0 for book in books if book for found in book.find(words))


def find_unsaid(question: str, index: Index) -> list[str]:
    """The words of a question that no filter says, as they are written."""
    words = read_words(question)
    lexicon = index.lexicon
    books = [*lexicon.facets.values(), lexicon.programmes]
    said = {at for book in books for found in book.find(words) for at in found.positions}
    placed = {at for place in find_places(question) for at in range(place.start, place.end)}
    prizes = {word for sheet in index.practices for word in split_words(sheet.prize)}
    whole = {at for found in lexicon.synonyms.find(words) for at in found.positions if len(found.positions) > 1}
    left = [
        (at, question[word.start : word.end])
        for at, word in enumerate(words)
        if at not in said and word.start not in placed and not word.folded.isdigit()
    ]
    nothing = _SAY_NOTHING | prizes | _NUMBERS_OF_STARS
    # "Jury" says the prize of the jury, but in "jury citoyen".
    return [word for at, word in left if split_words(word) and (at in whole or set(split_words(word)) - nothing)]
