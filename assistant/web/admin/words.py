"""Words of the staff's pages: states, counts and delays as one says them in French."""

from assistant.french.dates import format_date
from assistant.french.numbers import say_count
from assistant.learning.figures import Span
from assistant.reindexing.runs import Status, Trigger

STATUSES: dict[Status, str] = {
    "starting": "Démarrage",
    "running": "En cours",
    "done": "Mise en service",
    "unchanged": "Rien à changer",
    "tried": "Essai terminé",
    "refused": "Refusée par les contrôles",
    "failed": "Échec",
    "interrupted": "Interrompue",
}
TRIGGERS: dict[Trigger, str] = {
    "command": "en ligne de commande",
    "admin": "depuis ces pages",
    "api": "par l'interface HTTP",
    "webhook": "par un envoi au dépôt git",
    "schedule": "à l'heure dite",
}
KINDS = {"added": "Fiche ajoutée", "changed": "Fiche modifiée", "removed": "Fiche retirée"}


def say_duration(seconds: float) -> str:
    """ "1 minute 5 secondes"."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return say_count(rest, "seconde") if rest else "moins d'une seconde"
    return f"{say_count(minutes, 'minute')} {say_count(rest, 'seconde') if rest else ''}".rstrip()


def say_left(seconds: float | None) -> str:
    """What is left, as one says it; "" when it is not known, or nothing."""
    if not seconds:
        return ""
    if seconds < 10:
        return "moins de 10 secondes"
    if seconds < 55:
        return f"environ {round(seconds / 10) * 10} secondes"
    if seconds < 5400:
        return f"environ {say_count(max(1, round(seconds / 60)), 'minute')}"
    return f"environ {say_count(round(seconds / 3600), 'heure')}"


def say_span(span: Span) -> str:
    """ "1er mars 2026", "du 1er mars 2026 au 7 mars 2026"."""
    if span.first == span.last:
        return format_date(span.first)
    return f"du {format_date(span.first)} au {format_date(span.last)}"
