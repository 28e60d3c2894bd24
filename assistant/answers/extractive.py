"""Extractive answers: what the sheets say, in their own words, without a language model."""

import re
from dataclasses import replace

from assistant.answers.draft import Citations, Draft
from assistant.answers.fact import UNCERTAIN, Asked, find_held, rank_sentences, read_asked
from assistant.answers.in_common import tell_common
from assistant.answers.nothing import draft_nothing
from assistant.question import is_thanks
from assistant.scope.abstention import Abstention
from assistant.scope.signs import stands_out
from assistant.wording import (
    EXAMPLES,
    ONE_EXAMPLE,
    SMALL_TALK,
    THANKS,
    describe_sheet,
    escape,
    quote,
)
from index.filters import Filters
from index.opened import Index
from index.passages import Sentence
from index.ranking.evidence import find_in_place
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
from index.understanding import Understood
from ingest.repair import fold

# Below this, a question about the centre ("Qui êtes-vous ?") has no words of its own to search for.
_SAYS_NOTHING = 0.45
_TITLED = 2  # words of the question that a title of a page has, for what stands under it to answer
_AS_GOOD = 1.0  # a second sentence or passage is shown when it scores within this of the best
_AS_GOOD_EXAMPLE = 0.6  # the same for the sentences of an example, where a weak one only dilutes
_EXAMPLES = 5
_BOLD = 0.5  # a figure that fits less than this may be another than the one asked for
_NEAR_BEST = 0.82  # an example is shown when it matches at least this part of what the best one matches
_LONGEST_EXCERPT = 70  # words of a sheet quoted for one example
_NO_FILTERS = Filters()


def draft_answer(
    question: str, hits: list[Hit], index: Index, contact: str, understood: Understood | None = None
) -> Draft:
    """A fact when one is asked of one sheet, examples otherwise; `understood` is what the question says of them.

    What happened in a place is told by the sheets of this place, or that speak of it.
    """
    asked, understood = read_asked(question), understood or Understood()
    if asked and understood.places:
        hits = _keep_place(hits, understood, index) or hits
    if asked and stands_out(hits):
        return _draft_fact(question, asked, hits[0], index, contact)
    return _draft_examples(question, asked, hits, index, understood.filters)


def _keep_place(hits: list[Hit], understood: Understood, index: Index) -> list[Hit]:
    """The hits of the places that are named; of the others, what they say of these places alone."""
    here = find_in_place(understood.places, index.catalogue)
    named = re.compile("|".join(rf"\b{re.escape(fold(place.name))}\b" for place in understood.places))
    kept = []
    for hit in hits:
        sheet = hit.sheet
        if here[index.catalogue.rows[sheet.id]] or named.search(fold(f"{sheet.title} {sheet.organisation}")):
            kept.append(hit)
        elif telling := tuple(each for each in hit.sentences if named.search(fold(each.text))):
            kept.append(replace(hit, sentences=telling))
    return kept


def draft_centre(question: str, hit: Hit) -> Draft:
    """What a page about the centre says that answers the question, passage by passage."""
    chosen = _choose_centre_passages(question, hit)
    citations = Citations()
    lines = [
        " ".join(
            quote(escape(sentence.text), citations.cite(sentence, hit.sheet.title))
            for sentence in hit.sentences
            if sentence.passage.id == passage
        )
        for passage in chosen
    ]
    return Draft(kind="centre", text="\n\n".join(lines), citations=citations.all())


def _choose_centre_passages(question: str, hit: Hit) -> list[str]:
    """The ids of the passages to quote, in reading order: the best and the next if it is as good, or the first two.

    A title that says the question is answered by what stands under it.
    """
    if hit.relevance < _SAYS_NOTHING:
        return list(dict.fromkeys(sentence.passage.id for sentence in hit.sentences))[:2]
    wanted = set(split_words(question)) - set(split_words(hit.sheet.title))
    scores: dict[tuple[int, str], float] = {}
    for sentence, score in _score(question, hit, None):
        passage = sentence.passage
        # On a page the titles tell what the passages are about; in a sheet they are always the same.
        with_title = score + len(wanted & set(split_words(passage.section)))
        scores[passage.order, passage.id] = max(with_title, scores.get((passage.order, passage.id), with_title))
    titled = _find_titled(wanted, hit)
    best = max(scores.values())
    near = sorted(
        (key for key in titled or scores if titled or scores[key] >= best - _AS_GOOD), key=lambda key: -scores[key]
    )
    return [passage_id for _, passage_id in sorted(near[:2])]


