"""Follow-up: how a question holds on to what came before it, read in its form alone."""

from typing import Literal

from index.signals.lexical import split_words
from ingest.sheet import Frozen
from language.grammar import Grammar
from language.numbers import read_cardinal, read_ordinal
from language.text import Text, read_text

# new: another subject. narrow: points at some of the sheets just shown. vary: the same subject, another constraint.
# ask: about what was just shown. open: its form does not say.
Link = Literal["new", "narrow", "vary", "ask", "open"]


class FollowUp(Frozen):
    """What a question says by itself, `text`, and how it is tied to those before it.

    `position` is that of the sheet it points at: from 1, or -1 for the last; `needs` is how many sheets must have been
    shown for it to point at some; `single` when it points at one, `others` when at those that were not in focus.
    `rejected` is what it does not want. `general` when it asks how something is done or who does it, of no sheet in
    particular. `more` when it asks for others than those that were shown, `asks` when a word asks after what ties it.
    """

    link: Link
    text: str
    position: int = 0
    needs: int = 0
    single: bool = False
    others: bool = False
    rejected: str = ""
    general: bool = False
    more: bool = False
    asks: bool = False


_FORMS = Grammar("follow_up")
_FEW = 4  # words that count, the ordinal among them
_LONG = 18  # words: a question this long tells what it wants
_MARKS = " ,;:.!?…–-"


def read_follow_up(question: Text) -> FollowUp:
    """How a question holds on to what came before it: the first form that fits says so."""
    said = _without_courtesy(question)
    if other := _FORMS.search("other_subject", said):
        return FollowUp(link="new", text=said.written[other.end :].lstrip(_MARKS) or said.written)
    position = _find_position(said)
    rejected = _FORMS.search("rejected", said)
    follow_up = FollowUp(
        link=_read_link(question, said),
        text=_find_wanted(said),
        position=position,
        needs=_count_first_ones(said) or abs(position),
        single=_FORMS.has("one", said),
        others=_FORMS.has("others", said),
        rejected=rejected.written["what"] if rejected else "",
        general=_FORMS.has("general", said),
        more=len(said.written.split()) < _LONG and _FORMS.has("more", said),
        asks=_FORMS.has("asks_too", said),
    )
    if follow_up.more and not follow_up.position:
        return follow_up.model_copy(update={"link": "vary", "single": False})
    if follow_up.position or follow_up.others:
        single = bool(follow_up.position) or _FORMS.has("other_one", said)
        return follow_up.model_copy(update={"link": "narrow", "single": single})
    return follow_up


def points_at_shown(question: Text) -> bool:
    """Whether a question, though nothing was shown, can only mean what was: "compare les deux premiers"."""
    said = _without_courtesy(question)
    short = len(split_words(said.written)) <= _FEW
    return short and not _FORMS.has("asks_which", said) and bool(_count_first_ones(said) or _find_position(said))


def _without_courtesy(question: Text) -> Text:
    """A question without the thanks or the "oui, mais" before it; what is nothing else stays."""
    rest = question.written[found.end :].lstrip(_MARKS) if (found := _FORMS.search("courtesy", question)) else ""
    return read_text(rest, question.language) if rest else question


def _read_link(question: Text, said: Text) -> Link:
    if _FORMS.has("one", said) or _FORMS.has("some", said):
        return "narrow"
    if _FORMS.has("correction", question):
        return "vary"
    conjoined = _FORMS.has("conjoined", said)
    if _FORMS.has("self_contained", said) and not conjoined:
        return "new"
    if len(said.written.split()) < _LONG:
        if _has_pronoun(said) or _FORMS.has("inversion", _FORMS.without("impersonal", said)):
            return "ask"
        if conjoined or _FORMS.has("varied", said):
            return "vary"
    return "open" if _FORMS.has("question", said) else "new"


def _has_pronoun(said: Text) -> bool:
    """Whether a pronoun stands for something that the question itself does not name."""
    return _FORMS.has("pronoun", _FORMS.without("named_before", _FORMS.without("impersonal", said)))


def _find_position(said: Text) -> int:
    """The position of the sheet that a question points at, 0 when it points at none."""
    if ordinal := _FORMS.search("ordinal", said):
        return read_ordinal(ordinal["ordinal"])
    numbered = _FORMS.search("numbered", said)
    return int(numbered["number"]) if numbered else 0


def _count_first_ones(said: Text) -> int:
    """How many of the first sheets a question points at, "les deux premiers"; 0 for none."""
    first = _FORMS.search("first_ones", said)
    return read_cardinal(first["before"] or first["after"]) if first else 0


def _find_wanted(said: Text) -> str:
    """What is left to search for without what is not wanted and the words that only tie."""
    text = said
    if rejected := _FORMS.search("rejected", said):
        text = read_text(f"{said.written[: rejected.start]} {said.written[rejected.end :]}", said.language)
    text = read_text(text.written.lstrip(_MARKS), said.language)
    while ties := _FORMS.search("ties", text):
        text = read_text(text.written[ties.end :].lstrip(_MARKS), said.language)
    return " ".join(text.written.split()) or said.written
