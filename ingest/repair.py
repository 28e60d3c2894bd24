"""Text repair: what the publishing tool broke in the sheets' text is put back. Text in, text out."""

import re
import unicodedata
from functools import cache

from language.grammar import Grammar

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
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
# The tool that wrote the CSV removed commas: ", " became two spaces and the decimal comma one space.
_BROKEN_URL = re.compile(r"(https?://) +(?=\S)|((?:https?://|www\.)\S{0,300}\.) {2,}(?=(?:com|fr|org)/)")
_LOST_PARAGRAPH = re.compile(r"(?<=[\w)»%]) {3,}(?=[A-ZÀ-Ý][a-zà-ÿ])")
_LOST_COMMA = re.compile(r"(?<=[\w)»%€\"”’]) {2,}(?=[\w(«\"“…]|\.\.\.)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]*\w")
_TELEPHONE = re.compile(r"(?<!\d)(?:\+33 ?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_DOUBLED_QUOTE = re.compile(r"[’']{2}(?=\w)|\"{2}")


def repair_text(text: str, *, lost_commas: bool = True) -> str:
    """Composed accents, plain single spaces and, if the publishing tool lost commas, these commas.

    Line breaks stay: they part paragraphs.
    """
    lines = tidy(text).split("\n")
    return "\n".join(_repair_line(line) if lost_commas else " ".join(line.split()) for line in lines).strip()


def tidy(text: str) -> str:
    """Composed accents (NFC), ordinary spaces, no invisible characters; runs of spaces are kept."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACES.sub(" ", drop_unseen(composed))


def drop_unseen(text: str) -> str:
    """A text without the characters that nobody sees; a separator of lines or paragraphs is a line break."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNSEEN)


def is_writable(text: str) -> bool:
    """Whether a database and an answer can hold a text: no half of a character (lone surrogate), no NUL."""
    return not _UNWRITABLE.search(text)


def refuse_unwritable(text: str) -> str:
    """A text that came from outside, or raise ValueError when nothing can hold it."""
    if not is_writable(text):
        raise ValueError("ce texte a un caractère interdit")
    return text


def mask_contacts(text: str) -> str:
    """E-mail addresses and telephone numbers, which belong to persons, replaced by a mark."""
    return _TELEPHONE.sub("[téléphone masqué]", _EMAIL.sub("[adresse masquée]", text))


def _repair_line(line: str) -> str:
    line = _BROKEN_URL.sub(lambda found: found[1] or found[2], line.strip())
    line = _lost_decimal().sub(r"\1,\2", line)
    line = _LOST_PARAGRAPH.sub("\n", line)
    line = _small_word().sub(r"\1 ", line)
    line = _LOST_COMMA.sub(", ", line)
    line = _DOUBLED_QUOTE.sub(lambda found: '"' if '"' in found[0] else "’", line)
    return re.sub(" {2,}", " ", line)


@cache
def _lost_decimal() -> re.Pattern[str]:
    """A decimal number that lost its comma: "1 5 million"."""
    units = "|".join(Grammar("sheet").words("decimals_before")["fr"])
    return re.compile(rf"(?<!\d)(?<!\d )(\d{{1,2}}) (\d{{1,2}})(?= (?:{units})\b)")


@cache
def _small_word() -> re.Pattern[str]:
    """A small word before two spaces: no comma was there."""
    words = "|".join(Grammar("sheet").words("no_comma_after")["fr"])
    return re.compile(rf"(\b(?:{words})) {{2,}}", re.IGNORECASE)
