"""Context: which passages a language model is given to answer from, and how they stand in its prompt."""

import re
from collections.abc import Sequence
from math import ceil

from assistant.checks.given import Given

# French takes from 2.5 characters a token (models made for English) to 4: the fewest, so that what is counted fits.
_CHARACTERS_OF_A_TOKEN = 2.5


def count_tokens(text: str) -> int:
    """About how many tokens a text takes, rather more than fewer: each model has its own way of counting."""
    return ceil(len(text) / _CHARACTERS_OF_A_TOKEN)


def choose_passages(passages: Sequence[Given], tokens: int) -> list[Given]:
    """Those of these passages, in their order, that fit in about so many tokens: after a long one a shorter may."""
    chosen: list[Given] = []
    for given in passages:
        needed = count_tokens(_write_passage(len(chosen) + 1, given, "0" * 8))
        if needed <= tokens:
            tokens -= needed
            chosen.append(given)
    return chosen


def write_passages(passages: Sequence[Given], mark: str) -> str:
    """Numbered passages, each between two tags that bear a mark that no sheet can know, and so cannot close."""
    return "\n\n".join(_write_passage(number, given, mark) for number, given in enumerate(passages, start=1))


def _write_passage(number: int, given: Given, mark: str) -> str:
    """What looks like a citation inside a sheet's text is put in round brackets."""
    _, passage = given
    text = re.sub(r"\[(\d+)\]", r"(\1)", f"{passage.heading}\n{passage.text}")
    return f'<passage-{mark} numéro="{number}">\n[{number}] {text}\n</passage-{mark}>'
