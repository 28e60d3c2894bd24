"""Words of the pages for everyone, and what they make of a sheet's own words."""

from urllib.parse import urlsplit

from assistant.wording import describe_place
from ingest.sheet import Sheet

MEMBERS_ONLY = (
    "Une fiche descriptive plus complète de cette démarche est réservée aux adhérents. Pour y accéder, écrivez à"
)
EXPIRED = "Cette page a expiré, ou n'a pas été ouverte depuis ce site. Recommencez."
DOCUMENT_MISSING = "Cette fiche descriptive n'a pas été déposée ici, ou n'y est plus. Demandez-la à l'équipe du centre."
SHEET_MISSING = "Cette fiche n'existe pas, ou n'est plus dans le centre de ressources."
LINK_MISSING = "Ce lien n'existe pas, a pris fin, ou a été supprimé par la personne qui l'a fait ou par l'équipe."
NOTE_MISSING = "Le centre n'a pas de note de ce nom, ou l'a retirée."
_SUMMARY = 240  # characters
_DESCRIPTION = 158  # what search engines show


def say_host(address: str) -> str:
    """The name of a site, to say where a link leads."""
    return urlsplit(address).netloc.removeprefix("www.")


def summarise(sheet: Sheet, longest: int = _SUMMARY) -> str:
    """The beginning of what a sheet presents, cut between words."""
    first = next((each for each in sheet.sections if each.role == "summary"), None) or next(iter(sheet.sections), None)
    text = " ".join(block.text for block in first.blocks) if first else ""
    return text if len(text) <= longest else f"{text[:longest].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def describe_for_engines(sheet: Sheet) -> str:
    """What search engines show under the title of a sheet's page."""
    where = ", ".join(dict.fromkeys(part for part in (sheet.organisation, describe_place(sheet)) if part))
    lead = f"{where} : " if where else ""
    return lead + summarise(sheet, max(40, _DESCRIPTION - len(lead)))
