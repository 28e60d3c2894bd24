"""Context: which passages a language model is given to answer from, and how they stand in its prompt."""

import re
from collections.abc import Sequence
from math import ceil

from assistant.checks.proof import Given
from index.ranking.retrieval import Hit

_PASSAGES_OF_A_SHEET = 2
_NEAR_BEST = 0.75  # sheets that match less than this part of what the best one matches are not given to the model
# French takes from 2.5 characters a token (models made for English) to 4: the fewest, so that what is counted fits.
_CHARACTERS_OF_A_TOKEN = 2.5


def count_tokens(text: str) -> int:
    """About how many tokens a text takes, rather more than fewer: each model has its own way of counting."""
    return ceil(len(text) / _CHARACTERS_OF_A_TOKEN)


def choose_passages(hits: Sequence[Hit], tokens: int) -> list[Given]:
    """The passages of the best sentences of the best sheets, best sheets first, that fit in about so many tokens."""
    chosen: list[Given] = []
    for hit in hits:
        if hit.relevance < _NEAR_BEST * hits[0].relevance:
            continue
        ranked = sorted(hit.sentences, key=lambda sentence: -sentence.similarity)
        passages = {passage.id: passage for passage in [hit.passage, *(sentence.passage for sentence in ranked)]}
        for passage in list(passages.values())[:_PASSAGES_OF_A_SHEET]:
            tokens -= (needed := count_tokens(_write_passage(len(chosen) + 1, (hit, passage), "0" * 8)))
            if tokens < 0:
                tokens += needed  # a shorter one may still fit
            else:
                chosen.append((hit, passage))
    return chosen


def write_passages(passages: Sequence[Given], mark: str) -> str:
    """Numbered passages, each between two tags that bear a mark that no sheet can know, and so cannot close."""
    return "\n\n".join(_write_passage(number, given, mark) for number, given in enumerate(passages, start=1))


def _write_passage(number: int, given: Given, mark: str) -> str:
    """What looks like a citation inside a sheet's text is put in round brackets."""
    _, passage = given
    text = re.sub(r"\[(\d+)\]", r"(\1)", f"{passage.heading}\n{passage.text}")
    return f'<passage-{mark} numéro="{number}">\n[{number}] {text}\n</passage-{mark}>'
