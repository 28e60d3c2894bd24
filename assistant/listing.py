"""Listing: how many sheets, and which, computed from the catalogue: exact, with what was counted said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.draft import Citations, Draft
from assistant.form import Form
from assistant.lines import read_all_lines, shorten
from assistant.patterns import any_of
from assistant.wording import (
    ASK_CENTRE,
    LISTED_BY_CODES,
    LISTED_MORE,
    LISTED_NONE,
    LISTED_NONE_MANY,
    LISTED_SOME,
    LISTED_SOME_MANY,
    LISTED_TOTAL,
    LISTED_TOTAL_EXAMPLES,
    UNLISTED_WORDS,
    count,
    describe_filter,
    escape,
)
from index.filters import FILTER_KEYS, FilterKey, Filters
from index.gazetteer import find_places
from index.inhabitants import MOST
from index.lexical import split_words
from index.passage_index import Sentence
from index.phrases import read_words
from index.understanding import Understood
from index.versions import Index
from ingest.repair import fold
from ingest.sheet import FACETS, Sheet

_SHOWN = 20
_SHOWN_OF_ALL = 3
_ONE_EXPRESSION = 3  # words up to which other expressions stand for all that no filter says
_QUOTED = 30  # words of the passage that a line of a list opens

# All patterns read folded text.
_SHEETS = re.compile(
    r"^(?:\w+ )?(?:fiches?|exemples?|cas|cas d etudes?|retours? d experiences?|sheets?|examples?|case stud)"
)
_THINGS = re.compile(
    r"^(?:\w+ )?(?:demarches?|projets?|initiatives?|actions?|pratiques?|experiences?|laureate?s?|organisations?|"
    r"structures?|porteurs?|prix|mentions? speciales?|recompenses?|trophees?|"
    r"projects?|approach(?:es)?|initiatives?|practices?|winners?)\b"
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
_STARS = re.compile(r"\b([1-5]) (?:etoiles?|stars?)\b|\b(une|deux|trois|quatre|cinq) etoiles?\b")
_STARS_IN_WORDS = {"une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5}
_AROUND_KM = 40.0  # as the search takes it
# What a question for a list is made of beside what it lists.
_SAY_NOTHING = frozenset(
    split_words(
        """
        fiche exemple étude retour expérience cas démarche projet initiative action pratique dispositif lauréat prix
        palmarès organisation structure porteur porté commune ville mairie municipalité collectivité primé récompensé
        liste lister énumérer énumère recenser recense récapitule récapituler total totalité nombre nb ensemble
        intégralité montrer montre montrez donner donne donnez afficher affiche citer cite citez voir voudrais veux
        souhaite cherche connaître connaissez avoir avez ont disposer dispose comptez compte contient base catalogue
        centre ressource site recensé référencé disponible présent présente présenté existe exister existant concerner
        concerne concernant porter porte portant portent parler parle parlent traiter traite toucher touche touchent
        lié relatif rapport sujet thème thématique mener mené menée mènent lancer lancé lance lancent conduire conduit
        conduisent réaliser réalisé organiser organisé organisent mettre mis mise place œuvre utiliser utilisé utilisent
        faire fait adopter adopté venir vient viennent issu année édition département région type niveau étoile
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


@dataclass
class _Selection:
    """The sheets that a list takes (sheets,), with what they have in words and whether codes tell it."""

    mask: np.ndarray
    criteria: list[str] = field(default_factory=list)
    coded: bool = False

    def keep(self, mask: np.ndarray, criterion: str, *, coded: bool = False) -> None:
        self.mask = self.mask & mask
        self.criteria.append(criterion)
        self.coded = self.coded or coded


def draft_listing(
    question: str, form: Form, understood: Understood, index: Index, filters: Filters | None, contact: str
) -> Draft | None:
    """The sheets that a question counts or lists; None when it asks for something else, such as a figure of a sheet."""
    said = fold(question)
    asked = _read_asked(said, form, understood, index)
    if asked is None:
        return None
    unsaid = _find_unsaid(question, index)
    if unsaid and not asked.sheets:
        return None
    selection = _select(said, asked, understood, filters, index)
    if unsaid and selection.criteria and not asked.counted:
        return None  # the search finds what no filter says; only a count must tell what it counted
    if unsaid:
        others = understood.expansions if len(unsaid) <= _ONE_EXPRESSION else ()
        written = ", ".join(dict.fromkeys((_written(unsaid, question), *others)))
        selection.keep(_containing([" ".join(unsaid), *others], index), f"texte qui contient «\u00a0{written}\u00a0»")
    return _write(selection, unsaid, index, contact)


def _written(words: list[str], question: str) -> str:
    """The words as the question has them, with the small ones between: "tirage au sort"."""
    start, end = question.index(words[0]), question.rindex(words[-1]) + len(words[-1])
    whole = question[start:end]
    return whole if len(whole.split()) <= len(words) + 2 else " ".join(words)


@dataclass(frozen=True)
class _Asked:
    """What a list is asked of: sheets and nothing else, or what many words may say; towns when it says so."""

    counted: bool
    sheets: bool = False
    towns: bool = False


