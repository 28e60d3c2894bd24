"""Vocabulary: trade synonyms, acronyms and English terms, from readable TOML files."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from ingest.layout import toml_place
from ingest.plain_toml import load_toml
from ingest.refusal import Refusal, explain_os_error
from ingest.sheet import Frozen

_LONGEST = 80  # characters of an expression


class VocabularyWrong(Refusal):
    """A vocabulary file cannot be used; the message says where and why, in French."""


def _check_group(group: tuple[str, ...]) -> tuple[str, ...]:
    if len(group) < 2:
        raise ValueError("ce groupe doit réunir deux expressions au moins")
    if any(not text.strip() or len(text) > _LONGEST for text in group):
        raise ValueError(f"chaque expression doit avoir entre 1 et {_LONGEST} caractères")
    return group


Group = Annotated[tuple[str, ...], AfterValidator(_check_group)]


class Vocabulary(Frozen):
    """Expressions and what they stand for; an unknown key in the TOML file is an error.

    `synonyms` are groups of French expressions that mean the same; `english` gives for an English expression the
    French ones that search for it; `asides` hold a word of the vocabulary and speak of something else; `online`
    and `in_person` say how people take part.
    """

    synonyms: tuple[Group, ...] = ()
    asides: tuple[str, ...] = ()
    online: tuple[str, ...] = ()
    in_person: tuple[str, ...] = ()
    english: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def join(self, other: "Vocabulary") -> "Vocabulary":
        """Both vocabularies in one; where both translate an English expression, the other's French words win."""
        return Vocabulary(
            synonyms=(*self.synonyms, *other.synonyms),
            asides=(*self.asides, *other.asides),
            online=(*self.online, *other.online),
            in_person=(*self.in_person, *other.in_person),
            english={**self.english, **other.english},
        )


@cache
def shipped_vocabulary() -> Vocabulary:
    """The vocabulary that comes with the project."""
    return _parse(files("index").joinpath("vocabulary.toml").read_text(encoding="utf-8"), "index/vocabulary.toml")


def read_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of a TOML file, or raise VocabularyWrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise VocabularyWrong(f"Vocabulaire {str(path)!r} : ce fichier n'est pas en UTF-8.") from error
    except OSError as error:
        raise VocabularyWrong(f"Vocabulaire {str(path)!r} : {explain_os_error(error)}.") from error
    return _parse(text, str(path))


def _parse(text: str, name: str) -> Vocabulary:
    try:
        return Vocabulary.model_validate(load_toml(text))
    except tomllib.TOMLDecodeError as error:
        raise VocabularyWrong(
            f"Vocabulaire {name!r} : ce n'est pas du TOML correct{toml_place(error)}. Un groupe s'écrit "
            'entre crochets, ses expressions entre guillemets : ["conseil citoyen", "conseil citoyen consultatif"],'
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(f"n° {part + 1}" if isinstance(part, int) else part for part in first["loc"])
        reason = {
            "extra_forbidden": f"cette clé n'existe pas (clés possibles : {', '.join(Vocabulary.model_fields)})",
            "tuple_type": 'une liste est attendue, comme ["BP", "budget participatif"]',
            "string_type": "un texte entre guillemets est attendu",
            "dict_type": 'une table est attendue, comme "town" = ["ville"]',
        }.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise VocabularyWrong(
            f"Vocabulaire {name!r}, clé {where!r}{_line_of(first['input'], text)} : {reason}."
        ) from error


def _line_of(value: object, text: str) -> str:
    """Where the first text of a wrong value stands in the file: TOML readers keep no line numbers."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    lines = text.splitlines()
    number = next((n for n, line in enumerate(lines, 1) if isinstance(value, str | int) and str(value) in line), None)
    return f", ligne {number}" if number else ""
