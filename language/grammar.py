"""Grammar: the words and the patterns of each language, from its file, found in a text in its normal form.

A section of a file is what one reader needs; an entry of it is one thing that the reader looks for, with sentences that
must match and sentences that must not (`tests/test_grammar.py` holds them). A pattern is a regular expression over the
normal form (`text.py`), always of whole words: lower case, no accents, and a space for an apostrophe or a hyphen.
`{name}` in it stands for any of the words of that name in the section or in the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from language.text import Text, read_text

LANGUAGES = ("fr", "en", "es")  # the order in which they are tried on a text whose language is not known
_NAMED = re.compile(r"\{([a-z_]+)\}")


class Entry(BaseModel):
    """One thing that a reader looks for, in one language.

    Read in the text without its punctuation, or with it when `marks`. `at` says where it must stand: "after" and
    "before" are for what is read from a place on, or up to it (`Text.after`, `Text.before`), with nothing between.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    patterns: tuple[str, ...]
    matches: tuple[str, ...]
    refuses: tuple[str, ...] = ()
    marks: bool = False
    whole_words: bool = True
    at: Literal["anywhere", "start", "end", "whole", "after", "before"] = "anywhere"


@dataclass(frozen=True)
class Found:
    """An entry found in a text: what it is there in the normal form, the characters of it as it is written, and the
    named groups of its pattern.

    `groups` are in the normal form, `written` as they are written; those that hold nothing are not there.
    """

    said: str
    start: int
    end: int
    groups: Mapping[str, str]
    written: Mapping[str, str]
    language: str

    def __getitem__(self, name: str) -> str:
        """What a group holds in the normal form, "" when it holds nothing."""
        return self.groups.get(name, "")


class Grammar:
    """A section of every language's file."""

    def __init__(self, section: str) -> None:
        self.section = section

    def search(self, name: str, text: Text | str) -> Found | None:
        """Where an entry is first found in a text, in the text's language; in any when its language is not known."""
        return next(self.find(name, text), None)

    def has(self, name: str, text: Text | str) -> bool:
        """Whether an entry is found in a text."""
        return self.search(name, text) is not None

    def is_in(self, name: str, said: str, language: str) -> bool:
        """Whether an entry is found in a piece of a text of this language that is in the normal form already."""
        return any(pattern.search(said) for pattern in self._patterns(name, language))

    def last_in(self, name: str, said: str, language: str) -> int:
        """Where an entry is last found in such a piece, -1 if nowhere."""
        found = (match.start() for pattern in self._patterns(name, language) for match in pattern.finditer(said))
        return max(found, default=-1)

    def find(self, name: str, text: Text | str) -> Iterator[Found]:
        """Everywhere an entry is found in a text, language after language."""
        text = read_text(text) if isinstance(text, str) else text
        for language in languages_of(text.language):
            if (pattern := self.pattern(name, language)) is not None:
                marks = self._entry(name, language).marks
                for found in pattern.finditer(text.said if marks else text.words):
                    yield _to_found(found, text, language, marks=marks)

    def find_apart(self, name: str, text: Text | str) -> list[Found]:
        """The same in the order of the text, without what overlaps an earlier one, or a longer one from its start."""
        apart: list[Found] = []
        for found in sorted(self.find(name, text), key=lambda each: (each.start, -each.end)):
            if not apart or apart[-1].end <= found.start:
                apart.append(found)
        return apart

    def without(self, name: str, text: Text) -> Text:
        """A text less an entry, wherever it is found; a space stands in its place."""
        spans = sorted((found.start, found.end) for found in self.find(name, text))
        kept, end = [], 0
        for start, after in spans:
            kept.append(text.written[end:start])
            end = max(end, after)
        return read_text(" ".join(" ".join([*kept, text.written[end:]]).split()), text.language) if spans else text

    def split(self, name: str, text: Text) -> list[Text]:
        """The pieces of a text between the places where an entry is found, as long as something stands there."""
        ends = [(found.start, found.end) for found in self.find_apart(name, text)]
        starts = [0, *(end for _, end in ends)]
        pieces = (text.written[start:end] for start, (end, _) in zip(starts, [*ends, (None, 0)], strict=True))
        return [read_text(piece, text.language) for piece in pieces if piece.strip()]

    def lists(self, name: str, word: str) -> bool:
        """Whether a word in its normal form is in a list of words of any language."""
        return word in self.every_word(name)

    def words(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """A list of words, by language."""
        return {language: self._table(language).words.get(name, ()) for language in LANGUAGES}

    def every_word(self, name: str) -> frozenset[str]:
        """The words of a list, in whatever language."""
        return _listed(self.section, name)

    def pattern(self, name: str, language: str) -> re.Pattern[str] | None:
        """An entry's pattern in a language, None where that has none."""
        return self._table(language).compiled.get(name)

    def _patterns(self, name: str, language: str) -> list[re.Pattern[str]]:
        return [pattern for each in languages_of(language) if (pattern := self.pattern(name, each)) is not None]

    def _entry(self, name: str, language: str) -> Entry:
        return self._table(language).entries[name]

    def _table(self, language: str) -> Section:
        return read_section(self.section, language)


def _to_found(match: re.Match[str], text: Text, language: str, *, marks: bool) -> Found:
    groups = {name: value for name, value in match.groupdict().items() if value}
    spans = {name: text.span(*match.span(name), marks=marks) for name in groups}
    written = {name: text.written[start:end] for name, (start, end) in spans.items()}
    return Found(match[0], *text.span(*match.span(), marks=marks), groups, written, language)


@dataclass(frozen=True)
class Section:
    """What one reader needs of a language: lists of words, and entries."""

    words: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, Entry]
    shared: Mapping[str, tuple[str, ...]]  # words of the whole file

    @cached_property
    def compiled(self) -> Mapping[str, re.Pattern[str]]:
        """The pattern of each entry."""
        return {name: re.compile(self._write(entry)) for name, entry in self.entries.items()}

    def _write(self, entry: Entry) -> str:
        alternatives = "|".join(self._expand(pattern) for pattern in entry.patterns)
        before, after = (r"(?<!\w)", r"(?!\w)") if entry.whole_words else ("", "")
        before = {"start": r"^\W*", "whole": r"^\W*", "after": "^"}.get(entry.at, before)
        after = {"end": r"\W*$", "whole": r"\W*$", "before": "$"}.get(entry.at, after)
        return f"{before}(?:{alternatives}){after}"

    def _expand(self, pattern: str) -> str:
        """A pattern with each `{name}` replaced by its words, which may have names in them."""
        expanded = _NAMED.sub(lambda found: f"(?:{'|'.join(self._named(found[1]))})", pattern)
        return expanded if expanded == pattern else self._expand(expanded)

    def _named(self, name: str) -> tuple[str, ...]:
        return self.words[name] if name in self.words else self.shared[name]


