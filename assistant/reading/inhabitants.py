"""Inhabitants: how many a question gives to a town."""

from contextlib import suppress

from text_to_num import text2num

from ingest.sheet import Frozen
from language.grammar import Found, Grammar
from language.numbers import is_year, read_multiple
from language.shapes import SENTENCE_END
from language.text import Text, read_text

_SMALLEST = 50  # inhabitants: what is fewer counts something else
MOST = 100_000_000  # no town has more
_INHABITANTS = Grammar("inhabitants")
_NEARBY = 45  # characters before a number among which its noun is looked for
_FIGURES = "0123456789., "


class Inhabitants(Frozen):
    """How many inhabitants a question gives to a town, and the range that this stands for, ends included."""

    number: int | None
    least: int
    most: int
    start: int = 0  # the characters that say so
    end: int = 0

    def is_about(self, least: int, most: int) -> bool:
        """Whether this falls in a range, its end excluded: a number in it, a range over half of the narrower."""
        if self.number is not None:
            return least <= self.number < most
        common = min(self.most, most) - max(self.least, least)
        return 2 * common >= min(self.most - self.least, most - least)


def find_inhabitants(question: str) -> Inhabitants | None:
    """The first number of inhabitants that is a town's, or None; participants and quarters do not count."""
    text = read_text(question)
    said = (found for found in _INHABITANTS.find("said", text) if _is_of_a_town(found, text))
    bare = (found for found in _INHABITANTS.find("of_town", text) if not any(map(is_year, found.groups.values())))
    for found in (*said, *bare):
        read = _read(found)
        if read and (read.number or read.least or read.most) >= _SMALLEST:
            return read.model_copy(update={"start": found.start, "end": found.end})
    return None


def _is_of_a_town(found: Found, text: Text) -> bool:
    """Whether what stands around a number says that a town has so many inhabitants, or nothing says otherwise."""
    before = text.before(found.start).said
    nearby = SENTENCE_END.split(before)[-1][-_NEARBY:]
    town = _INHABITANTS.last_in("town", nearby, text.language)
    part = _INHABITANTS.last_in("taking_part", nearby, text.language)
    if part > town or (town < 0 and _acts(found, text)):
        return False
    is_stated = not found["about"] or _INHABITANTS.has("souls", text.written[found.start : found.end])
    return town >= 0 or is_stated or not before or _INHABITANTS.is_in("ours", before, text.language)


def _acts(found: Found, text: Text) -> bool:
    """Whether those who are counted did something: "2 500 habitants ont voté"."""
    after = text.after(found.end).said
    return _INHABITANTS.is_in("acting", after, text.language)


def _read(found: Found) -> Inhabitants | None:
    """The numbers said, or None when the words of one say none."""
    numbers: dict[str, int] = {}
    for name, said in found.groups.items():
        number = read_count(said, found.written[name], found.language)
        if number is None:
            return None
        numbers[name] = number
    if "low" in numbers:
        low, high = numbers["low"], numbers["high"]
        low = low * 1000 if low < 100 <= high // 100 else low  # "entre 20 et 50 000 habitants"
        return Inhabitants(number=None, least=min(low, high), most=max(low, high))
    if "about" in numbers:
        return Inhabitants(number=numbers["about"], least=numbers["about"], most=numbers["about"])
    return Inhabitants(number=None, least=numbers.get("more", 0), most=numbers.get("less", MOST))


def read_count(said: str, written: str, language: str) -> int | None:
    """ "3 000", "3.000", "10k", "1,5 million", "20 mil", "deux mille" as a number, None for what is none."""
    unit = said.lstrip(_FIGURES)
    figures = said[: len(said) - len(unit)].rstrip(" .,")
    if not figures:
        for words in (said, written):  # some are read with their accents only
            with suppress(ValueError):
                return int(text2num(words, language))
        return None
    factor = _factor(unit.strip())
    if factor > 1:
        return int(float(figures.replace(",", ".").replace(" ", "")) * factor)
    return int("".join(filter(str.isdigit, figures)))


def _factor(unit: str) -> int:
    """What a number is multiplied by: "k", "million", "milliers d"."""
    return 1000 if unit == "k" else read_multiple(unit)
