"""Proof: which sentences of the cited passages hold what a statement says."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checks.figures import Figure, find_figures, is_proof
from assistant.wording import describe_place
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from ingest.passage import Passage
from ingest.sentence import split_sentences

Given = tuple[Hit, Passage]  # a passage as it was given to a language model, with the hit that it comes from
_LEAST_SUPPORT = 0.6  # of a statement's words, found in the sentences that prove it and in their sheets' titles
_MOST_SENTENCES = 3  # that prove one statement: spread over more, its words could be put together to say anything
_AROUND, _LEAST_AROUND = 3, 0.5  # words on each side of a figure; of them, found where it stands


@dataclass(frozen=True)
class Source:
    """A sentence of a cited passage, with what it says."""

    hit: Hit
    passage: Passage
    text: str
    words: frozenset[str]
    heading: frozenset[str]
    figures: tuple[Figure, ...]


def read_sources(given: Given) -> list[Source]:
    """The sentences of a passage."""
    hit, passage = given
    heading = frozenset(split_words(passage.heading))
    return [
        Source(hit, passage, text, frozenset(split_words(text)), heading, find_figures(text))
        for text in split_sentences(passage.text)
    ]


def choose_proof(words: set[str], figures: Sequence[Figure], sources: list[Source]) -> list[Source]:
    """The sentences that together hold most of the figures and words, the best first; none that adds nothing."""
    chosen: list[Source] = []
    left, unproved = set(words), list(figures)
    while sources and len(chosen) < _MOST_SENTENCES:
        best = max(sources, key=lambda source: count_gain(left, unproved, source))
        # A further sentence is needed for a figure, or while too few words are found.
        is_needed = not chosen or _holds_any(unproved, best) or not is_supported(words, chosen)
        if not is_needed or not count_gain(left, unproved, best):
            break
        chosen.append(best)
        left -= best.words
        unproved = [figure for figure in unproved if not _is_held(figure, [best])]
        sources = [source for source in sources if source is not best]
    return chosen


def count_gain(words: set[str], figures: Sequence[Figure], source: Source) -> int:
    """What a sentence proves of these words and figures; a figure is worth three words."""
    return len(words & source.words) + 3 * sum(_is_held(figure, [source]) for figure in figures)


def _holds_any(figures: Sequence[Figure], source: Source) -> bool:
    return any(_is_held(figure, [source]) for figure in figures)


def hold_figures(
    words: set[str], figures: Sequence[Figure], chosen: Sequence[Source], sources: Sequence[Source]
) -> bool:
    """Whether the sentences chosen hold all figures, and none of the others says otherwise."""
    return all(_is_held(figure, chosen) for figure in figures) and not (
        figures and _says_other(words, figures, sources)
    )


def _is_held(figure: Figure, sources: Sequence[Source]) -> bool:
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


def _says_other(words: set[str], figures: Sequence[Figure], sources: Sequence[Source]) -> bool:
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


def is_supported(stated: set[str], chosen: Sequence[Source]) -> bool:
    """Whether enough of a statement's words are in these sentences or in their headings."""
    known = {word for source in chosen for word in source.words | source.heading}
    return bool(stated) and len(stated & known) >= _LEAST_SUPPORT * len(stated)


def describe_context(source: Source) -> str:
    """Where a statement's names may stand: the passage, its heading, and the sheet's organisation and place."""
    sheet = source.hit.sheet
    return "\n".join([source.passage.heading, source.passage.text, sheet.organisation, describe_place(sheet)])
