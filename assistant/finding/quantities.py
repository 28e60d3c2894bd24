"""Quantities: where a sentence holds the figure, date, duration or name that a question asks for."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, takewhile, zip_longest

from assistant.reading.asked import Asked, Quantity
from index.signals.lexical import split_words
from language.grammar import Grammar
from language.letters import fold
from language.numbers import find_numerals, is_year
from language.shapes import NAME, opens_sentence
from language.text import Text, read_text

_QUANTITY = Grammar("quantity")
_LANGUAGE = "fr"  # of the sheets
_FEW_WORDS = 45  # characters in which what a number counts is named
_QUOTED_OR_NAME = re.compile(rf"«[^»]{{2,60}}»|\"[^\"]{{2,60}}\"|{NAME.pattern}")
_ENDING = ",;:()"
_CLAUSE_MARKS = (",", ";", ":", " (", ")")


@dataclass(frozen=True)
class Held:
    """Where a quantity stands in a sentence, and how well it fits what is asked, from 0 to 1."""

    start: int
    end: int
    fit: float


@dataclass(frozen=True)
class _Place:
    """Where something of the asked kind stands in a sentence; `exact` when it is a day, or between quotation marks."""

    start: int
    end: int
    exact: bool = False


def find_held(sentence: str, asked: Asked) -> Held | None:
    """Where the asked quantity stands in a sentence and how well it fits; None when it does not."""
    places = _find_all(sentence, asked.quantity)
    if not places:
        return None
    text = read_text(sentence, _LANGUAGE)
    found = [held for place in places if (held := _weigh(text, place, asked))]
    if len(found) < 2:
        return next(iter(found), None)
    return max(found, key=lambda held: (held.fit, _shared_in_clause(sentence, held, asked)))


def is_alone(sentence: str, held: Held, asked: Asked) -> bool:
    """Whether no other place of a sentence holds the asked quantity as well as this one: else either may be meant."""
    text = read_text(sentence, _LANGUAGE)
    others = (_weigh(text, place, asked) for place in _find_all(sentence, asked.quantity) if place.start != held.start)
    return not any(other and other.fit >= held.fit for other in others)


def find_places(sentence: str, quantity: Quantity) -> list[tuple[int, int]]:
    """Everywhere that something of a kind stands in a sentence, whatever it is of; what dates counts nothing."""
    text = read_text(sentence, _LANGUAGE)
    return [
        (place.start, place.end)
        for place in _find_all(sentence, quantity)
        if quantity != "count"
        or not (_QUANTITY.has("labels", text.before(place.start)) or _counts_nothing(text, place))
    ]


@lru_cache(maxsize=20_000)  # the sentences of some hundred sheets: each question for a figure reads them again
def _find_all(sentence: str, quantity: Quantity) -> tuple[_Place, ...]:
    return tuple(_FINDERS[quantity](read_text(sentence, _LANGUAGE)))


def name_counted(sentence: str, end: int) -> list[str]:
    """The first words after a number, as `split_words` gives them: what it counts is named soon after it, before a
    mark or a word that ends it, as "sont" in "375 projets sont soumis au vote".
    """
    rest = sentence[end : end + _FEW_WORDS]
    rest = "".join(takewhile(lambda character: not character.isdecimal() and character not in _ENDING, rest))
    words = list(takewhile(lambda word: fold(word) not in _ends(), rest.replace("’", "'").split()))
    return split_words(" ".join(words))[:3]


def _find_numbers(text: Text) -> Iterator[_Place]:
    """The numbers of a sentence in its order, with "millions" after them; those that name a rank or an hour apart."""
    in_digits = (
        _Place(*span) for span in find_numerals(text.written) if not _QUANTITY.has("ranked", text.after(span[1]))
    )
    in_words = (_Place(found.start, found.end) for found in _QUANTITY.find("in_words", text))
    for place in sorted(chain(in_digits, in_words), key=lambda each: each.start):
        times = _QUANTITY.search("multiple", text.after(place.end))
        yield _Place(place.start, times.end) if times else place


def _find_followed(name: str) -> Callable[[Text], Iterator[_Place]]:
    """What finds the numbers that such words follow, with these words."""

    def find(text: Text) -> Iterator[_Place]:
        for place in _find_numbers(text):
            if unit := _QUANTITY.search(name, text.after(place.end)):
                yield _Place(place.start, unit.end)

    return find


def _find_entry(name: str) -> Callable[[Text], Iterator[_Place]]:
    def find(text: Text) -> Iterator[_Place]:
        return (_Place(found.start, found.end, "day" in found.groups) for found in _QUANTITY.find(name, text))

    return find


def _find_shares(text: Text) -> Iterator[_Place]:
    yield from sorted(chain(_find_followed("share")(text), _find_entry("part")(text)), key=lambda each: each.start)


def _find_persons(text: Text) -> Iterator[_Place]:
    """Two words with a capital side by side, or one after "Mme"."""
    titles = {found.end: found.start for found in _QUANTITY.find("person_titled", text)}
    end = 0
    names = list(NAME.finditer(text.written))
    for name, following in zip_longest(names, names[1:]):
        if name.start() < end:
            continue
        if (title := titles.get(name.start() - 1)) is not None and text.written[title].isupper():
            end = name.end()
            yield _Place(title, end)
        elif following and _is_one_person(text.written[name.end() : following.start()]):
            end = following.end()
            yield _Place(name.start(), end)


def _is_one_person(between: str) -> bool:
    """Whether what parts two words with a capital is a space, or an initial: "Anne B. Martin"."""
    return between == " " or (len(between) == 4 and between[1].isupper() and between[2:] == ". ")


def _find_names(text: Text) -> Iterator[_Place]:
    """What is quoted, or words with a capital that no sentence's start gives, with what joins them: "Maison du Lac"."""
    place: _Place | None = None
    for found in _QUOTED_OR_NAME.finditer(text.written):
        start, end = found.span()
        if place and not place.exact and found[0][0].isalpha() and _joins(text.written[place.end : start]):
            place = _Place(place.start, end)
            continue
        if place:
            yield place
        is_quoted = not found[0][0].isalpha()
        is_named = is_quoted or not opens_sentence(text.written, start)
        place = _Place(start, end, exact=is_quoted) if is_named else None
    if place:
        yield place


