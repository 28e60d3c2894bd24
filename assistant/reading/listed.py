"""Listed: what a question counts or lists, and which of its words no filter says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from assistant.reading.asked import Asked
from assistant.reading.content import cut_at_verb, find_beside_content
from assistant.reading.form import Form
from assistant.reading.inhabitants import find_inhabitants
from assistant.reading.organisation_kinds import OrganisationKind, find_kinds, find_running
from assistant.reading.years import find_year_spans
from index.filters import FILTER_KEYS, FilterKey
from index.opened import Index
from index.phrases import Word, read_words
from index.places.gazetteer import find_places
from index.signals.lexical import split_words
from index.understood import Understood
from ingest.sheet import FACETS, Frozen
from language.grammar import Grammar
from language.text import Text, read_text

_LISTED = Grammar("listed")
_FORM = Grammar("form")
_COMMON = 0.3  # of the sheets


class Listed(Frozen):
    """What a list is asked of: sheets and nothing else, or what many words may say; towns when it says so.

    `about` when what is counted is told by its subject, whatever its words; `share` when it is wanted as a part of the
    whole, which `whole` says where it is not the catalogue: "parmi les départements"; `column`, a key of the filters,
    when it is counted for each of its values. `bounded` when the question lists in no words, and says nothing but
    bounds: "des exemples en Bretagne". `kinds` are those of organisation of which one runs them, when no code says it;
    `among` the sheets shown before, when it counts some of them; `named` when all that is counted is to be named;
    `figure` is what is wanted of each. `text` is what says all that, `unsaid` those of its words that no filter says.
    """

    counted: bool
    share: bool = False
    whole: str = ""
    column: FilterKey | None = None
    bounded: bool = False
    sheets: bool = False
    towns: bool = False
    about: bool = False
    kinds: tuple[OrganisationKind, ...] = ()
    among: tuple[str, ...] = ()
    named: bool = False
    figure: Asked | None = None
    text: str = ""
    unsaid: tuple[str, ...] = ()


def read_listed(
    question: Text, form: Form, understood: Understood, index: Index, *, alone: bool = True
) -> Listed | None:
    """What is counted or listed, None when it is nothing that the catalogue holds.

    Bounds alone ask for a list in a question that stands `alone`: after others they narrow what was found.
    """
    asked = _read_what(question, form, understood, index)
    if asked is None and alone:
        asked = _read_bounds(question, form, understood, index)
    if asked is None:
        return None
    if asked.share:
        asked = asked.model_copy(update={"whole": _find_whole(question)})
    if asked.share and (shared := _FORM.search("shared", question)):  # "quelle proportion des" is no content
        question = read_text(shared.written["what"], question.language)
    column = _read_column(form) if asked.counted else None
    if column:  # the words that name it are no content
        named = _FORM.search("by_column", question)
        question = _FORM.without("by_column", question) if named else question
    return _complete(asked.model_copy(update={"column": column}), question, index)


def suppose_listed(question: Text, form: Form, index: Index, *, counted: bool, share: bool) -> Listed | None:
    """What a question counts or lists that does so of sheets, though it names none: "combien visent les jeunes ?".

    None when it counts something else, what follows "combien de", or divides a whole that no column of the catalogue
    does.
    """
    column = _read_column(form) or (_find_column(question) if share or _LISTED.has("spread", question) else None)
    if form.per_inhabitant or form.comparison or (form.counted is not None and not _LISTED.has("times", form.counted)):
        return None
    if not column and _LISTED.has("spread", question):
        return None
    share = share and not column
    whole = _find_whole(question) if share else ""
    if (
        whole and not _LISTED.has("sheet", whole) and find_unsaid(whole, index)
    ):  # "quelle part des votes" is of no sheets
        return None
    asked = Listed(counted=counted or share or column is not None, share=share, whole=whole, sheets=True, column=column)
    return _complete(asked, _FORM.without("by_column", question) if column else question, index)


def _find_column(question: Text) -> FilterKey | None:
    """The column over which a question spreads sheets, "entre départements", "sur quels thèmes"."""
    if (over := _LISTED.search("over", question)) is None:
        return None
    named = over["column"] or over["column2"]
    return next((key for key in FILTER_KEYS if _LISTED.has(f"column_{key}", named)), None)


def read_among(question: Text, shown: Sequence[str], index: Index) -> Listed | None:
    """What is counted or listed of the sheets shown before, None when it asks of none: "combien d'entre elles ?"."""
    found = _LISTED.search("among", question)
    if found is None or not shown:
        return None
    counted = bool({"counted", "counted2"} & set(found.groups))
    rest = read_text(question.written[found.end :], question.language)
    listed = _complete(Listed(counted=counted, sheets=True, among=tuple(shown)), rest, index)
    return None if listed.unsaid and not counted else listed


def _complete(asked: Listed, question: Text, index: Index) -> Listed:
    """What is listed with the words of the question that say it, those of a kind of organisation apart."""
    running = find_running(question)
    spans = frozenset(range(running.start, running.end)) if running else frozenset[int]()
    unsaid = tuple(find_unsaid(question.written, index, find_beside_content(question, index) | spans))
    if asked.counted and not (unsaid or asked.sheets) and _LISTED.has("counts_several_of_one", question):
        # "Retenus" in "combien de projets ont été retenus ?" tells which of one practice.
        unsaid = tuple(find_unsaid(question.written, index, spans))
    kinds = running.kinds if running else ()
    return asked.model_copy(update={"text": question.written, "unsaid": unsaid, "kinds": kinds})


def _find_whole(question: Text) -> str:
    """What a share is asked of, as it is written: "lauréats de 2020" in "parmi les lauréats de 2020, quelle part"."""
    if named := _LISTED.search("whole", question):
        return next(iter(named.written.values()))
    part = _LISTED.search("part_of", question)
    return cut_at_verb(question, part.end) if part else ""


def _read_column(form: Form) -> FilterKey | None:
    """The key of the filters for whose values something is counted."""
    if form.by_column is None:
        return None
    if not form.by_column:
        return "annee"
    return next((key for key in FILTER_KEYS if _LISTED.has(f"column_{key}", form.by_column)), None)


def _read_bounds(question: Text, form: Form, understood: Understood, index: Index) -> Listed | None:
    """A list that is asked for by its bounds alone: where, how large or who, and no subject."""
    if form.method or form.comparison or form.contact or form.told or form.obligation or form.definition:
        return None
    if form.counted is not None:  # "combien de personnes ont voté dans le Gers ?" asks for a figure of its sheets
        return None
    wide = [place for place in understood.places if place.kind != "commune" or place.near]
    rest = _after_which(question)
    who = rest and _starts_with_coded(rest.words, index, "porteur")
    sized = understood.population_range and not understood.own_size
    if not (wide or sized or who) or _LISTED.has("asked_otherwise", question):
        return None
    left = [word for word in find_unsaid(question.written, index) if not is_common(word, index)]
    return None if left else Listed(counted=False, bounded=True)


def is_common(word: str, index: Index) -> bool:
    """Whether so many sheets have a word that it tells none apart: "habitants", "démarche", "participer"."""
    stems = split_words(word)
    return bool(stems) and all(index.share_with(stem) >= _COMMON for stem in stems)


def leave_common(unsaid: Sequence[str], question: str, index: Index) -> list[str]:
    """The words that tell sheets apart; all those of an expression that the vocabulary knows do: "jury citoyen"."""
    words = read_words(question)
    whole = {
        question[words[at].start : words[at].end]
        for found in index.lexicon.synonyms.find(words)
        if len(found.positions) > 1
        for at in found.positions
    }
    rows = set(range(len(words)))
    whole |= {
        question[each.start : each.end] for at, each in enumerate(words) if _is_of_name(question, words, at, rows)
    }
    return [word for word in unsaid if word in whole or not is_common(word, index)]


def _read_what(question: Text, form: Form, understood: Understood, index: Index) -> Listed | None:
    if form.shared is not None and (asked := _read_things(form.shared, understood, index, counted=True)):
        return asked.model_copy(update={"share": True, "sheets": True})
    by_column = form.by_column is not None and _LISTED.has("anything", question)
    if form.counted is None and (form.counted_sheets or by_column):
        return Listed(counted=True, sheets=True)
    for what in (form.counted, form.listed):
        if what is not None and (asked := _read_things(what, understood, index, counted=what == form.counted)):
            return asked
    if form.counted is not None or _LISTED.has("asked_otherwise", question):
        return None
    if _LISTED.has("prized", _LISTED.without("who_won", question)):
        return Listed(counted=form.shared is not None, share=form.shared is not None)
    return _read_which(rest, understood, index) if (rest := _after_which(question)) else None


def _after_which(question: Text) -> Text | None:
    """What follows "quelles", None when nothing does."""
    which = _LISTED.search("which", question)
    return read_text(question.written[which.end :], question.language) if which else None


def _read_things(what: str, understood: Understood, index: Index, *, counted: bool) -> Listed | None:
    """What follows "combien de" or "la liste des"."""
    if _LISTED.has("sheets", what):
        return Listed(counted=counted, sheets=True)
    if counted and any(place.kind == "commune" for place in understood.places):
        return None  # "combien de projets à Auch ?" asks for a figure of its sheet
    towns = _LISTED.has("towns", what)
    if not what and not counted:
        return Listed(counted=counted)  # "les démarches de Bretagne : liste complète"
    known = towns or _LISTED.has("things", what) or _starts_with_coded(what, index) or _starts_with_kind(what)
    known = known or (not counted and _LISTED.has("those_who", what))
    return Listed(counted=counted, towns=towns, about=counted and _LISTED.has("about", what)) if known else None


def _read_which(rest: Text, understood: Understood, index: Index) -> Listed | None:
    """What follows "quelles": organisations or sheets, not the things that they did."""
    if _LISTED.has("sheets", rest) and not find_unsaid(rest.written, index):  # "quels exemples de…" asks for some
        return Listed(counted=False, sheets=True)
    if _LISTED.has("towns", rest) and understood.filters.stated:
        return Listed(counted=False, towns=True)
    named = _starts_with_coded(rest.words, index, "porteur") or _starts_with_kind(rest.written)
    return Listed(counted=False) if named else None


def _starts_with_kind(what: str) -> bool:
    """Whether a kind of organisation that no code says comes first."""
    return any(found.start == 0 for _, found in find_kinds(read_text(what.strip())))


def _starts_with_coded(what: str, index: Index, *facets: str) -> bool:
    """Whether an expression that stands for a kind of organisation or of démarche comes first."""
    words = read_words(what)
    books = [index.lexicon.facets.get(facet) for facet in FACETS if facet in (facets or ("porteur", "demarche"))]
    return any(found.positions[0] == 0 for book in books if book for found in book.find(words))


def find_unsaid(question: str, index: Index, asking: frozenset[int] = frozenset()) -> list[str]:
    """The words of a question that no filter says, as they are written; those that start at `asking` only ask."""
    words = read_words(question)
    lexicon = index.lexicon
    books = [*lexicon.facets.values(), lexicon.programmes]
    said = {at for book in books for found in book.find(words) for at in found.positions}
    placed = {at for place in find_places(question) for at in range(place.start, place.end)}
    years = find_year_spans(question, lexicon.years)
    sized = find_inhabitants(question)
    bounds = [*years, (sized.start, sized.end)] if sized else years
    placed |= {at for start, end in bounds for at in range(start, end)}
    prizes = {word for sheet in index.practices for word in split_words(sheet.prize)}
    whole = {at for found in lexicon.synonyms.find(words) for at in found.positions if len(found.positions) > 1}
    left = {
        at
        for at, word in enumerate(words)
        if at not in said and word.start not in placed | asking and not word.folded.isdigit()
    }
    named = {at for at, word in enumerate(words) if word.start not in placed and _is_of_name(question, words, at, left)}
    nothing = _asking_words() | prizes
    written = [(at, question[words[at].start : words[at].end]) for at in sorted(left | named)]
    # "Jury" says the prize of the jury, but in "jury citoyen".
    whole |= named
    return [word for at, word in written if split_words(word) and (at in whole or set(split_words(word)) - nothing)]


def _is_of_name(question: str, words: Sequence[Word], at: int, left: set[int]) -> bool:
    """Whether a word is of the name of another that is left, whatever it says alone: "Collectif" of "Cap Collectif"."""
    pairs = ((words[min(at, beside)], words[max(at, beside)]) for beside in (at - 1, at + 1) if beside in left)
    return any(
        question[one.end : other.start] == " " and question[one.start].isupper() and question[other.start].isupper()
        for one, other in pairs
    )


@cache
def _asking_words() -> frozenset[str]:
    """What a question for a list is made of beside what it lists, in every language, as `split_words` gives it."""
    return frozenset(split_words(" ".join(_LISTED.every_word("asking"))))
