"""Phrases: expressions found in a question whatever their number, gender, accents and articles."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from language.grammar import Grammar
from language.letters import fold
from language.shapes import WORD

_SKIPS = (0, 2, 3)  # words that "petites [ou moyennes] villes" has between two words of "petites villes"

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its characters there, folded, and the key under which its other forms are found."""

    start: int
    end: int
    folded: str
    key: str


@dataclass(frozen=True, slots=True)
class Found(Generic[Meaning]):
    """A phrase found: the positions of its words among those of the text, and all that it means."""

    positions: tuple[int, ...]
    meanings: tuple[Meaning, ...]


class PhraseBook(Generic[Meaning]):
    """Phrases and what each means; a phrase may mean several things. Exact ones are found as they are written."""

    def __init__(self, phrases: Mapping[Meaning, Iterable[str]], *, exact: bool = False) -> None:
        self._exact = exact
        meanings: dict[tuple[str, ...], dict[Meaning, None]] = {}
        for meaning, texts in phrases.items():
            for text in texts:
                if keys := self._keys(read_words(text)):
                    meanings.setdefault(keys, {})[meaning] = None
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[Meaning, ...]]]] = {}
        for keys, each in meanings.items():
            self._by_first.setdefault(keys[0], []).append((keys, tuple(each)))

    def find(self, words: list[Word]) -> list[Found[Meaning]]:
        """The phrases among these words, in order; one whose words are all in a longer one is hidden by it."""
        found: list[Found[Meaning]] = []
        said = self._keys(words)
        for start, first in enumerate(said):
            for keys, meanings in self._by_first.get(first, ()):
                if positions := _follow(said, start, keys):
                    found.append(Found(positions, meanings))
        holding = _by_position(found)
        return [each for each in found if not any(_is_hidden(each, other) for other in holding[each.positions[0]])]

    def _keys(self, words: list[Word]) -> tuple[str, ...]:
        return tuple(word.folded if self._exact else word.key for word in words)


def are_within(found: Iterable[Found[Any]], others: Iterable[Found[Any]]) -> Iterator[bool]:
    """Whether each of the phrases found has all its words in one of the others."""
    holding = _by_position(others)
    for each in found:
        yield any(set(other.positions).issuperset(each.positions) for other in holding.get(each.positions[0], ()))


def read_words(text: str, mended: Mapping[int, str] | None = None) -> list[Word]:
    """The words of a text, articles left out; `mended` gives, by their start, the words to read otherwise."""
    words, small = [], _small_words()
    for match in WORD.finditer(text):
        folded = fold((mended or {}).get(match.start(), match[0]))
        if folded not in small:
            words.append(Word(match.start(), match.end(), folded, stem(folded)))
    return words


def stem(folded: str) -> str:
    """A folded word without the marks of number and gender: "regionaux", "regionales" give "regional".

    The minimal French stemmer of J. Savoy (A stemming procedure and stopword list for general French corpora,
    JASIS 50(10), 1999). A fuller one confuses what must be told apart here: associer and association,
    environ and environnement, départ and département.
    """
    if len(folded) < 5 or not folded.isalpha():  # "plus" is not several PLU
        return folded
    if folded.endswith("aux"):
        return folded[:-2] + "l"
    for ending in "xsree":
        folded = folded.removesuffix(ending) if len(folded) > 3 else folded
    return folded[:-1] if len(folded) > 3 and folded[-1] == folded[-2] else folded


def _by_position(found: Iterable[Found[Meaning]]) -> dict[int, list[Found[Meaning]]]:
    """The phrases that have the word at each position: few have one, however many are found."""
    holding: dict[int, list[Found[Meaning]]] = {}
    for each in found:
        for position in each.positions:
            holding.setdefault(position, []).append(each)
    return holding


def _is_hidden(found: Found[Meaning], other: Found[Meaning]) -> bool:
    return set(found.positions) < set(other.positions)


def _follow(said: tuple[str, ...], start: int, keys: tuple[str, ...]) -> tuple[int, ...]:
    """The positions of the words of a phrase that starts here, or none; a coordination may stand between two."""
    positions = [start]
    for key in keys[1:]:
        after = positions[-1] + 1
        following = (
            after + skipped for skipped in _SKIPS if not skipped or _and_or() & set(said[after : after + skipped])
        )
        position = next((each for each in following if each < len(said) and said[each] == key), None)
        if position is None:
            return ()
        positions.append(position)
    return tuple(positions)


@cache
def _small_words() -> frozenset[str]:
    """Words that stand inside an expression without changing it: "conseil de quartier", "commune plutôt petite"."""
    return Grammar("phrase").every_word("small")


@cache
def _and_or() -> frozenset[str]:
    return Grammar("phrase").every_word("and_or")
