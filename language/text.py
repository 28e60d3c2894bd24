"""Text: the one normal form in which questions are read: no capitals, accents, apostrophes nor hyphens."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from language.detection import likely_languages
from language.letters import fold_letter
from language.shapes import WORD

_FAR = 200  # characters: more than the longest expressions that are looked for before a word
_JOINING = frozenset(" \t\n'’ʼ`´-‑\u2010\u00a0\u202f_")  # what parts two words of one expression
_HYPHENS = frozenset("-‑\u2010")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d) ?[-‑\u2010] ?(?=\d)")  # it does not make one of them: "2016-2018"
ANY = "und"  # the code of a text that may be in any language, as ISO 639-2 has it: it is read in all of them


class _Folding(dict[int, str]):
    """What each character is in the normal form, found once; `uneven` are those that are not one there."""

    def __init__(self) -> None:
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = " " if character in _JOINING else fold_letter(character)
        if len(folded) != 1:
            self.uneven.add(character)
        self[code] = folded
        return folded


_FOLDING = _Folding()


@dataclass(frozen=True)
class Text:
    """A text in its normal form: "Et l’année d'après ?" is read "et l annee d apres ?".

    `said` keeps the punctuation and the hyphens between numbers, one space between words; `places` are, for each of its
    characters, that of `written` it comes from. `language` is the code of the language that its small words tell, ""
    when they tell none or several.
    """

    written: str
    said: str
    places: Sequence[int]
    language: str

    @cached_property
    def words(self) -> str:
        """The same without punctuation: what expressions of several words are looked for in."""
        return " ".join(WORD.findall(self.said))

    def span(self, start: int, end: int, *, marks: bool = True) -> tuple[int, int]:
        """The characters of `written` that those of `said` from `start` to before `end` come from; of `words` else."""
        places = self.places if marks else self._places_of_words
        if start < end:
            return places[start], places[end - 1] + 1
        return (places[start] if start < len(places) else len(self.written),) * 2

    def before(self, at: int) -> Text:
        """What stands before a character of `written`, as far back as whoever reads it looks."""
        end = bisect_left(self.places, at)
        start = max(0, end - _FAR)
        return Text(self.written[:at], self.said[start:end].rstrip(), self.places[start:end], self.language)

    def after(self, at: int) -> Text:
        """What stands from a character of `written` on, as far as whoever reads it looks."""
        start = bisect_left(self.places, at)
        end = start + _FAR
        return Text(self.written, self.said[start:end], self.places[start:end], self.language)

    @cached_property
    def _places_of_words(self) -> Sequence[int]:
        """The place in `written` of each character of `words`."""
        places: list[int] = []
        end = 0
        for run in WORD.finditer(self.said):
            start = run.start()
            places += [*(self.places[end : end + 1] if end else ()), *self.places[start : run.end()]]
            end = run.end()
        return places


@lru_cache(maxsize=2_000)  # the steps of an answer read the same question and the same sentences
def read_text(written: str, language: str = "") -> Text:
    """A text in its normal form; `language` when it is known already, as that of a piece of a text."""
    said, places = _fold(written)
    return Text(written, said, places, language or _language_of(written))


def _fold(written: str) -> tuple[str, Sequence[int]]:
    """The normal form, and where each of its characters is written: at the same place, in most texts."""
    folded = written.translate(_FOLDING)
    parting = _find_parting(written)
    if not parting and "  " not in folded and folded.strip(" ") == folded and _FOLDING.uneven.isdisjoint(written):
        return folded, range(len(written))
    said: list[str] = []
    places: list[int] = []
    for place, character in enumerate(written):
        for letter in "-" if place in parting else _FOLDING[ord(character)]:
            if letter != " " or (said and said[-1] != " "):
                said.append(letter)
                places.append(place)
    if said and said[-1] == " ":
        said.pop()
        places.pop()
    return "".join(said), places


def _language_of(written: str) -> str:
    """The language of a text, "" unless its small words are those of one alone."""
    likely = likely_languages(written)
    return likely[0] if len(likely) == 1 else ""


def _find_parting(written: str) -> frozenset[int]:
    """The places of the hyphens that stand between two numbers."""
    found = (match for match in _BETWEEN_NUMBERS.finditer(written))
    return frozenset(at for match in found for at in range(*match.span()) if written[at] in _HYPHENS)
