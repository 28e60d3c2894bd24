"""Sentences: those of a sheet that answer a question, first."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from assistant.finding.quantities import find_held
from assistant.reading.asked import Asked
from index.encoding.budget import spend
from index.passages import Sentence
from index.signals.lexical import split_words
from ingest.sheet import Role

# Sections on the organisation and its partners: they seldom say what was done.
BACKGROUND: frozenset[Role | None] = frozenset({"organisation", "partners"})


def rank_sentences(
    question: str, known: str, sentences: Sequence[Sentence], asked: Asked | None
) -> list[tuple[Sentence, float]]:
    """The sentences of one sheet with their scores, those that answer the question first.

    What counts: closeness in meaning; words of the question that are rare in this sheet and not already
    in `known`, its title and organisation; for a fact, that the asked kind of quantity is there; and that
    the sentence tells what was done rather than who the organisation is.
    """
    if not sentences:
        return []
    spend()
    similarity = np.array([sentence.similarity for sentence in sentences])
    words = [set(split_words(sentence.text)) for sentence in sentences]
    wanted = set(split_words(question)) - set(split_words(known))
    having = Counter(word for other in words for word in wanted & other)
    rarity = {word: np.log((len(words) + 1) / (0.5 + having[word])) for word in wanted}
    shared = np.array([sum(rarity[word] for word in wanted & found) for found in words])
    background = np.array([sentence.passage.role in BACKGROUND for sentence in sentences], dtype=float)
    if asked:
        held = (find_held(sentence.text, asked) for sentence in sentences)
        fits = 1.5 * np.array([found.fit if found else 0.0 for found in held]) - 0.5 * background
    else:
        fits = -1.5 * background
    scores = _standard(similarity) + 0.25 * _standard(shared) + fits
    order = np.argsort(-scores, kind="stable").tolist()
    return [(sentences[row], float(scores[row])) for row in order]


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return np.asarray((values - values.mean()) / spread) if spread > 0 else np.zeros_like(values)
