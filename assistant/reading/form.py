"""Form: the kind of answer that the form of a question calls for, in French or English, with or without accents.

The form alone is a guess: each kind of answer then looks whether the sheets hold what it needs, and lets the next one
answer when they do not.
"""

import re

from ingest.sheet import Frozen
from language.letters import fold
from language.patterns import any_of


class Form(Frozen):
    """What the form of a question asks for; several may hold, and the first that the sheets can answer is taken."""

    comparison: bool = False
    method: bool = False
    card: bool = False  # one sheet, told as a whole
    told: bool = False  # "parle-moi de…" asks for it, beside a bare name
    subject: str = ""  # what it is asked of: the question without "parle-moi de"
    counted: str | None = None  # what follows "combien de", None when nothing is counted
    listed: str | None = None  # what follows "la liste des" or "toutes les"


# All patterns read folded questions: lower case, no accents, no punctuation.
_COMPARISON = any_of(
    r"""
    compar(?:e|er|es|ez|ons|aison|aisons|atif|atifs|ing|ison|isons)?
    dif+erences? .{0,60}(?:entre|between|avec)|dif+erences? y a
    (?:qu est ce qui|en quoi|what|how) .{0,30}(?:distingue|differenci|differ|oppose)\w*
    vs|versus|points? communs?|ressembl\w+|in common|side by side
    (?:ont|partagent)(?: ils| elles)?(?: de| d| en)?(?: \w+)? en commun
    tableau(?! de bord| d affichage| blanc| noir)
    """
)
# "Et par rapport à celui de Rennes ?" compares with what was shown before.
_COMPARED_TO_SHOWN = re.compile(r"^(?:et |and )?(?:par rapport (?:a|au|aux)|compared (?:to|with))\b")

_CLITICS = (
    r"(?:(?:se|s|y|en|l|les?|la|leur|nous|vous|bien|mieux|ne|pas|plus|faire|peut on|on peut|pouvons nous|pourrait on|"
    r"doit on|faut il|concretement|donc|vraiment|reellement|simplement) )*"
)
_NO_VERB = r"(?!(?:votre|notre|autre|entre|contre|quatre|propre|maire|hier|leur)\b)"
_METHOD = any_of(
    rf"""
    com+ent {_CLITICS}{_NO_VERB}\w+(?:er|ir|re|oir)
    com+ent (?:on s y prend|s y prend on|s y prendre|vous (?:y )?prene[rz]|procede|faire|fait on)
    par (?:ou|quoi) (?:commence|debute|demarre)\w*|par quel bout
    (?:quelles?|les|des|combien d|en) (?:sont (?:les )?)?(?:\w+ )?(?:etapes?|phases?)(?! \w*ment)
    etape par etape|pas a pas|marche a suivre|mode d emploi
    (?:methode|methodologie|demarche a suivre|recette|astuces?|guide|conseils?|bonnes pratiques) pour
    quelles? (?:methodes?|methodologie)|que (?:faut il|dois je|doit on) faire pour
    where (?:do|should|to|can) (?:\w+ )?(?:start|begin)
    how (?:to|do|does one|can|could|should|would|might) (?!i (?:get|access|join|contact))\w+
    (?:what|which) steps|steps (?:to|for)|step by step
    """
)

