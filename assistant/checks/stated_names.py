"""Names: the places, organisations and persons that a statement names, which its proofs must name too."""

from index.places.gazetteer import find_places
from index.signals.lexical import split_words
from language.grammar import Grammar
from language.letters import fold
from language.shapes import HYPHENATED, SITE

_NAMES = Grammar("names")


def find_names(text: str) -> list[str]:
    """What a text names: capitalised words, acronyms, known places in any writing, web and e-mail addresses.

    A capital at the start of a sentence may be a name's: such a word is given too, unless it begins sentences.
    """
    addresses = [found[0] for found in SITE.finditer(text)]
    rest = SITE.sub(" ", text)
    words = [word for word in HYPHENATED.findall(rest) if word[0].isupper() and len(word) > 1]
    named = [
        word for word in words if word.isupper() or (split_words(word) and not _NAMES.lists("openers", fold(word)))
    ]
    places = [rest[place.start : place.end] for place in find_places(rest)]
    return list(dict.fromkeys([*addresses, *named, *places]))


def are_named(names: list[str], text: str) -> bool:
    """Whether a text has each word of these names, in any form; addresses as they are."""
    words, stems = set(fold(text).split()), set(split_words(text))
    return all(
        name in text
        if SITE.fullmatch(name)
        else all(word in words or set(split_words(word)) <= stems for word in fold(name).split())
        for name in names
    )
