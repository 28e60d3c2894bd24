"""Naming: which notes a text names, in any of their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.notes.note import Note
from index.signals.lexical import split_words
from language.shapes import ASIDE, WORD
from language.text import ANY, read_text

# Words that may stand or not between those of a name: "conseil de quartier", "conseils des quartiers".
_SMALL = frozenset(
    ("le", "la", "les", "l", "un", "une", "de", "des", "du", "d", "a", "au", "aux", "en", "the", "of", "an")
)
_BOTH = 2
_ROOT, _ENDING = 3, 4  # letters of the shorter of two stems, and of what the longer one has beside: "tir", "tirag"
_SHORT = 4  # letters: "plus" is no plural, nor are initials

Key = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """A note that a text names, and the characters of the text that do."""

    slug: str
    start: int
    end: int


@dataclass(frozen=True)
class Claim:
    """A name that two notes bear: the first has it."""

    name: str
    first: str
    second: str


class Names:
    """The names of notes, in the normal form, without small words nor plurals."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self._slugs: dict[Key, str] = {}
        claims = []
        for note in notes:
            for name in (note.term, *note.others, ASIDE.sub("", note.english)):
                key = tuple(word for word, _, _ in _cut(name))
                holder = self._slugs.setdefault(key, note.slug) if key else note.slug
                if holder != note.slug and name not in note.english:  # a translation may be that of two notions
                    claims.append(Claim(name, holder, note.slug))
        self.claims: Sequence[Claim] = claims
        self._longest = max(map(len, self._slugs), default=0)

    def find(self, written: str) -> list[Named]:
        """The notes named, in the order of the text; of names that overlap, the longest."""
        words = _cut(written)
        found: list[tuple[int, int, str]] = []  # first and last word, slug
        for first in range(len(words)):
            for count in range(min(self._longest, len(words) - first), 0, -1):
                slug = self._slugs.get(tuple(word for word, _, _ in words[first : first + count]))
                if slug:
                    found.append((first, first + count - 1, slug))
                    break
        kept: list[tuple[int, int, str]] = []
        for first, last, slug in sorted(found, key=lambda each: (each[0] - each[1], each[0])):
            if all(last < other or first > end for other, end, _ in kept):
                kept.append((first, last, slug))
        return [Named(slug, words[first][1], words[last][2]) for first, last, slug in sorted(kept)]

    def says(self, written: str) -> bool:
        """Whether a text says one of these names, those of several words in other forms too: "tirés au sort"."""
        if self.find(written):
            return True
        words = [word for word, _, _ in _cut(written)]
        for key in self._slugs:
            windows = (words[at : at + len(key)] for at in range(len(words) - len(key) + 1)) if len(key) > 1 else ()
            if any(all(map(_is_form, key, window)) for window in windows):
                return True
        return False


def _is_form(one: str, other: str) -> bool:
    """Whether two words are forms of one: the stem of one begins that of the other, "tiré" and "tirage"."""
    if one == other:
        return True
    short, long = sorted((_first_stem(one), _first_stem(other)), key=len)
    return len(short) >= _ROOT and long.startswith(short) and len(long) - len(short) <= _ENDING


@lru_cache(maxsize=20_000)  # each word of a sentence is compared with those of every name
def _first_stem(word: str) -> str:
    """The stem of a word, "" of one that says nothing."""
    return next(iter(split_words(word)), "")


@lru_cache(maxsize=10_000)  # the same sentences are looked through for each notion
def _cut(written: str) -> Sequence[tuple[str, int, int]]:
    """The words of a text that count, singular, each with its characters."""
    text = read_text(written, ANY)
    words = ((match[0], *text.span(*match.span())) for match in WORD.finditer(text.said))
    return [(_singular(word), start, end) for word, start, end in words if word not in _SMALL]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT and word[-1] in "sx" else word