_PLEASE = (
    r"(?:ok |bon |alors |et |merci |stp |svp |peux tu |pouvez vous |tu peux |vous pouvez |can you |could you |please )*"
)
_TELL_VERB = (
    r"(?:parle[rz]?|dis|dites|raconte[rz]?|presente[rz]?|decri[stvrez]+|detaille[rz]?|resume[rz]?|explique[rz]?|"
    r"montre[rz]?|ouvre|affiche[rz]?)"
)
_A_SHEET = r"(?: (?:la|le|les|l|ce|cette))?(?: (?:fiche|projet|demarche|initiative|cas|exemple)\b)?"
_A_SHEET += r"(?: descriptive| de presentation| complete)?"
_ASK_FOR = (
    r"(?:(?:je (?:veux|voudrais|souhaite|aimerais|cherche)|j aimerais|donne[rz]?|trouve[rz]?|montre[rz]?|affiche[rz]?|"
    r"ouvre|ouvrez|ou (?:est|trouver)|voir|lire|avoir|consulter|moi|nous|me) )*"
)
_TELL = re.compile(
    rf"^{_PLEASE}(?:me )?(?:{_TELL_VERB}(?: (?:moi|nous|m en|en))*(?: plus| davantage| en detail)?"
    rf"(?: (?:sur|de|d|du|des))?{_A_SHEET}|"
    r"(?:je (?:veux|voudrais|souhaite|aimerais) )?en savoir (?:plus|davantage)(?: sur| de)?|"
    r"(?:c est quoi|qu est ce que(?: c est)?(?: que)?)(?: (?:le|la|les|l|ce|cette))? "
    r"(?:projet|demarche|fiche|initiative)|"
    rf"{_ASK_FOR}(?:la |une )?fiche(?: descriptive| de presentation| complete)?(?: (?:de|du|sur|d|pour))?"
    r"(?: (?:la|le|l))?|"
    r"tell (?:me|us) (?:more )?about|describe|summari[sz]e|more (?:about|on)|show me|present)\b"
)
_STEPS_OF = any_of(
    r"""
    (?:quelles?|les|what|which) (?:sont |etaient |ont ete |are |were )?(?:les |the )?(?:etapes?|phases?|steps)
    deroule|calendrier|timeline
    """
)
_TELL_LAST = re.compile(rf"\b(?:{_TELL_VERB}|tell me more)$")
# Words with which a bare name does not begin: what has them is a question.
_ASKS = any_of(
    r"""
    comment|com?ent|qui|que|quoi|quels?|quelles?|combien|quand|ou est|pourquoi|est ce|y a t il|a t il|a t elle
    existe|cherche\w*|voudr\w+|exemples?|how|what|who|which|when|where|why|any|examples?
    """
)
_LONGEST_NAME = 12  # words of a bare name

_COUNTED = re.compile(
    r"\b(?:combien (?:y a t il|il y a|avez vous|as tu|existe t il|compte[rz]? vous|sont)? ?(?:de|d|des)|"
    r"(?:quel est le )?nombre (?:total |exact )?(?:de|d|des)|nb (?:de |d )?|how many|number of)\b ?(?P<what>.*)"
)
_LISTED = re.compile(
    r"\b(?:list(?:e|er|es|ez|ing)?(?: moi| nous| me)?(?: (?:complete|exhaustive))?|enumere[rz]?|recense[rz]?|"
    r"recapitule[rz]?|tou(?:te)?s|l ensemble|l integralite|all|every|tout ce)\b"
    r"(?: (?:de|d|des|du|les|la|le|l|vos|nos|mes|the|of|your|ces|ce|all|tou(?:te)?s)\b)* ?(?=(?P<what>.*))"
)


def read_form(question: str) -> Form:
    """What the form of a question asks for."""
    said = fold(question)
    tell = _TELL.match(said)
    told_last = _TELL_LAST.search(said)
    steps = _STEPS_OF.search(said)
    bare = not _ASKS.search(said) and len(said.split()) <= _LONGEST_NAME
    counted, listed = _COUNTED.search(said), _LISTED.search(said)
    return Form(
        comparison=bool(_COMPARISON.search(said) or _COMPARED_TO_SHOWN.match(said)),
        method=bool(_METHOD.search(said)),
        card=bool(tell or told_last or steps or bare),
        told=bool(tell or told_last or steps),
        subject=_without(said, tell or told_last or steps),
        counted=counted["what"] if counted else None,
        listed=listed["what"] if listed else None,
    )


def _without(said: str, found: re.Match[str] | None) -> str:
    """What is said beside a form."""
    return f"{said[: found.start()]} {said[found.end() :]}".strip() if found else said
