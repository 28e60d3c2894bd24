"""Understanding: what a question says of the sheets sought, found by words and rules, without a language model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from index.encoding.budget import spend
from index.filters import FilterKey, Filters
from index.inhabitants import Inhabitants, find_inhabitants
from index.language import Language, detect_language
from index.lexicon import Lexicon
from index.nearby import before
from index.phrases import Found, PhraseBook, Word, are_within, read_words
from index.places.gazetteer import PlaceNamed, find_places
from index.typos import Mend
from index.years import find_year_spans, find_years
from ingest.repair import tidy
from ingest.sheet import Frozen

_Value = TypeVar("_Value")
_MOST_PLACES = 20  # that a question is about: each is compared with all sheets
Firm = Literal["size", "annee"]

_SMALL = (
    r"(?:\s*\b(?:(?:par|en|dans|sur|pour|avec|à|aux?|l[ea]s?|du|des?|une?|nos|leurs|by|in|on|for|an?|the)\b|"
    r"[ld]['’])){0,8}"
)
# What is said after these words is what is not sought.
_NOT = re.compile(
    r"(?:plut[oô]t que|autres? que|autre chose que|autrement que|(?:et|mais|non|,) pas|\bsauf|\bhormis|\bexcept[ée]|"
    r"\bsans|\bni|\bhors|en dehors|à part|au lieu|rather than|other than|but not|\bnot|\bexcept|\bwithout|instead of)"
    + _SMALL
    + r"\W{0,20}$",
    re.IGNORECASE,
)
# Those who are associated with a démarche do not run it.
_WITH = re.compile(
    r"\b(?:avec|aupr[eè]s|(?:r[ée])?associer|impliquer|mobiliser|consulter|embarquer|convaincre|inciter|toucher|entre|"
    r"with|involv\w+|among)\b"
    + _SMALL
    + r"(?:\s*[\w'’-]{1,40}\s+(?:et|ou|and|or)\b"
    + _SMALL
    + r")?\W{0,20}$|\bautour de la table\b[^.;?!]{0,80}$",
    re.IGNORECASE,
)
# Those who ask say who they are before they say what they seek.
_WHO_ASKS = re.compile(
    r"\b(?:je (?:suis|travaille|bosse|dirige|g[eè]re|m['’]occupe|repr[ée]sente)|nous sommes|on est|(?:dans|pour|chez) "
    r"(?:mon|ma|notre|nous)|mon|ma|notre|nos|b[ée]n[ée]voles?|charg[ée]e?s? de|salari[ée]e?s?|[ée]lue?s?|I am|I['’]m|"
    r"I work|we are|our|my)\b[^,.;:?!]{0,60}$",
    re.IGNORECASE,
)


class Understood(Frozen):
    """What a question says, to rank sheets up; nothing here leaves a sheet out.

    `filters` say what is sought, `asker` what the person says they are themselves. `population` is the number of
    inhabitants said, `population_range` what it stands for, ends included. `mended` is the question with its typos
    mended, "" when there was none; `expansions` are other words for the same things, in French. `firm` are the sizes
    and years that a follow-up sets: sheets that contradict them come last.
    """

    filters: Filters = Filters()
    asker: Filters = Filters()
    places: tuple[PlaceNamed, ...] = ()
    population: int | None = None
    population_range: tuple[int, int] | None = None
    online: bool | None = None
    mended: str = ""
    expansions: tuple[str, ...] = ()
    firm: tuple[Firm, ...] = ()
    language: Language = "fr"

    def without(self, key: FilterKey, value: str | int) -> Understood:
        """The same less a value that the person took away, and less what it came from."""
        changes: dict[str, object] = {"filters": self.filters.without(key, value)}
        if key == "porteur":
            changes |= {"population": None, "population_range": None, "asker": self.asker.without(key, value)}
        if key in ("departement", "region"):
            codes = f"{key}s"
            changes["places"] = tuple(place for place in self.places if str(value) not in getattr(place, codes))
        return self.model_copy(update=changes)

    def less(self, ignored: Filters) -> Understood:
        """The same less every value of the filters that the person took away."""
        understood = self
        for key in ignored.stated:
            for value in ignored.values(key):
                understood = understood.without(key, value)
        return understood


@dataclass(frozen=True)
class _Said:
    """A question with its words, typos mended; those of places are left out: "Bourg-en-Bresse" is no village."""

    question: str
    words: list[Word]
    lexicon: Lexicon
    places: tuple[PlaceNamed, ...]
    language: Language
    mends: list[Mend]

    def before(self, found: Found[_Value]) -> str:
        """What stands before a phrase."""
        return before(self.question, self.words[found.positions[0]].start)

    def spans(self, found: Iterable[Found[_Value]]) -> list[tuple[int, int]]:
        """The characters of each word of these phrases."""
        return [(self.words[at].start, self.words[at].end) for each in found for at in each.positions]


def understand(question: str, lexicon: Lexicon) -> Understood:
    """What a question says, in the words of one version's sheets and of the trade."""
    said = _read(question, lexicon)
    places, language = said.places, said.language
    inhabitants = find_inhabitants(said.question)
    sought, asker = _find_porteurs(said)
    filters = Filters(
        porteur=_fit_size(sought, inhabitants, lexicon),
        demarche=_find_codes(lexicon.facets.get("demarche"), said),
        thematique=_find_codes(lexicon.facets.get("thematique"), said),
        annee=find_years(said.question, lexicon.years),
        source=next(iter(_find_codes(lexicon.programmes, said)), ""),
        departement=_unique(code for place in places if place.kind == "departement" for code in place.departements),
        region=_unique(code for place in places if place.kind == "region" for code in place.regions),
    )
    return Understood(
        filters=filters,
        asker=Filters(porteur=asker),
        places=places,
        population=inhabitants.number if inhabitants else None,
        population_range=(inhabitants.least, inhabitants.most) if inhabitants else None,
        online=_find_way(said),
        mended=_write(said.question, said.mends),
        expansions=_expand(said, language),
        language=language,
    )


