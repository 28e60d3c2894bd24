"""Typos: a word of a question that nobody writes is read as the known word that it stands for."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.encoding.budget import spend
from index.phrases import stem
from language.grammar import Grammar
from language.letters import fold
from language.shapes import LETTERS

_SENTENCE_ENDS = frozenset('.?!:«"')
_SHORTEST = 4  # letters; a shorter word has too many neighbours
_CLIPPED = 6  # letters, at most, of words like "perso", "conso" or "rando"
_LONG = 8  # letters from which two mistakes are mended
_LONGEST = 30  # letters; no word that people misspell has more
_MOST_SOUGHT = 40  # unknown words of one text that are looked for: each costs as much as reading a page


@dataclass(frozen=True)
class Mend:
    """A word of a question, by its characters, and what it is read as."""

    start: int
    end: int
    word: str


@dataclass(frozen=True)
class Speller:
    """Mends the words of questions about some sheets: `texts` are the sheets', `terms` the trade's."""

    texts: Sequence[str]
    terms: Sequence[str] = ()
    _mended: dict[str, str | None] = field(default_factory=dict, compare=False)

    def mend(self, question: str, protected: Iterable[tuple[int, int]] = ()) -> list[Mend]:
        """What to read otherwise in a question in French. Names, acronyms, figures and `protected` spans stay."""
        kept = _characters(protected)
        mends: list[Mend] = []
        sought: set[str] = set()
        for match in LETTERS.finditer(question):
            if _is_name(match, question) or not kept.isdisjoint(range(*match.span())):
                continue
            folded = fold(match[0])
            if whole := _short().get(folded):
                mends.append(Mend(match.start(), match.end(), whole.capitalize() if match[0][0].isupper() else whole))
                continue
            if self._is_sound(folded) or (folded not in sought and len(sought) == _MOST_SOUGHT):
                continue
            sought.add(folded)
            if better := self._read_word(folded, match[0].lower()):
                word = better.capitalize() if match[0][0].isupper() else better
                mends.append(Mend(match.start(), match.end(), word))
        return mends

    def knows(self, folded: str) -> bool:
        """Whether a folded word is one of the sheets, of the trade or of French, be it in another form."""
        return folded in self._words or stem(folded) in self._by_stem or folded in _dictionary().forms

    def alike(self, folded: str) -> list[str]:
        """The folded words of the sheets and of the trade that this one may be a slip for, of one letter or two."""
        most = 2 if len(folded) >= _LONG else 1
        return list(_near(self._buckets, folded, most)) if _SHORTEST < len(folded) <= _LONGEST else []

    def spellings(self, folded: str) -> tuple[str, ...]:
        """The ways in which the sheets and the trade write a folded word: "cote", "côte", "côté"."""
        return self._words.get(folded, ())

    def forms_of(self, folded: str) -> tuple[str, ...]:
        """The spellings of this word of the sheets and of the trade in its other numbers and genders too."""
        short = (folded, f"{folded}s", f"{folded}x", folded[:-1] if folded[3:] in ("s", "x") else "")
        alike = dict.fromkeys((*self._by_stem.get(stem(folded), ()), *(word for word in short if word in self._words)))
        return tuple(form for word in alike for form in self._words[word])

    def beginning_with(self, folded: str) -> list[str]:
        """The words of the sheets and of the trade that begin like this, in one of their spellings each."""
        return [forms[0] for word, forms in self._words.items() if word.startswith(folded)]

    def _is_sound(self, folded: str) -> bool:
        """Whether a folded word is left as it is: known, or of a length that tells nothing."""
        is_clipped = len(folded) <= _CLIPPED and folded.endswith("o")
        return not _SHORTEST <= len(folded) <= _LONGEST or is_clipped or self.knows(folded)

    def _read_word(self, folded: str, word: str) -> str | None:
        if folded not in self._mended:
            spend()
            if len(self._mended) > 10_000:  # a server asked for years keeps no more
                self._mended.clear()
            self._mended[folded] = self._find(folded, word)
        return self._mended[folded]

    def _find(self, folded: str, word: str) -> str | None:
        """The known word that this one stands for: it sounds alike, or differs by one letter, by two in a long word.

        The nearest is taken, whether the sheets have it or not; only a word that they have is worth writing.
        """
        most = 2 if len(folded) >= _LONG else 1
        near = _near(_dictionary().buckets, folded, most) | _near(self._buckets, folded, most)
        sound = _sound(word)
        ranked = []
        for other, distance in near.items():
            form = min(self._forms(other), key=lambda form: OSA.distance(form, word))
            alike = _sound(form) == sound
            ranked.append((distance - alike, other not in self._words, -_dictionary().counts.get(other, 0), form))
        if not ranked:
            return None
        cost, is_strange, _, best = min(ranked)
        if is_strange or (len(folded) == _SHORTEST and cost) or (cost > 1 and fold(best)[:3] != folded[:3]):
            return None
        return best

    def _forms(self, folded: str) -> tuple[str, ...]:
        return self._words.get(folded) or _dictionary().forms[folded]

    @cached_property
    def _words(self) -> dict[str, tuple[str, ...]]:
        """The words of the sheets and of the trade, folded, each with its spellings."""
        forms: dict[str, dict[str, None]] = {}
        for text in (*self.texts, *self.terms):
            for form in dict.fromkeys(LETTERS.findall(text.lower())):
                forms.setdefault(fold(form), {})[form] = None
        return {folded: tuple(each) for folded, each in forms.items()}

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        """The words of the sheets and of the trade, folded, by what they are without number and gender."""
        by_stem: dict[str, list[str]] = {}
        for word in self._words:
            by_stem.setdefault(stem(word), []).append(word)
        return by_stem

    @cached_property
    def _buckets(self) -> dict[str, list[str]]:
        return _sort(word for word in self._words if len(word) >= _SHORTEST)


@dataclass(frozen=True)
class _Dictionary:
    """French words, folded: their spellings, how often films say them; sorted for `_near`."""

    forms: dict[str, tuple[str, ...]]
    counts: dict[str, int]
    buckets: dict[str, list[str]]


@cache
def _dictionary() -> _Dictionary:
    """The French words of the package pyspellchecker (MIT): 140 000 forms counted in film subtitles."""
    packed = files("spellchecker").joinpath("resources", "fr.json.gz").read_bytes()
    forms: dict[str, tuple[str, ...]] = {}
    counts: dict[str, int] = {}
    for form, count in json.loads(gzip.decompress(packed)).items():
        folded = form if form.isascii() else fold(form)
        forms[folded] = (*forms.get(folded, ()), form)
        counts[folded] = counts.get(folded, 0) + count
    return _Dictionary(forms, counts, _sort(word for word in forms if len(word) >= _SHORTEST and word.isalpha()))


def _is_name(match: re.Match[str], question: str) -> bool:
    """Whether a word is a name or an acronym: capitals, unless it only begins a sentence."""
    word = match[0]
    return not word.islower() and not (word.istitle() and _starts_sentence(question, match.start()))


def _starts_sentence(question: str, at: int) -> bool:
    """Whether a sentence starts here: nothing stands before but spaces after a mark that ends one."""
    while at and question[at - 1].isspace():
        at -= 1
    return not at or question[at - 1] in _SENTENCE_ENDS


def _characters(spans: Iterable[tuple[int, int]]) -> set[int]:
    """The characters of these spans."""
    return {at for span in spans for at in range(*span)}


def _initial(folded: str) -> str:
    return folded.removeprefix("h")[:1].translate(_initials())


def _sort(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by their initial and their length: few mistakes touch the first letter (Yannakoudakis 1983)."""
    buckets: dict[str, list[str]] = {}
    for word in words:
        buckets.setdefault(f"{_initial(word)}{len(word)}", []).append(word)
    return buckets