def _read_asked(said: str, form: Form, understood: Understood, index: Index) -> _Asked | None:
    """What is counted or listed, None when it is nothing that the catalogue holds."""
    for what in (form.counted, form.listed):
        if what is not None and (asked := _read_things(what, understood, index, counted=what == form.counted)):
            return asked
    if form.counted is not None or _ASKED_OTHERWISE.search(said):
        return None
    if _PRIZED.search(_WHO_WON.sub("", said)):
        return _Asked(counted=False)
    which = _WHICH.match(said)
    return _read_which(said[which.end() :], understood, index) if which else None


def _read_things(what: str, understood: Understood, index: Index, *, counted: bool) -> _Asked | None:
    """What follows "combien de" or "la liste des"."""
    if _SHEETS.match(what):
        return _Asked(counted, sheets=True)
    if counted and any(place.kind == "commune" for place in understood.places):
        return None  # "combien de projets à Auch ?" asks for a figure of its sheet
    towns = bool(_TOWNS.match(what))
    if not what and not counted:
        return _Asked(counted)  # "les démarches de Bretagne : liste complète"
    known = towns or _THINGS.match(what) or _starts_with_coded(what, index) or (not counted and what.startswith("qui "))
    return _Asked(counted, towns=towns) if known else None


def _read_which(rest: str, understood: Understood, index: Index) -> _Asked | None:
    """What follows "quelles": organisations or sheets, not the things that they did."""
    if _SHEETS.match(rest):
        return _Asked(counted=False, sheets=True)
    if _TOWNS.match(rest) and understood.filters.stated:
        return _Asked(counted=False, towns=True)
    return _Asked(counted=False) if _starts_with_coded(rest, index, "porteur") else None


def _starts_with_coded(what: str, index: Index, *facets: str) -> bool:
    """Whether an expression that stands for a kind of organisation or of démarche comes first."""
    words = read_words(what)
    books = [index.lexicon.facets.get(facet) for facet in FACETS if facet in (facets or ("porteur", "demarche"))]
    return any(found.positions[0] == 0 for book in books if book for found in book.find(words))


def _find_unsaid(question: str, index: Index) -> list[str]:
    """The words of a question that no filter says, as they are written."""
    words = read_words(question)
    lexicon = index.lexicon
    books = [*lexicon.facets.values(), lexicon.programmes]
    said = {at for book in books for found in book.find(words) for at in found.positions}
    spans = [(place.start, place.end) for place in find_places(question)]
    prizes = {word for sheet in index.practices for word in split_words(sheet.prize)}
    left = [
        question[word.start : word.end]
        for at, word in enumerate(words)
        if at not in said and not any(start <= word.start < end for start, end in spans) and not word.folded.isdigit()
    ]
    return [word for word in left if set(split_words(word)) - _SAY_NOTHING - prizes - set(_STARS_IN_WORDS)]


def _select(said: str, asked: _Asked, understood: Understood, filters: Filters | None, index: Index) -> _Selection:
    """The sheets that meet what a question says and what was set by hand."""
    catalogue = index.catalogue
    selection = _Selection(catalogue.accept(filters, pages=False))
    stated = understood.filters
    if asked.towns and not stated.porteur:
        stated = stated.model_copy(update={"porteur": tuple(index.lexicon.population)})
    if understood.population_range is not None:
        stated = stated.model_copy(update={"porteur": ()})
        least, most = understood.population_range
        inhabitants = np.nan_to_num(catalogue.inhabitants, nan=-1.0)
        selection.keep((inhabitants >= least) & (inhabitants <= most), _describe_size(least, most))
    for key in FILTER_KEYS:
        if stated.values(key) and not (key in ("departement", "region") and understood.places):
            words = _describe_values(key, stated, index)
            selection.keep(catalogue.meeting(key, stated), words, coded=key in FACETS)
    if understood.places:
        masks = [
            catalogue.within(place.departements)
            if place.kind != "commune"
            else _in_communes(place.communes, place.near, place.latitude, place.longitude, index)
            for place in understood.places
        ]
        names = [f"{'autour de ' if place.near else ''}{place.name}" for place in understood.places]
        selection.keep(np.logical_or.reduce(masks), f"lieu «\u00a0{' ou '.join(names)}\u00a0»")
    for mask, words in _find_prizes(said, index):
        selection.keep(mask, words)
    if filters and filters.stated:
        selection.criteria += [_describe_values(key, filters, index) for key in filters.stated]
    return selection


def _in_communes(
    communes: tuple[str, ...], near: bool, latitude: float | None, longitude: float | None, index: Index
) -> np.ndarray:
    if near and latitude is not None and longitude is not None:
        return np.asarray(index.catalogue.distances(latitude, longitude) <= _AROUND_KM)
    return np.array([sheet.place.insee in communes for sheet in index.sheets], dtype=bool)


def _describe_size(least: int, most: int) -> str:
    low, high = (f"{each:,}".replace(",", "\u00a0") for each in (least, most))
    if most >= MOST:
        return f"commune de {low} habitants au moins"
    return f"commune de {low} à {high} habitants" if least > 0 else f"commune de {high} habitants au plus"


