"""Missing: the words of a question that no sheet says, so that what is not there is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.finding.covered import measure_covered
from assistant.finding.names import is_place_told
from assistant.reading.asking import find_asking
from assistant.reading.feared import find_feared
from assistant.reading.reading import Reading
from index.encoding.budget import aside
from index.opened import Index
from index.phrases import read_words
from index.places.gazetteer import find_places
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from language.grammar import Grammar
from language.letters import fold
from language.parser import Token, parse
from language.shapes import WORD
from language.text import Text, read_text

if TYPE_CHECKING:
    from index.encoding.encoder import Encoder

_MOST = 3  # words
_MISSING = Grammar("missing")
_NOUNS = frozenset({"NOUN", "PROPN"})
_CONCERNED = frozenset({"obj", "nsubj", "nsubj:pass", "nmod", "obl:agent", "conj"})
_CONCERNED_TOO = frozenset({"ROOT", "obl:arg"})  # where it is asked whether something exists
_TELLING = frozenset({"amod", "acl", "nmod"})  # of what tells of a noun
_SHORTEST = 4  # letters
_LONGEST = 13  # words of a question that names little beside what it is about
_NEAR = 0.65  # mean cosine of a noun's tokens with those of a passage
_FEW_SHEETS, _HARDLY_ANY = 8, 2
ASKED_OFTEN = Path(__file__).parent / "asked_often.txt"  # written by training/asked_often.py


def find_missing(question: str, index: Index) -> tuple[str, ...]:
    """The nouns that stand in no passage that the reader may see, as they are written; none where nothing parses."""
    text = read_text(question)
    if all(len(index.passages_with(stem)) for stem in set(split_words(question))):  # nothing to parse for
        return ()
    told = (place for place in find_places(question) if is_place_told(place, index))
    known = _find_labels(question, index) | {at for place in told for at in range(place.start, place.end)}
    nouns = [
        text.written[each.start : each.end] for each in _parse(text) if each.part in _NOUNS and each.start not in known
    ]
    absent = [
        noun for noun in nouns if len(noun) >= _SHORTEST and not _only_asks(noun, text) and _is_absent(noun, index)
    ]
    return tuple(dict.fromkeys(absent))[:_MOST]


@dataclass(frozen=True)
class Asked:
    """A word that tells what a question is about, by its characters, and the rows of the sheets that have it.

    It may stand beside another, from this character on, of which either is asked for: "un collège ou un lycée".
    """

    word: str
    start: int
    end: int
    owners: frozenset[int]
    beside: int | None = None

    @property
    def is_rare(self) -> bool:
        """Whether hardly any sheet has it."""
        return len(self.owners) <= _HARDLY_ANY


def find_asked(reading: Reading, index: Index) -> list[Asked]:
    """The words that tell what a question is about, less the places, what the trade says in other words too, and what
    people say whatever they ask about; none where nothing parses.

    They are nouns, and in a question of existence what tells of one and no sheet has: "rémunérés". In a long question
    only what is done or concerned counts: of the rest much is a manner of speaking.
    """
    text = read_text(reading.asked, reading.understood.language)
    known, asking = _find_known(reading, text.written, index), _find_asking(text.written)
    long = len(text.written.split()) > _LONGEST
    roles = _CONCERNED | (_CONCERNED_TOO if reading.form.exists else frozenset())
    asked, words = [], _parse(text)
    for word in words:
        said = text.written[word.start : word.end]
        if len(said) <= _SHORTEST or word.start in known or word.start not in asking or _only_asks(said, text):
            continue
        stems = {*split_words(said)}
        after = (
            word.part == "ADJ" and words[word.head].start < word.start
        )  # "un parc éolien", not "la première réunion"
        role = words[word.head].role if after else word.role
        if not stems or _read_asked_often() & stems or (long and role not in roles):
            continue
        owners = max((frozenset(index.owners[index.passages_with(stem)].tolist()) for stem in stems), key=len)
        telling = word.role in _TELLING and not owners and (reading.form.exists or after)
        if word.part in _NOUNS or telling:
            head = words[word.head].start
            either = word.role == "conj" and _MISSING.has("either", text.written[head : word.start])
            beside = head if either else None
            asked.append(Asked(said, word.start, word.end, owners, beside))
    return asked


def find_unshown(reading: Reading, cited: Sequence[Hit], index: Index, encoder: Encoder) -> dict[str, int]:
    """The words asked about that no sheet cited has or comes near, if few sheets do: how many have each.

    So of 32 of 70 questions that no sheet answers, and of 4 of 94 of the others, of which no word was learned
    (training/questions: absent.jsonl, answers_kept.jsonl).
    """
    if reading.link != "new" or not cited:
        return {}
    shown = {index.catalogue.rows[hit.sheet.id] for hit in cited}
    lacking = [
        each
        for each in find_asked(reading, index)
        if len(each.owners) <= _FEW_SHEETS
        and shown.isdisjoint(each.owners)
        and (each.is_rare or not is_near(each, reading, cited, index, encoder))
    ]
    starts = {None, *(each.start for each in lacking)}
    unshown = {each.word: len(each.owners) for each in lacking if each.beside in starts}
    return dict(list(unshown.items())[:_MOST])


def is_near(asked: Asked, reading: Reading, hits: Sequence[Hit], index: Index, encoder: Encoder) -> bool:
    """Whether a passage of these hits comes near to a word, in whatever words."""
    return measure_covered(reading.asked, (asked.start, asked.end), hits, index, encoder) >= _NEAR


def _find_asking(question: str) -> range:
    """The characters of the sentence that asks."""
    asking = find_asking(question)
    start = question.rfind(asking)
    return range(start, start + len(asking))


def _only_asks(noun: str, text: Text) -> bool:
    """Whether a noun is of what is asked, not of what it is asked about: "quels pièges"."""
    return _MISSING.has("asking", read_text(noun, text.language))


@cache
def _read_asked_often() -> frozenset[str]:
    """The words that questions have whatever they are about, or that sheets which answer them lack."""
    lines = ASKED_OFTEN.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _find_known(reading: Reading, question: str, index: Index) -> set[int]:
    """The characters of places, of what the trade says in other words too, and of what who asks fears."""
    words = read_words(question)
    said = [words[row] for found in index.lexicon.synonyms.find(words) for row in found.positions]
    spans = [(place.start, place.end) for place in reading.understood.places]
    spans += [(word.start, word.end) for word in said]
    feared = find_feared(read_text(question, reading.understood.language))
    return {at for start, end in spans for at in range(start, end)} | feared | _find_labels(question, index)


def _find_labels(question: str, index: Index) -> set[int]:
    """The characters of the labels of codes that some sheet has, "sans gluten", whose words stand side by side."""
    words = [(fold(match[0]), match.start()) for match in WORD.finditer(question)]
    found: set[int] = set()
    for label in index.labels:
        said = fold(label).split()
        for at in range(len(words) - len(said) + 1):
            if said and [word for word, _ in words[at : at + len(said)]] == said:
                found |= {start for _, start in words[at : at + len(said)]}
    return found


def _is_absent(noun: str, index: Index) -> bool:
    stems = split_words(noun)
    return bool(stems) and all(not len(index.passages_with(stem)) for stem in stems)


def _parse(text: Text) -> tuple[Token, ...]:
    with aside():  # the first parse opens the parser
        return parse(text.written, text.language or "fr")
