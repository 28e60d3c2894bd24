"""Quotes: what a note gives between quotation marks, word for word, altered, or found nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from language.letters import fold
from language.shapes import QUOTED, WORD

_FEWEST = 4  # words: fewer are a way of speaking, a name or a title
_ALTERED = 0.7  # of the words of a quote, in their order, for it to be that sentence with other words


@dataclass(frozen=True)
class Quoted:
    """What a text has of a quote: its own words, and whether they are the same."""

    text: str
    exact: bool
    likeness: float


def find_quotes(sentence: str) -> list[str]:
    """What a sentence quotes, in its order; not a word or two between marks."""
    found = (quoted[1:-1].strip() for quoted in QUOTED.findall(sentence))
    return [quote for quote in found if count_words(quote) >= _FEWEST]


def without_quotes(sentence: str) -> str:
    """A sentence less what it quotes."""
    for quote in find_quotes(sentence):
        sentence = sentence.replace(quote, " ")
    return sentence


def count_words(text: str) -> int:
    """How many words a text has."""
    return len(WORD.findall(text))


def find_quoted(quote: str, texts: Sequence[str]) -> Quoted | None:
    """The words of these texts that are a quote's, or the nearest to it; None when none are near."""
    return max(filter(None, (_look(quote, text) for text in texts)), key=lambda each: each.likeness, default=None)


def _look(quote: str, text: str) -> Quoted | None:
    wanted = [fold(word) for word in WORD.findall(quote)]
    words = list(WORD.finditer(text))
    there = [fold(word[0]) for word in words]
    if len(set(wanted) & set(there)) < _ALTERED * len(set(wanted)):
        return None
    blocks = list(_in_reach(SequenceMatcher(None, there, wanted, autojunk=False), len(wanted)))
    if not blocks:
        return None
    same = sum(size for _, _, size in blocks)
    (first, before, _), (last, at, size) = blocks[0], blocks[-1]
    start, end = max(0, first - before), min(len(words), last + size + len(wanted) - at - size)
    likeness = same / max(len(wanted), end - start)
    if likeness < _ALTERED:
        return None
    return Quoted(text[words[start].start() : words[end - 1].end()], there[start:end] == wanted, likeness)


def _in_reach(matcher: SequenceMatcher[str], length: int) -> Iterator[tuple[int, int, int]]:
    """The runs of equal words that lie no farther from the longest one than the quote is long."""
    blocks = [tuple(block) for block in matcher.get_matching_blocks() if block.size]
    longest = max(blocks, key=lambda block: block[2], default=None)
    if longest is None:
        return
    shift = longest[0] - longest[1]
    slack = max(2, round((1 - _ALTERED) * length))
    for there, wanted, size in blocks:
        if abs(there - wanted - shift) <= slack:
            yield there, wanted, size
