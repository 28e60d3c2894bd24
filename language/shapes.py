"""Shapes: what written text is made of in every language: words, names, years, ends of sentences, quotes, addresses.

Words that a language has are in its file (`grammar.py`). Each shape reads any text in a time that grows as its length.
"""

import re

_BEFORE = 20  # characters before a word: a sentence's mark and spaces

# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# A run of letters and figures, with accents that stand alone: "2e", "Auch".
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
# A run of letters: what a dictionary or a list of small words may have.
LETTERS = re.compile(r"[^\W\d_]+")
# A word with what hyphens join to it: "Tok-Tok", "éco-quartier".
HYPHENATED = re.compile(r"[^\W_]+(?:[-‑][^\W_]+)*")
# A word with whatever joins it to others: "l'Eau", "Tok-Tok", "decidim.org".
COMPOUND = re.compile(r"[^\W_]+(?:[.'’‑-][^\W_]+)*")
# What stands between two spaces, marks included: "habitants),".
PIECE = re.compile(r"\S+")
# A run of figures, whatever number it is a part of: "2019", the "000" of "3 000".
DIGITS = re.compile(r"\d+")
# A number with its decimals, after a stop or a comma: "48.39", "-4,486".
DECIMAL = re.compile(r"-?\d+(?:[.,]\d+)?")
# A word of two letters or more that starts with a capital, with what is joined to it: "Auch", "Loos-en-Gohelle".
NAME = re.compile(r"(?<![\w-])[A-ZÀ-Ý][\w'’-]+")
# Four figures that years are written with, 1900 to 2099.
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

# ── Sentences and their parts ───────────────────────────────────────────────────────────────────────────────────────

# A sentence with its marks and the space after it: joined, they are the text.
SENTENCE = re.compile(r"[^.?!…;\n]*(?:[.?!…;]+|\n)\s*|[^.?!…;\n]+$")
# The space between two sentences with what closes the first, where the next one begins as a sentence does.
SENTENCE_BREAK = re.compile(r"(?<=[.!?…])(?:[»\"”’)\]]| »)*[ \t]+(?=[«“\"\[]?\s?[A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ0-9])")
# Where what is said ends: what stands beyond is another thing.
SENTENCE_END = re.compile(r"[.?!…;\n]")
# The same of a part of a sentence: "On est un village, comment faire ?" has two.
CLAUSE_END = re.compile(r"[.?!…;:,\n]")
# Whatever parts words that could make one name: marks, brackets, quotation marks and dashes.
PHRASE_END = re.compile(r"[.?!…;:,\n()«»\"“”/–—]|\s-\s")
# Where what a figure counts is no longer named: a mark, or the next figure.
FIGURE_END = re.compile(r"[.?!…;:,\n()«»\"“”\d]")
# The space at which a long sentence may be cut: after a mark, before a bracket, around a dash.
CLAUSE_BREAK = re.compile(r"(?<=[,;:])\s+|(?<!\s)\s+(?=\()|(?<!\s)\s+[–-]\s+")
# What is said in brackets: "public debate (formal procedure)".
ASIDE = re.compile(r"\([^()]*\)")
# What stands between quotation marks, with them.
QUOTED = re.compile(r"«[^«»]*»|\"[^\"]*\"|“[^“”]*”")
# What opens an item of a list: "- ", "• ", "2. ", "12) ".
BULLET = re.compile(r"^\s*(?:[-–•*]|\d{1,3}[.)])\s+")

# ── Addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────

_EMAIL = r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]*\w"
_WEB = r"(?:https?://|www\.)[^\s<>`|«»\"]*[\w/]"
# "contact@exemple.fr"; the stop that ends a sentence is no part of it.
EMAIL = re.compile(_EMAIL)
# A page or a person's e-mail, as browsers and chats turn them into links by themselves.
ADDRESS = re.compile(rf"{_WEB}|{_EMAIL}", re.IGNORECASE)
# The same, or a site named without "www.": "decidim.org".
SITE = re.compile(rf"{_WEB}|{_EMAIL}|\b[\w-]{{1,63}}\.(?:fr|com|org|net|eu|io)\b", re.IGNORECASE)
# An e-mail address in the forms that people give it to hide it: "jean (at) ville.fr", "jean @ ville.fr", "AT … DOT".
_AT = r"(?:\s?[\[({<]\s?(?i:at|à|arobase?|chez)\s?[\])}>]\s?|\s(?:AT|(?i:arobase?))\s|\s@\s|[@＠])"
_DOT = r"(?:\.|\s?[\[({<]\s?(?i:dot|point)\s?[\])}>]\s?|\s(?:DOT|(?i:point))\s)"
HIDDEN_EMAIL = re.compile(rf"(?<![\w.+-])[\w.+-]++{_AT}[\w-]+(?:{_DOT}[\w-]+)+")
# A telephone number as France writes it, with its code or without: "06.12.34.56.78", "+33 (0)6 12 34 56 78".
_CODE = r"(?:\((?:\+|00)\s?33\)|(?:\+|00)\s?33)[\s.-]?(?:\(0\)|0)?[\s.-]?[1-9]"
_GROUPS = r"(?:[\s./-]{0,2}\d\d){4}|[\s./-]?\d\d(?:[\s./-]\d{3}){2}|(?:[\s.-]\d{4}){2}"
TELEPHONE = re.compile(rf"(?<![\w+])(?:{_CODE}|\(0[1-9]\)|0[1-9])(?:{_GROUPS})(?!\d)")
# The same from elsewhere, with its code: "+32 2 123 45 67", "+590 690 12 34 56".
FOREIGN_TELEPHONE = re.compile(r"(?<![\w+])(?<!\d )(?:\+|00)[1-9]\d{0,2}(?:[\s./()-]{0,2}\d){6,13}(?!\d)")
# A day in figures, which may look like the start of a telephone number: "01/02/2019".
DAY = re.compile(r"(?<!\d)\d\d?[./-]\d\d?[./-](?:19|20)\d\d(?!\d)")
# A figure in groups of three: "+1 200 000".
THOUSANDS = re.compile(r"\+?\d{1,3}(?:\s\d{3})+")

# ── Markup ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_TAGS = (
    "a|abbr|acronym|address|article|aside|audio|b|big|blockquote|body|br|button|caption|center|cite|code|col|colgroup|"
    "dd|del|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|"
    "iframe|img|input|ins|kbd|label|legend|li|link|main|mark|math|meta|nav|noscript|object|ol|option|p|picture|pre|q|s|"
    "samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|"
    "textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|o:p"
)
# A tag of HTML, or the start of a comment: "<p>", "</li>", '<a href="…">'; "<18 ans" and "<nom>" are text.
TAG = re.compile(rf"</?({_TAGS})(?=[\s/>])[^<>]*>|<!--|<!\[|<!doctype\b", re.IGNORECASE)
# A character written by its name or its number: "&eacute;", "&#233;".
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});", re.IGNORECASE)
# "&" that writes no other character: "AT&T", "?a=1&copy=2".
BARE_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});)", re.IGNORECASE)


def opens_sentence(text: str, at: int) -> bool:
    """Whether a word opens a sentence, or what follows a colon or the dash of a list: its capital tells nothing."""
    near = text[max(0, at - _BEFORE) : at]
    before = near.rstrip()
    is_dash = before[-1:] in "-–—" and not before[-2:-1].strip()
    return is_dash or before[-1:] in ".?!…;:" or "\n" in near[len(before) :]
