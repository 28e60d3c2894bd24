"""Text: the one normal form in which questions are read: no capitals, accents, apostrophes nor hyphens."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache

from language.detection import likely_languages
from language.letters import fold_letter

_FAR = 200  # characters: more than the longest expressions that are looked for before a word
_JOINING = frozenset(" \t\n'’ʼ`´-‑\u2010\u00a0\u202f_")  # what parts two words of one expression
_HYPHENS = frozenset("-‑\u2010")


@dataclass(frozen=True)
class Text:
    """A text in its normal form: "Et l’année d'après ?" is read "et l annee d apres ?".

    `said` keeps the punctuation and the hyphens between numbers, one space between words; `places` are, for each of its
    characters, that of `written` it comes from. `language` is the code of the language that its small words tell, ""
    when they tell none or several.
    """

    written: str
    said: str
    places: tuple[int, ...]
    language: str

    @property
    def words(self) -> str:
        """The same without punctuation: what expressions of several words are looked for in."""
        return self._bare[0]

    def span(self, start: int, end: int, *, marks: bool = True) -> tuple[int, int]:
        """The characters of `written` that those of `said` from `start` to before `end` come from; of `words` else."""
        places = self.places if marks else self._bare[1]
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
        return Text(self.written, self.said[start:end].lstrip(), self.places[start:end], self.language)

    @cached_property
    def _bare(self) -> tuple[str, tuple[int, ...]]:
        """The text without punctuation, and the place of each of its characters."""
        words: list[str] = []
        places: list[int] = []
        for place, character in zip(self.places, self.said, strict=True):
            kept = character if character.isalnum() else " "
            if kept != " " or (words and words[-1] != " "):
                words.append(kept)
                places.append(place)
        end = len("".join(words).rstrip())
        return "".join(words[:end]), tuple(places[:end])


@lru_cache(maxsize=256)  # the steps of an answer read the same question
def read_text(written: str, language: str = "") -> Text:
    """A text in its normal form; `language` when it is known already, as that of a piece of a text."""
    said: list[str] = []
    places: list[int] = []
    for place, character in enumerate(written):
        joins = character in _JOINING and not (character in _HYPHENS and _parts_numbers(written, place))
        for folded in " " if joins else fold_letter(character):
            if folded != " " or (said and said[-1] != " "):
                said.append(folded)
                places.append(place)
    if said and said[-1] == " ":
        said.pop()
        places.pop()
    return Text(written, "".join(said), tuple(places), language or _language_of(written))


def _parts_numbers(written: str, place: int) -> bool:
    """Whether the hyphen here stands between two numbers, which it does not make one: "2016-2018"."""
    before, after = written[max(0, place - 2) : place].rstrip()[-1:], written[place + 1 : place + 3].lstrip()[:1]
    return before.isdigit() and after.isdigit()


def _language_of(written: str) -> str:
    """The language of a text, "" unless its small words are those of one alone."""
    likely = likely_languages(written)
    return likely[0] if len(likely) == 1 else ""
