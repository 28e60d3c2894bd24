"""Telling: an explanation in the words that staff read: what was read of a question, form by form, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers.kinds.registry import KINDS
from assistant.reading.reading import Reading
from assistant.wording import describe_filters
from index.manifest import Manifest

LABELS: dict[str, str] = {kind.name: kind.label for kind in KINDS}
_LINKS = {
    "new": "ne tient à rien d'avant",
    "narrow": "désigne des fiches montrées",
    "vary": "change une condition",
    "ask": "porte sur ce qui vient d'être montré",
    "open": "sa forme ne le dit pas",
}
_FACTS = {
    "money": "un montant",
    "share": "une part",
    "duration": "une durée",
    "date": "une date",
    "count": "un nombre",
    "person": "une personne",
    "outcome": "un résultat",
    "topic": "un sujet",
    "name": "un nom",
}


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
        "Fait demandé": _FACTS[reading.fact.quantity] if reading.fact else "",
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
