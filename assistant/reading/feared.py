"""Feared: the words of a question for what who asks has too much of, fears or does not want."""

from __future__ import annotations

from language.grammar import Grammar
from language.text import Text, read_text

_EXCLUDED = Grammar("excluded")


def find_feared(text: Text) -> frozenset[int]:
    """The characters of these words, up to where something is asked: "on n'a que des retraités, comment… ?"."""
    spans = (range(each.start, _find_end(text, each.end)) for each in _EXCLUDED.find("feared", text))
    return frozenset(at for span in spans for at in span)


def _find_end(text: Text, start: int) -> int:
    """Where the clause that starts there ends."""
    found = _EXCLUDED.search("asks", read_text(text.written[start:], text.language))
    return start + found.start if found else len(text.written)
