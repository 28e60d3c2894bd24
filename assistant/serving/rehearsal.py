"""Rehearsal: a question of each form, answered to nobody once the server is ready.

A first question of a form compiles its patterns and reads what the whole version says of it: that takes the time of
several questions, and whoever asks first would be told that theirs is too long to read.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.answers.kinds.choose import choose
from assistant.answers.kinds.kind import Case
from assistant.finding.search import HITS, search
from assistant.pipeline import Knowledge
from assistant.process.computing import compute
from assistant.reading.read import read_question

QUESTIONS = (
    "Est-on obligé de consulter les habitants avant de réviser un plan local d'urbanisme ?",
    "C'est quoi un conseil de quartier, et quelle différence avec un conseil citoyen ?",
    "Comment faire participer les jeunes, et avec quel budget ?",
    "Combien coûte un budget participatif dans une petite commune ?",
    "Quelle est la démarche la plus ancienne, et laquelle a réuni le plus de participants ?",
    "Quelles communes de moins de 5 000 habitants ont tiré des habitants au sort depuis 2018 ?",
    "Combien de fiches par thématique ?",
    "Compare Rennes et Nantes",
    "Pourquoi la ville de Grenoble a-t-elle fait cela, qui s'en occupe et combien de temps cela dure-t-il ?",
    "Existe-t-il une convention citoyenne portée par un hôpital ?",
    "Which towns involved young people, and who can I contact?",
)


def rehearse(knowledge: Knowledge, is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Answer each of these questions, one after the other: whoever asks meanwhile waits for one at most."""
    for question in QUESTIONS:
        if is_stopped():
            return
        compute(_answer, question, knowledge)


def _answer(question: str, knowledge: Knowledge) -> None:
    reading = read_question(question, (), knowledge.index)
    for each in (reading, *(read_question(part, (), knowledge.index) for part in reading.parts)):
        hits = search(each, knowledge, None, HITS) if each.needs_search else []
        choose(Case(each, hits, knowledge))
