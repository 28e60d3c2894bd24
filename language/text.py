"""Text: the one normal form in which questions are read: no capitals, accents, apostrophes nor hyphens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from language.detection import detect_language
from language.letters import fold_letter

_JOINING = frozenset(" \t\n'’ʼ`´-‑\u2010\u00a0\u202f_")  # what parts two words of one expression


@dataclass(frozen=True)
class Text:
    """A text in its normal form: "Et l’année d'après ?" is read "et l annee d apres ?".

    `said` keeps the punctuation, one space between words; `places` are, for each of its characters, that of `written`
    it comes from. `language` is the code of the language that its small words tell, "" when they tell none.
    """

    written: str
    said: str
    places: tuple[int, ...]
    language: str

    @cached_property
    def words(self) -> str:
        """The same without punctuation: what expressions of several words are looked for in."""
        return " ".join("".join(each if each.isalnum() else " " for each in self.said).split())

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of `written` that those of `said` from `start` to before `end` come from."""
        return (self.places[start], self.places[end - 1] + 1) if start < end else (self.place(start),) * 2

    def place(self, at: int) -> int:
        """The character of `written` at which one of `said` stands; the end of one is the end of the other."""
        return self.places[at] if at < len(self.places) else len(self.written)

    def cut(self, start: int, end: int) -> str:
        """What is written from `start` to before `end` of what is said."""
        first, last = self.span(start, end)
        return self.written[first:last]


@lru_cache(maxsize=256)  # the steps of an answer read the same question
def read_text(written: str, language: str = "") -> Text:
    """A text in its normal form; `language` when it is known already, as that of a piece of a text."""
    said: list[str] = []
    places: list[int] = []
    for place, character in enumerate(written):
        for folded in " " if character in _JOINING else fold_letter(character):
            if folded != " " or (said and said[-1] != " "):
                said.append(folded)
                places.append(place)
    if said and said[-1] == " ":
        said.pop()
        places.pop()
    return Text(written, "".join(said), tuple(places), language or detect_language(written) or "")
