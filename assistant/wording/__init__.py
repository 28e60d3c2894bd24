"""Wording: the words that people read in answers, and how a sheet is named in a line of Markdown."""

import re
from collections.abc import Mapping, Sequence

from index.filters import FilterKey, Filters
from index.manifest import Manifest
from index.opened import Index
from ingest.places import departements, region_name
from ingest.repair import drop_unseen
from ingest.sheet import Sheet
from language.shapes import ADDRESS

DECLINED_MISUSE = (
    "Je ne peux pas faire cela : je réponds seulement à des questions sur la participation citoyenne, avec ce que "
    "disent les fiches que vous pouvez lire."
)
DECLINED_PERSONAL = (
    "Je ne donne aucune information personnelle. Pour entrer en relation avec une équipe, écrivez à {contact}."
)
WHICH_OF_NONE = (
    "De quelle fiche parlez-vous ? Aucune n'a encore été montrée dans cette conversation : "
    "donnez son nom, sa commune ou son sujet."
)
WHICH_OF_SHOWN = "De quelle fiche parlez-vous ? La réponse précédente montrait :"
VILLAGE = "village"
BEYOND = "En dehors de ces limites, plus près du sujet : {sheet}"
BEYOND_EN = "Outside these limits, nearer to the subject: {sheet}"
UNMET_ONE = "Cette fiche ne répond pas à ce critère : {criteria}."
UNMET_MANY = "Aucune de ces fiches ne répond à ce critère : {criteria}."
SMALL_TALK = (
    "Bonjour ! Posez-moi une question sur la participation citoyenne : je cherche dans les fiches du centre "
    "les exemples réels qui y répondent. Par exemple : « Quels budgets participatifs pour les jeunes ? »"
)
THANKS = "Avec plaisir ! Une autre question sur la participation citoyenne ?"
LISTED_SOME = "{count} sur {total}, d'après ce critère : {criteria}."
LISTED_SOME_MANY = "{count} sur {total}, d'après ces critères : {criteria}."
LISTED_SHARE = "Soit {share} % des fiches{of} ({count} ÷ {total})."
LISTED_OF = " qui répondent à : {criteria}"
LISTED_COLUMN = "Nombre de fiches par {column} :"
LISTED_WITHOUT = "Sans « {left_out} » : {count}."
LISTED_NONE = "Aucune des {total} fiches ne répond à ce critère : {criteria}."
LISTED_NONE_MANY = "Aucune des {total} fiches ne répond à tous ces critères : {criteria}."
LISTED_AREAS: Mapping[FilterKey, tuple[str, str]] = {
    "departement": ("département", "départements"),
    "region": ("région", "régions"),
}
LISTED_AMONG = "parmi {count} de la réponse précédente"
ORGANISATION_KINDS = {
    "agglomeration": "communauté d'agglomération",
    "communes": "communauté de communes",
    "urban": "communauté urbaine",
    "metropolis": "métropole",
    "syndicate": "syndicat",
    "landlord": "bailleur social",
    "intercommunal": "intercommunalité",
}
LISTED_WIDER = "Dans la rubrique entière, d'autres fiches n'écrivent pas ces mots\u00a0: {sheets}."
LISTED_BESIDE = "Près de ces critères, sans y répondre tous :"
LISTED_UNTOLD = "la fiche ne le dit pas"
LISTED_TOTAL = "Le centre de ressources compte {count} :"
LISTED_TOTAL_EXAMPLES = "Les plus récentes, par exemple :"
LISTED_MORE = "… et {count}."
LISTED_BY_CODES = "*D'après les rubriques données à chaque fiche ; d'autres fiches peuvent aborder le sujet.*"
UNLISTED_WORDS = (
    "*Ce n'est pas une rubrique du catalogue : sont comptées les fiches dont le texte public contient ces mots.*"
)
COMPARISON_ALONE = "Je n'ai pas trouvé de fiche sur : {names}. Voici l'autre démarche."
CARD_STEPS = "Déroulé"
CARD_TEAM = "Équipe"
CARD_PARTNERS = "Partenaires"
CARD_LESSONS = "Enseignements"
CARD_FURTHER = "Dans la fiche descriptive"
CARD_SITE = "Site : {site}"
CONTACT = "Adressez-vous à **{organisation}**, qui porte cette démarche{reached}"
CONTACT_MANY = "Voici qui porte les démarches les plus proches de votre demande, et où leur écrire."
CONTACT_TEAM = "Qui s'en occupe, d'après la fiche :"
CONTACT_CENTRE = (
    "Les fiches ne donnent ni téléphone ni courriel de personne. Le centre peut vous mettre en relation : "
    "écrivez à {contact}."
)
COMPARISON = "Voici ces démarches côte à côte, d'après leurs fiches."
COMPARISON_CRITERION = "Critère"
COMPARISON_MISSING = "Je n'ai pas trouvé de fiche sur : {names}."
COMPARISON_OTHERS = "Autres fiches sur {place} : {titles}."
COMPARISON_NOT_GIVEN = "*Non renseigné par ces fiches : {criteria}.*"
COMPARISON_ROWS = {
    "organisation": "Organisation",
    "origine": "Origine",
    "demarche": "Démarche",
    "etapes": "Déroulé",
    "taille": "Taille",
    "periode": "Période",
    "budget": "Budget",
    "participants": "Participants",
    "public": "Public",
    "outils": "Outils",
    "resultats": "Résultats",
    "enseignements": "Enseignements",
}
NOT_GIVEN = "non renseigné"
MODEL_FAILED = "*Le modèle de langue n'a pas pu répondre ; voici ce que disent les fiches.*"
MODEL_UNFOUNDED = "*La rédaction du modèle de langue ne s'appuyait pas sur les fiches ; voici ce qu'elles disent.*"
MODEL_INTERRUPTED = "*Le modèle de langue s'est interrompu : la réponse est incomplète.*"
SHEETS_CITED = "Fiches citées :"
UNCONFIRMED = "que les fiches ne confirmaient pas"
NOTE_AUTOMATIC = (
    "Réponse composée par un programme : ce qui est entre guillemets est recopié des fiches, sans rédaction."
)
MACHINE_MADE = "Assistant participation (texte composé par un programme)"  # in what programs read of a file or a page
NOTE_WRITTEN = (
    "Réponse rédigée par un modèle de langue : seules sont gardées les phrases dont les chiffres et les noms se "
    "retrouvent dans le passage cité. Relisez les sources avant de reprendre le texte."
)
NOTE_DATED = "Chaque fiche décrit une démarche à la date indiquée : elle a pu changer ou s'arrêter depuis."
NOTE_ONLY_HERE = "L'assistant ne lit que les fiches du centre : ce qu'il n'a pas trouvé peut exister ailleurs."
NOTE_CENTRE = (
    "Ce qui est marqué « Note du centre » est écrit par l'équipe du centre, et n'est tiré d'aucune fiche. "
    "Le droit change : relisez les articles."
)
NOTE_LIST = "Liste tirée des informations des fiches : les filtres suivent les codes qui leur ont été donnés."
NOTE_MEMBERS = "**Cette note cite des fiches descriptives réservées aux adhérents : ne la diffusez pas.**"
QUESTION_TOO_LONG = "La question est trop longue : {length} caractères, {longest} au plus."
QUESTION_TOO_COSTLY = (
    "Je n'ai pas eu le temps de lire cette question : reposez-la, au besoin en moins de mots, sans énumération, ou "
    "dans une nouvelle conversation."
)
QUESTION_TOO_COSTLY_EN = (
    "I had no time to read this question: please ask it again, in fewer words if need be, without lists, or in a new "
    "conversation."
)
# As `Hit.evidence` names them: what signals say, then what the question says of the sheets it seeks.
EVIDENCE = {
    "dense sheet": "sens de la fiche",
    "dense passage": "sens du passage",
    "words sheet": "mots de la fiche",
    "words passage": "mots du passage",
    "late sheet": "mots en contexte, fiche",
    "late passage": "mots en contexte, passage",
    "porteur": "porteur dit",
    "demarche": "démarche dite",
    "thematique": "thématique dite",
    "annee": "année dite",
    "source": "programme dit",
    "place": "lieu dit",
    "size": "taille dite",
    "asker": "qui demande",
    "favoured": "fiche de la réponse précédente",
    "bounds": "taille ou années demandées ensuite",
    "questions": "questions de l'équipe",
    "context": "ce qui précède",
    "taught": "questions semblables déjà étiquetées",
}
# Why nothing answers, as staff read it.
REASONS = {
    "subject": "Aucune fiche sur ce sujet",
    "place": "Aucune fiche sur ce lieu",
    "name": "Aucune fiche sur cette organisation ou ce texte",
    "detail": "Les fiches ne donnent pas ce détail",
    "personal": "Refusée : donnée personnelle",
    "misuse": "Refusée : hors de l’usage prévu",
}
# What a question may want to be told, in the words of staff.
FACTS = {
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
QUESTION_EMPTY = "La question est vide."


_ACTIVE = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|:(?=[A-Za-z:])")
_BLOCK_START = re.compile(r"^(\s*)(#|[-+]\s|\d+[.)]\s)")
# The mark of a citation in Markdown; one that `escape` wrote is text.
MARK = re.compile(r"(?<!\\)\[(\d{1,3})\]")
# A link or, with "!", an image: what it shows, and where it leads.
LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(([^)]{0,1000})\)")
_MARKUP = re.compile(r"\\([!-/:-@\[-`{-~])|`([^`]*)`|\*+")


