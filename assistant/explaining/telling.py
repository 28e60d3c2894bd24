"""Telling: an explanation in the words that staff read: what was read of a question, form by form, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answers.kinds.registry import KINDS
from assistant.explaining.explain import ExplainedPart, ExplainedSentence, Explanation
from assistant.reading.reading import Reading
from assistant.wording import FACTS, describe_filters
from index.manifest import Manifest

LABELS: dict[str, str] = {kind.name: kind.label for kind in KINDS} | {"notion": "Note du centre"}
_LINKS = {
    "new": "ne tient à rien d'avant",
    "narrow": "désigne des fiches montrées",
    "vary": "change une condition",
    "ask": "porte sur ce qui vient d'être montré",
    "open": "sa forme ne le dit pas",
}


def summarise(explanation: Explanation) -> str:
    """What happened, in three short sentences: what was asked, what came first, which answer was given and why."""
    reading, taken = explanation.reading, explanation.forms[-1]
    if reading.fact:
        asked = f"La question demande {FACTS[reading.fact.quantity]}."
    elif reading.listed:
        asked = "La question demande un compte." if reading.listed.counted else "La question demande une liste."
    else:
        asked = "La question ne demande ni chiffre, ni date, ni nom, ni liste."
    first = f"Première fiche : {explanation.sheets[0].title}." if explanation.sheets else "Aucune fiche cherchée."
    why = f", parce que : {taken.reason[:1].lower()}{taken.reason[1:]}" if taken.reason else ""
    if explanation.parts:
        asked = f"Elle pose {len(explanation.parts)} questions, répondues une à une : {_tell_parts(explanation.parts)}."
    return f"{asked} {first} Réponse donnée : {LABELS[explanation.answer.kind]}{why}."


def _tell_parts(parts: Sequence[ExplainedPart]) -> str:
    said = (f"{part.question} → {LABELS[part.form]}{f' ({part.reason})' if part.reason else ''}" for part in parts)
    return " ; ".join(said)


def tell_held(sentence: ExplainedSentence, reading: Reading) -> str:
    """Whether a sentence holds what is asked, "" when no figure, date or name is."""
    if sentence.holds is None or reading.fact is None:
        return ""
    what = FACTS[reading.fact.quantity]
    return f"{what} reconnu{'e' if what.startswith('une') else ''}" if sentence.holds else f"pas reconnue comme {what}"


def tell_reading(reading: Reading, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """What was read of a question, each thing with its name, what says nothing left out."""
    said = reading.understood
    if reading.asked != reading.written:
        yield "Question écrite", reading.written
    yield "Question lue", reading.asked
    if reading.context:
        yield "Avec ce qui précède", reading.standalone
    yield "Lien avec ce qui précède", _LINKS[reading.link]
    named = {
        "Fiches désignées": ", ".join(reading.only),
        "Filtres compris": describe_filters(said.filters, manifest),
        "Qui demande": describe_filters(said.asker, manifest),
        "Lieux": ", ".join(f"{'autour de ' if place.near else ''}{place.name}" for place in said.places),
        "Habitants": "" if said.population_range is None else "de {} à {}".format(*said.population_range),
        "En ligne": {True: "oui", False: "non", None: ""}[said.online],
        "Autres mots cherchés": ", ".join(said.expansions),
        "Langue": said.language,
        "Forme": ", ".join(_tell_forms(reading)),
        "Fait demandé": FACTS[reading.fact.quantity] if reading.fact else "",
        "Compte ou liste": _tell_listed(reading),
        "Compare": ", ".join(reading.comparison.names),
    }
    yield from ((name, value) for name, value in named.items() if value)


def _tell_forms(reading: Reading) -> Iterator[str]:
    form = reading.form
    asked = {
        "comparaison": form.comparison,
        "méthode": form.method,
        "contact": form.contact,
        "une fiche entière": form.told,
    }
    yield from (name for name, holds in asked.items() if holds)
    if reading.centre:
        yield "le centre, peut-être" if reading.centre == "perhaps" else "le centre"


def _tell_listed(reading: Reading) -> str:
    if reading.listed is None:
        return ""
    what = "un compte" if reading.listed.counted else "une liste"
    words = f" ; mots qu'aucun filtre ne dit : {', '.join(reading.listed.unsaid)}" if reading.listed.unsaid else ""
    return f"{what}{words}"
