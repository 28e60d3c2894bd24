"""Understanding: what a question says of the sheets sought, found by words and rules, without a language model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant.reading.asker import asks_for, is_context, speaks_of_self
from assistant.reading.inhabitants import Inhabitants, find_inhabitants
from assistant.reading.years import find_year_spans, find_years
from index.encoding.budget import spend
from index.filters import FilterKey, Filters
from index.lexicon import Lexicon
from index.phrases import Found, PhraseBook, Word, are_within, read_words
from index.places.gazetteer import PlaceNamed, find_places
from index.typos import Mend
from index.understood import Understood
from ingest.repair import tidy
from language.detection import Language, detect_language
from language.grammar import Grammar
from language.text import Text, read_text

_Value = TypeVar("_Value")
_MOST_PLACES = 20  # that a question is about: each is compared with all sheets

_AROUND, _PLACE = Grammar("around"), Grammar("place")


@dataclass(frozen=True)
class _Said:
    """A question with its words, typos mended; those of places are left out: "Bourg-en-Bresse" is no village."""

    question: str
    words: list[Word]
    lexicon: Lexicon
    places: tuple[PlaceNamed, ...]
    language: Language

    def before(self, found: Found[_Value]) -> Text:
        """What stands before a phrase."""
        return read_text(self.question).before(self.words[found.positions[0]].start)

    def spans(self, found: Iterable[Found[_Value]]) -> list[tuple[int, int]]:
        """The characters of each word of these phrases."""
        return [(self.words[at].start, self.words[at].end) for each in found for at in each.positions]


def mend(question: str, lexicon: Lexicon) -> str:
    """A question with its typos mended, as it is searched."""
    question = tidy(question)
    return _write(question, _find_mends(question, find_places(question), _language(question, lexicon), lexicon))


def understand(question: str, lexicon: Lexicon) -> Understood:
    """What a question says, in the words of one version's sheets and of the trade."""
    said = _read(question, lexicon)
    places, language = said.places, said.language
    inhabitants = find_inhabitants(said.question)
    own_size = inhabitants is not None and _is_own(inhabitants, read_text(said.question))
    sought, asker = _find_porteurs(said, inhabitants, own_size=own_size)
    filters = Filters(
        porteur=sought or tuple(code for code in asker if code in lexicon.population),
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
        own_size=own_size,
        online=_find_way(said),
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
    return _AROUND.has("who_asks", read_text(question).before(at))


def _read(question: str, lexicon: Lexicon) -> _Said:
    """A question read once: its places, its language, its words with their typos mended."""
    spend()
    question = tidy(question)
    named = find_places(question)
    language = _language(question, lexicon)
    inside = {at for place in named for at in range(place.start, place.end)}
    mends = _find_mends(question, named, language, lexicon)
    words = read_words(question, {mend.start: mend.word for mend in mends})
    outside = [word for word in words if word.start not in inside]
    places = [
        place
        for place in named[:_MOST_PLACES]
        if not _AROUND.has("not_sought", read_text(question).before(place.start))
    ]
    return _Said(question, outside, lexicon, tuple(_widen_own(places, question)), language)


def _widen_own(places: Sequence[PlaceNamed], question: str) -> Iterator[PlaceNamed]:
    """The places, around that of who asks where they ask for what is near them: "à Marseille, près de chez nous"."""
    towns = [place for place in places if place.kind == "commune"]
    own = [place for place in towns if says_who_asks(question, place.start)] or (towns if len(towns) == 1 else [])
    near_us = bool(own) and _PLACE.has("near_us", read_text(question))
    return (place.model_copy(update={"near": True}) if near_us and place in own else place for place in places)


def _find_mends(question: str, named: Sequence[PlaceNamed], language: Language, lexicon: Lexicon) -> list[Mend]:
    """The typos of a question in French, outside the names of places."""
    spans = [(place.start, place.end) for place in named]
    return lexicon.speller.mend(question, spans) if language == "fr" else []


def _language(question: str, lexicon: Lexicon) -> Language:
    """The language; a question without small words is in English if it uses a term that French has not."""
    if language := detect_language(question):
        return language
    words = read_words(question)
    terms = {position for found in lexicon.english.find(words) for position in found.positions}
    return "en" if any(not lexicon.speller.knows(words[position].folded) for position in terms) else "fr"


def _write(question: str, mends: Sequence[Mend]) -> str:
    """The question with its mends."""
    edges = [0, *(mend.end for mend in mends)]
    kept = [question[start : mend.start] for start, mend in zip(edges, mends, strict=False)]
    pieces = [piece for each, mend in zip(kept, mends, strict=True) for piece in (each, mend.word)]
    return "".join([*pieces, question[edges[-1] :]])


def _find(book: PhraseBook[_Value], said: _Said) -> list[Found[_Value]]:
    """The phrases of a book that a question asks for: not within other expressions, nor after "plutôt que"."""
    others = said.lexicon.asides.find(said.words)
    if book != said.lexicon.programmes:
        others += said.lexicon.programmes.find(said.words)
    asked = book.find(said.words)
    return [
        found
        for found, is_within in zip(asked, are_within(asked, others), strict=True)
        if not is_within and not _AROUND.has("not_sought", said.before(found))
    ]


def _find_codes(book: PhraseBook[str] | None, said: _Said) -> tuple[str, ...]:
    return _unique(code for found in _find(book, said) for code in found.meanings) if book else ()


def _find_porteurs(
    said: _Said, inhabitants: Inhabitants | None, *, own_size: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the organisations sought, and those of who asks."""
    text = read_text(said.question)
    run = _find_run(said)
    spans = [(said.words[each.positions[0]].start, said.words[each.positions[-1]].end) for each in run]
    own = [is_context(text, *span) for span in spans]
    # Beside what they are themselves, others are sought when they are asked for: "c'est pour les grandes villes ?"
    if own_size or any(own):
        own = [each or not asks_for(text.before(start)) for each, (start, _) in zip(own, spans, strict=True)]
    sought = [code for each, found in zip(own, run, strict=True) if not each for code in found.meanings]
    asker = [code for each, found in zip(own, run, strict=True) if each for code in found.meanings]
    sizes = {"asker" if own_size else "sought": inhabitants}
    fitted = _fit_size(_unique(sought), sizes.get("sought"), said.lexicon)
    theirs = _fit_size(_unique(asker), sizes.get("asker"), said.lexicon)
    return fitted, tuple(code for code in theirs if code not in fitted)


def _is_own(inhabitants: Inhabitants, question: Text) -> bool:
    """Whether a number of inhabitants is that of who asks; nobody is introduced by a limit, "moins de 5 000"."""
    if inhabitants.number is None:
        return speaks_of_self(question.before(inhabitants.start))
    return is_context(question, inhabitants.start, inhabitants.end)


def _find_run(said: _Said) -> list[Found[str]]:
    """The phrases for an organisation that runs a démarche, or asks; not for one that is associated with it."""
    book = said.lexicon.facets.get("porteur")
    return [found for found in _find(book, said) if not _AROUND.has("taking_part", said.before(found))] if book else []


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
    if language not in ("fr", "en"):
        return ()
    book = said.lexicon.english if language == "en" else said.lexicon.synonyms
    known = {word.key for word in said.words} if language == "fr" else set()
    groups = [group for found in _find(book, said) for group in found.meanings]
    return _unique(
        phrase for group in groups for phrase in group if not known.issuperset(word.key for word in read_words(phrase))
    )


def _unique(values: Iterable[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values))