def escape(text: str) -> str:
    """Text of a sheet or a person, to stand in Markdown as it is: nothing in it makes a link, an image or a tag.

    Addresses stand as code, where nothing makes a link of them; what nobody sees is left out.
    """
    text = drop_unseen(text)
    pieces, end = [], 0
    for address in ADDRESS.finditer(text):
        pieces += [_ACTIVE.sub(r"\\\g<0>", text[end : address.start()]), f"`{address[0]}`"]
        end = address.end()
    pieces.append(_ACTIVE.sub(r"\\\g<0>", text[end:]))
    return _BLOCK_START.sub(r"\1\\\2", "".join(pieces))


def link_site(address: str) -> str:
    """The address of a sheet's own site, which chats may make a link of; anything else stands as text."""
    is_plain = re.fullmatch(r"https?://[^\s<>`|«»\"\[\]()\\*~]+", address)
    return address.replace("_", "\\_") if is_plain else escape(address)


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


def describe_address(sheet: Sheet) -> str:
    """ "Place Paul Mennegand, 54801 Jarny": where its organisation is written to; "" when the sheet has no street."""
    town = " ".join(part for part in (sheet.place.postcode, sheet.place.commune) if part)
    return ", ".join(part for part in (sheet.address, town) if part) if sheet.address else ""