def _describe_values(key: FilterKey, filters: Filters, index: Index) -> str:
    """ "type de démarche « Budget et financement participatif »"; the title of a facet is that of its layout."""
    facets = index.manifest.facets
    titles = {"annee": "année", "source": "programme", "departement": "département", "region": "région"}
    title = facets[key].title.lower() if key in facets else titles[key]
    values = filters.values(key)
    if key == "annee" and len(values) > 1 and len(values) == filters.annee[-1] - filters.annee[0] + 1:
        return f"années {values[0]} à {values[-1]}"
    written = (f"«\u00a0{describe_filter(key, value, index.manifest)}\u00a0»" for value in values)
    return f"{title} {' ou '.join(written)}"


def _find_prizes(said: str, index: Index) -> Iterator[tuple[np.ndarray, str]]:
    """What a question says of stars and prizes; a prize that most sheets of a programme have tells nothing."""
    if stars := _STARS.search(said):
        wanted = int(stars[1]) if stars[1] else _STARS_IN_WORDS[stars[2]]
        mask = np.array([sheet.stars == wanted for sheet in index.sheets], dtype=bool)
        yield mask, count(wanted, "étoile")
    prizes = [sheet.prize for sheet in index.practices if sheet.prize]
    rare = {prize for prize in prizes if 2 * prizes.count(prize) < len(prizes)}
    for prize in sorted(rare):
        if re.search(rf"\b{'s? '.join(fold(prize).split())}s?\b", said):
            yield np.array([sheet.prize == prize for sheet in index.sheets], dtype=bool), f"prix «\u00a0{prize}\u00a0»"


def _containing(expressions: Sequence[str], index: Index) -> np.ndarray:
    """Whether each sheet's text has all the words of one of these expressions, in any form: (sheets,)."""
    return np.asarray(np.logical_or.reduce([_having_words(each, index) for each in expressions]))


def _having_words(expression: str, index: Index) -> np.ndarray:
    masks = [
        np.concatenate([part.score_words(word, ()) > 0 for part in index.sheet_parts])
        for word in expression.split()
        if split_words(word)
    ]
    return np.logical_and.reduce(masks) if masks else np.zeros(len(index.sheets), dtype=bool)


def _write(selection: _Selection, unsaid: list[str], index: Index, contact: str) -> Draft:
    found = [sheet for sheet, taken in zip(index.sheets, selection.mask.tolist(), strict=True) if taken]
    total = len(index.practices)
    criteria = " ; ".join(escape(criterion) for criterion in selection.criteria)
    several = len(selection.criteria) > 1
    if not found:
        none = LISTED_NONE_MANY if several else LISTED_NONE
        text = f"{none.format(total=total, criteria=criteria)}\n\n{ASK_CENTRE.format(contact=contact)}"
        return Draft(kind="listing", text=text, abstained=True)
    ordered = sorted(found, key=lambda sheet: (-_last_year(sheet), fold(sheet.organisation), sheet.id))
    citations = Citations()
    shown = ordered[: _SHOWN if selection.criteria else _SHOWN_OF_ALL]
    lines = [f"{number}. {_name(sheet)}{_open(sheet, index, citations)}" for number, sheet in enumerate(shown, start=1)]
    if selection.criteria:
        counted = f"**{count(len(found), 'fiche')}**"
        some = LISTED_SOME_MANY if several else LISTED_SOME
        blocks = [some.format(count=counted, total=total, criteria=criteria), "\n".join(lines)]
        blocks += [LISTED_MORE.format(count=count(len(found) - len(shown), "autre"))] if len(found) > len(shown) else []
    else:
        blocks = [LISTED_TOTAL.format(count=f"**{count(total, 'fiche')}**"), _by_programme(found, index)]
        blocks += [LISTED_TOTAL_EXAMPLES, "\n".join(lines)]
    blocks += [LISTED_BY_CODES] if selection.coded else []
    blocks += [UNLISTED_WORDS] if unsaid else []
    return Draft(
        kind="listing",
        text="\n\n".join(block for block in blocks if block),
        citations=citations.all(),
        sheets=tuple(sheet.id for sheet in ordered),
    )


def _last_year(sheet: Sheet) -> int:
    return sheet.last_year or 0


def _name(sheet: Sheet) -> str:
    details = ", ".join(escape(part) for part in (sheet.organisation, sheet.edition) if part)
    return f"**{escape(sheet.title)}**" + (f" – {details}" if details else "")


def _open(sheet: Sheet, index: Index, citations: Citations) -> str:
    """The mark that opens a sheet at its first passage."""
    lines = read_all_lines(sheet, index)
    if not lines:
        return ""
    text = shorten(lines[0].text, _QUOTED)
    return f"\u00a0[{citations.cite(Sentence(lines[0].passage, text, 0.0), sheet.title)}]"


def _by_programme(sheets: list[Sheet], index: Index) -> str:
    programmes = index.manifest.programmes
    counts = {code: sum(sheet.source == code for sheet in sheets) for code in programmes}
    return "\n".join(f"- {escape(programmes[code])} : {number}" for code, number in counts.items() if number)
