"""Question: what kind of answer a question calls for, recognised by its form."""

import re

from ingest.repair import drop_unseen

LONGEST_QUESTION = 2_000  # characters
LONGEST_READING = 0.25  # seconds of processor time, the model apart; what people ask takes a tenth of it

_SMALL_TALK = re.compile(
    r"^\W*(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|merci(?: beaucoup| bien)?|thanks?(?: you)?|au revoir|bye|"
    r"ok|d['’]accord|super|parfait|ça va|comment (?:ça va|vas[- ]tu|allez[- ]vous))\b"
    r"(?:[\s,]*(?:à tous|à vous|ça va|comment (?:ça va|allez[- ]vous)|tout le monde))?\W*$",
    re.IGNORECASE,
)
# Questions about the centre itself: how they are put. What they are about is left to the search.
_ABOUT_CENTRE = re.compile(
    r"c['’ ]?est quoi|qu['’ ]?est[- ]ce qu|qui .{0,20}vous|d['’ ]?o[uù] vien|"
    r"\bqui (?:est|sont|êtes|etes|choisi|d[ée]cide|a cr[ée]|organise)|"
    r"comment .{0,30}\b(?:acc[ée]d|acc[eè]s|adh[ée]r|obteni|contact|inscri|consult|marche|fonctionne)|"
    r"\b(?:contact|gratuit|payant|mot de passe|adh[ée]sion|adh[ée]rer|mission)|"
    r"[àa] qui (?:[ée]crire|s['’ ]?adresser|demander)|\bquand\b|depuis quand|"
    r"\bwhat(?: is|['’]s| are)\b|\bwho (?:is|are)\b|how (?:can|do) i (?:get|access|join|contact)",
    re.IGNORECASE,
)
# Questions that can be about nothing else than the centre.
_SURELY_CENTRE = re.compile(
    r"qui [êe]tes[- ]vous|qui es[- ]tu|who are you|ce site\b|cette plateforme\b|centre de ressources|mot de passe|"
    r"fiches? descriptives?|[àa] qui (?:[ée]crire|s['’ ]?adresser)|devenir (?:membre|adh[ée]rent)|"
    r"(?:que|quoi) (?:peux|sais)[- ]tu|comment (?:vous|te) contacter",
    re.IGNORECASE,
)

# "La fiche descriptive de Kingersheim": one sheet is asked for, not what such sheets are or how to get them.
_ONE_CARD = re.compile(
    r"^\W*(?:(?:stp|svp|peux[- ]tu|pouvez[- ]vous|tu peux|vous pouvez|je (?:veux|voudrais|souhaite|aimerais|cherche)|"
    r"j['’]aimerais|montre[rz]?|donne[rz]?|affiche[rz]?|ouvre|ouvrez|ouvrir|pr[ée]sente[rz]?|trouve[rz]?|r[ée]sume[rz]?|"
    r"voir|lire|avoir|consulter|moi|nous|me)[- ]+)*(?:la |une |cette )?fiche (?:descriptive |de pr[ée]sentation )?"
    r"(?:de |du |des |d['’]|sur |pour )(?!d[ée]cider ensemble)",
    re.IGNORECASE,
)


def tidy_question(question: str) -> str:
    """A question on one line, no longer than is read, of characters that are seen."""
    return " ".join(drop_unseen(question).split())[:LONGEST_QUESTION]


def is_small_talk(question: str) -> bool:
    """Whether a message greets or thanks and asks nothing."""
    return bool(_SMALL_TALK.match(question))


def is_thanks(question: str) -> bool:
    """Whether a message thanks or takes leave."""
    return bool(re.match(r"^\W*(?:merci|thanks?|au revoir|bye|super|parfait)\b", question, re.IGNORECASE))


def may_be_about_centre(question: str) -> bool:
    """Whether a question is put as one about the centre; the search says whether it is."""
    return bool(_ABOUT_CENTRE.search(question)) or is_surely_about_centre(question)


def is_surely_about_centre(question: str) -> bool:
    """Whether a question can only be about the centre, its site or its members' sheets."""
    return bool(_SURELY_CENTRE.search(question)) and not _ONE_CARD.match(question)
