"""Statements: what a language model writes is cut into sentences, each with its words, its bullet and its marks."""

import re
from collections.abc import Sequence

from assistant.wording import LINK, escape
from index.signals.lexical import split_words
from language.shapes import BULLET, DIGITS

_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
# A sentence ends after its mark: "... en 2019. [1] La ville" and "... en 2019 [1]. La ville" alike. Marks are read in
# short runs: where a longer one ends, a short one does.
_MARKS = r"\[[\d ,;]{1,24}\]"
_BOUNDARY = re.compile(rf"\n+|(?:[.!?…](?:\s?{_MARKS}){{0,6}}+|(?:{_MARKS}){{1,6}}+\.?)[ \t]++(?=[^\s\[.])")
_MAY_BEGIN = ".!?…[]0123456789 ,;\t\n"  # what a boundary that is not whole yet is made of
_EMPHASIS = re.compile(r"[*`#|]+|(?<!\w)_+|_+(?!\w)")


def cut_statements(text: str) -> tuple[list[str], str]:
    """The finished statements of a text that is still being written, and the rest of it."""
    return cut_further(text, 0)


def cut_further(text: str, read: int) -> tuple[list[str], str]:
    """The same for a text whose first characters were looked through before, and hold no boundary."""
    statements, start = [], 0
    for boundary in _BOUNDARY.finditer(text, read):
        statements.append(text[start : boundary.end()])
        start = boundary.end()
    return statements, text[start:]


def count_read(rest: str) -> int:
    """How many characters of the rest of a text need not be looked through again when more comes."""
    return len(rest.rstrip(_MAY_BEGIN))


def says_something(statement: str) -> bool:
    """Whether a statement tells more than "Voici quelques exemples :", that nobody misses."""
    _, words = read_words(statement)
    return bool(split_words(words)) and not words.endswith(":")


def read_words(statement: str) -> tuple[str, str]:
    """Its bullet, and its words without marks, images, links, tags nor emphasis: a model that repeats a poisoned sheet
    must not make the reader's browser act.
    """
    found = BULLET.match(statement)
    bullet = found[0].strip() + " " if found else ""
    text = LINK.sub(_show, statement[found.end() :] if found else statement)
    return bullet, " ".join(re.sub(r"(?<!\s)\s+(?=[.,])", "", _EMPHASIS.sub("", _MARK.sub("", text))).split())


def _show(link: re.Match[str]) -> str:
    """What a link shows, nothing for an image; a number before brackets is a mark."""
    if link[1]:
        return ""
    return link[0] if link[2][:1].isdigit() else link[2]


def _space_after(statement: str) -> str:
    """The space or line break before the next statement."""
    return statement[len(statement.rstrip()) :]


def find_cited(statement: str) -> list[int]:
    """The numbers of the passages that a statement cites, as they are written; 0 is none: they are counted from 1."""
    cited = [int(number) for mark in _MARK.findall(statement) for number in DIGITS.findall(mark)]
    return [number for number in dict.fromkeys(cited) if number]


def write_statement(written: str, body: str) -> str:
    """What stands for a statement: its bullet, a body in Markdown that is escaped, and its space."""
    bullet, _ = read_words(written)
    return f"{bullet}{body}{_space_after(written)}"


def add_marks(words: str, numbers: Sequence[int]) -> str:
    """Words, escaped, with the marks of their citations before the stop that ends them."""
    body = words.rstrip(".!?…:; ")
    return f"{escape(body)} {''.join(f'[{number}]' for number in numbers)}{words[len(body) :].strip()}"
