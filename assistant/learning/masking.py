"""Masking: what may tell who wrote a question is replaced by a mark before the question is kept.

Better mask a word too many than one too few: what stands beside a mark is enough to know what was asked. Figures that
tell of participation (inhabitants, euros, years) stay.
"""

import re
from collections.abc import Callable

from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_FRENCH

from ingest.repair import tidy
from language.letters import fold

NAME, EMAIL, TELEPHONE, NUMBER, ADDRESS, DATE, ACCOUNT = (
    *("[nom]", "[adresse électronique]", "[téléphone]", "[numéro]", "[adresse]", "[date]", "[compte]"),
)
_MARKS = (NAME, EMAIL, TELEPHONE, NUMBER, ADDRESS, DATE, ACCOUNT)

_AT = r"(?:\s?@\s?|\s?[\[(]\s?(?:at|arobase?)\s?[\])]\s?|\sarobase?\s)"
_EMAIL = re.compile(
    rf"(?<![\w.+%-])[\w.+%-]++{_AT}[\w-]+(?:\s?(?:\.|[\[(](?:dot|point)[\])])\s?[\w-]+)+", re.IGNORECASE
)
_USER_OF_URL = re.compile(r"(?<=://)[^\s/@]+@")
_PROFILE = re.compile(
    r"((?:linkedin\.com/(?:in|pub)|facebook\.com|instagram\.com|twitter\.com|x\.com|t\.me|tiktok\.com)/)[^\s,;)]+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@/\]])@\w[\w.]{1,30}")

_FRENCH_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\s?33\s?(?:\(0\)\s?)?|\(?0)[1-9]\)?(?:[\s./-]{0,2}\d{2}){4}(?!\d)",
)
_FOREIGN_PHONE = re.compile(r"(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[\s./()-]{0,2}\d){6,13}(?!\d)")
_SPACED_NATIONAL = re.compile(r"(?<![\w+])0[1-9](?:[\s./-]?\d){8}(?!\d)")

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b", re.IGNORECASE)
_SOCIAL_SECURITY = re.compile(
    r"(?<!\d)[1-478]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<!\d)\d(?:[ .-]?\d){12,18}(?!\d)")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ .-]?)+")
_BORN = re.compile(
    r"(\bn[ée]e?s?\s+le\s+|\bborn\s+(?:on\s+)?)(?:\d{1,2}(?:er)?[\s/.-]+[\w]+[\s/.-]+\d{2,4}|\w+\s+\d{1,2},?\s+\d{4})",
    re.IGNORECASE,
)
_OF = r"\s+(?:(?:de|du|des|la|le|les|d['’]|l['’])\s*)*"
_REST = r"[\w'’-]+(?:\s+(?-i:[A-ZÀ-Ý])[\w'’-]+)*"
_STREET = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter|quater)?,?\s+(?:"
    rf"(?:rue|avenue|boulevard|bd|allées?|chemin|impasse|quai|lotissement|résidence){_OF}{_REST}|"
    # "5 places de la commission": these words say other things too, unless a proper noun follows.
    rf"(?:av\.|place|cours|route|square|passage){_OF}(?-i:(?=[A-ZÀ-Ý])){_REST})",
    re.IGNORECASE,
)

_PARTICLE = r"(?:d['’]|de|du|des|la|le|l['’]|van|von|der|den|el|al|ben|da|dos|di)"
_CAPITAL = r"(?-i:[A-ZÀ-Ý])(?:\.|[\w'’-]*)"
_PROPER = rf"{_CAPITAL}(?:\s+(?:{_PARTICLE}\s*){{0,2}}{_CAPITAL}){{0,4}}"
_TITLE = r"(?:M\.|Mr\.?|MM\.|Mme\.?|Mmes|Mlle\.?|Mrs\.?|Ms\.?|Dr\.?|Me|Monsieur|Madame|Mademoiselle|Maître|Docteur)"
# What says that a name follows, in whatever case it is written.
_PRESENTS = re.compile(
    r"\b(?:je\s+m['’ ]?\s?(?:appelle?|apelle?|apele|prénomme|prenomme|nomme)|"
    r"mon\s+(?:nom|prénom|prenom)(?:\s+de\s+famille)?\s*(?:est|c['’]est|:)|"
    r"mes\s+(?:nom\s+et\s+prénom|coordonnées)\s*(?:sont|:)|(?:nom|prénom)\s*:|moi,?\s+c['’]est|appelez[- ]moi|"
    r"my\s+(?:first\s+|last\s+)?name(?:['’]s|\s+is)|call\s+me|i\s?['’]?\s?(?:a)?m\s+called|"
    r"je\s+suis\s+(?=M\.|Mr\b|Mme\b|Mlle\b|Monsieur\b|Madame\b|Mademoiselle\b)|"
    r"i\s?['’]?\s?a?m\s+(?=Mr\b|Mrs\b|Ms\b|Dr\b))",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"\b(?-i:{_TITLE})\s+(?!l[ea]\b){_PROPER}", re.IGNORECASE)
