"""Wording: the words that people read in answers, and how a sheet is named in a line of Markdown."""

import re
from datetime import date

from index.filters import FilterKey, Filters
from index.versions import Index, Manifest
from ingest.places import departements
from ingest.sheet import Sheet

NOTHING_FOUND = "Aucune fiche ne répond à cette question."
FACT_NOT_FOUND = "Aucune fiche ne donne cette information."
NEAREST_SHEET = "La fiche la plus proche du sujet : {sheet}."
NEAREST_THEMES = "Les thèmes les plus proches dans le centre de ressources : {themes}."
ASK_CENTRE = "Vous pouvez préciser votre question, ou écrire à {contact}."
ONE_EXAMPLE = "Voici l'exemple qui répond le mieux à votre question."
EXAMPLES = "Voici {count} exemples, du plus proche au moins proche de votre question."
SMALL_TALK = (
    "Bonjour ! Posez-moi une question sur la participation citoyenne : je cherche dans les fiches du centre "
    "les exemples réels qui y répondent. Par exemple : « Quels budgets participatifs pour les jeunes ? »"
)
THANKS = "Avec plaisir ! Une autre question sur la participation citoyenne ?"
MODEL_FAILED = "*Le modèle de langue n'a pas pu répondre ; voici ce que disent les fiches.*"
MODEL_UNFOUNDED = "*La rédaction du modèle de langue ne s'appuyait pas sur les fiches ; voici ce qu'elles disent.*"
MODEL_INTERRUPTED = "*Le modèle de langue s'est interrompu : la réponse est incomplète.*"
SHEETS_CITED = "Fiches citées :"
UNCONFIRMED = "que les fiches ne confirmaient pas"
NOTE_AUTOMATIC = (
    "Réponse composée par un programme : ce qui est entre guillemets est recopié des fiches, sans rédaction."
)
NOTE_WRITTEN = (
    "Réponse rédigée par un modèle de langue : seules sont gardées les phrases dont les chiffres et les noms se "
    "retrouvent dans le passage cité. Relisez les sources avant de reprendre le texte."
)
NOTE_DATED = "Chaque fiche décrit une démarche à la date indiquée : elle a pu changer ou s'arrêter depuis."
NOTE_ONLY_HERE = "L'assistant ne lit que les fiches du centre : ce qu'il n'a pas trouvé peut exister ailleurs."
NOTE_LIST = "Liste tirée des informations des fiches : les filtres suivent les codes qui leur ont été donnés."
NOTE_MEMBERS = "**Cette note cite des fiches descriptives réservées aux adhérents : ne la diffusez pas.**"
QUESTION_TOO_LONG = "La question est trop longue : {length} caractères, {longest} au plus."
QUESTION_EMPTY = "La question est vide."


# What browsers and chats turn into links by themselves.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>`|«»\"]*[\w/]|[\w.+-]+@[\w-]+\.[\w.-]*\w", re.IGNORECASE)
_ACTIVE = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|:(?=[A-Za-z:])")
_BLOCK_START = re.compile(r"^(\s*)(#|[-+]\s|\d+[.)]\s)")
_MARKUP = re.compile(r"\\([!-/:-@\[-`{-~])|`([^`]*)`|\*+")


def escape(text: str) -> str:
    """Text of a sheet or a person, to stand in Markdown as it is: nothing in it makes a link, an image or a tag.

    Addresses stand as code, where nothing makes a link of them.
    """
    pieces, end = [], 0
    for address in _ADDRESS.finditer(text):
        pieces += [_ACTIVE.sub(r"\\\g<0>", text[end : address.start()]), f"`{address[0]}`"]
        end = address.end()
    pieces.append(_ACTIVE.sub(r"\\\g<0>", text[end:]))
    return _BLOCK_START.sub(r"\1\\\2", "".join(pieces))


def read_plain(markdown: str) -> str:
    """The text that Markdown of an answer shows: what `escape` was given, without bold."""
    return _MARKUP.sub(lambda found: found[1] or found[2] or "", markdown)


