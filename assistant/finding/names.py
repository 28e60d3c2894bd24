"""Names: the organisations, people, laws, products and far places that a question names, and which no sheet knows."""

import re
from collections.abc import Sequence
from functools import reduce

import numpy as np

from assistant.finding.sentences import BACKGROUND
from assistant.reading.understanding import says_who_asks
from index.encoding.budget import spend
from index.opened import Index
from index.places.gazetteer import PlaceNamed
from index.ranking.evidence import is_covered
from index.signals.lexical import split_words
from index.understood import Understood
from ingest.sheet import Frozen
from language.detection import Language
from language.letters import fold
from language.nearby import before

_TOKEN = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*")
# Two parts of one name: "Notre-Dame des Landes", "Agence nationale de l'Eau" is left in two.
_BETWEEN = re.compile(r"\s*(?:(?:\b(?:de la|de|du|des|en|sur|of|the)\b|\bd['’]|\bl['’]|&|-)\s*)?")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.?!:;…«\"“(\[]|(?:^|\s)[-–—])\s*$")
# Texts of law are named in small letters too.
_LAW = re.compile(
    r"\b(?i:code) (?:de la |de l['’]|du |des |général des )[a-zéè’-]{4,}|"
    r"\b(?i:loi|ordonnance|décret|directive|circulaire) (?:n° ?)?(?:\d[\w-]*|[A-ZÉ]\w*)|"
    r"\b(?i:article) (?:[LRD]\.? ?)?\d[\d.-]*"
)

_MOST_NAMES = 20  # of one question that are looked for
_LOOKED_AT = 500  # passages that are read, of those that have a word; a name that more have is told of
# Acronyms for a kind of thing, a body or a procedure of which there are many: they name no one.
_COMMON_ACRONYMS = frozenset(
    """
    aap amap ami anru ars atsem bp caf ca capv ccas cd cdd cdi cej cese ceser cias cler cmj codev cop copil
    cotech cpie crte cu ddt ddtm dga dgs dgst drac dreal drh dsi ehpad elus enr ens epa epci epf epic erp esat
    ess etp faq gal ges hlm html it leader maj mjc moe mous npnru ntic oap ong opah oph padd pac papi pcaet pdf
    pdu pedt plh plu plui pme pmi pmr pnr pnru ppri prg pru qpv qr rer rgpd rh rps rse rsa sage sas sarl scic
    scop scot sem sms spl sraddet srl tic tpe tva tzcld ue vae zac zad zfe zup zus
    """.split()  # noqa: SIM905 - a list of 120 strings would be harder to read
)
# What English writes with a capital and French does not, months and days apart: it names nothing.
_ENGLISH_CAPITALS = frozenset(
    """
    i french france english european europe monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december
    """.split()  # noqa: SIM905
)


class Name(Frozen):
    """A name in a question, by its characters. `is_law` when it names a text of law."""

    start: int
    end: int
    text: str
    is_law: bool = False
    is_place: bool = False


def find_untold(question: str, understood: Understood, index: Index) -> Name | None:
    """The first name, or the place if there is no other, of which no sheet tells; not that of who asks."""
    places = [place for place in understood.places if not says_who_asks(question, place.start)]
    if places and not any(is_place_told(place, index) for place in places):
        return Name(start=places[0].start, end=places[0].end, text=places[0].name, is_place=True)
    names = find_names(question, understood.places, index, understood.language)[:_MOST_NAMES]
    strangers = (name for name in names if not says_who_asks(question, name.start) and not is_told(name, index))
    return next(strangers, None)


def find_names(question: str, places: Sequence[PlaceNamed], index: Index, language: Language) -> list[Name]:
    """The names of a question, in order, less those of the places that are known."""
    if question.isupper():
        return []
    laws = [Name(start=m.start(), end=m.end(), text=m[0], is_law=True) for m in _LAW.finditer(question)]
    spans = [(each.start, each.end) for each in places] + [(each.start, each.end) for each in laws]
    taken = {at for start, end in spans for at in range(start, end)}
    names: list[Name] = []
    for token in _TOKEN.finditer(question):
        elided = _ELIDED.match(token[0])
        start = token.start() + (elided.end() if elided else 0)
        if not _is_name(question, start, token.end(), index, language):
            continue
        if not taken.isdisjoint(range(start, token.end())):
            continue
        if names and _BETWEEN.fullmatch(question[names[-1].end : start]):
            start = names.pop().start
        names.append(Name(start=start, end=token.end(), text=question[start : token.end()]))
    return sorted([*names, *laws], key=lambda name: name.start)


