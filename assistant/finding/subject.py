"""Subject: a question that holds on to nothing may leave the subject of what came before; the sheets tell."""

from assistant.finding.abstention import find_abstention
from assistant.finding.search import Sources, search
from assistant.reading.read import read_question
from assistant.reading.reading import Reading
from index.filters import Filters
from index.signals.lexical import split_words

_OWN_WORDS = 4  # that count: with fewer, "quels partenaires pour le projet ?", a question leans on what was shown
# How much more of the question another sheet matches than those shown. Of 12 such questions written after two answers,
# the 5 on what was shown lie below 0.08, the 7 on something else above 0.17 but for one.
_ELSEWHERE = 0.12


def leave_subject(reading: Reading, question: str, sources: Sources, ignored: Filters | None) -> Reading:
    """The reading, or that of the question alone when it is not about what came before.

    It is not when the sheets know nothing of its subject ("Quelle est la recette de la tarte ?" after a comparison), or
    when others answer it better than those that it would be asked of.
    """
    if reading.link == "new" or reading.follow_up.link != "open":
        return reading
    alone = read_question(question, (), sources.index, ignored)
    hits = search(alone, sources)
    away = find_abstention(alone, hits, sources.index, sources.encoder)
    if away and away.reason == "subject":
        return reading if away.is_near else alone
    if not reading.only or hits[0].sheet.id in reading.only or len(set(split_words(question))) < _OWN_WORDS:
        return reading
    shown = search(alone.model_copy(update={"only": reading.only}), sources)
    there = max((hit.relevance for hit in shown), default=0.0)
    return alone if hits[0].relevance - there >= _ELSEWHERE else reading
