"""Text repair: what the publishing tool broke in the sheets' text is put back. Text in, text out."""

import re
import unicodedata
from functools import cache

from language.grammar import Grammar
from language.shapes import DAY, FOREIGN_TELEPHONE, HIDDEN_EMAIL, TELEPHONE, THOUSANDS, WORD

# What nobody sees and that hides, turns round or smuggles what is read: controls, zero width, directions, tags, halves
# of characters that no file can hold. Selectors that make an emoji stay.
_UNSEEN_RANGES = (
    (0x00, 0x08),
    (0x0E, 0x1B),
    (0x7F, 0x84),
    (0x86, 0x9F),
    (0xAD, 0xAD),
    (0x61C, 0x61C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xDFFF),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0xE0000, 0xE01EF),
)
_UNSEEN: dict[int, str | None] = {code: None for first, last in _UNSEEN_RANGES for code in range(first, last + 1)}
_UNSEEN |= dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x1f"), " ") | dict.fromkeys(map(ord, "\x85\u2028\u2029"), "\n")
# Spaces of every width are one.
_TIDIED = _UNSEEN | dict.fromkeys((0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
# The tool that wrote the CSV removed commas: ", " became two spaces and the decimal comma one space.
_BROKEN_URL = re.compile(r"(https?://) +(?=\S)|((?:https?://|www\.)\S{0,300}\.) {2,}(?=(?:com|fr|org)/)")
_LOST = re.compile(r"(?<=[\w)»%€\"”’]) {2,}(?=[\w(«\"“…]|\.\.\.)")
_LONGEST_SMALL = 10  # characters
_LONGEST_ADDRESS = 500  # characters
CONTACTS = ("[adresse masquée]", "[téléphone masqué]")  # what stands for what belongs to persons
_DOUBLED = {"''": "’", "’’": "’", "'’": "’", "’'": "’", '""': '"'}


def repair_text(text: str, *, lost_commas: bool = True) -> str:
    """Composed accents, plain single spaces and, if the publishing tool lost commas, these commas.

    Line breaks stay: they part paragraphs.
    """
    lines = tidy(text).split("\n")
    return "\n".join(_repair_line(line) if lost_commas else " ".join(line.split()) for line in lines).strip()


def tidy(text: str) -> str:
    """Composed accents (NFC), ordinary spaces, no invisible characters; runs of spaces are kept."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return composed if composed.isascii() and composed.isprintable() else composed.translate(_TIDIED)


def drop_unseen(text: str) -> str:
    """A text without the characters that nobody sees; a separator of lines or paragraphs is a line break."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNSEEN)


def is_writable(text: str) -> bool:
    """Whether a database and an answer can hold a text: no half of a character (lone surrogate), no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def refuse_unwritable(text: str) -> str:
    """A text that came from outside, or raise ValueError when nothing can hold it."""
    if not is_writable(text):
        raise ValueError("ce texte a un caractère interdit")
    return text


def mask_contacts(text: str) -> str:
    """E-mail addresses and telephone numbers, in every form, which belong to persons, replaced by a mark."""
    address, telephone = CONTACTS
    text = HIDDEN_EMAIL.sub(address, text)
    for shape in (TELEPHONE, FOREIGN_TELEPHONE) if "0" in text or "+" in text else ():
        text = shape.sub(lambda found: found[0] if _is_no_telephone(found) else telephone, text)
    return text


def is_address(text: str, end: int) -> bool:
    """Whether the word that stands before this place is a web address."""
    near = text[max(0, end - _LONGEST_ADDRESS) : end]
    word = "" if near[-1:].isspace() else next(reversed(near.split()), "")
    return any(start in word for start in ("http://", "https://", "www."))


def _is_no_telephone(found: re.Match[str]) -> bool:
    """Days, figures in thousands, and what is a part of a web address."""
    written = found[0]
    return bool(DAY.search(written) or THOUSANDS.fullmatch(written)) or is_address(found.string, found.start())


def split_parts(text: str, mark: str) -> list[str]:
    """The parts of a cell between its marks; "//" also stands in web addresses, where it parts nothing."""
    return re.split(rf"(?<!:){re.escape(mark)}", text)


def _repair_line(line: str) -> str:
    line = _BROKEN_URL.sub(lambda found: found[1] or found[2], line.strip())
    line = _lost_decimal().sub(r"\1,\2", line)
    line = _LOST.sub(_put_back, line)
    for doubled, mark in _DOUBLED.items():
        line = line.replace(doubled, mark)
    return re.sub(" {2,}", " ", line)


@cache
def _lost_decimal() -> re.Pattern[str]:
    """A decimal number that lost its comma: "1 5 million"."""
    units = "|".join(Grammar("sheet").words("decimals_before")["fr"])
    return re.compile(rf"(?<!\d)(?<!\d )(\d{{1,2}}) (\d{{1,2}})(?= (?:{units})\b)")


def _put_back(spaces: re.Match[str]) -> str:
    """What two spaces stand for: a comma, but not after a small word; three, a paragraph where a sentence begins."""
    after = spaces.string[spaces.end() : spaces.end() + 2]
    if len(spaces[0]) > 2 and after.istitle() and after.isalpha():
        return "\n"
    before = spaces.string[max(0, spaces.start() - _LONGEST_SMALL) : spaces.start()].rstrip("'’")
    word = next(reversed(WORD.findall(before)), "")
    return " " if before.endswith(word) and word.lower() in _no_comma_after() else ", "


@cache
def _no_comma_after() -> frozenset[str]:
    return frozenset(Grammar("sheet").words("no_comma_after")["fr"])
