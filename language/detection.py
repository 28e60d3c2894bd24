"""Detection: the language of a text, by its small words."""

import re
from functools import cache

from language.letters import fold_letter
from language.shapes import LETTERS

Language = str  # "fr", "en", "es"…: ISO 639-1; "other" for what is not in Latin letters

# Short words that the library's lists lack.
_FRENCH = """
    a à au aux comment combien quel quelle quels quelles quoi qui que quand où pourquoi faut faire peut est-ce ça se
    sont ont fait plus sans chez très des nous on vous y été pour par dans sur avec cette ces leurs leur son sa ses
    entre
""".split()  # noqa: SIM905 - a list of 40 strings would be harder to read
_ENGLISH = ("many", "much", "long", "often")  # "how many": they ask
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu)['’](?=\w)")  # "l'eau", "qu'on": French, or nearly always
_SPANISH = re.compile("[¿¡ñ]")


def detect_language(question: str) -> Language | None:
    """The language whose small words are most frequent in a question, French rather than another; None if it has none.

    Small words are enough to tell European languages apart, however short the text (G. Grefenstette, Comparing
    two language identification schemes, JADT 1995). A text that is not in Latin letters is in another language.
    """
    return next(iter(likely_languages(question)), None)


def likely_languages(question: str) -> tuple[Language, ...]:
    """The languages whose small words are most frequent in a question, French first: "en Bretaña" may be in several."""
    words = LETTERS.findall(question.lower())
    letters = "".join(words)
    if letters and sum("a" <= letter <= "ɏ" for letter in letters) * 2 < len(letters):
        return ("other",)
    folded = ["".join(map(fold_letter, word)) for word in words]  # few write all the accents
    counts = {name: sum(word in small for word in folded) for name, small in _small_words().items()}
    counts["fr"] += len(_ELISION.findall(question.lower()))
    counts["es"] += len(_SPANISH.findall(question.lower()))
    most = max(counts.values())
    return tuple(name for name, count in counts.items() if most and count == most)


def is_small_word(word: str, language: Language) -> bool:
    """Whether a word is one of the small words of a language, that texts on any subject have."""
    return "".join(map(fold_letter, word)) in _small_words().get(language, ())


@cache
def _small_words() -> dict[str, frozenset[str]]:
    """The small words of each language."""
    from bm25s.stopwords import (  # noqa: PLC0415 - with scipy, half a second that not every command needs
        STOPWORDS_DUTCH,
        STOPWORDS_EN_PLUS,
        STOPWORDS_FRENCH,
        STOPWORDS_GERMAN,
        STOPWORDS_ITALIAN,
        STOPWORDS_PORTUGUESE,
        STOPWORDS_SPANISH,
    )

    french = (*STOPWORDS_FRENCH, *_FRENCH)
    others = {
        "en": (*STOPWORDS_EN_PLUS, *_ENGLISH),
        "de": STOPWORDS_GERMAN,
        "es": STOPWORDS_SPANISH,
        "it": STOPWORDS_ITALIAN,
        "pt": STOPWORDS_PORTUGUESE,
        "nl": STOPWORDS_DUTCH,
    }
    every = {"fr": french, **others}
    return {name: frozenset("".join(map(fold_letter, word)) for word in words) for name, words in every.items()}
