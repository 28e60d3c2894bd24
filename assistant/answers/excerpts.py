"""Excerpts: the sentences of a sheet that answer, chosen and written."""

from assistant.finding.quantities import find_held, is_alone
from assistant.finding.sentences import rank_sentences
from assistant.reading.asked import UNCERTAIN, Asked
from assistant.wording import escape
from index.passages import Sentence
from index.ranking.retrieval import Hit

_BOLD = 0.5  # a figure that fits less than this may be another than the one asked for


def score_sentences(question: str, hit: Hit, asked: Asked | None) -> list[tuple[Sentence, float]]:
    """The sentences of a hit with their scores, those that answer the question first."""
    return rank_sentences(question, f"{hit.sheet.title} {hit.sheet.organisation}", hit.sentences, asked)


def embolden(sentence: Sentence, asked: Asked | None) -> str:
    """The sentence with the asked figure in bold."""
    text = sentence.text
    held = find_held(text, asked) if asked and asked.quantity not in UNCERTAIN else None
    if held is None or held.fit < _BOLD or not (asked and is_alone(text, held, asked)):
        return escape(text)
    return f"{escape(text[: held.start])}**{escape(text[held.start : held.end])}**{escape(text[held.end :])}"
