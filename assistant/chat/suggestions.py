"""Suggestions: what may be asked after an answer, by rule from its kind, its filters and the sheets that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answers.answer import Answer
from assistant.answers.draft import Family
from assistant.answers.kinds.registry import is_exact, is_judged
from assistant.reading.understanding import understand
from assistant.wording import describe_filter
from index.filters import FilterKey, Filters
from index.opened import Index
from ingest.layout import Language
from ingest.sheet import Frozen, Sheet

MOST = 4
_FEW = 2  # practices: a listing of fewer leads nowhere


class Suggestion(Frozen):
    """What a button says, and the question that it asks."""

    label: str
    question: str


@dataclass(frozen=True)
class _Wording:
    """A suggestion in one language; "{what}" is filled in."""

    label: str
    question: str

    def fill(self, what: str = "") -> Suggestion:
        return Suggestion(label=self.label.format(what=what), question=self.question.format(what=what))


_WORDINGS: dict[str, dict[Language, _Wording]] = {
    "compare": {
        "fr": _Wording("Comparer les deux premiers exemples", "Compare les deux premiers exemples"),
        "en": _Wording("Compare the first two examples", "Compare the first two"),
    },
    "steps": {
        "fr": _Wording("Les étapes du premier exemple", "Quelles ont été les étapes du premier exemple ?"),
        "en": _Wording("The steps of the first example", "What were the steps of the first example?"),
    },
    "tell": {
        "fr": _Wording("En savoir plus sur le premier exemple", "Parle-moi du premier exemple"),
        "en": _Wording("More about the first example", "Tell me about the first example"),
    },
    "tell_this": {
        "fr": _Wording("En savoir plus sur cette démarche", "Parle-moi de cette démarche"),
        "en": _Wording("More about this practice", "Tell me more about this project"),
    },
    "method": {
        "fr": _Wording("Comment s'y prendre ?", "Comment s'y prendre, étape par étape ?"),
        "en": _Wording("How to do it?", "Comment s'y prendre, étape par étape ?"),
    },
    "smaller": {
        "fr": _Wording("Dans une commune plus petite", "Et dans une commune plus petite ?"),
        "en": _Wording("In a smaller town", "And in a smaller town?"),
    },
    "bigger": {
        "fr": _Wording("Dans une ville plus grande", "Et dans une ville plus grande ?"),
        "en": _Wording("In a bigger town", "And in a bigger town?"),
    },
    "region": {
        "fr": _Wording("Ailleurs dans la région {what}", "Et dans la région {what} ?"),
        "en": _Wording("Elsewhere in {what}", "And in {what}?"),
    },
    "theme": {
        "fr": _Wording("Fiches du même thème : {what}", "Toutes les fiches sur le thème « {what} »"),
        "en": _Wording("Sheets of the same theme: {what}", "Toutes les fiches sur le thème « {what} »"),
    },
    "access": {
        "fr": _Wording("Obtenir la fiche descriptive", "Comment accéder aux fiches descriptives ?"),
        "en": _Wording("Get the descriptive sheet", "How can I get access to the fiches descriptives?"),
    },
    "contact": {
        "fr": _Wording("À qui écrire ?", "À qui écrire pour en savoir plus ?"),
        "en": _Wording("Who to write to?", "Who can I contact?"),
    },
    "all": {
        "fr": _Wording("Ce que contient le centre", "Toutes les fiches du centre"),
        "en": _Wording("What the centre holds", "How many sheets are there?"),
    },
}


def suggest(answer: Answer, index: Index, language: Language) -> tuple[Suggestion, ...]:
    """Up to four suggestions that the sheets answer, the most useful first."""
    found = dict.fromkeys(_suggest(answer, index, language))
    return tuple(found)[:MOST]


def _suggest(answer: Answer, index: Index, language: Language) -> Iterator[Suggestion]:
    shown = [sheet for sheet in map(index.find_sheet, answer.shown) if sheet and sheet.kind == "practice"]

    def say(name: str, what: str = "") -> Suggestion:
        return _WORDINGS[name][language].fill(what)

    is_visitor = index.access == "public"
    if answer.abstained or not is_judged(answer.kind) or answer.kind == "centre" or not shown:
        yield say("all")
        yield say("access" if answer.kind == "centre" and is_visitor else "contact")
        return
    filters = Filters.model_validate(answer.filters)
    if len(shown) > 1 and answer.kind != "comparison":
        yield say("compare")
    yield from (say(name) for name in _about_first(answer.kind, shown))
    if answer.kind == "examples" and len(shown) > 1:
        yield say("method")
    if answer.kind in ("examples", "method") and (size := _other_size(filters, index)):
        yield say(size)
    if region := _wider(filters, shown, index):
        yield say("region", region)
    if len(shown) == 1 and (theme := _theme(shown[0], index)):
        yield say("theme", theme)
    if len(shown) == 1 and shown[0].has_document and is_visitor:
        yield say("access")
    yield say("contact")


def _about_first(kind: Family, shown: Sequence[Sheet]) -> Iterator[str]:
    if kind == "sheet":
        return
    if len(shown) == 1:
        yield "tell_this"
    elif is_exact(kind):
        yield "tell"
    elif any(section.role == "steps" for section in shown[0].sections):
        yield "steps"


def _other_size(filters: Filters, index: Index) -> str:
    """ "smaller" or "bigger" when a size of town is sought, by what lies beyond it; else ""."""
    ordered = sorted(index.lexicon.population, key=lambda code: index.lexicon.population[code])
    sought = [ordered.index(code) for code in filters.porteur if code in ordered]
    if not sought or len(sought) < len(filters.porteur):
        return ""
    if min(sought) > 0:
        return "smaller"
    return "bigger" if max(sought) < len(ordered) - 1 else ""


def _wider(filters: Filters, shown: Sequence[Sheet], index: Index) -> str:
    """The region of the département sought, when practices of it are not shown."""
    if len(filters.departement) != 1 or filters.region:
        return ""
    known = {sheet.id for sheet in shown}
    here = [sheet for sheet in index.practices if sheet.place.departement == filters.departement[0]]
    region = here[0].place.region if here else ""
    others = [sheet for sheet in index.practices if region and sheet.place.region == region and sheet.id not in known]
    return _named("region", region, index) if len(others) >= _FEW else ""


def _theme(sheet: Sheet, index: Index) -> str:
    """A theme of a sheet that some others have."""
    for code in sheet.thematique:
        is_shared = sum(code in other.thematique for other in index.practices) > _FEW
        if is_shared and (name := _named("thematique", code, index)):
            return name
    return ""


def _named(key: FilterKey, code: str, index: Index) -> str:
    """The name of a value, when a question that says it is understood; else ""."""
    name = describe_filter(key, code, index.manifest)
    return name if code in understand(name, index.lexicon).filters.values(key) else ""
