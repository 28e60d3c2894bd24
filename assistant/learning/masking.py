"""Masking: what may tell who wrote a question is replaced by a mark before the question is kept.

Better mask a word too many than one too few: what stands beside a mark is enough to know what was asked. Figures that
tell of participation (inhabitants, euros, years) stay.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_FRENCH

from ingest.repair import tidy
from language.grammar import Found, Grammar
from language.letters import fold
from language.shapes import COMPOUND, LETTERS
from language.text import ANY, read_text

NAME, EMAIL, TELEPHONE, NUMBER, ADDRESS, DATE, ACCOUNT = (
    *("[nom]", "[adresse électronique]", "[téléphone]", "[numéro]", "[adresse]", "[date]", "[compte]"),
)
_MARKS = (NAME, EMAIL, TELEPHONE, NUMBER, ADDRESS, DATE, ACCOUNT)

_MASKING = Grammar("masking")
_AT = r"(?:\s?@\s?|\s?[\[(]\s?(?:at|arobase?)\s?[\])]\s?|\sarobase?\s)"
# What is written alike in every language.
_FORMS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "user of url": r"(?<=://)[^\s/@]+@",
        "email": rf"(?<![\w.+%-])[\w.+%-]++{_AT}[\w-]+(?:\s?(?:\.|[\[(](?:dot|point)[\])])\s?[\w-]+)+",
        "profile": r"((?:linkedin\.com/(?:in|pub)|facebook\.com|instagram\.com|twitter\.com|x\.com|t\.me|tiktok\.com)/)"
        r"[^\s,;)]+",
        "handle": r"(?<![\w@/\]])@\w[\w.]{1,30}",
        "iban": r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b",
        "social security": r"(?<!\d)[1-478]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}"
        r"(?:\s?\d{2})?(?!\d)",
        "french telephone": r"(?<![\w+])(?:(?:\+|00)\s?33\s?(?:\(0\)\s?)?|\(?0)[1-9]\)?(?:[\s./-]{0,2}\d{2}){4}(?!\d)",
        "foreign telephone": r"(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[\s./()-]{0,2}\d){6,13}(?!\d)",
        "spaced telephone": r"(?<![\w+])0[1-9](?:[\s./-]?\d){8}(?!\d)",
        "card": r"(?<!\d)\d(?:[ .-]?\d){12,18}(?!\d)",
        "years": r"(?:(?:19|20)\d\d[ .-]?)+",
    }.items()
}
_TELEPHONES = ("french telephone", "foreign telephone", "spaced telephone")
_WORD = re.compile(r"\s*(?:,\s*)?([\w'’.-]+)")
_LONGEST_NAME = 5  # words
_STOPWORDS = frozenset(map(fold, (*STOPWORDS_FRENCH, *STOPWORDS_EN)))
_Span = tuple[int, int]


def mask_personal(text: str) -> str:
    """The text on one line without e-mail addresses, telephones, names that people give as theirs, numbers of cards,
    accounts and social security, home addresses, dates of birth, and whose account a link is.
    """
    text = " ".join(tidy(text).split())
    text = _FORMS["user of url"].sub(f"{ACCOUNT}@", text)
    text = _FORMS["email"].sub(lambda found: found[0] if ACCOUNT in found[0] else EMAIL, text)
    text = _FORMS["handle"].sub(ACCOUNT, _FORMS["profile"].sub(rf"\1{ACCOUNT}", text))
    text = _FORMS["iban"].sub(_unless(_is_no_account, NUMBER), text)
    text = _FORMS["social security"].sub(_unless(_are_years, NUMBER), text)
    for name in _TELEPHONES:
        text = _FORMS[name].sub(TELEPHONE, text)
    text = _FORMS["card"].sub(_unless(lambda found: _are_years(found) or not _is_card(found), NUMBER), text)
    for find, mark in _FINDERS:
        text = _replace(text, find(text), mark)
    return text


def has_marks(text: str) -> bool:
    """Whether something of a text was masked."""
    return any(mark in text for mark in _MARKS)


def _unless(is_harmless: Callable[[str], bool], mark: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found[0] if is_harmless(found[0]) else mark


def _are_years(text: str) -> bool:
    """ "2014 2015 2016 2017" is no number of a card."""
    return _FORMS["years"].fullmatch(text) is not None


def _is_card(text: str) -> bool:
    """Whether the last digit is the one that Luhn's formula gives for the others."""
    digits = [int(digit) for digit in text if digit.isdecimal()][::-1]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_no_account(text: str) -> bool:
    """A word of two letters with figures around it: an account has at least ten."""
    return sum(letter.isdigit() for letter in text) < 10


