"""Names: the organisations, people, laws, products and far places that a question names, and which no sheet knows."""

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from assistant.finding.sentences import BACKGROUND
from assistant.reading.understanding import find_said, says_who_asks
from index.encoding.budget import spend
from index.opened import Index
from index.places.gazetteer import PlaceNamed, find_places
from index.ranking.evidence import is_covered
from index.signals.lexical import split_words
from index.understood import Understood
from ingest.sheet import Frozen
from language.detection import Language
from language.grammar import Grammar, read_numbers
from language.letters import fold, has_name
from language.shapes import COMPOUND, SENTENCE_END, WORD, opens_sentence
from language.text import ANY, read_text

_NAMES = Grammar("names")
_ACRONYM = 3  # letters
_OPENING = ("«", '"', "“", "(", "[")
_MOST_SPACE = 3  # characters between one of them and a word
_MANY = 3  # commas of an enumeration
_MOST_NAMES = 20  # of one question that are looked for
_LOOKED_AT = 500  # passages that are read, of those that have a word; a name that more have is told of


class Name(Frozen):
    """A name in a question, by its characters. `is_law` when it names a text of law."""

    start: int
    end: int
    text: str
    is_law: bool = False
    is_place: bool = False


def find_unknown(question: str, understood: Understood, index: Index) -> Name | None:
    """The first name, or the place if there is no other, of which no sheet tells; not that of who asks."""
    places = [place for place in understood.places if not says_who_asks(question, place.start)]
    if places and not any(is_place_told(place, index) for place in places):
        return Name(start=places[0].start, end=places[0].end, text=places[0].name, is_place=True)
    names = find_names(question, understood.places, index, understood.language)[:_MOST_NAMES]
    names = [name for name in names if not (says_who_asks(question, name.start) or _is_one_of_many(name, question))]
    unknown = (name for name in names if not (is_told(name, index) or _is_catalogued(name, index)))
    return next((name for name in unknown if not _is_kind(name, question, index)), None)


def _is_kind(name: Name, question: str, index: Index) -> bool:
    """Whether it says a kind of organisation, no one's name: "les Régions"."""
    return name.start in find_said(question, index.lexicon)["porteur"]


def _is_one_of_many(name: Name, question: str) -> bool:
    """Whether a name is one of four or more that commas part: "Région, ADEME, fondations, Leader…" may be others."""
    before, after = SENTENCE_END.split(question[: name.start])[-1], SENTENCE_END.split(question[name.end :])[0]
    return before.rstrip().endswith(",") + after.lstrip().startswith(",") > 0 and f"{before}{after}".count(",") >= _MANY


def _is_around(name: Name, index: Index) -> bool:
    """Whether a name is that of a département or a region where some sheet is: "Macouria, en Guyane"."""
    return any(each.kind != "commune" and is_covered(each, index.catalogue) for each in find_places(name.text))


def _is_catalogued(name: Name, index: Index) -> bool:
    """Whether the catalogue knows a name that no text says: a place of some sheet, or what a code is called."""
    return _is_around(name, index) or any(has_name(label, name.text) for label in index.labels)


def find_names(question: str, places: Sequence[PlaceNamed], index: Index, language: Language) -> list[Name]:
    """The names of a question, in order, less those of the places that are known."""
    if question.isupper():
        return []
    laws = [Name(start=start, end=end, text=question[start:end], is_law=True) for start, end in _find_laws(question)]
    spans = [(each.start, each.end) for each in places] + [(each.start, each.end) for each in laws]
    taken = {at for start, end in spans for at in range(start, end)}
    names: list[Name] = []
    for token in COMPOUND.finditer(question):
        start = token.start() + _count_elided(token[0])
        if not _is_name(question, start, token.end(), index, language):
            continue
        if not taken.isdisjoint(range(start, token.end())):
            continue
        if names and _joins(question[names[-1].end : start]):
            start = names.pop().start
        names.append(Name(start=start, end=token.end(), text=question[start : token.end()]))
    return sorted([*names, *laws], key=lambda name: name.start)


def _find_laws(question: str) -> Iterator[tuple[int, int]]:
    """Where texts of law are named, in small letters too; "loi" alone names none."""
    text = read_text(question, ANY)
    for found in _NAMES.find_apart("law", text):
        yield found.start, found.end
    for found in _NAMES.find_apart("law_named", text):
        name = COMPOUND.match(question, found.end + question.startswith(" ", found.end))
        if name and (name[0][0].isdigit() or name[0][0].isupper()):  # "décret n° 2019-12", "loi Alur"
            yield found.start, name.end()