def quote(text: str, number: int, *, cut: bool = False) -> str:
    """Escaped text between French quotation marks, which never part from it, and its mark; dots where it was `cut`."""
    return f"«\u00a0{text}\u00a0»{'…' if cut else ''}\u00a0[{number}]"


def describe_place(sheet: Sheet) -> str:
    """ "Auch (Gers)", "Paris", or "" when the sheet has no place."""
    known = departements().get(sheet.place.departement)
    if not known or known.name == sheet.place.commune:
        return sheet.place.commune
    return f"{sheet.place.commune} ({known.name})" if sheet.place.commune else known.name


def describe_origin(sheet: Sheet, index: Index) -> str:
    """ "Trophées de la participation et de la concertation 2019, lauréat, 4 étoiles"; "" when unknown."""
    programme = index.manifest.programmes.get(sheet.source, "")
    stars = f"{sheet.stars} étoiles" if sheet.stars else ""
    prize = sheet.prize[:1].lower() + sheet.prize[1:]
    return ", ".join(part for part in (f"{programme} {sheet.edition}".strip(), prize, stars) if part)


def describe_sheet(sheet: Sheet, index: Index) -> str:
    """Title in bold, then organisation, place and origin: a line of Markdown."""
    where = ", ".join(dict.fromkeys(part for part in (sheet.organisation, describe_place(sheet)) if part))
    details = " · ".join(escape(part) for part in (where, describe_origin(sheet, index)) if part)
    return f"**{escape(sheet.title)}**" + (f" – {details}" if details else "")


def describe_filters(filters: Filters, manifest: Manifest) -> str:
    """ "Petite ville ou EPCI · Budget et financement participatif · 2019 · Gers"; "" without filters."""
    return " · ".join(describe_filter(key, value, manifest) for key in filters.stated for value in filters.values(key))


def describe_filter(key: FilterKey, value: str | int, manifest: Manifest) -> str:
    """One value of a filter as people read it; what a label has in brackets is left out."""
    if key == "annee":
        return str(value)
    code = str(value)
    if key == "departement":
        return departements()[code].name if code in departements() else code
    if key == "region":
        return next((each.region_name for each in departements().values() if each.region == code), code)
    labels = manifest.programmes if key == "source" else manifest.facets[key].labels if key in manifest.facets else {}
    return labels.get(code, code).split(" (", maxsplit=1)[0]


def describe_themes(sheets: list[Sheet], index: Index) -> str:
    """The labels of the themes and démarches of these sheets, most frequent first, three at most."""
    counts: dict[str, int] = {}
    for sheet in sheets:
        for facet, codes in (("thematique", sheet.thematique), ("demarche", sheet.demarche)):
            labels = index.manifest.facets[facet].labels if facet in index.manifest.facets else {}
            for code in codes:
                counts[labels.get(code, code)] = counts.get(labels.get(code, code), 0) + 1
    return ", ".join(sorted(counts, key=lambda label: -counts[label])[:3])


def tell_corrections(removed: int, quoted: int) -> str:
    """What was done to sentences of a language model that no sheet confirms; "" when there were none."""
    if not removed + quoted:
        return ""
    one = removed + quoted == 1
    sentences = f"{count(removed + quoted, 'phrase')} {UNCONFIRMED} {'a' if one else 'ont'} été "
    done = "retirée" if removed else "remplacée"
    also = " ou remplacée" if removed and quoted else ""
    plural = "" if one else "s"
    by = " par leurs propres mots" if quoted else ""
    return f"*{sentences}{done}{plural}{also}{plural if also else ''}{by}.*"


_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def format_date(day: date) -> str:
    """ "1er mars 2026"."""
    return f"{day.day}{'er' if day.day == 1 else ''} {_MONTHS[day.month - 1]} {day.year}"


def percent(share: float) -> str:
    """A share as French writes it: 0.894 is "89 %", with a space that does not break."""
    return f"{100 * share:.0f}\u00a0%"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun or participle, in the plural from two on: "1 question posée", "3 questions posées"."""
    plural = many or " ".join(f"{word}s" for word in one.split())
    return f"{number} {one if number < 2 else plural}"