def _joins(between: str) -> bool:
    return between == " " or _QUANTITY.has("joins", read_text(between, _LANGUAGE))


_FINDERS: dict[Quantity, Callable[[Text], Iterator[_Place]]] = {
    "money": _find_followed("money"),
    "share": _find_shares,
    "duration": _find_followed("duration"),
    "date": _find_entry("date"),
    "count": _find_numbers,
    "person": _find_persons,
    "outcome": _find_entry("outcome"),
    "topic": _find_entry("topic"),
    "name": _find_names,
}


def _shared_in_clause(sentence: str, held: Held, asked: Asked, words: Iterable[str] | None = None) -> int:
    """How many words of the question, or of these, stand in the same clause as the figure."""
    start = max(sentence.rfind(mark, 0, held.start) for mark in _CLAUSE_MARKS) + 1
    ends = [end for mark in _CLAUSE_MARKS if (end := sentence.find(mark, held.end)) >= 0]
    return len(
        set(asked.words if words is None else words)
        & set(split_words(sentence[start : min(ends, default=len(sentence))]))
    )


def _weigh(text: Text, place: _Place, asked: Asked) -> Held | None:
    """A place with its fit; None for a number that names a step or another thing than is asked."""
    start, end = place.start, place.end
    if asked.quantity == "count":
        fit = 0.0 if _QUANTITY.has("labels", text.before(start)) else _fit_count(text, place, asked)
        return Held(start, end, fit) if fit else None
    if asked.quantity == "duration" and _QUANTITY.has("age", text.before(start)):
        return Held(start, end, 0.4)
    if asked.quantity == "person":
        return Held(start, end, 1.0) if set(asked.counted) & set(split_words(text.written)) else None
    if asked.quantity == "date":
        return Held(start, end, 1.0 if place.exact else 0.7)
    held = Held(start, end, 1.0)
    if asked.quantity == "share" and asked.counted and not _shared_in_clause(text.written, held, asked, asked.counted):
        return Held(start, end, 0.4)
    return held


def _fit_count(text: Text, place: _Place, asked: Asked) -> float:
    """How well a number counts what is asked, 0 when it does not: what is counted is named soon after it."""
    if _counts_nothing(text, place):
        return 0.0
    following = set(name_counted(text.written, place.end))
    if following & set(asked.counted):
        return 1.0
    if not asked.counted:
        return 0.0 if _is_year(text, place) else 1.0
    people = read_people()
    return 0.6 if people & set(asked.counted) and people & following else 0.0


def _counts_nothing(text: Text, place: _Place) -> bool:
    return _QUANTITY.has("not_counted", text.after(place.end)) or _is_dated_year(text, place)


def _is_year(text: Text, place: _Place) -> bool:
    return is_year(text.written[place.start : place.end])


def _is_dated_year(text: Text, place: _Place) -> bool:
    """Whether a number is a year after what says so: "en 2019", "2016-2019"."""
    before = text.written[: place.start].rstrip()
    return _is_year(text, place) and (
        before.endswith(("-", "–", "/")) or _QUANTITY.has("dated", text.before(place.start))
    )


@cache
def read_people() -> frozenset[str]:
    """Words for persons: "combien de joueurs" may be answered by "1 500 personnes"."""
    return frozenset(split_words(" ".join(_QUANTITY.words("people")[_LANGUAGE])))


@cache
def read_anyone() -> frozenset[str]:
    """Words for persons whoever they are."""
    return frozenset(split_words(" ".join(_QUANTITY.words("anyone")[_LANGUAGE])))


@cache
def _ends() -> frozenset[str]:
    return frozenset(map(fold, Grammar("measured").words("ends")[_LANGUAGE]))
