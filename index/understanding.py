"""Understanding: what a question says of the sheets sought, found by words and rules, without a language model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from index.filters import FilterKey, Filters
from index.gazetteer import PlaceNamed, find_places
from index.inhabitants import Inhabitants, find_inhabitants
from index.language import Language, detect_language
from index.lexicon import Group, Lexicon
from index.phrases import Found, PhraseBook, Word, read_words
from index.typos import Mend
from index.years import find_years
from ingest.repair import tidy
from ingest.sheet import Facet, Frozen

_Value = TypeVar("_Value")

_SMALL = (
    r"(?:\s*\b(?:(?:par|en|dans|sur|pour|avec|à|aux?|l[ea]s?|du|des?|une?|nos|leurs|by|in|on|for|an?|the)\b|[ld]['’]))*"
)
# What is said after these words is what is not sought.
_NOT = re.compile(
    r"(?:plut[oô]t que|autres? que|autre chose que|autrement que|(?:et|mais|non|,) pas|\bsauf|\bhormis|\bexcept[ée]|\bsans|"
    r"\bni|\bhors|en dehors|à part|au lieu|rather than|other than|but not|\bnot|\bexcept|\bwithout|instead of)" + _SMALL + r"\W*$",
    re.IGNORECASE,
)
# Those who are associated with a démarche do not run it.
_WITH = re.compile(
    r"\b(?:avec|aupr[eè]s|(?:r[ée])?associer|impliquer|mobiliser|consulter|embarquer|convaincre|inciter|toucher|entre|"
    r"autour de la table[^.;?!]{0,60}|with|involv\w+|among)" + _SMALL + r"\W*$",
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
    mended, "" when there was none; `expansions` are other words for the same things, in French.
    """

    filters: Filters = Filters()
    asker: Filters = Filters()
    places: tuple[PlaceNamed, ...] = ()
    population: int | None = None
    population_range: tuple[int, int] | None = None
    online: bool | None = None
    mended: str = ""
    expansions: tuple[str, ...] = ()
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


def understand(question: str, lexicon: Lexicon) -> Understood:
    """What a question says, in the words of one version's sheets and of the trade."""
    question = tidy(question)
    places = find_places(question)
    spans = [(place.start, place.end) for place in places]
    wanted = [place for place in places if not _NOT.search(question[: place.start])]
    language = _language(question, lexicon)
    mends = lexicon.speller.mend(question, spans) if language == "fr" else []
    words = _read(question, mends, spans)
    inhabitants = find_inhabitants(question)
    text = _write(question, mends)
    sought, asker = _find_porteurs(question, words, lexicon)
    filters = Filters(
        porteur=_fit_size(sought, inhabitants, lexicon),
        demarche=_find_codes("demarche", question, words, lexicon),
        thematique=_find_codes("thematique", question, words, lexicon),
        annee=find_years(text, lexicon.years),
        source=next(iter(_codes(_find(lexicon.programmes, question, words, lexicon))), ""),
        departement=_unique(code for place in wanted if place.kind == "departement" for code in place.departements),
        region=_unique(code for place in wanted if place.kind == "region" for code in place.regions),
    )
    return Understood(
        filters=filters,
        asker=Filters(porteur=asker),
        places=tuple(wanted),
        population=inhabitants.number if inhabitants else None,
        population_range=(inhabitants.least, inhabitants.most) if inhabitants else None,
        online=_find_way(question, words, lexicon),
        mended=text if mends else "",
        expansions=_expand(words, language, lexicon),
        language=language,
    )


def _language(question: str, lexicon: Lexicon) -> Language:
    """A question without small words is in English if it uses a term that French has not."""
    language = detect_language(question)
    if language is not None:
        return language
    words = read_words(question)
    terms = {position for found in lexicon.english.find(words) for position in found.positions}
    return "en" if any(not lexicon.speller.knows(words[position].folded) for position in terms) else "fr"


def _read(question: str, mends: Iterable[Mend], spans: list[tuple[int, int]]) -> list[Word]:
    """The words of a question, mended; those of places say nothing else: "Bourg-en-Bresse" is no village."""
    words = read_words(question, {mend.start: mend.word for mend in mends})
    return [word for word in words if not any(start <= word.start < end for start, end in spans)]


def _write(question: str, mends: list[Mend]) -> str:
    for mend in reversed(mends):
        question = question[: mend.start] + mend.word + question[mend.end :]
    return question


def _find(book: PhraseBook[str], question: str, words: list[Word], lexicon: Lexicon) -> list[Found[str]]:
    """The phrases of a book that a question asks for: not within other expressions, nor after "plutôt que"."""
    other = [set(aside.positions) for aside in lexicon.asides.find(words)]
    if book is not lexicon.programmes:
        other += [set(programme.positions) for programme in lexicon.programmes.find(words)]
    return [
        found
        for found in book.find(words)
        if not any(positions.issuperset(found.positions) for positions in other)
        and not _NOT.search(_before(found, question, words))
    ]


def _before(found: Found[str], question: str, words: list[Word]) -> str:
    return question[: words[found.positions[0]].start]


def _codes(found: Iterable[Found[str]]) -> tuple[str, ...]:
    return _unique(code for each in found for code in each.meanings)


def _find_codes(facet: Facet, question: str, words: list[Word], lexicon: Lexicon) -> tuple[str, ...]:
    book = lexicon.facets.get(facet)
    return _codes(_find(book, question, words, lexicon)) if book else ()


def _find_porteurs(question: str, words: list[Word], lexicon: Lexicon) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the organisations sought, and those of who asks; a town seeks towns of its own size."""
    book = lexicon.facets.get("porteur")
    sought: list[str] = []
    asker: list[str] = []
    for found in _find(book, question, words, lexicon) if book else ():
        before = _before(found, question, words)
        if _WITH.search(before):
            continue
        asks = _WHO_ASKS.search(before)
        for code in found.meanings:
            (asker if asks and code not in lexicon.population else sought).append(code)
    return _unique(sought), _unique(code for code in asker if code not in sought)


def _fit_size(codes: tuple[str, ...], inhabitants: Inhabitants | None, lexicon: Lexicon) -> tuple[str, ...]:
    """The codes of the size stated in inhabitants instead of those of the words; another kind of body has no size."""
    if inhabitants is None or any(code not in lexicon.population for code in codes):
        return codes
    sizes = [code for code, (least, most) in lexicon.population.items() if inhabitants.is_about(least, most)]
    return codes if not sizes or len(sizes) == len(lexicon.population) else tuple(sizes)


def _find_way(question: str, words: list[Word], lexicon: Lexicon) -> bool | None:
    ways = {way for found in lexicon.ways.find(words) for way in found.meanings}
    return ways.pop() if len(ways) == 1 else None


def _expand(words: list[Word], language: Language, lexicon: Lexicon) -> tuple[str, ...]:
    """Other expressions for those of a question, less the words that it has already."""
    if language == "other":
        return ()
    book: PhraseBook[Group] = lexicon.english if language == "en" else lexicon.synonyms
    said = {word.key for word in words}
    groups = [group for found in book.find(words) for group in found.meanings]
    return _unique(
        phrase for group in groups for phrase in group if not said.issuperset(word.key for word in read_words(phrase))
    )


def _unique(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))