def _count_elided(word: str) -> int:
    """How many characters of a word are an elision: "l'" of "l'Eau"."""
    mark = max(word.find("'"), word.find("’"))
    return mark + 1 if 0 < mark <= 2 and _NAMES.has("elided", read_text(word, ANY)) else 0


def _joins(between: str) -> bool:
    """Whether what stands between two parts of a name makes them one."""
    return between.strip() in ("", "-", "&") or _NAMES.has("joins", read_text(between, ANY))


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
        written = [at[_written_so(name.text, at, index)] for at in (each[:_LOOKED_AT] for each in spelt)]
    else:
        written = spelt
    sheets = _in_one_sheet(written, index)  # only theirs are read: a common word stands in many passages
    near = [positions[np.isin(index.owners[positions], sheets)] for positions in written]
    told = [positions[_tell(positions, index)] for positions in near]
    return (
        bool(len(_in_one_sheet(told, index))) or _bears(name.text, spelt, index) or _is_acronym(name.text, spelt, index)
    )


def _read_words(name: Name) -> list[str]:
    """The words of a name, stemmed; "Saint-Jean-de-Braye" may be written with other hyphens."""
    words = dict.fromkeys(split_words(" ".join(WORD.findall(name.text))))
    return [word for word in words if len(word) > 1]


def is_place_told(place: PlaceNamed, index: Index) -> bool:
    """Whether some sheet is of a place, bears its name, or tells of something done there."""
    if (place.kind != "commune" or place.near) and is_covered(place, index.catalogue):
        return True
    if place.kind == "commune" and any(sheet.place.insee in place.communes for sheet in index.practices):
        return True
    return is_told(Name(start=place.start, end=place.end, text=place.name), index)


def _written_so(text: str, positions: np.ndarray, index: Index) -> np.ndarray:
    """Which of these passages have the word with a capital, as the name and not the word has."""
    wanted = fold(text)

    def has_it(passage: str) -> bool:
        return any(word[0].isupper() and fold(word) == wanted for word in WORD.findall(passage))

    return np.array([has_it(passage.text) for passage in index.read_passages(positions)], dtype=bool)


def _tell(positions: np.ndarray, index: Index) -> np.ndarray:
    """Which of these passages tell what was done rather than who the organisation and its partners are."""
    return np.array([passage.role not in BACKGROUND for passage in index.read_passages(positions)], dtype=bool)


def _bears(text: str, spelt: Sequence[np.ndarray], index: Index) -> bool:
    """Whether a sheet's title, organisation or commune holds the name."""
    sheets = [index.sheets[row] for row in _in_one_sheet(spelt, index).tolist()]
    return any(has_name(f"{sheet.title} {sheet.organisation} {sheet.place.commune}", text) for sheet in sheets)


def _is_acronym(text: str, spelt: Sequence[np.ndarray], index: Index) -> bool:
    """Whether a sheet writes a name in capitals alone, "EHPAD": it is a thing then, told wherever it is spoken of."""
    if len(spelt) > 1 or len(text) < _ACRONYM:
        return False
    written = fold(text).upper()
    passages = index.read_passages(spelt[0][:_LOOKED_AT])
    return any(written in WORD.findall(passage.text) for passage in passages)


def _is_name(question: str, start: int, end: int, index: Index, language: Language) -> bool:
    """Whether a word is written as a name: a capital that no sentence's start gives, an acronym, "A69".

    An acronym of the trade ("QPV") is no name, nor an English word with the capital that English gives it.
    """
    word = question[start:end]
    if not any(map(str.isupper, word)) or len(word) < 2:
        return False
    if any(map(str.isdigit, word)):
        return len(word) > 2
    if word.isupper() and _NAMES.lists("acronyms", fold(word)):
        return False
    known = all(index.lexicon.speller.knows(part) for part in fold(word).split())
    if word[1:] != word[1:].lower():  # "SNCF", "OpenStreetMap"
        return not known or bool(len(index.passages_with(fold(word))))
    if opens_sentence(question, start) or question[max(0, start - _MOST_SPACE) : start].rstrip().endswith(_OPENING):
        return language == "fr" and not known
    return word[0].isupper() and not (language == "en" and _has_english_capital(fold(word)))


def _has_english_capital(word: str) -> bool:
    """Whether English writes a word with a capital though it names no one."""
    return _NAMES.lists("capitals", word) or word in read_numbers("en").months


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
    together = reduce(np.intersect1d, spelt)  # of passages
    return any(has_name(passage.text, text) for passage in index.read_passages(together[:_LOOKED_AT]))
