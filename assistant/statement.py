"""Statements: what a language model writes is cut into sentences, and each is kept only with its proof."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.draft import Citations
from assistant.figures import Figure, find_figures, is_proof
from assistant.negation import inverts
from assistant.stated_names import are_named, find_names
from assistant.wording import describe_place, escape, quote
from index.lexical import split_words
from index.passage_index import Sentence
from index.retrieval import Hit
from ingest.passage import Passage
from ingest.sentence import split_sentences

_MARK = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
# A sentence ends after its mark: "... en 2019. [1] La ville" and "... en 2019 [1]. La ville" alike.
_BOUNDARY = re.compile(r"\n+|(?:[.!?…](?:\s?\[[\d ,;]+\])*|(?:\[[\d ,;]+\])+\.?)[ \t]+(?=[^\s\[.])")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]\d][^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"[*`#|]+|(?<!\w)_+|_+(?!\w)")
_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")
_LEAST_SUPPORT = 0.6  # of a statement's words, found in the sentences that prove it and in their sheets' titles
_MOST_SENTENCES = 3  # that prove one statement: spread over more, its words could be put together to say anything
_AROUND, _LEAST_AROUND = 3, 0.5  # words on each side of a figure; of them, found where it stands
_CLOSE = 3  # sentences of a sheet nearest to the question

Given = tuple[Hit, Passage]


@dataclass(frozen=True)
class _Source:
    """A sentence of a cited passage, with what it says."""

    hit: Hit
    passage: Passage
    text: str
    words: frozenset[str]
    heading: frozenset[str]
    figures: tuple[Figure, ...]


def cut_statements(text: str) -> tuple[list[str], str]:
    """The finished statements of a text that is still being written, and the rest of it."""
    statements, start = [], 0
    for boundary in _BOUNDARY.finditer(text):
        statements.append(text[start : boundary.end()])
        start = boundary.end()
    return statements, text[start:]


def prove_statement(statement: str, passages: Sequence[Given], citations: Citations) -> str:
    """The statement in plain words with its marks renumbered, or "" when it is not proved.

    Proved: it cites passages that were given, and up to three sentences of these hold each of its figures with what
    it counts, and most of its words; the passages or their sheets have each of its names; it denies nothing that
    they affirm, nor the reverse. These sentences are what is cited. Marks of passages that were not given are dropped.
    """
    bullet, words = _read_words(statement)
    sources = [source for given in _find_cited(statement, passages) for source in _read_sources(given)]
    figures, names = find_figures(words), find_names(words)
    stated = set(split_words(words))
    chosen = _choose_proof(stated, figures, sources)
    if not chosen or not all(_is_held(figure, chosen) for figure in figures) or _says_other(stated, figures, sources):
        return ""
    context = "\n".join(dict.fromkeys(_describe_context(source) for source in chosen))
    if not are_named(names, context) or not _is_supported(stated, chosen) or inverts(words, [s.text for s in chosen]):
        return ""
    numbers = dict.fromkeys(_cite(source, citations) for source in chosen)
    body = words.rstrip(".!?…:; ")
    end = words[len(body) :].strip()
    return f"{bullet}{escape(body)} {''.join(f'[{number}]' for number in numbers)}{end}{_space_after(statement)}"


def quote_instead(statement: str, question: str, passages: Sequence[Given], citations: Citations) -> str:
    """The sentence that a statement which is not proved most likely rests on, in quotation marks; "" without one.

    It stands in a passage that the statement cites, shares words with it, and is about the question.
    """
    bullet, words = _read_words(statement)
    wanted, figures = set(split_words(words)), find_figures(words)
    sources = [
        source
        for given in _find_cited(statement, passages)
        for source in _read_sources(given)
        if wanted & source.words and _is_on(question, source)
    ]
    best = max(sources, key=lambda source: _gain(wanted, figures, source), default=None)
    return f"{bullet}{quote(escape(best.text), _cite(best, citations))}{_space_after(statement)}" if best else ""


def says_something(statement: str) -> bool:
    """Whether a statement tells more than "Voici quelques exemples :", that nobody misses."""
    _, words = _read_words(statement)
    return bool(split_words(words)) and not words.endswith(":")


def _read_words(statement: str) -> tuple[str, str]:
    """Its bullet, and its words without marks, images, links, tags nor emphasis: a model that repeats a poisoned sheet
    must not make the reader's browser act.
    """
    found = _BULLET.match(statement)
    bullet = found[0].strip() + " " if found else ""
    text = _LINK.sub(r"\1", _IMAGE.sub("", statement[found.end() :] if found else statement))
    return bullet, " ".join(re.sub(r"\s+(?=[.,])", "", _EMPHASIS.sub("", _MARK.sub("", text))).split())


def _space_after(statement: str) -> str:
    """The space or line break before the next statement."""
    return statement[len(statement.rstrip()) :]


def _find_cited(statement: str, passages: Sequence[Given]) -> list[Given]:
    cited = [int(number) for mark in _MARK.findall(statement) for number in re.findall(r"\d+", mark)]
    return [passages[number - 1] for number in dict.fromkeys(cited) if 1 <= number <= len(passages)]


def _read_sources(given: Given) -> list[_Source]:
    hit, passage = given
    heading = frozenset(split_words(passage.heading))
    return [
        _Source(hit, passage, text, frozenset(split_words(text)), heading, find_figures(text))
        for text in split_sentences(passage.text)
    ]


def _choose_proof(words: set[str], figures: Sequence[Figure], sources: list[_Source]) -> list[_Source]:
    """The sentences that together hold most of the figures and words, the best first; none that adds nothing."""
    chosen: list[_Source] = []
    left, unproved = set(words), list(figures)
    while sources and len(chosen) < _MOST_SENTENCES:
        best = max(sources, key=lambda source: _gain(left, unproved, source))
        # A further sentence is needed for a figure, or while too few words are found.
        is_needed = not chosen or _holds_any(unproved, best) or not _is_supported(words, chosen)
        if not is_needed or not _gain(left, unproved, best):
            break
        chosen.append(best)
        left -= best.words
        unproved = [figure for figure in unproved if not _is_held(figure, [best])]
        sources = [source for source in sources if source is not best]
    return chosen


def _gain(words: set[str], figures: Sequence[Figure], source: _Source) -> int:
    return len(words & source.words) + 3 * sum(_is_held(figure, [source]) for figure in figures)


def _holds_any(figures: Sequence[Figure], source: _Source) -> bool:
    return any(_is_held(figure, [source]) for figure in figures)


def _is_held(figure: Figure, sources: Sequence[_Source]) -> bool:
    """Whether a sentence holds a figure, of the same thing: what it counts is near it, half of the words around it are
    those of the sentence or of its heading, and no other figure of its kind stands among more of these words.
    """
    around = {*figure.before[:_AROUND], *figure.after[:_AROUND]}
    return any(
        is_proof(held, figure)
        and (not figure.unit or figure.unit in held.before or figure.unit in held.after)
        and len(around & (source.words | source.heading)) >= _LEAST_AROUND * len(around)
        and not any(
            _shared(around, other) > _shared(around, held) for other in source.figures if other.kind == held.kind
        )
        for source in sources
        for held in source.figures
    )


def _shared(around: set[str], figure: Figure) -> int:
    return len(around & {*figure.before, *figure.after})


def _says_other(words: set[str], figures: Sequence[Figure], sources: Sequence[_Source]) -> bool:
    """Whether the sentence that has most of the words gives another figure where the statement has one from elsewhere:
    "en 2016" where the statement says "en 2017", which another sentence says of something else.
    """
    nearest = max(sources, key=lambda source: len(words & source.words))
    if len(words & nearest.words) < _LEAST_SUPPORT * len(words):
        return False
    unsaid = [held for held in nearest.figures if not any(is_proof(held, figure) for figure in figures)]
    return any(
        held.kind == figure.kind and held.unit == figure.unit
        for figure in figures
        if not _is_held(figure, [nearest])
        for held in unsaid
    )


def _is_supported(stated: set[str], chosen: Sequence[_Source]) -> bool:
    known = {word for source in chosen for word in source.words | source.heading}
    return bool(stated) and len(stated & known) >= _LEAST_SUPPORT * len(stated)


def _is_on(question: str, source: _Source) -> bool:
    """Whether a sentence shares words with the question, beyond its sheet's name, or is among the nearest to it."""
    own = set(split_words(f"{source.hit.sheet.title} {source.hit.sheet.organisation}"))
    nearest = sorted(source.hit.sentences, key=lambda sentence: -sentence.similarity)[:_CLOSE]
    return bool((set(split_words(question)) - own) & source.words) or source.text in {each.text for each in nearest}


def _describe_context(source: _Source) -> str:
    """Where a statement's names may stand: the passage, its heading, and the sheet's organisation and place."""
    sheet = source.hit.sheet
    return "\n".join([source.passage.heading, source.passage.text, sheet.organisation, describe_place(sheet)])


def _cite(source: _Source, citations: Citations) -> int:
    return citations.cite(Sentence(source.passage, source.text, 0.0), source.hit.sheet.title)
