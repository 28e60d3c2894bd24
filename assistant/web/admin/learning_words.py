"""Words of the pages on what people ask: what each code of the database is called."""

from assistant.answers.kinds.registry import KINDS as EVERY_KIND
from assistant.learning.asked import Verdict

KINDS: dict[str, str] = {kind.name: kind.label for kind in EVERY_KIND}
CHANNELS = {"chat": "Le chat", "widget": "Le widget d’un autre site", "page": "La page sans script", "api": "L’API"}
ACCESSES = {"public": "Visiteurs", "members": "Adhérents"}
LANGUAGES = {
    "fr": "Français",
    "en": "Anglais",
    "es": "Espagnol",
    "de": "Allemand",
    "it": "Italien",
    "pt": "Portugais",
    "nl": "Néerlandais",
    "other": "Autre langue",
    "": "Non reconnue",
}
VERDICTS: dict[Verdict, str] = {
    "write": "Fiche à écrire",
    "sheet": "Une fiche répond",
    "outside": "Pas pour nous",
}
OPINIONS = {1: "Utile", -1: "Pas utile", 0: ""}