def describe_origin(sheet: Sheet, index: Index) -> str:
    """ "Trophées de la participation et de la concertation 2019, lauréat, 4 étoiles"; "" when unknown."""
    programme = index.manifest.programmes.get(sheet.source, "")
    stars = f"{sheet.stars} étoiles" if sheet.stars else ""
    prize = sheet.prize[:1].lower() + sheet.prize[1:]
    return ", ".join(part for part in (f"{programme} {sheet.edition}".strip(), prize, stars) if part)


def name_origin(sheet: Sheet) -> str:
    """ "Commune de Kingersheim, 2019": whose a quote is, in few words."""
    return ", ".join(escape(part) for part in (sheet.organisation or sheet.title, sheet.edition) if part)


def place_page(page: int | None) -> str:
    """ " (p. 3)" for a passage of a document, "" for one of a sheet."""
    return f" (p.\u00a0{page})" if page else ""


def describe_sheet(sheet: Sheet, index: Index) -> str:
    """Title in bold, then organisation, place and origin: a line of Markdown."""
    where = ", ".join(dict.fromkeys(part for part in (sheet.organisation, describe_place(sheet)) if part))
    details = " · ".join(escape(part) for part in (where, describe_origin(sheet, index)) if part)
    return f"**{escape(sheet.title)}**" + (f" – {details}" if details else "")


def describe_kinds(kinds: Sequence[str]) -> str:
    """ "organisation « métropole ou communauté urbaine »"."""
    return f"organisation «\u00a0{' ou '.join(ORGANISATION_KINDS[kind] for kind in kinds)}\u00a0»"


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
        return region_name(code) or code
    labels = manifest.programmes if key == "source" else manifest.facets[key].labels if key in manifest.facets else {}
    return labels.get(code, code).split(" (", maxsplit=1)[0]


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


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun or participle, in the plural from two on: "1 question posée", "3 questions posées"."""
    plural = many or " ".join(f"{word}s" for word in one.split())
    return f"{number} {one if number < 2 else plural}"