_I_AM = re.compile(
    rf"(\b(?:je\s+suis|i\s?['’]?\s?a?m|ici|signé|cordialement|salutations|bien\s+à\s+vous|regards),?\s+)"
    rf"({_CAPITAL}(?:\s+(?:{_PARTICLE}\s*){{0,2}}{_CAPITAL}){{1,4}})",
    re.IGNORECASE,
)
_WORD = re.compile(r"\s*(?:,\s*)?([\w'’.-]+)")
_LONGEST_NAME = 5  # words
# After a name one says what one is or does; these words never are a name.
_ENDS_NAME = (
    frozenset(map(fold, STOPWORDS_FRENCH))
    | frozenset(STOPWORDS_EN)
    | {
        *(
            "habitant",
            "habitante",
            "habite",
            "maire",
            "elu",
            "elue",
            "adjoint",
            "adjointe",
            "conseiller",
            "conseillere",
        ),
        *(
            "president",
            "presidente",
            "directeur",
            "directrice",
            "charge",
            "chargee",
            "chef",
            "cheffe",
            "agent",
            "agente",
        ),
        *("etudiant", "etudiante", "cherche", "recherche", "travaille", "souhaite", "voudrais", "aimerais", "comment"),
        *(
            "bonjour",
            "merci",
            "svp",
            "responsable",
            "animateur",
            "animatrice",
            "benevole",
            "citoyen",
            "citoyenne",
            "mayor",
        ),
        *("live", "work", "looking", "want", "would", "student", "from", "votre", "notre"),
    }
)
_PARTICLES = frozenset(["de", "du", "des", "la", "le", "van", "von", "der", "den", "el", "al", "ben", "da", "dos"])


def mask_personal(text: str) -> str:
    """The text on one line without e-mail addresses, telephones, names that people give as theirs, numbers of cards,
    accounts and social security, home addresses, dates of birth, and whose account a link is.
    """
    text = " ".join(tidy(text).split())
    text = _USER_OF_URL.sub(f"{ACCOUNT}@", text)
    text = _EMAIL.sub(lambda found: found[0] if ACCOUNT in found[0] else EMAIL, text)
    text = _HANDLE.sub(ACCOUNT, _PROFILE.sub(rf"\1{ACCOUNT}", text))
    text = _IBAN.sub(_unless(_is_no_account, NUMBER), text)
    text = _SOCIAL_SECURITY.sub(_unless(_are_years, NUMBER), text)
    for pattern in (_FRENCH_PHONE, _FOREIGN_PHONE, _SPACED_NATIONAL):
        text = pattern.sub(TELEPHONE, text)
    text = _CARD.sub(_unless(lambda found: _are_years(found) or not _is_card(found), NUMBER), text)
    text = _BORN.sub(rf"\1{DATE}", text)
    text = _STREET.sub(ADDRESS, text)
    return _mask_names(text)


def has_marks(text: str) -> bool:
    """Whether something of a text was masked."""
    return any(mark in text for mark in _MARKS)


def _unless(is_harmless: Callable[[str], bool], mark: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found[0] if is_harmless(found[0]) else mark


def _are_years(text: str) -> bool:
    """ "2014 2015 2016 2017" is no number of a card."""
    return _YEARS.fullmatch(text) is not None


def _is_card(text: str) -> bool:
    """Whether the last digit is the one that Luhn's formula gives for the others."""
    digits = [int(digit) for digit in re.sub(r"\D", "", text)][::-1]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_no_account(text: str) -> bool:
    """A word of two letters with figures around it: an account has at least ten."""
    return sum(letter.isdigit() for letter in text) < 10


def _mask_names(text: str) -> str:
    text = _mask_presented(text)
    text = _TITLED.sub(NAME, text)
    return _I_AM.sub(rf"\1{NAME}", text)


def _mask_presented(text: str) -> str:
    """Names after what presents them, whose letters may all be small: up to the first word that cannot be a name."""
    pieces, at = [], 0
    while found := _PRESENTS.search(text, at):
        end = _find_end_of_name(text, found.end())
        pieces.append(text[at : found.end()].rstrip() if end > found.end() else text[at : found.end()])
        if end > found.end():
            pieces.append(f" {NAME}")
        at = max(end, found.end())
    return "".join([*pieces, text[at:]])


def _find_end_of_name(text: str, start: int) -> int:
    end = at = start
    for _ in range(_LONGEST_NAME):
        word = _WORD.match(text, at)
        if not word or (end > start and "," in word[0]):
            break
        bare = word[1].rstrip(".")
        if re.fullmatch(_TITLE, word[1], re.IGNORECASE) or fold(bare) in _PARTICLES:
            at = word.end()  # part of a name only if a name follows
            continue
        if fold(bare) in _ENDS_NAME or fold(bare.split("'")[0].split("’")[0]) in {"j", "qu", "c", "n", "s"}:
            break
        end = at = word.end() - (len(word[1]) - len(bare))
        if end < word.end():
            break
    return end
