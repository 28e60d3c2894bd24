"""What no sheet gives, named in the words of the question, in the two languages in which questions are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.french.nouns import say_of, say_the, say_this
from assistant.reading.sought import Sought, Way
from assistant.wording import escape

# That what was found may not answer; questions in other languages are not told so.
DOUBT = "Les fiches ne répondent peut-être pas à cette question\u00a0; ce qui suit est ce qui s'en approche le plus."

_FR: dict[Way, str] = {
    "number": "Aucune fiche ne donne le nombre {of}.",
    "cost": "Aucune fiche ne dit ce que coûte {phrase}.",
    "duration": "Aucune fiche ne dit combien de temps prend {phrase}.",
    "given": "Aucune fiche ne donne {phrase}.",
    "what": "Aucune fiche ne précise {the}.",
    "held": "Aucune fiche ne contient {of}.",
    "spoken": "Aucune fiche ne parle {of}.",
    "who": "Aucune fiche ne dit qui est {phrase}.",
}
_EN: dict[Way, str] = {
    "number": "No sheet gives the number of {phrase}.",
    "cost": "No sheet says how much {phrase}.",
    "duration": "No sheet says how long {phrase} took.",
    "given": "No sheet gives {phrase}.",
    "what": "No sheet says which {phrase}.",
    "held": "No sheet holds any {phrase}.",
    "spoken": "No sheet speaks of {phrase}.",
    "who": "No sheet says who {phrase} is.",
}
# When something else in the question tells which is meant.
_THIS_FR: dict[Way, str] = {
    "number": "Aucune fiche ne donne ce nombre {of}.",
    "what": "Aucune fiche ne précise {this}.",
}
_THIS_EN: dict[Way, str] = {
    "number": "No sheet gives this number of {phrase}.",
    "what": "No sheet says which {phrase} that is.",
}
_BARE_FR: dict[Way, str] = {
    "cost": "Aucune fiche ne donne ce coût.",
    "duration": "Aucune fiche ne dit combien de temps cela prend.",
}
_BARE_EN: dict[Way, str] = {"cost": "No sheet gives this cost.", "duration": "No sheet says how long it took."}


def say_missing(sought: Sought, language: str) -> str:
    """That no sheet gives what is sought."""
    english, phrase = language == "en", escape(sought.phrase)
    if not phrase or (sought.way in _BARE_FR and not (sought.whole or sought.doing)):  # something else tells which
        return (_BARE_EN if english else _BARE_FR)[sought.way]
    if sought.doing:
        phrase += f" {'that' if english else 'qui'} {escape(sought.doing)}"
    ways, these = (_EN, _THIS_EN) if english else (_FR, _THIS_FR)
    told = (ways if sought.whole or sought.doing else ways | these)[sought.way]
    if english:
        return told.format(phrase=phrase)
    the, this = (say(phrase, feminine=sought.feminine, plural=sought.plural) for say in (say_the, say_this))
    return told.format(phrase=phrase, of=say_of(phrase), the=the, this=this)


_FIGURES_FR: Mapping[str, str] = {
    "money": "ce montant",
    "count": "ce nombre",
    "share": "cette part",
    "duration": "cette durée",
}
_FIGURES_EN: Mapping[str, str] = {"money": "amount", "count": "number", "share": "share", "duration": "duration"}


def say_not_given(quantity: str, sheets: int, language: str) -> str:
    """That none of the sheets shown before gives a figure."""
    if language == "en":
        told = f"this {_FIGURES_EN[quantity]}"
        return f"None of these sheets gives {told}." if sheets > 1 else f"The sheet shown does not give {told}."
    told = _FIGURES_FR[quantity]
    return f"Aucune de ces fiches ne donne {told}." if sheets > 1 else f"La fiche montrée ne donne pas {told}."


def say_not_told(quantity: str, language: str) -> str:
    """That the sheet of a practice does not tell what is asked of it, by its name where that is a figure."""
    if language == "en":
        figure = _FIGURES_EN.get(quantity)
        return f"The sheet does not give this {figure}." if figure else "The sheet does not say."
    figure = _FIGURES_FR.get(quantity)
    return f"La fiche ne donne pas {figure}." if figure else "La fiche ne le dit pas."


def say_no_difficulty(language: str) -> str:
    """That none of the sheets quoted tells of a difficulty or a risk, when these are asked."""
    if language == "en":
        return "The sheets quoted tell of no risk or difficulty."
    return "Les fiches citées ne disent ni risque ni difficulté."


def say_given_elsewhere(language: str) -> str:
    """What opens the figures of other sheets than those that a question asks of."""
    if language == "en":
        return "Other sheets give one, of other practices (in French):"
    return "D'autres fiches en donnent un, pour d'autres démarches\u00a0:"


def say_unshown(words: Mapping[str, int]) -> str:
    """That no sheet has these words of the question, or none of those shown; how many have each is given.

    The question is in French: other languages are not parsed.
    """
    nowhere, elsewhere = ([word for word, sheets in words.items() if bool(sheets) == told] for told in (False, True))
    said = [f"Aucune fiche n'emploie {_join(nowhere)}\u00a0; ce qui suit s'en approche."] if nowhere else []
    return " ".join(said + ([f"Les fiches citées n'emploient pas {_join(elsewhere)}."] if elsewhere else []))


def _join(words: Sequence[str]) -> str:
    return " ni ".join(f"«\u00a0{escape(word)}\u00a0»" for word in words)