def _replace(text: str, spans: Iterable[_Span], mark: str) -> str:
    """The text with a mark in the place of each of these spans; of two that overlap, the first one counts."""
    pieces, at = [], 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], mark]
            at = end
    return "".join([*pieces, text[at:]])


def _find(name: str, text: str) -> list[Found]:
    return _MASKING.find_apart(name, read_text(text, ANY))


def _find_births(text: str) -> Iterator[_Span]:
    for found in _find("born", text):
        yield found.end - len(found.written["date"]), found.end


def _find_streets(text: str) -> Iterator[_Span]:
    """Numbers with a street; "2 places de la commission" has none, where no proper noun follows."""
    for name in ("street", "square"):
        for found in _find(name, text):
            rest = text[found.end :].lstrip(" '’")
            word = COMPOUND.match(text, len(text) - len(rest))
            if word and (name == "street" or word[0][0].isupper()):
                yield found.start, _find_end_of_capitals(text, word.end())[0]


def _find_presented(text: str) -> Iterator[_Span]:
    """Names after what presents them, whose letters may all be small: up to the first word that cannot be a name."""
    for found in _find("presents", text):
        end = _find_end_of_name(text, found.end)
        if end > found.end:
            yield _skip_space(text, found.end), end


def _find_end_of_name(text: str, start: int) -> int:
    end = at = start
    for _ in range(_LONGEST_NAME):
        word = _WORD.match(text, at)
        if not word or (end > start and "," in word[0]):
            break
        bare = word[1].rstrip(".")
        if _MASKING.has("title", read_text(word[1], ANY)) or _MASKING.lists("particles", fold(bare)):
            at = word.end()  # part of a name only if a name follows
            continue
        if _ends_name(bare):
            break
        end = at = word.end() - (len(word[1]) - len(bare))
        if end < word.end():
            break
    return end


def _ends_name(word: str) -> bool:
    """Whether a word never is a name: what one says after one's name."""
    folded = fold(word)
    elided = fold(word.replace("’", "'").split("'")[0])
    return folded in _STOPWORDS or _MASKING.lists("ends_name", folded) or _MASKING.lists("elided", elided)


def _find_titled(text: str) -> Iterator[_Span]:
    """A title and the words with a capital after it: "Mme de La Tour"."""
    for found in _find("title", text):
        end, words = _find_end_of_capitals(text, found.end)
        if text[found.start].isupper() and words:
            yield found.start, end


def _find_signed(text: str) -> Iterator[_Span]:
    """Two words with a capital, or more, after "je suis" or at the end of a letter."""
    for found in _find("signs", text):
        end, words = _find_end_of_capitals(text, found.end)
        if words > 1:
            yield _skip_space(text, found.end), end


def _find_end_of_capitals(text: str, start: int) -> tuple[int, int]:
    """Where words with a capital end, with what joins them, and how many there are."""
    end = at = start
    words = joining = 0
    while words < _LONGEST_NAME:
        spaced = _skip_space(text, at)
        word = COMPOUND.match(text, spaced)
        if word and word[0][0].isupper() and (spaced > at or joining):
            end = at = word.end() + (len(word[0]) == 1 and text.startswith(".", word.end()))  # "J. Dupont"
            words, joining = words + 1, 0
        elif words and joining < 2 and (particle := LETTERS.match(text, spaced)) and _is_particle(particle[0]):
            at, joining = particle.end() + text.startswith(("'", "’"), particle.end()), joining + 1
        else:
            break
    return end, words


def _is_particle(word: str) -> bool:
    return _MASKING.lists("particles", fold(word))


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


_FINDERS: tuple[tuple[Callable[[str], Iterator[_Span]], str], ...] = (
    (_find_births, DATE),
    (_find_streets, ADDRESS),
    (_find_presented, NAME),
    (_find_titled, NAME),
    (_find_signed, NAME),
)