def _find_titled(wanted: set[str], hit: Hit) -> list[tuple[int, str]]:
    """The passages, by order and id, under the title that has most of the question's words, two at least."""
    shared = {
        (sentence.passage.order, sentence.passage.id): len(wanted & set(split_words(sentence.passage.section)))
        for sentence in hit.sentences
    }
    most = max(shared.values(), default=0)
    return [key for key, count in shared.items() if count == most] if most >= _TITLED else []


def draft_small_talk(question: str) -> Draft:
    """A greeting and what to ask, or the answer to thanks."""
    return Draft(kind="small_talk", text=THANKS if is_thanks(question) else SMALL_TALK)


def _draft_fact(question: str, asked: Asked, hit: Hit, index: Index, contact: str) -> Draft:
    """The sentence that holds the fact, its figure in bold, and a second one when it may hold it as well."""
    ranked = _score(question, hit, asked)
    holding = [s for s, score in ranked if find_held(s.text, asked) and score >= ranked[0][1] - _AS_GOOD][:2]
    if not holding:
        if asked.quantity in UNCERTAIN:  # names take too many forms for their absence to be known
            return _draft_examples(question, asked, [hit], index)
        return draft_nothing(Abstention(reason="detail"), [hit], index, contact)
    citations = Citations()
    lines = [quote(_embolden(s, asked), citations.cite(s, hit.sheet.title)) for s in holding]
    return Draft(kind="fact", text="\n\n".join([*lines, describe_sheet(hit.sheet, index)]), citations=citations.all())


def _draft_examples(
    question: str, asked: Asked | None, hits: list[Hit], index: Index, stated: Filters = _NO_FILTERS
) -> Draft:
    """What they share, then the sheets that answer, best first, each with its one to three best sentences."""
    chosen = [hit for hit in hits if hit.relevance >= _NEAR_BEST * hits[0].relevance and hit.sentences][:_EXAMPLES]
    citations = Citations()
    items = []
    for number, hit in enumerate(chosen, start=1):
        quotes = [
            quote(_embolden(sentence, asked), citations.cite(sentence, hit.sheet.title))
            for sentence in _excerpt(_score(question, hit, asked))
        ]
        items.append(f"{number}. {describe_sheet(hit.sheet, index)}\n\n   " + " ".join(quotes))
    title = ONE_EXAMPLE if len(chosen) == 1 else EXAMPLES.format(count=len(chosen))
    common = tell_common(question, chosen, stated, index, citations)
    text = "\n\n".join(block for block in (common, title, *items) if block)
    return Draft(kind="examples", text=text, citations=citations.all())


def _score(question: str, hit: Hit, asked: Asked | None) -> list[tuple[Sentence, float]]:
    return rank_sentences(question, f"{hit.sheet.title} {hit.sheet.organisation}", hit.sentences, asked)


def _excerpt(ranked: list[tuple[Sentence, float]]) -> list[Sentence]:
    """The best sentence, and up to two more that are as good while the excerpt stays short; in reading order."""
    taken = [ranked[0][0]]
    for sentence, score in ranked[1:3]:
        words = sum(len(other.text.split()) for other in [*taken, sentence])
        if words <= _LONGEST_EXCERPT and score >= ranked[0][1] - _AS_GOOD_EXAMPLE:
            taken.append(sentence)
    return sorted(taken, key=lambda s: (s.passage.access, s.passage.order, s.passage.text.index(s.text)))


def _embolden(sentence: Sentence, asked: Asked | None) -> str:
    """The sentence with the asked figure in bold."""
    text = sentence.text
    held = find_held(text, asked) if asked and asked.quantity not in UNCERTAIN else None
    if held is None or held.fit < _BOLD:
        return escape(text)
    return f"{escape(text[: held.start])}**{escape(text[held.start : held.end])}**{escape(text[held.end :])}"
