"""Examples: the sheets that answer, best first, each with its one to three best sentences."""

from assistant.answers.draft import Citations, Draft
from assistant.answers.excerpts import choose_excerpt, embolden, score_sentences
from assistant.answers.in_common import tell_common
from assistant.answers.kinds.kind import Case, Kind
from assistant.answers.there import keep_place
from assistant.answers.unmet import keep_fitting
from assistant.finding.signs import stands_out
from assistant.reading.asked import Asked
from assistant.wording import EXAMPLES, ONE_EXAMPLE, describe_sheet, quote
from index.filters import Filters
from index.opened import Index
from index.ranking.retrieval import Hit

_EXAMPLES = 5
_NEAR_BEST = 0.82  # an example is shown when it matches at least this part of what the best one matches
_NO_FILTERS = Filters()


def _draft(case: Case) -> Draft:
    reading, hits = case.reading, keep_fitting(list(case.hits))
    if reading.fact is None:
        return _draft_examples(reading.asked, None, hits, case.index, reading.understood.filters)
    hits = keep_place(hits, reading.understood, case.index)
    if stands_out(hits):  # the one sheet that a fact was asked of, when it does not tell it
        return _draft_examples(reading.asked, reading.fact, hits[:1], case.index)
    return _draft_examples(reading.asked, reading.fact, hits, case.index, reading.understood.filters)


def _draft_examples(
    question: str, asked: Asked | None, hits: list[Hit], index: Index, stated: Filters = _NO_FILTERS
) -> Draft:
    """What they share, then the sheets that answer, best first, each with its one to three best sentences."""
    chosen = [hit for hit in hits if hit.relevance >= _NEAR_BEST * hits[0].relevance and hit.sentences][:_EXAMPLES]
    citations = Citations()
    items = []
    for number, hit in enumerate(chosen, start=1):
        quotes = [
            quote(embolden(sentence, asked), citations.cite(sentence, hit.sheet.title))
            for sentence in choose_excerpt(score_sentences(question, hit, asked))
        ]
        items.append(f"{number}. {describe_sheet(hit.sheet, index)}\n\n   " + " ".join(quotes))
    title = ONE_EXAMPLE if len(chosen) == 1 else EXAMPLES.format(count=len(chosen))
    common = tell_common(question, chosen, stated, index, citations)
    text = "\n\n".join(block for block in (common, title, *items) if block)
    return Draft(kind="examples", text=text, citations=citations.all())


KIND = Kind("examples", "Exemples", _draft, bounded=True)