def is_told(name: Name, index: Index) -> bool:
    """Whether a sheet that the reader may see tells of a name, mistyped by a letter or two perhaps.

    It does when its title, its organisation or its commune bears the name, or what it says was done: who a
    neighbour is, said in passing of the organisation, tells nothing of that neighbour.
    """
    spend()
    words = _read_words(name)
    if not words:
        return True
    spelt = [_find_spelt(word, index) for word in words]
    if min(map(len, spelt)) > _LOOKED_AT:
        return True
    if name.is_law:
        return _stands_whole(name.text, spelt, index)
    if index.lexicon.speller.knows(fold(name.text)):  # a word too: "INSPIRE", "la Creuse"
        spelt = [at[_written_so(name.text, at, index)] for at in (each[:_LOOKED_AT] for each in spelt)]
    sheets = _in_one_sheet(spelt, index)  # only theirs are read: a common word stands in many passages
    near = [positions[np.isin(index.owners[positions], sheets)] for positions in spelt]
    told = [positions[_tell(positions, index)] for positions in near]
    return bool(len(_in_one_sheet(told, index))) or _bears(name.text, spelt, index)


def _read_words(name: Name) -> list[str]:
    """The words of a name, stemmed; "Saint-Jean-de-Braye" may be written with other hyphens."""
    words = dict.fromkeys(split_words(re.sub(r"[-‑]", " ", name.text)))
    return [word for word in words if len(word) > 1]


def is_place_told(place: PlaceNamed, index: Index) -> bool:
    """Whether some sheet is of a place, bears its name, or tells of something done there."""
    if (place.kind != "commune" or place.near) and is_covered(place, index.catalogue):
        return True
    return is_told(Name(start=place.start, end=place.end, text=place.name), index)


def _written_so(text: str, positions: np.ndarray, index: Index) -> np.ndarray:
    """Which of these passages have the word with a capital, as the name and not the word has."""
    wanted = fold(text)

    def has_it(passage: str) -> bool:
        return any(word[0].isupper() and fold(word) == wanted for word in re.findall(r"[^\W_]+", passage))

    return np.array([has_it(passage.text) for passage in index.read_passages(positions)], dtype=bool)


def _tell(positions: np.ndarray, index: Index) -> np.ndarray:
    """Which of these passages tell what was done rather than who the organisation and its partners are."""
    return np.array([passage.role not in BACKGROUND for passage in index.read_passages(positions)], dtype=bool)


def _bears(text: str, spelt: Sequence[np.ndarray], index: Index) -> bool:
    """Whether a sheet's title, organisation or commune holds the name."""
    named = re.compile(rf"\b{re.escape(fold(text))}\b")
    sheets = [index.sheets[row] for row in _in_one_sheet(spelt, index).tolist()]
    return any(named.search(fold(f"{sheet.title} {sheet.organisation} {sheet.place.commune}")) for sheet in sheets)


def _is_name(question: str, start: int, end: int, index: Index, language: Language) -> bool:
    """Whether a word is written as a name: a capital that no sentence's start gives, an acronym, "A69".

    An acronym of the trade ("QPV") is no name, nor an English word with the capital that English gives it.
    """
    word = question[start:end]
    if not re.search(r"[A-ZÀ-Ý]", word) or len(word) < 2:
        return False
    if re.search(r"\d", word):
        return len(word) > 2
    if word.isupper() and fold(word) in _COMMON_ACRONYMS:
        return False
    known = all(index.lexicon.speller.knows(part) for part in fold(word).split())
    if word[1:] != word[1:].lower():  # "SNCF", "OpenStreetMap"
        return not known or bool(len(index.passages_with(fold(word))))
    if _SENTENCE_START.search(before(question, start)):
        return language == "fr" and not known
    return word[0].isupper() and not (language == "en" and fold(word) in _ENGLISH_CAPITALS)


def _find_spelt(word: str, index: Index) -> np.ndarray:
    """The positions of the passages that have a stem, or else the words of the sheets that are a letter or two away."""
    found = index.passages_with(word)
    if len(found):
        return found
    alike = index.lexicon.speller.alike(word)
    every = [index.passages_with(stem) for other in alike for stem in split_words(other)]
    return np.unique(np.concatenate(every)) if every else found


def _in_one_sheet(spelt: Sequence[np.ndarray], index: Index) -> np.ndarray:
    rows = [np.unique(index.owners[positions]) for positions in spelt]
    return reduce(np.intersect1d, rows) if rows else np.zeros(0, dtype=np.int64)


def _stands_whole(text: str, spelt: Sequence[np.ndarray], index: Index) -> bool:
    """Whether a passage has these words side by side: "code" and "environnement" are in many, their pair in few."""
    written = re.compile(rf"\b{re.escape(fold(text))}\b")
    together = reduce(np.intersect1d, spelt)  # of passages
    return any(written.search(fold(passage.text)) for passage in index.read_passages(together[:_LOOKED_AT]))