def _near(buckets: dict[str, list[str]], folded: str, most: int) -> dict[str, float]:
    """The words at most that many letters away, swapped neighbours counting once (optimal string alignment)."""
    near: dict[str, float] = {}
    for length in range(len(folded) - most, len(folded) + most + 1):
        choices = buckets.get(f"{_initial(folded)}{length}", ())
        for word, distance, _ in process.extract(folded, choices, scorer=OSA.distance, score_cutoff=most, limit=20):
            near[word] = float(distance)
    return near


def _sound(form: str) -> str:
    """How a word sounds, roughly: two spellings of one sound give the same."""
    sound = fold(form.removesuffix("s").replace("é", "8"))
    for pattern, alike in _sounds():
        sound = pattern.sub(alike, sound)
    return sound


@cache
def _sounds() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Spellings of one sound in French, in the order in which they are made alike."""
    pairs = (written.split(" > ") for written in Grammar("spelling").words("sounds")["fr"])
    return tuple((re.compile(pattern), alike) for pattern, alike in pairs)


@cache
def _short() -> dict[str, str]:
    """Words that people write in short, folded, each with the whole one: "tps"."""
    return dict(pair.split(" > ", maxsplit=1) for pair in Grammar("spelling").words("short")["fr"])


@cache
def _initials() -> dict[int, str]:
    """Letters that begin words that sound alike: "kartier", "sirculation", "jestion", "ygiène"."""
    return str.maketrans(dict(pair.split(" > ") for pair in Grammar("spelling").words("initials")["fr"]))
