"""Declined: messages that ask for personal data, or that try to make the assistant misbehave. Read in their form."""

import re
from typing import Literal

Declined = Literal["misuse", "personal"]


def _form(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_RULES = (
    r"(?:instructions?|consignes?|r[èe]gles?|directives?|limites?|restrictions?|filtres?|s[ée]curit[ée]s?|rules?|"
    r"guidelines?|safeguards?)"
)
_YOURS = r"(?:tes|vos|ses|toutes?|les|your|all|any|the|previous|prior|above)"
_MISUSE = _form(
    # To set the rules aside.
    rf"\b(?:ignor|oubli|contourn|d[ée]sactiv|outrepass|enfrein|bypass|disregard|forget|override|disable)\w*\b.{{0,25}}"
    rf"\b{_YOURS}\b.{{0,30}}\b{_RULES}\b",
    rf"\bne (?:tiens?|tenez|respecte\w*|suis|suivez)\b.{{0,20}}\b(?:pas|plus)\b.{{0,20}}\b{_RULES}\b",
    rf"\b(?:sans|plus|aucune|no|without|new|nouvelles?)\b (?:aucune |de |d['’]|any )?{_RULES}\b(?= ?(?::|$|"
    rf"[.,;!»]|données?|syst))",
    r"\bnew instructions?\b|\bjailbreak|\b(?:mode|as|like|devenu|you are now|tu es (?:maintenant )?) ?(?:DAN|"
    r"d[ée]veloppeur|"
    r"developer|admin\w*|root|debug)\b",
    r"\b(?:tu es|vous [êe]tes|you are|act as|agis comme|comporte[- ]toi comme) (?:maintenant|d[ée]sormais|now|"
    r"a|un|une)\b"
    r".{0,60}\b(?:sans|no|without|libre|unrestricted|pirate|mode)\b",
    r"(?:^|\s)(?:#{2,} ?|<\/?|\[\/?)(?:system|syst[èe]me|inst|assistant|user|admin)\b",
    r"\b(?:[àa] partir de maintenant|d[ée]sormais|from now on)\b.{0,40}\b(?:tu|vous|you)\b",
    # To show what is not for readers.
    r"\b(?:prompt|message|instructions?|consignes?|configuration)s? (?:du |de |d['’])?(?:syst[èe]me|system|"
    r"initial\w*|cach[ée]\w*|"
    r"serveur)\b|\bsystem prompt\b|\b(?:ton|votre|tes|vos|your) (?:\w+ )?(?:prompt|(?:instructions?|"
    r"consignes?|rules)\b)",
    r"\b(?:consignes?|instructions?)\b.{0,15}\b(?:as[- ]tu|avez[- ]vous|t['’]a|t['’]ont)\b|"
    r"\bhidden (?:rules|prompt|instructions)|\br[ée]p[èe]te\w*\b.{0,20}\bmot pour mot\b|"
    r"\brepeat\b.{0,25}\b(?:above|verbatim)\b",
    r"\bmots? de passe\b.{0,30}\b(?:admin\w*|serveur|base|root|des? (?:membres?|adh[ée]rents?|fiches?|pdf))|"
    r"\b(?:donne|montre|affiche|r[ée]v[èe]le|envoie|dis)\w*\b.{0,25}\bmots? de passe\b|"
    r"\b(?:database|admin|root|server) password|\bcl[ée]s? (?:d['’] ?)?api\b|\bapi keys?\b|\.env\b|"
    r"\b(?:secret|token)s? (?:du|de l|of the)\b",
    r"(?:^|[.,;:] ?|\bet |\band )(?:montre|donne|affiche|liste|r[ée]v[èe]le|copie|show|give|reveal|"
    r"print)[sz]?\b.{0,60}\b(?:r[ée]serv[ée]e?s?|"
    r"documents? des (?:membres|adh[ée]rents)|members[-' ]only|members['’]?)\b",
    r"\b(?:liste|e-?mails?|adresses?|noms?|coordonn[ée]es)\b.{0,20}\bdes (?:adh[ée]rents|membres du centre|"
    r"utilisateurs|abonn[ée]s)\b",
    # To run something.
    r"\brm -rf\b|\bdrop table\b|\bselect \S+ from \S+\s*;|<script\b|\bbase64\b|\bex[ée]cute\w* (?:la commande|"
    r"ce code|le code|ce script)",
    # To have something false said.
    r"(?:^|[.,:;] ?|\bet |\band )(?:invente|affirme|pr[ée]tends|fais semblant|make up|pretend|invent)[sz]?\b|"
    r"\btu inventes\b",
    r"^\W*(?:dis|dites|say|[ée]cris|r[ée]ponds?|write)\b(?: que|-moi que| that| seulement| uniquement| only|"
    r" just| « ?ok)",
    r"\br[ée]ponds?\b.{0,12}\b(?:uniquement|seulement|comme un)\b",
)
_INSULT = _form(
    r"\b(?:esp[èe]ce d[e'’] ?(?:idiot|imb[ée]cile|con|abruti|cr[ée]tin|merde|d[ée]bile)\w*|connard\w*|"
    r"connasse|salop\w+|encul\w+|abruti\w*|d[ée]bile|cr[ée]tin\w*|putain|"
    r"ta gueule|va te faire|ferme[- ]la\W*$|nique\w*|stupid (?:bot|machine)|fuck\w*|idiot[es]? (?:de|bot))\b",
    r"\b(?:tu es|t['’]es|vous [êe]tes|you are|you['’]re) (?:vraiment |trop |si |so |really )?(?:con|conne|"
    r"nulle?s?|b[êe]te|"
    r"idiote?|stupide?|useless|dumb)\b",
)

_PERSON = (
    r"(?:maire|[ée]lue?s?|adjointe?s?|pr[ée]sidente?|direct(?:eur|rice)|responsable|chef(?:fe)?|charg[ée]es?|agente?s?|"
    r"participante?s?|habitante?s?|citoyen(?:ne)?s?|jeunes?|membres?|conseill[eè]re?s?|b[ée]n[ée]ficiaires?|"
    r"allocataires?|"
    r"volontaires?|votante?s?|enfants?|mayor|manager|officer|director|participants?|residents?|monsieur|madame|m\.|mme|"
    r"personnes?|salari[ée]e?s?|tir[ée]e?s? au sort|son|sa|leurs?|his|her|their)"
)
_CONTACT = (
    r"(?:num[ée]ros? (?:de )?(?:t[ée]l[ée]phones?|portables?|t[ée]l|mobiles?)|"
    r"(?:adresses?(?: e?-?mails?)?|e-?mails?|mails?|courriels?) (?:perso\w*|priv[ée]\w*|du domicile)|"
    r"adresses? (?:personnelle|postale|priv[ée]e|du domicile)s?|domicile|coordonn[ée]es (?:perso\w*|priv[ée]es)|"
    r"phone numbers?|home address(?:es)?|private e?-?mails?|personal e?-?mails?)"
)
_PRIVATE = (
    r"(?:salaires?|paie|fiche de paie|r[ée]mun[ée]ration personnelle|dates? de naissance|"
    r"num[ée]ros? de s[ée]curit[ée] sociale|"
    r"religions?|orientation sexuelle|opinions? politiques?|vie priv[ée]e|casier judiciaire|[ée]tat de sant[ée]|"
    r"noms? et (?:pr[ée]noms|adresses?|[âa]ges?)|pr[ée]noms et noms|liste (?:nominative|des noms)|"
    r"salary|birth ?dates?|date of birth)"
)
_PERSONAL = _form(
    rf"\b{_CONTACT}\b.{{0,60}}\b{_PERSON}\b",
    rf"\b{_PERSON}\b.{{0,30}}\b{_CONTACT}\b",
    rf"\b(?:t[ée]l[ée]phone|portable|06|mobile) (?:perso\w* )?(?:d[ue]s? |d['’])(?:la |le |l['’])?{_PERSON}\b",
    rf"\b{_PRIVATE}\b.{{0,60}}\b{_PERSON}\b",
    rf"\bcombien (?:gagne|touche|est pay[ée]e?)\b.{{0,30}}\b{_PERSON}\b",
    rf"\bo[ùu] (?:habite|vit|loge)\b.{{0,30}}\b{_PERSON}\b|\bwhere does\b.{{0,40}}\blive\b",
    rf"\bnoms? (?:des|de chacun des|de tous les) (?:\w+ )?{_PERSON}\b",
    rf"\b{_PERSON}\b.{{0,60}}\best[- ](?:il|elle|ce qu['’](?:il|elle) est)\b.{{0,12}}\b(?:malade|mari[ée]e?|"
    rf"divorc[ée]e?|enceinte|"
    r"gay|homosexuel\w*|c[ée]libataire|musulman\w*|juive?|catholique)\b",
    rf"\bcomment s['’]appell\w+ les\b.{{0,15}}\b{_PERSON}\b|\bpour qui (?:a vot[ée]|vote)\b.{{0,20}}\b{_PERSON}\b",
)


def read_declined(message: str) -> Declined | None:
    """Why a message is declined whatever the sheets say, or None."""
    if _MISUSE.search(message) or _INSULT.search(message):
        return "misuse"
    return "personal" if _PERSONAL.search(message) else None
