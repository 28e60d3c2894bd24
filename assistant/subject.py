"""Subject: a question that holds on to nothing, on what no sheet knows, leaves what came before it."""

from assistant.abstention import find_abstention
from assistant.conversation import Standalone, make_standalone
from assistant.follow_up import read_follow_up
from assistant.search import Knowledge, find_sought


def leave_subject(sought: Standalone, question: str, knowledge: Knowledge) -> Standalone:
    """What is sought, or the question alone when it would be answered with the sheets of another subject.

    "Quelle est la recette de la tarte ?" after a comparison asks nothing about what was compared; "les élus y
    assistent ?" has no word of its own subject either, but is of the trade.
    """
    if sought.link == "new" or read_follow_up(question).link != "open":
        return sought
    alone = make_standalone(question, (), knowledge.index)
    away = find_abstention(alone, find_sought(alone, knowledge), knowledge.index, knowledge.encoder)
    return alone if away and away.reason == "subject" and not away.is_near else sought