def find_said(question: str, lexicon: Lexicon) -> dict[FilterKey, set[int]]:
    """The characters of a question that say each key of the filters: what to take out for it not to be said."""
    said = _read(question, lexicon)
    facets, inhabitants = lexicon.facets, find_inhabitants(said.question)
    spans: dict[FilterKey, list[tuple[int, int]]] = {
        "porteur": said.spans(_find_run(said)) + ([(inhabitants.start, inhabitants.end)] if inhabitants else []),
        "demarche": said.spans(_find(facets["demarche"], said)) if "demarche" in facets else [],
        "thematique": said.spans(_find(facets["thematique"], said)) if "thematique" in facets else [],
        "source": said.spans(_find(lexicon.programmes, said)),
        "annee": find_year_spans(said.question, lexicon.years),
        "departement": [(place.start, place.end) for place in said.places if place.kind == "departement"],
        "region": [(place.start, place.end) for place in said.places if place.kind == "region"],
    }
    return {key: {at for span in each for at in range(*span)} for key, each in spans.items()}


def says_who_asks(question: str, at: int) -> bool:
    """Whether what stands before a word says that it is of who asks: "je suis maire de", "dans notre ville de"."""
    return bool(_WHO_ASKS.search(before(question, at)))


def _read(question: str, lexicon: Lexicon) -> _Said:
    """A question read once: its places, its language, its words with their typos mended."""
    spend()
    question = tidy(question)
    named = find_places(question)
    spans = [(place.start, place.end) for place in named]
    language = _language(question, lexicon)
    mends = lexicon.speller.mend(question, spans) if language == "fr" else []
    inside = {at for span in spans for at in range(*span)}
    words = read_words(question, {mend.start: mend.word for mend in mends})
    outside = [word for word in words if word.start not in inside]
    places = tuple(place for place in named[:_MOST_PLACES] if not _NOT.search(before(question, place.start)))
    return _Said(question, outside, lexicon, places, language, mends)


def _language(question: str, lexicon: Lexicon) -> Language:
    """The language; a question without small words is in English if it uses a term that French has not."""
    if language := detect_language(question):
        return language
    words = read_words(question)
    terms = {position for found in lexicon.english.find(words) for position in found.positions}
    return "en" if any(not lexicon.speller.knows(words[position].folded) for position in terms) else "fr"


def _write(question: str, mends: Sequence[Mend]) -> str:
    """The question mended, "" if nothing was."""
    edges = [0, *(mend.end for mend in mends)]
    kept = [question[start : mend.start] for start, mend in zip(edges, mends, strict=False)]
    pieces = [piece for each, mend in zip(kept, mends, strict=True) for piece in (each, mend.word)]
    return "".join([*pieces, question[edges[-1] :]]) if mends else ""


def _find(book: PhraseBook[_Value], said: _Said) -> list[Found[_Value]]:
    """The phrases of a book that a question asks for: not within other expressions, nor after "plutôt que"."""
    others = said.lexicon.asides.find(said.words)
    if book != said.lexicon.programmes:
        others += said.lexicon.programmes.find(said.words)
    asked = book.find(said.words)
    return [
        found
        for found, is_within in zip(asked, are_within(asked, others), strict=True)
        if not is_within and not _NOT.search(said.before(found))
    ]


def _find_codes(book: PhraseBook[str] | None, said: _Said) -> tuple[str, ...]:
    return _unique(code for found in _find(book, said) for code in found.meanings) if book else ()


def _find_porteurs(said: _Said) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the organisations sought, and those of who asks; a town seeks towns of its own size."""
    sizes = said.lexicon.population
    sought: list[str] = []
    asker: list[str] = []
    for found in _find_run(said):
        asks = _WHO_ASKS.search(said.before(found))
        for code in found.meanings:
            (asker if asks and code not in sizes else sought).append(code)
    return _unique(sought), _unique(code for code in asker if code not in sought)


def _find_run(said: _Said) -> list[Found[str]]:
    """The phrases for an organisation that runs a démarche, or asks; not for one that is associated with it."""
    book = said.lexicon.facets.get("porteur")
    return [found for found in _find(book, said) if not _WITH.search(said.before(found))] if book else []


def _fit_size(codes: tuple[str, ...], inhabitants: Inhabitants | None, lexicon: Lexicon) -> tuple[str, ...]:
    """The codes of the size stated in inhabitants instead of those of the words; another kind of body has no size."""
    if inhabitants is None or any(code not in lexicon.population for code in codes):
        return codes
    sizes = [code for code, (least, most) in lexicon.population.items() if inhabitants.is_about(least, most)]
    return codes if not sizes or len(sizes) == len(lexicon.population) else tuple(sizes)


def _find_way(said: _Said) -> bool | None:
    """Whether people take part online; None when nothing or both are said."""
    ways = {way for found in said.lexicon.ways.find(said.words) for way in found.meanings}
    return ways.pop() if len(ways) == 1 else None


def _expand(said: _Said, language: Language) -> tuple[str, ...]:
    """Other French expressions for those of a question, less those whose words a French question has already."""
    if language == "other":
        return ()
    book = said.lexicon.english if language == "en" else said.lexicon.synonyms
    known = {word.key for word in said.words} if language == "fr" else set()
    groups = [group for found in _find(book, said) for group in found.meanings]
    return _unique(
        phrase for group in groups for phrase in group if not known.issuperset(word.key for word in read_words(phrase))
    )


def _unique(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))
