"""Excerpts: the sentences of a sheet that answer, chosen and written."""

from assistant.finding.aim import Aim
from assistant.finding.meant import find_meant
from assistant.finding.sentences import rank_sentences
from assistant.reading.asked import Asked
from assistant.wording import escape
from index.passages import Sentence
from index.ranking.retrieval import Hit
from ingest.sheet import Sheet


def score_sentences(question: str, hit: Hit, asked: Asked | None) -> list[tuple[Sentence, float]]:
    """The sentences of a hit with their scores, those that answer the question first."""
    return rank_sentences(question, f"{hit.sheet.title} {hit.sheet.organisation}", hit.sentences, asked)


def embolden(sentence: Sentence, sheet: Sheet, aim: Aim | None) -> str:
    """The sentence with the asked figure in bold."""
    text, meant = sentence.text, find_meant(sentence, sheet, aim) if aim else None
    if meant is None:
        return escape(text)
    return f"{escape(text[: meant.start])}**{escape(text[meant.start : meant.end])}**{escape(text[meant.end :])}"
