"""What opens an answer made of quotes, by what was asked, in the two languages in which questions are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from assistant.wording import describe_place, escape
from ingest.places import region_name
from ingest.sheet import Sheet

Told = Literal["examples", "why", "who", "duration", "yesno", "advice", "figures", "method"]
Opened = Told | Literal["some_steps"]

# By what is asked: how the sentences of one sheet are opened, and those of several.
_FR: Mapping[Opened, tuple[str, str]] = {
    "examples": (
        "Voici un exemple, choisi par un programme.",
        "Voici {count} exemples, choisis et rangés par un programme : lisez-les tous, l'ordre n'est qu'une estimation.",
    ),
    "why": ("Voici ce que dit la fiche des raisons.", "Voici les raisons que donnent {count} fiches."),
    "who": ("Voici qui s'en charge, d'après la fiche.", "Voici qui s'en charge, d'après {count} fiches."),
    "duration": ("Voici la durée que donne la fiche.", "Voici les durées et les dates que donnent {count} fiches."),
    "yesno": (
        "Voici ce qu'en dit la fiche : elle ne tranche pas par oui ou par non.",
        "Voici ce qu'en disent {count} fiches : elles ne tranchent pas par oui ou par non.",
    ),
    "advice": ("Voici ce qu'en dit la fiche.", "Voici ce qu'en disent {count} fiches."),
    "figures": ("Une fiche donne ce chiffre.", "Voici les chiffres de {count} fiches ; d'autres peuvent en donner."),
    "method": (
        "Voici ce qu'en dit une fiche, avec des étapes, dans leur ordre.",
        "Voici ce qu'en disent {count} fiches : d'abord une démarche avec des étapes, dans leur ordre.",
    ),
    "some_steps": (
        "Voici ce qu'en dit la fiche la plus proche de votre question, avec celles de ses étapes qui y répondent.",
        "Voici ce qu'en disent {count} fiches : d'abord la plus proche de votre question, avec celles de ses étapes "
        "qui y répondent.",
    ),
}
_EN: Mapping[Opened, tuple[str, str]] = {
    "examples": (
        "Here is an example, chosen by a program (the sheets are in French).",
        "Here are {count} examples, chosen and ordered by a program: read them all, the order is only an estimate "
        "(the sheets are in French).",
    ),
    "why": (
        "Here is what the sheet says of the reasons (in French).",
        "Here are the reasons that {count} sheets give (in French).",
    ),
    "who": (
        "Here is who takes charge of it, according to the sheet (in French).",
        "Here is who takes charge of it, according to {count} sheets (in French).",
    ),
    "duration": (
        "Here is how long it took, according to the sheet (in French).",
        "Here are the durations and dates that {count} sheets give (in French).",
    ),
    "yesno": (
        "Here is what the sheet says of it (in French); it does not put it as a yes or a no.",
        "Here is what {count} sheets say of it (in French); they do not put it as a yes or a no.",
    ),
    "advice": ("Here is what the sheet says of it (in French).", "Here is what {count} sheets say of it (in French)."),
    "figures": (
        "One sheet gives this figure (in French).",
        "Here are figures of {count} sheets (in French); others may give some.",
    ),
    "method": (
        "Here is what one sheet says of it, with steps, in their order (in French).",
        "Here is what {count} sheets say of it (in French): first a practice with steps, in their order.",
    ),
    "some_steps": (
        "Here is what the sheet closest to your question says of it, with those of its steps that answer (in French).",
        "Here is what {count} sheets say of it (in French): first the one closest to your question, with those of its "
        "steps that answer.",
    ),
}


def open_told(what: Opened, count: int, language: str) -> str:
    """The sentence that opens the quotes of so many sheets."""
    one, many = (_EN if language == "en" else _FR)[what]
    return one if count == 1 else many.format(count=count)


def open_existing(sure: int, others: int, language: str) -> str:
    """Whether there is what is asked: so many sheets surely tell of it, and so many `others` come near."""
    if language == "en":
        if not sure:
            near = "one sheet comes" if others == 1 else f"{others} sheets come"
            return f"**Perhaps**: {near} near it (in French); see what is said."
        told = "one sheet tells of it" if sure == 1 else f"{sure} sheets tell of it"
        return f"**Yes**: {told} (in French){'; what follows comes near' if others else ''}."
    if not sure:
        near = "une fiche s'en approche" if others == 1 else f"{others} fiches s'en approchent"
        return f"**Peut-être** : {near}, sans que ce soit sûr. Lisez ce qui en est dit."
    told = "une fiche en parle" if sure == 1 else f"{sure} fiches en parlent"
    rest = "\u00a0; la suite s'en approche" if others else ""
    return f"**Oui** : {told}{rest}."


def say_yes(told: str, language: str) -> str:
    """Yes, by the sentence that says so."""
    return (
        f"**Yes**, according to the sheet (in French): {told}"
        if language == "en"
        else f"**Oui**, d'après la fiche : {told}"
    )


def open_period(dates: Sequence[str], language: str) -> str:
    """That no duration is told, and the dates of the first and of the last step, or of the only one."""
    if language == "en":
        steps = " to ".join(dates) if len(dates) > 1 else f"one step is dated {dates[0]}"
        return f"The sheet gives no overall duration; by its dated steps: {steps} (in French)."
    if len(dates) == 1:
        return f"La fiche ne donne pas de durée d'ensemble ; une de ses étapes est datée : {dates[0]}."
    return f"La fiche ne donne pas de durée d'ensemble ; ses étapes datées vont de {dates[0]} à {dates[1]}."


def tell_range(least: str, most: str, language: str) -> str:
    """From one figure to another, each named with whose it is."""
    return f"From {least} to {most}." if language == "en" else f"De {least} à {most}."


def mixed(language: str) -> str:
    """That figures told one after the other may not be of the same thing."""
    if language == "en":
        return "These figures do not all count the same thing: read each sentence."
    return "Ces chiffres ne comptent pas tous la même chose : lisez chaque phrase."


def tell_distance(kilometres: int, place: str, language: str) -> str:
    """How far a place is, as the crow flies."""
    return f"{kilometres} km from {place}" if language == "en" else f"{place} à {kilometres} km"


PER_YEAR = ("par an", "a year")  # in French, in English

_COLUMNS_FR = {
    "share": ("la part la plus faible", "la part la plus forte"),
    "inhabitants": ("la plus petite commune", "la plus grande commune"),
    "year": ("la démarche la plus ancienne", "la démarche la plus récente"),
    "cost": ("le plus petit montant", "le plus grand montant"),
    "voters": ("le moins de votants", "le plus de votants"),
    "participants": ("le moins de personnes", "le plus de personnes"),
    "ideas": ("le moins d'idées ou de projets", "le plus d'idées ou de projets"),
    "staff": ("la plus petite équipe", "la plus grande équipe"),
    "meetings": ("le moins de rencontres", "le plus de rencontres"),
    "duration": ("la durée la plus courte", "la durée la plus longue"),
}
_COLUMNS_EN = {
    "share": ("the smallest share", "the largest share"),
    "inhabitants": ("the smallest town", "the largest town"),
    "year": ("the oldest practice", "the most recent practice"),
    "cost": ("the smallest amount", "the largest amount"),
    "voters": ("the fewest voters", "the most voters"),
    "participants": ("the fewest people", "the most people"),
    "ideas": ("the fewest ideas or projects", "the most ideas or projects"),
    "staff": ("the smallest team", "the largest team"),
    "meetings": ("the fewest meetings", "the most meetings"),
    "duration": ("the shortest time", "the longest time"),
}


def open_extreme(column: str, *, least: bool, written: str, whose: str, of: int, language: str) -> str:
    """What is first, whose it is, and among how many sheets that say it."""
    if of == 1:
        return (
            f"One sheet gives a figure that is recognised as this: {written}, {whose}."
            if language == "en"
            else f"Une seule fiche donne un chiffre que l'on y reconnaît : {written}, {whose}."
        )
    if language == "en":
        return f"Among the {of} sheets that say it, {_COLUMNS_EN[column][not least]}: {written}, {whose}."
    return f"Parmi les {of} fiches qui le disent, {_COLUMNS_FR[column][not least]} : {written}, {whose}."


def open_users(name: str, sheets: int, language: str) -> str:
    """How many sheets name a tool or a provider in a sentence, all of which are told."""
    if language == "en":
        which = "One sheet names" if sheets == 1 else f"{sheets} sheets name"
        return f"{which} «\u00a0{name}\u00a0» in a sentence (in French):"
    which = "Une fiche nomme" if sheets == 1 else f"{sheets} fiches nomment"
    return f"{which} «\u00a0{name}\u00a0» dans une phrase :"


def surely_a_slip(language: str) -> str:
    """That what a sheet says of a share cannot be."""
    if language == "en":
        return "As many took part as could have: this figure of the sheet is surely a slip."
    return (
        "Autant de participants que de personnes qui pouvaient l'être : ce chiffre de la fiche est sûrement une erreur."
    )


def divided(language: str) -> str:
    """What opens the amounts for each inhabitant, and how they were computed."""
    if language == "en":
        return "Computed here, an amount of a sheet divided by the inhabitants of its town:"
    return "Calculé ici, le montant d'une fiche divisé par le nombre d'habitants de sa commune :"


def per_inhabitant(language: str) -> str:
    """What follows an amount for each inhabitant."""
    return "per inhabitant" if language == "en" else "par habitant"


def open_teams(sheets: int, language: str) -> str:
    """That sheets tell of their team, line by line, and do not add it up."""
    if language == "en":
        which = "The sheet describes its team" if sheets == 1 else f"{sheets} sheets describe their team"
        return f"{which} without a total (in French)."
    which = "La fiche décrit son équipe" if sheets == 1 else f"{sheets} fiches décrivent leur équipe"
    return f"{which}, sans donner de total."


def say_nearest(language: str) -> str:
    """What opens a sentence that may tell what is asked, or only comes near it."""
    return "The nearest that the sheet says (in French):" if language == "en" else "Au plus près, la fiche dit\u00a0:"


def open_gloss(language: str) -> str:
    """What opens the sentence of a sheet that says what a word means."""
    if language == "en":
        return "The centre has no note on this word; here is how a sheet puts it (in French)."
    return "Le centre n'a pas de note sur ce mot\u00a0; voici comment une fiche le dit."


def say_carrier(sheet: Sheet, language: str) -> str:
    """Who carries a practice, and where they are, as the catalogue says it."""
    place, region = describe_place(sheet), region_name(sheet.place.region)
    where = place if region in place else f"{place}, {region}"
    organisation, place = escape(sheet.organisation), escape(where)
    if language == "en":
        return f"This practice is run by **{organisation}**" + (f", in **{place}**." if place else ".")
    return f"Cette démarche est portée par **{organisation}**" + (f", à **{place}**." if place else ".")
