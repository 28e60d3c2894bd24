"""Starters: first questions offered to those who do not know what to ask, other ones each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.chat.language import Language


@dataclass(frozen=True)
class Starter:
    """A need in a few words, and the question that tells it."""

    label: str
    question: str


@dataclass(frozen=True)
class Category:
    """Starters of one kind of need; the same ones, in the same order, in each language."""

    name: str
    starters: dict[Language, tuple[Starter, ...]]


CATEGORIES = (
    Category(
        "people",
        {
            "fr": (
                Starter("Impliquer les jeunes", "Comment faire participer les jeunes au budget d'une petite commune ?"),
                Starter(
                    "Aller vers les habitants",
                    "Comment aller vers les habitants qui ne viennent jamais aux réunions publiques ?",
                ),
                Starter("Faire dessiner les enfants", "Qui a associé des enfants à l'aménagement d'une place ?"),
                Starter(
                    "Mobiliser un quartier",
                    "Comment mobiliser les habitants d'un quartier prioritaire ?",
                ),
                Starter(
                    "Tirer au sort", "Quelles collectivités ont tiré au sort des habitants pour un panel citoyen ?"
                ),
                Starter(
                    "Consulter les salariés",
                    "Quelles entreprises ont fait participer leurs salariés ou leurs clients ?",
                ),
            ),
            "en": (
                Starter("Involve young people", "How can young people take part in the budget of a small town?"),
                Starter("Reach out", "How can we reach residents who never come to public meetings?"),
                Starter("Design with children", "Who involved children in designing a public square?"),
                Starter("Mobilise a neighbourhood", "How can we mobilise residents of a deprived neighbourhood?"),
                Starter("Draw lots", "Which local authorities selected a citizens' panel by lot?"),
                Starter("Consult employees", "Which companies involved their employees or customers?"),
            ),
        },
    ),
    Category(
        "subject",
        {
            "fr": (
                Starter("Plan climat", "Quelles collectivités ont construit leur plan climat avec les habitants ?"),
                Starter("Cœur de ville", "Comment réaménager un centre-ville avec les habitants ?"),
                Starter("Mobilités", "Quelles concertations ont porté sur les transports ou les déplacements ?"),
                Starter(
                    "Alimentation", "Quelles démarches participatives portent sur l'alimentation ou les cantines ?"
                ),
                Starter("Santé", "Quelles démarches associent les usagers aux questions de santé ?"),
                Starter(
                    "Eau et biodiversité", "Quels exemples de participation sur l'eau, les rivières ou la nature ?"
                ),
            ),
            "en": (
                Starter("Climate plan", "Which local authorities built their climate plan with residents?"),
                Starter("Town centre", "How can a town centre be redesigned with residents?"),
                Starter("Mobility", "Which consultations were about transport or mobility?"),
                Starter("Food", "Which participatory projects are about food or school canteens?"),
                Starter("Health", "Which projects involve users in health matters?"),
                Starter("Water and nature", "Are there examples of participation about water, rivers or nature?"),
            ),
        },
    ),
    Category(
        "method",
        {
            "fr": (
                Starter("Budget participatif", "Comment organiser un budget participatif, étape par étape ?"),
                Starter("Plateforme en ligne", "Quelles villes utilisent une plateforme de participation en ligne ?"),
                Starter("Rendre compte", "Comment rendre compte aux habitants de ce que leurs avis ont changé ?"),
                Starter("Conseil citoyen", "Comment créer un conseil de jeunes ou un conseil citoyen ?"),
                Starter("Concertation d'un grand projet", "Comment concerter sur une grande infrastructure ?"),
                Starter("Évaluer", "Qui a évalué sa démarche participative, et comment ?"),
            ),
            "en": (
                Starter("Participatory budget", "How to organise a participatory budget, step by step?"),
                Starter("Online platform", "Which towns use an online participation platform?"),
                Starter("Reporting back", "How can we report back to residents on what their input changed?"),
                Starter("Citizens' council", "How to set up a youth council or a citizens' council?"),
                Starter("Large projects", "How to run a public consultation on a large infrastructure project?"),
                Starter("Evaluate", "Who evaluated their participatory process, and how?"),
            ),
        },
    ),
    Category(
        "centre",
        {
            "fr": (
                Starter("Qu'est-ce que ce centre ?", "D'où viennent les exemples de ce centre de ressources ?"),
                Starter("Les Trophées", "Qu'est-ce que les Trophées de la participation ?"),
                Starter("Le Baromètre", "Qu'est-ce que le Baromètre de la démocratie locale numérique ?"),
                Starter("Fiches descriptives", "Comment accéder aux fiches descriptives ?"),
                Starter("Toutes les fiches", "Toutes les fiches du centre"),
                Starter("Les départements", "Combien de fiches viennent d'un département ?"),
            ),
            "en": (
                Starter("What is this centre?", "What is this centre de ressources?"),
                Starter("The Trophées awards", "What are the Trophées de la participation?"),
                Starter("The Baromètre", "What is the Baromètre de la démocratie locale numérique?"),
                Starter("Descriptive sheets", "How can I get access to the descriptive sheets?"),
                Starter("All the sheets", "How many sheets are there?"),
                Starter("Participatory budgets", "How many sheets are about participatory budgets?"),
            ),
        },
    ),
)


def draw_starters(day: date, language: Language) -> tuple[Starter, ...]:
    """One starter of each category: on the day after, the next ones."""
    drawn = []
    for category in CATEGORIES:
        pool = category.starters[language]
        drawn.append(pool[day.toordinal() % len(pool)])
    return tuple(drawn)
