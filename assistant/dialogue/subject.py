"""Subject: a question that holds on to nothing may leave the subject of what came before; the sheets tell."""

from assistant.dialogue.conversation import Standalone, make_standalone
from assistant.dialogue.follow_up import read_follow_up
from assistant.scope.abstention import find_abstention
from assistant.search import Knowledge, find_sought
from index.filters import Filters
from index.signals.lexical import split_words

_OWN_WORDS = 4  # that count: with fewer, "quels partenaires pour le projet ?", a question leans on what was shown
# How much more of the question another sheet matches than those shown. Of 12 such questions written after two answers,
# the 5 on what was shown lie below 0.08, the 7 on something else above 0.17 but for one.
_ELSEWHERE = 0.12


def leave_subject(sought: Standalone, question: str, knowledge: Knowledge, ignored: Filters | None) -> Standalone:
    """What is sought, or the question alone when it is not about what came before.

    It is not when the sheets know nothing of its subject ("Quelle est la recette de la tarte ?" after a comparison), or
    when others answer it better than those that it would be asked of.
    """
    if sought.link == "new" or read_follow_up(question).link != "open":
        return sought
    alone = make_standalone(question, (), knowledge.index, ignored)
    hits = find_sought(alone, knowledge)
    away = find_abstention(alone, hits, knowledge.index, knowledge.encoder)
    if away and away.reason == "subject":
        return sought if away.is_near else alone
    if not sought.only or hits[0].sheet.id in sought.only or len(set(split_words(question))) < _OWN_WORDS:
        return sought
    shown = find_sought(alone.model_copy(update={"only": sought.only}), knowledge)
    there = max((hit.relevance for hit in shown), default=0.0)
    return alone if hits[0].relevance - there >= _ELSEWHERE else sought
