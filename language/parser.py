"""Parser: the parts of speech and the dependencies of a text, where its language has a pipeline of spaCy's.

The pipeline stands in an ordinary package, which its language's file names; it is opened at the first text. What reads
names and lemmas in it is left out: it would take 130 MB more (docs/adr/0035).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from language.grammar import read_parser

if TYPE_CHECKING:
    from spacy.language import Language

_NOT_OPENED = ("tokenizer", "ner", "lemmatizer", "attribute_ruler", "senter")


@dataclass(frozen=True)
class Token:
    """A word of a text by its characters; `part` and `role` are those of Universal Dependencies, `head` a row."""

    start: int
    end: int
    part: str
    role: str
    head: int


@lru_cache(maxsize=256)  # the steps of an answer read the same question
def parse(text: str, language: str) -> tuple[Token, ...]:
    """The words of a text, empty where its language has no parser."""
    pipeline = _open(language)
    if pipeline is None:
        return ()
    return tuple(
        Token(word.idx, word.idx + len(word.text), word.pos_, word.dep_, word.head.i) for word in pipeline(text)
    )


@cache
def _open(language: str) -> Language | None:
    """The pipeline, with a small tokenizer of our own.

    Importing spaCy's French compiles a list of 16 000 hyphenated words: 4.5 seconds instead of 0.3 for a pipeline that
    tags as well (docs/adr/0035).
    """
    parser = read_parser(language)
    if parser is None:
        return None
    with _without("torch"):
        import spacy  # noqa: PLC0415 - takes a second, which commands that parse nothing can do without

    words = type("Words", (spacy.language.BaseDefaults,), {"infixes": [r"\.\.+", "…", *parser.parted]})
    plain = type("Plain", (spacy.language.Language,), {"lang": language, "Defaults": words})
    spacy.util.set_lang_class(language, plain)
    return spacy.load(parser.package, exclude=list(_NOT_OPENED))


@contextmanager
def _without(library: str) -> Iterator[None]:
    """Import as if a library were not installed, unless it is in use by now.

    spaCy imports PyTorch where it finds it, for models of which ours is none: 2 seconds and 200 MB for nothing.
    """
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment] # Python's way to say so: importing it is an ImportError
    try:
        yield
    finally:
        del sys.modules[library]
