"""Centre: what a page about the centre says that answers the question, passage by passage."""

from assistant.answers.draft import Citations, Draft
from assistant.answers.excerpts import score_sentences
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.wording import escape, quote
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words

# Below this, a question about the centre ("Qui êtes-vous ?") has no words of its own to search for.
_SAYS_NOTHING = 0.45
_TITLED = 2  # words of the question that a title of a page has, for what stands under it to answer
_AS_GOOD = 1.0  # a second passage is shown when it scores within this of the best


def _draft(case: Case) -> Draft | Passed:
    if not case.hits or case.hits[0].sheet.kind != "page":
        return Passed("aucune page sur le centre ne vient en tête")
    return draft_centre(case.reading.asked, case.hits[0])


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
    for sentence, score in score_sentences(question, hit, None):
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


KIND = Kind("centre", "Le centre lui-même", _draft, about_sheets=False)
