"""What is said around the centre's notes, in the two languages in which they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assistant.french.dates import format_date


@dataclass(frozen=True)
class NoteWords:
    """The words around a note; those that end in `limit` say what it does not tell, by kind of answer."""

    mark: str
    colon: str
    article: str
    checked: str
    not_checked: str
    see_also: str
    apart: str
    practices: str
    no_practice: str
    definition_limit: str
    apart_limit: str
    obligation_limit: str
    below: str
    above: str
    day: Callable[[date], str]


def _say_day_en(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


_FR = NoteWords(
    mark="Note du centre",
    colon="\u00a0: ",
    article="article",
    checked="vérifié le {day}",
    not_checked="*Cette note ne renvoie à aucun article de loi.*",
    see_also="Voir aussi",
    apart="Ce qui distingue ces notions, d'après les notes du centre, est en gras.",
    practices="**Dans les fiches, par exemple**",
    no_practice="Aucun exemple n'est cité ici : cherchez-en par une question, « des exemples de… ».",
    definition_limit="Cette note donne le sens du mot ; elle ne dit pas ce qu'il recouvre dans un cas précis.",
    apart_limit="Ces notes donnent le sens des mots ; l'usage varie, et elles ne tranchent pas pour votre projet.",
    obligation_limit=(
        "Cette note dit la règle générale. Elle ne dit rien d'un cas particulier et ne remplace ni le texte, "
        "ni l'avis d'un juriste."
    ),
    below="**La collectivité dont vous parlez est en dessous du seuil que donne cette note : elle n'y est pas tenue.**",
    above="**La collectivité dont vous parlez atteint le seuil que donne cette note : la règle la concerne.**",
    day=format_date,
)
_EN = NoteWords(
    mark="Note from the centre",
    colon=": ",
    article="article",
    checked="checked on {day}",
    not_checked="*This note refers to no article of law.*",
    see_also="See also",
    apart="What tells these notions apart, according to the centre's notes, is in bold.",
    practices="**In the sheets, for instance** (in French)",
    no_practice='No example is quoted here: ask for some, "examples of…".',
    definition_limit="This note gives the meaning of the word; it does not say what it covers in a given case.",
    apart_limit="These notes give the meaning of words; usage varies, and they do not say which suits your project.",
    obligation_limit=(
        "This note gives the general rule. It says nothing of a particular case and replaces neither the law itself "
        "nor a lawyer's advice."
    ),
    below="**The authority you speak of is below the threshold that this note gives: it does not have to.**",
    above="**The authority you speak of reaches the threshold that this note gives: the rule applies to it.**",
    day=_say_day_en,
)


def note_words(language: str) -> NoteWords:
    """The words in English for those who ask in English, in French for all others."""
    return _EN if language == "en" else _FR