def languages_of(language: str) -> tuple[str, ...]:
    """The languages in which a text of this language is read."""
    return (language,) if language in LANGUAGES else LANGUAGES


@cache
def read_section(name: str, language: str) -> Section:
    """A section of a language's file, empty where it has none."""
    table, shared = _read_file(language).get(name, {}), _shared_words(language)
    words = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    entries = {key: Entry.model_validate(value) for key, value in table.items() if isinstance(value, dict)}
    return Section(words, entries, shared)


@cache
def _listed(section: str, name: str) -> frozenset[str]:
    """The words of a list, in every language."""
    return frozenset(word for language in LANGUAGES for word in read_section(section, language).words.get(name, ()))


@cache
def _shared_words(language: str) -> Mapping[str, tuple[str, ...]]:
    """The words of the whole file, with those of its numbers: `ordinal`, `month`, `cardinal`, `fraction`…"""
    file = _read_file(language)
    numbers = read_numbers(language)
    ordinals = (*(word for words in numbers.ordinals for word in words), *numbers.last)
    cardinals = tuple(word for words in numbers.cardinals for word in words)
    named = {
        "ordinal": ordinals,
        "month": numbers.months,
        "cardinal": cardinals,
        "fraction": tuple(numbers.fractions),
        "collective": tuple(numbers.collectives),
        "multiple": tuple(numbers.multiples),
    }
    return named | {key: tuple(value) for key, value in file.get("words", {}).items()}


class Numbers(BaseModel):
    """The words of numbers: each list starts at one, but cardinals, which start at zero.

    `fractions` are the words of parts with what the whole is parted in, `collectives` those of about so many ("une
    dizaine"), `multiples` those that a number stands before ("3 millions").
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ordinals: tuple[tuple[str, ...], ...]
    last: tuple[str, ...]
    months: tuple[str, ...]
    cardinals: tuple[tuple[str, ...], ...]
    fractions: Mapping[str, int] = {}
    collectives: Mapping[str, int] = {}
    multiples: Mapping[str, int] = {}


class Parser(BaseModel):
    """The package of a language's parser, and the patterns of the places where a word as it is written holds two."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    package: str
    parted: tuple[str, ...] = ()


@cache
def read_parser(language: str) -> Parser | None:
    """The parser of a language, None where it has none."""
    table = _read_file(language).get("parser") if language in LANGUAGES else None
    return Parser.model_validate(table) if table else None


@cache
def read_numbers(language: str) -> Numbers:
    """The words of numbers in a language."""
    return Numbers.model_validate(_read_file(language)["numbers"])


def sections(language: str) -> list[str]:
    """The sections of a language's file, its shared words, its numbers and its parser apart."""
    return [name for name in _read_file(language) if name not in ("words", "numbers", "parser")]


@cache
def _read_file(language: str) -> dict[str, Any]:
    return tomllib.loads(files("language").joinpath(f"{language}.toml").read_text(encoding="utf-8"))
