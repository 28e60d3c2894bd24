"""Excerpts: the sentences of a sheet that answer, chosen and written."""

from assistant.finding.aim import Aim
from assistant.finding.meant import find_meant
from assistant.finding.sentences import rank_sentences
from assistant.reading.asked import Asked
from assistant.wording import escape
from index.passages import Sentence
from index.ranking.retrieval import Hit
from ingest.sheet import Sheet

_AS_GOOD_EXAMPLE = 0.6  # a further sentence of an example is shown within this of the best: a weak one only dilutes
_LONGEST_EXCERPT = 70  # words of a sheet quoted for one example


def score_sentences(question: str, hit: Hit, asked: Asked | None) -> list[tuple[Sentence, float]]:
    """The sentences of a hit with their scores, those that answer the question first."""
    return rank_sentences(question, f"{hit.sheet.title} {hit.sheet.organisation}", hit.sentences, asked)


def choose_excerpt(ranked: list[tuple[Sentence, float]]) -> list[Sentence]:
    """The best sentence, and up to two more that are as good while the excerpt stays short; in reading order."""
    taken = [ranked[0][0]]
    for sentence, score in ranked[1:3]:
        words = sum(len(other.text.split()) for other in [*taken, sentence])
        if words <= _LONGEST_EXCERPT and score >= ranked[0][1] - _AS_GOOD_EXAMPLE:
            taken.append(sentence)
    return sorted(taken, key=lambda s: (s.passage.access, s.passage.order, s.passage.text.index(s.text)))


def embolden(sentence: Sentence, sheet: Sheet, aim: Aim | None) -> str:
    """The sentence with the asked figure in bold."""
    text, meant = sentence.text, find_meant(sentence, sheet, aim) if aim else None
    if meant is None:
        return escape(text)
    return f"{escape(text[: meant.start])}**{escape(text[meant.start : meant.end])}**{escape(text[meant.end :])}"
