"""Follow-up: how a question holds on to what came before it, read in its form alone, in French and in English."""

import re
from typing import Literal

from index.signals.lexical import split_words
from ingest.sheet import Frozen

# new: another subject. narrow: points at some of the sheets just shown. vary: the same subject, another constraint.
# ask: about what was just shown. open: its form does not say.
Link = Literal["new", "narrow", "vary", "ask", "open"]


class FollowUp(Frozen):
    """What a question says by itself, `text`, and how it is tied to those before it.

    `position` is that of the sheet it points at: from 1, or -1 for the last; `needs` is how many sheets must have been
    shown for it to point at some; `single` when it points at one, `others` when at those that were not in focus.
    `rejected` is what it does not want. `general` when it asks how something is done or who does it, of no sheet in
    particular.
    """

    link: Link
    text: str
    position: int = 0
    needs: int = 0
    single: bool = False
    others: bool = False
    rejected: str = ""
    general: bool = False


def _form(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_COURTESY = _form(
    r"^\W*(?:(?:ok(?:ay)?|d['’]accord|merci(?: beaucoup| bien)?|super|parfait|très bien|bonjour|thanks?(?: you)?|great)"
    r"\b[\s,.!:;…–-]*|(?:oui|bon|bien|alors|ah|eh bien|non|no|yes|well|so)\s*[,.!:;…–-]+\s*)+"
)
_CORRECTION = _form(r"^\W*(?:non|no)\b")
_OTHER_SUBJECT = _form(
    r"^\W*(?:une? |à une? )?autre (?:sujet|question|chose)\b(?! (?:que|qu['’]))\W*",
    r"^\W*(?:passons à autre chose|rien à voir|chang\w+ de sujet|sinon|nouvelle question)\b\W*",
    r"^\W*(?:an)?other (?:topic|question|subject)\b\W*",
)

_SHOWN = r"(?:exemple|fiche|cas|projet|résultat|réponse|proposition|sheet|one|example|case|result|project)s?\b"
# What may follow "le deuxième" for it to be a sheet: in "la deuxième phase" it is not.
_AFTER_ORDINAL = (
    rf"(?=\s*(?:[,;:.?!…)]|$|{_SHOWN}|(?:a|ont|avait|est|était|il|elle|ça|dans|de la liste|dont|was|is|did|had|has)\b|"
    r"[cs]['’]))"
)
_ORDINALS = (
    (1, r"premi(?:er|ère)|1(?:er|re|ère)|first"),
    (2, r"deuxième|seconde?|2(?:e|nde?|ème)|second"),
    (3, r"troisième|3(?:e|ème)|third"),
    (4, r"quatrième|4(?:e|ème)|fourth"),
    (5, r"cinquième|5(?:e|ème)|fifth"),
    (6, r"sixième|6(?:e|ème)|sixth"),
    (7, r"septième|7(?:e|ème)|seventh"),
    (8, r"huitième|8(?:e|ème)|eighth"),
    (9, r"neuvième|9(?:e|ème)|ninth"),
    (10, r"dixième|10(?:e|ème)|tenth"),
    (-1, r"derni(?:er|ère)|last"),
)
_FIRST_ONES = re.compile(
    rf"\b(?:les|the)\s+(?:(?P<fr>deux|trois|quatre|cinq|[2-5])\s+premi[eè]re?s?|(?:first|premi[eè]re?s?)\s+"
    rf"(?P<en>two|three|four|five|deux|trois|quatre|cinq|[2-5])){_AFTER_ORDINAL}",
    re.IGNORECASE,
)
_NUMBERS = {"deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5}
_NUMBERED = _form(rf"(?:{_SHOWN}|\b(?:numéro|number)|n°)\s*(?:(?:n°|numéro|number)\s*)?(?P<number>\d)\b(?!\s*\d)")

_OTHERS = _form(r"^\W*(?:et |and )?(?:l['’]autre|les (?:\w+ )?autres|the others?(?: ones?)?)\s*(?:[,;:.?!]|$)")
_ONE = _form(
    r"\b(?:celui|celle|lequel|laquelle)\b",
    r"\bl['’]une? (?:d['’]|de )",
    r"^\W*(?:et )?(?:le|la) (?:plus|moins)\b",
    r"\bwhich one\b|\bthe one\b|\band one (?:that|which|who|in|from|of|with)\b",
    r"^\W*(?:and )?the (?:most|least|\w+est)\b",
)
_SOME = _form(
    r"\b(?:ceux|celles|lesquels|lesquelles)\b",
    r"\bparmi (?:eux|elles|ces|les|tout)\b|\b(?:d['’]|entre )(?:eux|elles)\b",
    r"\b(?:il )?y en a\b",
    r"^\W*(?:et )?(?:certaine?s|quelques-une?s|aucune?)\b",
    r"^\W*(?:et )?(?:seulement|uniquement|juste|only|just)\b",
    r"\b(?:any|some|one|which|none|all|each|both) of (?:them|these|those)\b|\b(?:these|those|ones)\b",
)
_CONJOINED = _form(r"^\W*(?:et|mais|and|but)\b")
_VARIED = _form(
    r"^\W*(?:plutôt|même (?:question|chose)|pareil|(?:une? )?autre \w+|d['’]autres? \w+|rather|instead|same|"
    r"what about|how about|another \w+)\b",
    r"^\W*(?:pour|avec|sans|dans|en|à|au|aux|chez|côté|du côté|quand|si|sur|hors|sauf|près|autour|vers|"
    r"for|in|with|without|if|when|near)\b",
)
# What stands for things already named. In "il y a", "faut-il" and the like nothing is.
_IMPERSONAL = _form(
    r"\b(?:il (?:y (?:a|avait)|faut|existe|suffit|vaut|s['’]agit|est (?:possible|utile))|y a-t-il|faut-il|existe-t-il|"
    r"fait-il|est-il (?:possible|utile)|s['’]il|qu['’]ils?|is it possible)\b"
)
_NAMED_BEFORE = _form(r"\b(?:les|des|aux|nos|mes|vos|ces|the) \w++.{0,80}?\b(?:ils|elles|eux|leurs?|they|them|their)\b")
_PRONOUN = _form(
    r"\b(?:ils?|elles?|eux|ça|cela|they|them|their|it|its)\b",
    r"\bc['’](?:était|a|est (?:où|quand|qui|combien))\b",
    r"\b(?:les|l['’]|lui|leur) ?(?:a|ont|avait|avaient)\b",
    r"\bce(?:tte|t)? (?:projet|démarche|exemple|expérience|fiche|cas|dispositif|commune|ville|initiative|action)\b",
    r"\bthis (?:project|case|example|town|city)\b|\b(?:là-bas|sur place)\b",
)
_INVERSION = _form(r"\b(?:a-t|ont|est|sont|était|étaient|avait|avaient)-(?:ils?|elles?)\b(?! (?:possible|utile))")
# It names what it wants, or tells who asks: it needs nothing before it.
_SELF_CONTAINED = _form(
    r"\b(?:je|on|nous) (?:\w+ )?(?:cherch|voudr|voul|veu|souhait|démarr|prépar|compar|travaill)\w*|\bje m['’]occupe\b",
    r"\b(?:avez-vous|vous avez|auriez-vous|connaissez-vous|montrez|donne[zr]?-moi|(?:des|quels?) exemples)\b",
    r"\b(?:i (?:am|want|need)|we (?:are|want|need)|are there|do you have)\b",
)
_QUESTION = _form(
    r"^\W*(?:comment|pourquoi|combien|quand|où|qui|que|quoi|qu['’]|quel(?:le)?s?|est-ce|un|une|des|les|la|le|l['’])\b",
    r"^\W*(?:how|what|which|who|where|when|why|did|do|does|was|were|is|are|the)\b",
)
_GENERAL = _form(
    r"^\W*(?:comment|où|quand|pourquoi|que|quoi)(?: (?:bien|mieux|faire|peut-on|on peut))* \w+(?:er|ir|re|oir)\b",
    r"^\W*(?:qui|quels? \w+|quelles? \w+) (?:a|ont|avait|utilisent?|fait|font)\b.*\b(?:une?|des|les?|la|l['’])",
    r"^\W*(?:des|un) \w+ (?:pour|de|d['’]|sur)\b",
    r"^\W*how (?:to|can|do)\b|^\W*(?:which|who|what) \w+ (?:have|has|did|use)\b",
)
_REJECTED = _form(
    r"(?:(?:^|[,;(]\s*|\b(?:non|et) )pas |\b(?:hors |sauf |excepté |(?:sur )?autre chose (?:que |qu['’])|except |"
    r"rather than ))(?P<what>(?:(?:le|la|les|une?|du|des|de|the|an?) |l['’]|d['’])?[^\s,.;?!]+(?: \S+?){0,2}?)"
    r"(?=\s*(?:[,.;?!]|\b(?:mais|plutôt|but)\b|$))"
)
_TIES = _form(
    r"^\W*(?:et|mais|and|but|plutôt|rather|instead|seulement|uniquement|only|même (?:question|chose)|pareil)\b[\s,;:]*"
)
# What asks who or which, of anything: "quelle ville a voté la première ?" points at nothing shown.
_ASKS_WHICH = _form(r"^\W*(?:qui|quel(?:le)?s?|lesquel\w+|comment|pourquoi|où|who|which|what|how|why|where)\b")
_FEW = 4  # words that count, the ordinal among them
_LONG = 18  # words: a question this long tells what it wants


def read_follow_up(question: str) -> FollowUp:
    """How a question holds on to what came before it: the first form that fits says so."""
    said = _COURTESY.sub("", question).strip() or question.strip()
    if other := _OTHER_SUBJECT.match(said):
        return FollowUp(link="new", text=said[other.end() :] or said)
    rejected = _REJECTED.search(said)
    position, first = _find_position(said), _FIRST_ONES.search(said)
    several = next((_NUMBERS.get(each.lower()) or int(each) for each in first.groups() if each), 0) if first else 0
    follow_up = FollowUp(
        link=_read_link(question, said),
        text=_wanted(said, rejected),
        position=position,
        needs=several or abs(position),
        single=bool(_ONE.search(said)),
        others=bool(_OTHERS.match(said)),
        rejected=rejected["what"] if rejected else "",
        general=bool(_GENERAL.match(said)),
    )
    if follow_up.position or follow_up.others:
        single = bool(follow_up.position) or ("autre" in said and "autres" not in said)
        return follow_up.model_copy(update={"link": "narrow", "single": single})
    return follow_up


def points_at_shown(question: str) -> bool:
    """Whether a question, though nothing was shown, can only mean what was: "compare les deux premiers"."""
    said = _COURTESY.sub("", question)
    return bool(read_follow_up(question).needs) and not _ASKS_WHICH.match(said) and len(split_words(said)) <= _FEW


def _read_link(question: str, said: str) -> Link:
    if _ONE.search(said) or _SOME.search(said):
        return "narrow"
    if _CORRECTION.match(question):
        return "vary"
    if _SELF_CONTAINED.search(said) and not _CONJOINED.match(said):
        return "new"
    if len(said.split()) < _LONG:
        if _INVERSION.search(said) or _PRONOUN.search(_NAMED_BEFORE.sub("", _IMPERSONAL.sub("", said))):
            return "ask"
        if _CONJOINED.match(said) or _VARIED.match(said):
            return "vary"
    return "open" if _QUESTION.match(said) else "new"


def _find_position(said: str) -> int:
    """The position of the sheet that a question points at, 0 when it points at none."""
    for position, ordinal in _ORDINALS:
        if re.search(rf"(?<!été )\b(?:le|la|les|du|au|the)\s+(?:{ordinal}){_AFTER_ORDINAL}", said, re.IGNORECASE):
            return position
    numbered = _NUMBERED.search(said)
    return int(numbered["number"]) if numbered else 0


def _wanted(said: str, rejected: re.Match[str] | None) -> str:
    """What is left to search for without what is not wanted and the words that only tie."""
    text = said[: rejected.start()] + said[rejected.end() :] if rejected else said
    text = text.lstrip(" ,;:")
    while (shorter := _TIES.sub("", text)) != text:
        text = shorter
    return " ".join(text.split()) or said
